//! Referral, scoping, decision and the tracks beside the spine.

use crate::act::Event;
use crate::actor::Role;
use crate::case::{AgencyScoping, DecisionMade, File, Grant, Outcome};
use crate::dates::london_date;
use crate::event::Envelope;
use crate::records::{Decision, ScopingRequest};
use crate::values::ActorId;

/// Applies the event if it belongs here.
pub(super) fn apply(file: &mut File, event: &Event, envelope: &Envelope) -> bool {
    let today = london_date(envelope.at);
    match event {
        Event::Opened(opening) => {
            file.rules = Some(opening.rules.clone());
            file.referrer = Some(opening.referrer.clone());
            file.csp_notified_on = Some(opening.csp_notified_on);
            file.match_keys.clone_from(&opening.match_keys);
            file.referral = Some(Box::new(opening.form.clone()));
        }
        Event::InformationAdded(information) => file.information.push(information.clone()),
        Event::MatchesRecorded(matches) => {
            file.matched = true;
            for case in &matches.cases {
                if !file.likely_duplicates.contains(case) {
                    file.likely_duplicates.push(case.clone());
                }
            }
        }
        Event::Transferred(transfer) => file.transfer = Some(transfer.clone()),
        Event::ScopingStarted(scoping) => {
            scoping.requests.iter().for_each(|request| ask(file, request, envelope));
        }
        Event::AgencyAsked(request) => ask(file, request, envelope),
        Event::ScopingReturned(answer) => {
            let agency = answer.agency.clone();
            if let Some(scoping) = agency.and_then(|agency| file.scoping.get_mut(&agency)) {
                scoping.answer = Some(answer.clone());
            }
        }
        Event::ScopingCompleted(outcome) => file.scoping_outcome = Some(outcome.clone()),
        Event::Recommended(recommendation) => file.recommendations.push(recommendation.clone()),
        Event::ReviewAgreed(form) => decided(file, Outcome::Review, form, envelope),
        Event::NoReviewDecided(form) => decided(file, Outcome::NoReview, form, envelope),
        Event::BreachReasonRecorded(reason) => file.breach_reasons.push(reason.clone()),
        Event::HomeOfficeNotified(notice) => file.home_office_notices.push(notice.clone()),
        Event::ScrutinyOpened(scrutiny) => file.scrutiny = Some(scrutiny.clone()),
        Event::NoReviewAccepted(letter) => file.no_review_letter = Some(letter.clone()),
        Event::ReviewDirected(direction) => file.direction = Some(direction.clone()),
        Event::DirectionAcknowledged(_) => file.decisions.push(DecisionMade {
            outcome: Outcome::Directed,
            on: file.direction.as_ref().map_or(today, |direction| direction.directed_on),
            by: envelope.actor.clone(),
            form: None,
        }),
        Event::Reopened(reopening) => {
            file.reopenings.push(reopening.clone());
            file.csp_notified_on = Some(reopening.csp_notified_on);
            file.scoping_outcome = None;
            file.scrutiny = None;
            file.no_review_letter = None;
        }
        Event::FamilyContactRecorded(contact) => file.family.push(contact.clone()),
        Event::CriminalCaseRecorded(case) => file.criminal_case = Some(case.clone()),
        Event::InquestRecorded(inquest) => file.inquest = Some(inquest.clone()),
        Event::OtherReviewRecorded(review) => file.other_reviews.push(review.clone()),
        Event::HoldStarted(hold) | Event::HoldChanged(hold) => file.hold = Some(hold.clone()),
        Event::HoldEnded(_) => file.hold = None,
        Event::AccessGranted(access) => grant(
            file,
            Grant {
                actor: access.actor.clone(),
                role: access.role,
                until: access.until,
                circulated_imrs: access.circulated_imrs.clone(),
                ended: false,
            },
        ),
        Event::AccessEnded(end) => end_access(file, &end.actor, end.role),
        _ => return false,
    }
    true
}

fn ask(file: &mut File, request: &ScopingRequest, envelope: &Envelope) {
    let asked = AgencyScoping { asked_on: london_date(envelope.at), answer: None };
    file.scoping.insert(request.agency.clone(), asked);
}

fn decided(file: &mut File, outcome: Outcome, form: &Decision, envelope: &Envelope) {
    file.decisions.push(DecisionMade {
        outcome,
        on: form.decided_on.unwrap_or_else(|| london_date(envelope.at)),
        by: envelope.actor.clone(),
        form: Some(form.clone()),
    });
}

/// Gives access, in place of what the person had in that role.
pub(super) fn grant(file: &mut File, grant: Grant) {
    file.grants.retain(|held| held.actor != grant.actor || held.role != grant.role);
    file.grants.push(grant);
}

fn end_access(file: &mut File, actor: &ActorId, role: Role) {
    for grant in &mut file.grants {
        if grant.actor == *actor && grant.role == role {
            grant.ended = true;
        }
    }
}
