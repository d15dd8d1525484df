//! Referral, scoping and decision.

use crate::case::{AgencyScoping, DecisionMade, File, Outcome};
use crate::dates::london_date;
use crate::event::Envelope;
use crate::records::{Decision, Matches, Opening, Reopening, ScopingRequest, ScopingReturn};

pub(super) fn opened(file: &mut File, opening: &Opening) {
    file.rules = Some(opening.rules.clone());
    file.referrer = Some(opening.referrer.clone());
    file.csp_notified_on = Some(opening.csp_notified_on);
    file.match_keys.clone_from(&opening.match_keys);
    file.referral = Some(Box::new(opening.form.clone()));
}

pub(super) fn matched(file: &mut File, matches: &Matches) {
    file.matched = true;
    for case in &matches.cases {
        if !file.likely_duplicates.contains(case) {
            file.likely_duplicates.push(case.clone());
        }
    }
}

pub(super) fn asked(file: &mut File, requests: &[ScopingRequest], envelope: &Envelope) {
    for request in requests {
        let asked = AgencyScoping { asked_on: london_date(envelope.at), answer: None };
        file.scoping.insert(request.agency.clone(), asked);
    }
}

pub(super) fn answered(file: &mut File, answer: &ScopingReturn) {
    let agency = answer.agency.as_ref();
    if let Some(scoping) = agency.and_then(|agency| file.scoping.get_mut(agency)) {
        scoping.answer = Some(answer.clone());
    }
}

pub(super) fn decided(file: &mut File, outcome: Outcome, form: &Decision, envelope: &Envelope) {
    file.decisions.push(DecisionMade {
        outcome,
        on: form.decided_on.unwrap_or_else(|| london_date(envelope.at)),
        by: envelope.actor.clone(),
        form: Some(form.clone()),
    });
}

/// The Secretary of State decided; the chair's acknowledgement only begins the work.
pub(super) fn directed(file: &mut File, envelope: &Envelope) {
    let on = file.direction.as_ref().map(|direction| direction.directed_on);
    file.decisions.push(DecisionMade {
        outcome: Outcome::Directed,
        on: on.unwrap_or_else(|| london_date(envelope.at)),
        by: envelope.actor.clone(),
        form: None,
    });
}

/// The decision stays; what led from it to an end does not, nor does a proposal to destroy.
pub(super) fn reopened(file: &mut File, reopening: &Reopening) {
    file.reopenings.push(reopening.clone());
    file.csp_notified_on = Some(reopening.csp_notified_on);
    file.scoping_outcome = None;
    file.scrutiny = None;
    file.no_review_letter = None;
    file.disposal = None;
}
