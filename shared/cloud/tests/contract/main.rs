//! What the store must be able to rely on, and what it promises on top of it. The same suite
//! runs against the embedded database and, with `DHR_TEST_ENDPOINT`, against any other server
//! that speaks DynamoDB's protocol: a promise that only one implementation keeps is none.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod anchoring;
mod appending;
mod concurrency;
mod directory;
mod erasure;
mod lists;
mod lost_answers;
mod outbox;
mod paging;
mod referring;
mod running;
#[path = "../outside/s3.rs"]
mod s3;
mod tampering;
mod world;

use world::World;

/// Runs each contract against tables of its own.
macro_rules! contracts {
    ($($module:ident: $($contract:ident),* $(,)?;)*) => {$(
        mod $module {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $contract() {
                crate::$module::$contract(&crate::World::new().await).await;
            })*
        }
    )*};
}

mod contract {
    contracts! {
        anchoring:
            what_was_anchored_is_found_again,
            no_reference_stands_in_an_anchor,
            from_time_to_time_an_anchor_names_all_cases,
            of_two_runs_at_once_one_takes_the_anchor,
            a_shortened_history_is_found_by_the_anchor_alone,
            a_rewritten_history_is_found_by_the_anchor_alone,
            a_history_turned_round_is_found,
            a_case_that_was_taken_away_is_found,
            what_belongs_to_no_case_is_found,
            no_part_of_an_anchor_can_be_another,
            an_anchor_taken_away_or_exchanged_is_found,
            an_event_is_anchored_within_two_hours,
            a_broken_anchor_does_not_stop_the_next,
            a_disposal_leaves_what_was_anchored,
            four_parts_make_the_whole;
        appending:
            a_referral_is_written_whole,
            a_stale_version_writes_nothing,
            a_failed_condition_undoes_every_other_part,
            a_taken_reference_is_said_so,
            an_event_is_never_overwritten,
            what_does_not_fit_is_refused_beforehand,
            the_index_of_what_is_due_holds_only_what_is_owed,
            a_wrong_place_in_that_index_is_repaired,
            a_case_that_changed_meanwhile_is_left_where_that_change_put_it,
            a_case_that_owes_nothing_leaves_that_index;
        concurrency:
            of_parallel_appends_one_wins_each_version,
            of_parallel_commands_each_is_carried_out_once,
            of_equal_commands_in_parallel_one_is_carried_out,
            of_equal_referrals_in_parallel_one_opens_a_case;
        directory:
            a_membership_is_found_by_person_and_by_role,
            agencies_and_duties_have_names_and_addresses;
        erasure:
            disposal_destroys_the_records_and_the_chain_holds,
            an_erasure_cut_short_is_finished,
            an_erasure_of_many_events_is_finished,
            only_disposed_cases_are_erased;
        lists:
            a_list_goes_on_where_it_stopped,
            a_cursor_opens_no_other_list,
            partnerships_do_not_see_each_other;
        lost_answers:
            a_command_whose_answer_was_lost_is_not_repeated,
            a_referral_whose_answer_was_lost_is_not_repeated,
            a_claim_whose_answer_was_lost_is_kept,
            the_sdk_repeats_a_transaction_without_doing_it_twice,
            one_silence_is_survived_and_no_second,
            what_the_store_refuses_is_not_tried_again,
            a_store_that_stays_silent_is_a_fault_that_may_pass;
        outbox:
            one_worker_claims_an_item,
            what_is_sent_is_owed_no_longer,
            what_is_refused_for_now_comes_again,
            a_send_in_doubt_is_found_when_its_window_ends,
            only_the_claim_in_force_settles,
            a_role_becomes_its_people_once,
            people_on_two_lists_have_one_item,
            more_people_than_a_transaction_holds,
            a_receipt_settles_what_is_in_doubt,
            a_message_from_a_later_version_is_left_to_people,
            what_no_sweep_would_see_is_put_back;
        paging:
            a_history_longer_than_one_answer,
            a_query_longer_than_one_answer,
            a_scan_longer_than_one_answer,
            more_owed_than_one_answer;
        referring:
            who_may_refer,
            a_repeated_referral_is_answered_alike,
            a_command_is_remembered_for_thirty_days,
            a_key_is_for_one_referral,
            the_same_death_is_found_by_its_key;
        running:
            a_repeated_command_is_answered_alike_though_the_case_moved_on,
            a_command_for_one_version_is_not_carried_out_on_another,
            a_key_is_for_one_command,
            a_refusal_writes_nothing,
            nothing_due_writes_nothing;
        tampering:
            an_untouched_history_is_whole,
            every_flipped_byte_is_found,
            nothing_can_be_added,
            what_is_missing_or_moved_is_found,
            the_case_item_is_held_to_its_history;
    }
}
