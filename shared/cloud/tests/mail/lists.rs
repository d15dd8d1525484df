//! Someone who is on several of the lists that are told the same gets one mail, and gets it while
//! any of these lists entitles them.

use cloud::Budget;
use cloud::mail::Outcome;
use cloud::store::{CaseKey, OutboxId, OutboxStatus};
use review::records::Transfer;
use review::{Action, Command, EventKind, Role, sample};

use crate::outside::{Outside, actor};
use crate::{drain, receipt_of, status};

/// The items of a referral that tell the coordinators and the chairs that there is one to decide.
fn lists_of(case: &CaseKey) -> [OutboxId; 2] {
    [1, 2].map(|n| OutboxId { n, ..receipt_of(case) })
}

/// A case, and a person on both lists whose mail has been made but not sent.
async fn both(outside: &Outside) -> (CaseKey, OutboxId) {
    outside.people().await;
    outside.member("both", &[Role::Coordinator, Role::CspChair], None).await;
    let case = outside.open().await;
    let mut made = Vec::new();
    for list in lists_of(&case) {
        let outcome = outside.cloud.mail.deliver(&list, &Budget::endless()).await.unwrap();
        assert!(matches!(outcome, Outcome::Next(_)), "{outcome:?}");
        if let Outcome::Next(ids) = outcome {
            made.extend(ids);
        }
    }
    let theirs: Vec<_> = made.into_iter().filter(|id| id.person == Some(actor("both"))).collect();
    assert_eq!(theirs[0], theirs[1], "one item, by whichever list");
    (case, theirs[0].clone())
}

fn transfer() -> Transfer {
    Transfer {
        to: review::values::Line::parse("Other Safety Partnership").unwrap(),
        accepted_on: "2027-01-04".parse().unwrap(),
        reason: review::values::Prose::parse("Residence.").unwrap(),
    }
}

fn sent_to(outside: &Outside, person: &str) -> usize {
    let to = format!("{person}@people.example");
    outside.ses.requests().iter().filter(|mail| mail.to == to).count()
}

#[tokio::test]
async fn whoever_is_on_two_lists_is_told_once() {
    let outside = Outside::new().await;
    both(&outside).await;
    drain(&outside.cloud).await;
    for person in ["both", "coordinator-1", "csp-chair-1", "referrer-1"] {
        assert_eq!(sent_to(&outside, person), 1, "{person}");
    }
}

#[tokio::test]
async fn a_referrer_who_holds_a_role_as_well_is_told_once() {
    let outside = Outside::new().await;
    outside.people().await;
    outside.member("referrer-1", &[Role::Referrer, Role::Coordinator], None).await;
    let case = outside.open().await;
    drain(&outside.cloud).await;
    assert_eq!(sent_to(&outside, "referrer-1"), 2, "the receipt, and that there is one to decide");
    outside.act(&case, Role::Coordinator, &Command::Transfer(transfer())).await;
    drain(&outside.cloud).await;
    for (person, mails) in [("referrer-1", 3), ("coordinator-1", 2), ("csp-chair-1", 2)] {
        assert_eq!(sent_to(&outside, person), mails, "{person}");
    }
}

#[tokio::test]
async fn one_list_entitles_whom_another_no_longer_does() {
    for (left, sent) in [(Role::Coordinator, 1), (Role::CspChair, 1), (Role::Police, 0)] {
        let outside = Outside::new().await;
        let (case, theirs) = both(&outside).await;
        outside.member("both", &[left], None).await;
        drain(&outside.cloud).await;
        assert_eq!(sent_to(&outside, "both"), sent, "{left:?}");
        let suppressed = status(&outside, &theirs).await == OutboxStatus::Suppressed;
        let kinds = outside.history(&case).await;
        assert_eq!(suppressed, sent == 0);
        assert_eq!(kinds.contains(&EventKind::NoticeSuppressed), sent == 0);
    }
}

/// Makes a mail for each person who is on a list of the case now, and sends none; a list on which
/// nobody is goes to a person.
async fn fan_out(outside: &Outside, case: &CaseKey, last_list_first: bool) {
    let mut lists = outside.outbox(case).await;
    if last_list_first {
        lists.reverse();
    }
    for item in lists {
        if item.status == OutboxStatus::Pending && item.id.person.is_none() {
            let outcome = outside.cloud.mail.deliver(&item.id, &Budget::endless()).await.unwrap();
            assert!(matches!(outcome, Outcome::Next(_) | Outcome::Human), "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_referrer_who_loses_a_role_is_still_told_as_the_referrer() {
    for last_list_first in [false, true] {
        let outside = Outside::new().await;
        outside.people().await;
        outside.member("referrer-1", &[Role::Referrer, Role::Coordinator], None).await;
        let case = outside.open().await;
        drain(&outside.cloud).await;
        outside.act(&case, Role::Coordinator, &Command::Transfer(transfer())).await;
        fan_out(&outside, &case, last_list_first).await;

        outside.member("referrer-1", &[Role::Referrer], None).await;
        outside.member("coordinator-1", &[Role::Police], None).await;
        drain(&outside.cloud).await;

        let told = sent_to(&outside, "referrer-1");
        assert_eq!(told, 3, "the receipt, one to decide, and the transfer");
        assert_eq!(sent_to(&outside, "coordinator-1"), 1, "not the transfer");
    }
}

#[tokio::test]
async fn who_speaks_for_another_agency_by_now_is_not_told_what_the_former_one_is() {
    let outside = Outside::new().await;
    outside.people().await;
    for (person, agency) in [("stays", "sample-health"), ("moves", "sample-health")] {
        outside.member(person, &[Role::AgencyContact], Some(agency)).await;
    }
    let case = outside.open().await;
    drain(&outside.cloud).await;
    let ask = Action::StartScoping.read(sample::body(Action::StartScoping)).unwrap();
    outside.act(&case, Role::Coordinator, &ask).await;
    fan_out(&outside, &case, false).await;

    outside.member("moves", &[Role::AgencyContact], Some("sample-charity")).await;
    drain(&outside.cloud).await;

    assert_eq!((sent_to(&outside, "stays"), sent_to(&outside, "moves")), (1, 0));
}

#[tokio::test]
async fn a_list_that_comes_later_still_reaches_whom_the_first_did_not() {
    let outside = Outside::new().await;
    outside.people().await;
    outside.member("late", &[Role::Coordinator], None).await;
    let case = outside.open().await;
    let [first, second] = lists_of(&case);
    let deliver =
        async |id: &OutboxId| outside.cloud.mail.deliver(id, &Budget::endless()).await.unwrap();
    deliver(&first).await;
    outside.member("late", &[Role::Police], None).await;
    let theirs = OutboxId { person: Some(actor("late")), ..first };
    assert_eq!(deliver(&theirs).await, Outcome::Suppressed);
    outside.member("late", &[Role::CspChair], None).await;
    deliver(&second).await;
    assert_eq!(deliver(&theirs).await, Outcome::Sent);
    assert_eq!(deliver(&theirs).await, Outcome::Nothing);
    assert_eq!(sent_to(&outside, "late"), 1);
}
