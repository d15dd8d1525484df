//! Reviews played through the API, from whichever beginning to whichever end. Together they take
//! every act of the process and reach every state; a test of their own holds that.

mod administration;
mod canaries;
mod clocks;
mod concurrency;
mod documents;
mod examples;
mod exceptions;
mod full_review;
mod imrs;
mod outage;
mod refusals;
mod route;
mod sight;
mod tracks;
mod wrong_input;

use std::collections::BTreeSet;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use review::act::Action;
use review::process::State;
use tokio::sync::OnceCell;

use crate::stage::{Seen, Stage};

/// A journey that may be played on any stage.
pub struct Journey {
    pub name: &'static str,
    pub play: fn(Stage) -> BoxFuture<'static, ()>,
    /// What was seen when it was played plainly, which happens once however many tests ask.
    plainly: OnceCell<Seen>,
}

impl Journey {
    async fn played(&self) -> &Seen {
        let play = || async {
            let stage = Stage::default();
            (self.play)(stage.clone()).await;
            stage.seen()
        };
        self.plainly.get_or_init(play).await
    }
}

macro_rules! journeys {
    ($($module:ident::$name:ident,)*) => {
        /// Every journey.
        pub static ALL: [Journey; [$(stringify!($name)),*].len()] = [$(Journey {
            name: stringify!($name),
            play: |stage| $module::$name(stage).boxed(),
            plainly: OnceCell::const_new(),
        }),*];

        $(#[tokio::test]
        async fn $name() {
            let journey = ALL.iter().find(|journey| journey.name == stringify!($name));
            journey.unwrap().played().await;
        })*
    };
}

journeys! {
    full_review::a_review_from_the_referral_to_the_destruction_of_its_records,
    imrs::evidence_is_asked_for_returned_waived_and_drafted,
    refusals::a_refusal_that_the_home_office_overrules,
    refusals::a_refusal_that_stands_is_reopened_and_handed_over,
    exceptions::a_report_sent_back_then_deferred_and_published_redacted,
    exceptions::a_report_that_is_withheld,
    tracks::courts_inquests_families_and_other_reviews,
    tracks::two_referrals_of_one_death_and_a_decision_that_comes_late,
}

#[tokio::test]
async fn every_row_of_the_process_is_exercised_and_every_state_reached() {
    let (mut actions, mut states) = (BTreeSet::new(), BTreeSet::new());
    for journey in &ALL {
        let seen = journey.played().await;
        actions.extend(&seen.actions);
        states.extend(&seen.states);
    }
    assert_eq!(actions, Action::ALL.iter().copied().collect());
    assert_eq!(states, State::ALL.iter().copied().collect());
}
