//! The deadlines of the law and their reminders, on the days that people in London live by.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use review::act::Action::*;
use review::dates::london_nine;
use review::process::State;
use serde_json::{Value, json};

use crate::casefile::Casefile;
use crate::mail::Mail;
use crate::people::*;
use crate::world::{World, day, instant};

#[tokio::test]
async fn a_month_from_the_last_of_january_ends_on_the_last_of_february() {
    let world = World::at("2027-02-01T10:00:00Z").await;
    let told = |form: &mut Value| form["csp_notified_on"] = "2027-01-31".into();
    let (case, receipt) = Casefile::referred_with(&world, told).await;

    assert_eq!(receipt["decision_due"], "2027-02-28");
    assert_eq!(receipt["act_by"], "2027-02-26", "the 28th is a Sunday");
    assert_eq!(case.clock("decision").await["target"], "2027-02-28");
    world.end().await;
}

#[tokio::test]
async fn half_an_hour_before_midnight_in_summer_it_is_tomorrow_in_london() {
    let world = World::at("2027-06-30T23:30:00Z").await;
    let (case, receipt) = Casefile::referred_with(&world, |_| {}).await;
    assert_eq!(receipt["csp_notified_on"], "2027-07-01");
    assert_eq!(receipt["decision_due"], "2027-08-01");

    // The last working day strictly before that Sunday is the Friday.
    world.until("2027-08-01T12:00:00Z").await;
    let due = reminders(&case.mails().await, "Decision due 1 August 2027");
    let days = ["2027-07-18", "2027-07-25", "2027-07-30"].map(day);
    assert_eq!(due, each(&[CSP_CHAIR, COORDINATOR], &days, "Decision due 1 August 2027"));

    world.until("2027-08-01T22:58:00Z").await;
    assert_eq!(case.clock("decision").await["overdue"], false);
    world.until("2027-08-01T23:00:00Z").await;
    assert_eq!(case.clock("decision").await["overdue"], true, "midnight in London");
    world.until("2027-08-02T07:58:00Z").await;
    assert!(reminders(&case.mails().await, "Decision overdue").is_empty());
    world.until("2027-08-02T08:00:00Z").await;
    let late = reminders(&case.mails().await, "Decision overdue");
    assert_eq!(late, each(&[CSP_CHAIR, COORDINATOR], &[day("2027-08-02")], "Decision overdue"));
    world.end().await;
}

#[tokio::test]
async fn one_jump_or_a_thousand_steps_send_the_same_reminders() {
    let end = "2027-02-13T12:00:00Z";
    let in_one_jump = async {
        let (world, references) = two_cases_with_deadlines_in_one_window().await;
        world.until(end).await;
        sent(world, &references).await
    };
    let hour_by_hour = async {
        let (world, references) = two_cases_with_deadlines_in_one_window().await;
        let mut now = instant("2027-01-04T07:00:00Z");
        while now <= instant(end) {
            world.moves_to(now).await;
            now += TimeDelta::hours(1);
        }
        sent(world, &references).await
    };
    let (jumped, stepped) = tokio::join!(in_one_jump, hour_by_hour);
    assert_eq!(jumped, stepped);
    // The decision: 14 and 7 days before, the last working day, the day after, a week later.
    // The report: a month and two weeks before, the day after.
    let both = &[CSP_CHAIR, COORDINATOR];
    let (due, overdue) = ("Decision due 4 February 2027", "Decision overdue");
    let mut decision = each(both, &["2027-01-21", "2027-01-28", "2027-02-03"].map(day), due);
    decision.extend(each(both, &["2027-02-05", "2027-02-12"].map(day), overdue));
    let (due, overdue) = ("Overview report due 10 February 2027", "Overview report overdue");
    let mut report = each(&[CHAIR, CSP_CHAIR], &["2027-01-10", "2027-01-27"].map(day), due);
    report.extend(each(&[CHAIR, CSP_CHAIR, COORDINATOR], &[day("2027-02-11")], overdue));
    assert_eq!(jumped, [decision, report]);
}

/// Given one case whose decision, and another whose report, is due in February 2027.
async fn two_cases_with_deadlines_in_one_window() -> (World, [String; 2]) {
    let world = World::at("2027-01-04T06:00:00Z").await;
    let undecided = Casefile::referred(&world).await.reference;
    let earlier = |form: &mut Value| {
        form["death"]["date"] = "2026-07-20".into();
        form["csp_notified_on"] = "2026-08-01".into();
    };
    let (agreed, _) = Casefile::referred_with(&world, earlier).await;
    agreed.is_taken_to(State::ReadyToDecide).await;
    let decided = |record: &mut Value| record["decided_on"] = "2026-08-10".into();
    agreed.does_with(CSP_CHAIR, AgreeReview, decided).await;
    agreed.does(CSP_CHAIR, AppointChair).await;
    assert_eq!(agreed.clock("report").await["target"], json!("2027-02-10"));
    let agreed = agreed.reference;
    (world, [undecided, agreed])
}

/// Who was reminded of what on which day, of the decision of one case and the report of the other.
async fn sent(world: World, [undecided, agreed]: &[String; 2]) -> [BTreeSet<Reminder>; 2] {
    let of = async |reference: &str, topic: &str| {
        let mails = Casefile::of(&world, reference).mails().await;
        reminders(&mails, topic)
    };
    let sent = [of(undecided, "Decision ").await, of(agreed, "Overview report ").await];
    world.end().await;
    sent
}

type Reminder = (String, String, NaiveDate);

/// The mails whose topic begins so, each sent once and at nine in London.
fn reminders(mails: &[Mail], topic: &str) -> BTreeSet<Reminder> {
    let mut found = BTreeSet::new();
    for mail in mails.iter().filter(|mail| mail.topic.starts_with(topic)) {
        let late = mail.at - london_nine(mail.day());
        assert!((0..15).contains(&late.num_minutes()), "{} at {}", mail.topic, mail.at);
        let once = found.insert((mail.to.clone(), mail.topic.clone(), mail.day()));
        assert!(once, "twice to {}: {}", mail.to, mail.topic);
    }
    found
}

fn each(people: &[Person], days: &[NaiveDate], topic: &str) -> BTreeSet<Reminder> {
    let on = |to: &Person| {
        let to = (*to).to_owned();
        days.iter().map(move |day| (to.clone(), topic.to_owned(), *day)).collect::<Vec<_>>()
    };
    people.iter().flat_map(on).collect()
}
