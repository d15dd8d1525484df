//! The decision, the Home Office's look at a refusal, direction and reopening.

use serde_json::{Value, json};

pub(super) fn agree_review() -> Value {
    json!({
        "ruleset": crate::case::Ruleset::S9Of2004,
        "criteria": [
            {
                "criterion": "age-at-death",
                "finding": "met",
                "evidence": "The referral gives a date of birth; the person was an adult."
            },
            {
                "criterion": "violence-abuse-or-neglect",
                "finding": "met",
                "evidence": "The police report violence as the apparent cause."
            },
            {
                "criterion": "connection",
                "finding": "met",
                "evidence": "The suspected person was the spouse."
            }
        ],
        "consulted": ["Sample Police", "Sample Health Trust", "Sample Council"],
        "reasons": "The criteria of section 9 are met and agencies may learn from their contact.",
        "family_plan": "The family liaison officer tells the family and gives them the leaflet."
    })
}

pub(super) fn decide_no_review() -> Value {
    json!({
        "ruleset": crate::case::Ruleset::S9Of2004,
        "criteria": [
            {
                "criterion": "age-at-death",
                "finding": "met",
                "evidence": "The person was an adult."
            },
            {
                "criterion": "violence-abuse-or-neglect",
                "finding": "met",
                "evidence": "The police report violence as the apparent cause."
            },
            {
                "criterion": "connection",
                "finding": "not-met",
                "evidence": "They were neither related nor intimate and shared no household."
            }
        ],
        "consulted": ["Sample Police", "Sample Council"],
        "reasons": "No limb of the connection test is met: the two people had never met before that day.",
        "learning_route": "learning-event",
        "conflict": "None.",
        "family_plan": "The coordinator writes to the family and explains how to ask for another look."
    })
}

pub(super) fn record_breach_reason() -> Value {
    json!({ "reason": "Two scoping returns came late, and the subgroup met after the month had ended." })
}

pub(super) fn notify_home_office() -> Value {
    json!({ "sent_on": "2027-01-29", "home_office_reference": "HO-SAMPLE-001" })
}

pub(super) fn open_scrutiny() -> Value {
    json!({ "letter_reference": "HO-SAMPLE-002", "dated": "2027-02-10" })
}

pub(super) fn accept_no_review() -> Value {
    json!({ "letter_reference": "HO-SAMPLE-003", "dated": "2027-02-24" })
}

pub(super) fn direct_review() -> Value {
    json!({
        "letter_reference": "HO-SAMPLE-004",
        "directed_on": "2027-02-24",
        "reasons": "It appears that the death resulted from neglect by a member of the household."
    })
}

pub(super) fn acknowledge_direction() -> Value {
    json!({ "family_plan": "The coordinator visits the family with the family liaison officer." })
}

pub(super) fn reopen() -> Value {
    json!({
        "challenge": "The family has sent messages that show controlling behaviour.",
        "csp_notified_on": "2027-03-01"
    })
}
