//! Reminders fall on their days, once each, however time passes.
#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use review::act::{Action, Event};
use review::actor::Role;
use review::clock::Step;
use review::dates::london_date;
use review::next_due;
use review::process::State;
use serde_json::json;
use world::{World, at, day};

/// What was sent, and when: (London date, clock, step).
fn sent(world: &World) -> Vec<(String, String, Step)> {
    world
        .history
        .iter()
        .filter_map(|recorded| match &recorded.body {
            Some(Event::Reminded(reminder)) => Some((
                london_date(recorded.envelope.at).to_string(),
                reminder.clock.to_string(),
                reminder.step,
            )),
            _ => None,
        })
        .collect()
}

fn overtaken(world: &World) -> Vec<(String, Step)> {
    world
        .history
        .iter()
        .filter_map(|recorded| match &recorded.body {
            Some(Event::RemindersOvertaken(overtaken)) => Some(overtaken.clone()),
            _ => None,
        })
        .flat_map(|it| it.steps.into_iter().map(move |step| (it.clock.to_string(), step)))
        .collect()
}

fn on(date: &str, clock: &str, step: Step) -> (String, String, Step) {
    (date.into(), clock.into(), step)
}

#[test]
fn told_on_31_january_the_decision_is_due_on_28_february() {
    let world = World::referred("2027-01-31T10:00:00Z");
    assert_eq!(world.clock("decision").target, day("2027-02-28"));
}

#[test]
fn told_at_23_30_utc_on_30_june_it_is_1_july_in_london() {
    let world = World::referred("2027-06-30T23:30:00Z");
    assert_eq!(world.clock("decision").anchor, day("2027-07-01"));
    assert_eq!(world.clock("decision").target, day("2027-08-01"));
}

#[test]
fn decision_reminders_come_on_their_days() {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    world.ticks(15, "2027-03-20T00:00:00Z");
    assert_eq!(
        sent(&world),
        [
            on("2027-02-14", "decision", Step::Before(0)),
            on("2027-02-21", "decision", Step::Before(1)),
            on("2027-02-26", "decision", Step::Before(2)), // Friday, before Sunday 28 February
            on("2027-03-01", "decision", Step::Missed),
            on("2027-03-08", "decision", Step::Again(1)),
            on("2027-03-15", "decision", Step::Again(2)),
        ]
    );
    assert_eq!(overtaken(&world), []);
}

#[test]
fn the_same_set_comes_whether_time_jumps_or_creeps() {
    let mut jumped = World::in_state(State::ReviewAgreed, "2027-01-31T10:00:00Z");
    let mut crept = jumped.clone();
    crept.ticks(60, "2028-01-31T00:00:00Z");
    // A jump runs the ticks on the way but skips those at which nothing can be due.
    let end = at("2028-01-31T00:00:00Z");
    let hour = 3600;
    while let Some(due) = next_due(jumped.case()).filter(|due| *due <= end) {
        let seconds = due.timestamp().max(jumped.now.timestamp() + 1);
        let tick = seconds.div_euclid(hour) * hour + if seconds % hour == 0 { 0 } else { hour };
        jumped.now = chrono::DateTime::from_timestamp(tick, 0).unwrap();
        jumped.sweep();
    }
    assert_eq!(sent(&jumped), sent(&crept));
    assert!(sent(&crept).len() > 10);
}

#[test]
fn after_sixty_days_off_only_what_is_true_is_sent_and_the_rest_is_overtaken() {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    world.now = at("2027-04-01T10:00:00Z");
    world.sweep();
    assert_eq!(sent(&world), [on("2027-04-01", "decision", Step::Missed)]);
    let steps: Vec<_> = overtaken(&world).into_iter().map(|(_, step)| step).collect();
    assert_eq!(
        steps,
        [
            Step::Before(0),
            Step::Before(1),
            Step::Before(2),
            Step::Again(1),
            Step::Again(2),
            Step::Again(3),
            Step::Again(4),
        ]
    );
    world.ticks(15, "2027-04-06T12:00:00Z");
    assert_eq!(sent(&world).last(), Some(&on("2027-04-05", "decision", Step::Again(5))));
}

#[test]
fn of_two_reminders_missed_before_the_date_the_later_is_sent() {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    world.now = at("2027-02-22T10:00:00Z");
    world.sweep();
    assert_eq!(sent(&world), [on("2027-02-22", "decision", Step::Before(1))]);
    assert_eq!(overtaken(&world), [("decision".to_owned(), Step::Before(0))]);
}

#[test]
fn on_the_last_day_a_reminder_is_still_true_and_the_night_after_no_more() {
    let decision = || World::referred("2027-01-31T10:00:00Z");
    let mut world = decision();
    world.now = at("2027-02-28T10:00:00Z");
    world.sweep();
    assert_eq!(sent(&world), [on("2027-02-28", "decision", Step::Before(2))]);

    let mut world = decision();
    world.now = at("2027-03-01T00:30:00Z");
    world.sweep();
    assert_eq!(sent(&world), [], "at nine it is missed");
    assert_eq!(overtaken(&world).len(), 3);
}

#[test]
fn of_several_repetitions_the_latest_is_sent_and_each_stands_once() {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    world.ticks(15, "2027-03-01T12:00:00Z");
    world.now = at("2027-03-23T10:00:00Z");
    world.sweep();
    assert_eq!(sent(&world).last(), Some(&on("2027-03-23", "decision", Step::Again(3))));
    let steps: Vec<_> = overtaken(&world).into_iter().map(|(_, step)| step).collect();
    assert_eq!(steps, [Step::Again(1), Step::Again(2)]);
}

#[test]
fn a_reminder_already_past_when_the_deadline_is_born_is_overtaken() {
    let mut world = World::new("2027-02-20T10:00:00Z");
    let mut form = review::sample::body(Action::Refer);
    form["csp_notified_on"] = "2027-01-31".into();
    world.refers(form);
    world.sweep();
    assert_eq!(sent(&world), []);
    assert_eq!(overtaken(&world), [("decision".to_owned(), Step::Before(0))]);
}

#[test]
fn a_deadline_born_late_is_missed_at_once() {
    let mut world = World::new("2027-06-20T10:00:00Z");
    let mut form = review::sample::body(Action::Refer);
    form["csp_notified_on"] = "2027-01-31".into();
    world.refers(form);
    world.sweep();
    assert_eq!(sent(&world), [on("2027-06-20", "decision", Step::Missed)]);
    assert!(world.clock("decision").passed);
}

#[test]
fn passing_the_original_date_is_recorded_at_midnight_without_mail() {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    world.ticks(15, "2027-02-28T23:59:00Z");
    assert!(!world.clock("decision").passed);
    world.ticks(15, "2027-03-01T00:15:00Z");
    assert!(world.clock("decision").passed);
    assert!(!sent(&world).iter().any(|(_, _, step)| *step == Step::Missed));
}

#[test]
fn a_decision_cancels_what_was_still_to_come() {
    let mut world = World::in_state(State::ReadyToDecide, "2027-01-31T10:00:00Z");
    world.ticks(15, "2027-02-15T12:00:00Z");
    world.does(Role::CspChair, Action::AgreeReview);
    world.ticks(15, "2027-04-30T12:00:00Z");
    let decision: Vec<_> =
        sent(&world).into_iter().filter(|(_, clock, _)| clock == "decision").collect();
    assert_eq!(decision, [on("2027-02-14", "decision", Step::Before(0))]);
}

#[test]
fn the_six_months_run_from_the_decision_and_stand_through_extension_and_hold() {
    let mut world = World::in_state(State::ReviewAgreed, "2027-08-31T10:00:00Z");
    assert_eq!(world.clock("report").original, day("2028-02-29"));
    let body =
        json!({ "target": "2028-05-31", "reason": "Trial in March.", "agreed_by": "Item 4" });
    world.does_with(Role::CspChair, Action::AgreeReportDate, body);
    assert_eq!(world.clock("report").target, day("2028-05-31"));
    let mut hold = review::sample::fitted(Action::StartHold, world.today());
    hold["report_target"] = "2028-09-29".into();
    world.does_with(Role::CspChair, Action::StartHold, hold);
    assert_eq!(world.clock("report").target, day("2028-09-29"));
    assert_eq!(world.clock("report").original, day("2028-02-29"));
    assert_eq!(world.clock("report").anchor, day("2027-08-31"));
    world.ticks(60, "2028-03-02T00:00:00Z");
    assert!(world.clock("report").passed, "the original date passed all the same");
    world.ticks(60, "2028-10-01T00:00:00Z");
    let report: Vec<_> =
        sent(&world).into_iter().filter(|(_, clock, _)| clock == "report").collect();
    assert_eq!(
        report,
        [
            on("2028-06-29", "report", Step::Before(0)),
            on("2028-08-29", "report", Step::Before(1)),
            on("2028-09-15", "report", Step::Before(2)),
            on("2028-09-30", "report", Step::Missed),
        ]
    );
}

#[test]
fn a_report_that_is_overdue_is_asked_for_again_each_month() {
    let mut world = World::in_state(State::ReviewAgreed, "2027-08-31T10:00:00Z");
    world.ticks(60, "2028-05-02T00:00:00Z");
    let overdue: Vec<_> = sent(&world)
        .into_iter()
        .filter(|(_, clock, step)| clock == "report" && !matches!(step, Step::Before(_)))
        .collect();
    assert_eq!(
        overdue,
        [
            on("2028-03-01", "report", Step::Missed),
            on("2028-04-01", "report", Step::Again(1)),
            on("2028-05-01", "report", Step::Again(2)),
        ]
    );
}

#[test]
fn what_the_law_sets_comes_before_what_was_due_earlier() {
    let mut world = World::in_state(State::ReviewAgreed, "2027-08-31T10:00:00Z");
    let before = world.history.len();
    world.now = at("2028-04-10T10:00:00Z");
    world.sweep();
    let reminded: Vec<_> = world.history[before..]
        .iter()
        .filter_map(|recorded| match &recorded.body {
            Some(Event::Reminded(it)) => Some((it.clock.to_string(), it.due_on)),
            _ => None,
        })
        .collect();
    let (first, due_on) = &reminded[0];
    assert_eq!(first, "report");
    assert!(reminded.iter().any(|(_, earlier)| earlier < due_on), "{reminded:?}");
}

#[test]
fn a_resubmission_does_not_start_the_six_months_again() {
    let mut world = World::in_state(State::QaConsidered, "2027-03-01T10:00:00Z");
    let clock = world.clock("report").clone();
    world.does(Role::HomeOffice, Action::RequireResubmission);
    world.does(Role::IndependentChair, Action::Redraft);
    assert_eq!(*world.clock("report"), clock);
}

#[test]
fn reopening_starts_a_fresh_month() {
    let mut world = World::in_state(State::ReadyToDecide, "2027-01-31T10:00:00Z");
    world.does(Role::CspChair, Action::DecideNoReview);
    world.ticks(60, "2027-04-15T10:00:00Z");
    world.does(Role::CspChair, Action::Reopen);
    assert_eq!(world.clock("decision").target, day("2027-05-15"));
    assert_eq!(world.case().file.decisions.len(), 1, "the earlier decision is kept");
}

#[test]
fn ended_cases_owe_nothing_but_retention() {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    world.does(Role::Coordinator, Action::Transfer);
    let running: Vec<_> = world
        .case()
        .file
        .clocks
        .iter()
        .filter(|(_, clock)| clock.runs())
        .map(|(key, _)| key.to_string())
        .collect();
    assert_eq!(running, ["retention"]);
    let mut world = World::in_state(State::Concluded, "2027-01-31T10:00:00Z");
    world.sweep();
    let running: Vec<_> = world
        .case()
        .file
        .clocks
        .iter()
        .filter(|(_, clock)| clock.runs())
        .map(|(key, _)| key.to_string())
        .collect();
    assert_eq!(running, ["copy-to-commissioner", "take-down", "retention"]);
}

#[test]
fn a_disposed_case_owes_nothing_and_keeps_only_its_skeleton() {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    world.does(Role::Coordinator, Action::Transfer);
    world.now = at("2037-02-02T10:00:00Z");
    world.does(Role::Coordinator, Action::ProposeDisposal);
    world.does(Role::CspChair, Action::Dispose);
    assert_eq!(next_due(world.case()), None);
    assert_eq!(world.case().file, review::case::File::default());
}
