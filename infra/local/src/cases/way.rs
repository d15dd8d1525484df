//! How a sample case gets to where an act can be tried: tables, each act with its sample record.

use review::act::Action;
use review::actor::Role;
use review::process::State;

type Step = (Role, Action);

/// The straight way from referral to conclusion.
pub const SPINE: &[Step] = &[
    (Role::Coordinator, Action::StartScoping),
    (Role::Coordinator, Action::CompleteScoping),
    (Role::CspChair, Action::AgreeReview),
    (Role::CspChair, Action::AppointChair),
    (Role::IndependentChair, Action::FormPanel),
    (Role::IndependentChair, Action::AgreeTerms),
    (Role::IndependentChair, Action::OpenEvidence),
    (Role::ImrAuthor, Action::SubmitImr),
    (Role::AgencySenior, Action::SignOffImr),
    (Role::IndependentChair, Action::QualityCheckImr),
    (Role::IndependentChair, Action::AcceptImr),
    (Role::IndependentChair, Action::WaiveImr),
    (Role::IndependentChair, Action::StartDrafting),
    (Role::IndependentChair, Action::AddAction),
    (Role::IndependentChair, Action::SignOffByPanel),
    (Role::CspChair, Action::SignOffByCsp),
    (Role::Coordinator, Action::SubmitToHomeOffice),
    (Role::HomeOffice, Action::RecordQaMeeting),
    (Role::HomeOffice, Action::ApproveWithChanges),
    (Role::IndependentChair, Action::CompleteChanges),
    (Role::CspChair, Action::PreparePublication),
    (Role::CspChair, Action::ApproveRelease),
    (Role::Coordinator, Action::Publish),
    (Role::AgencySenior, Action::CompleteAction),
    (Role::CspChair, Action::Conclude),
];

/// The states beside the spine: to which, from which, by whom and how.
pub const DETOURS: &[(State, State, Step)] = &[
    (State::Transferred, State::Referred, (Role::Coordinator, Action::Transfer)),
    (State::NoReviewDecided, State::ReadyToDecide, (Role::CspChair, Action::DecideNoReview)),
    (State::HoScrutiny, State::NoReviewDecided, (Role::HomeOffice, Action::OpenScrutiny)),
    (State::NoReviewFinal, State::HoScrutiny, (Role::HomeOffice, Action::AcceptNoReview)),
    (State::Directed, State::HoScrutiny, (Role::HomeOffice, Action::DirectReview)),
    (State::QaApproved, State::QaConsidered, (Role::HomeOffice, Action::ApproveQuality)),
    (State::QaResubmit, State::QaConsidered, (Role::HomeOffice, Action::RequireResubmission)),
    (State::PublicationDeferred, State::PrePublication, (Role::CspChair, Action::DeferPublication)),
    (State::Withheld, State::PrePublication, (Role::CspChair, Action::WithholdPublication)),
    (State::Redacted, State::PrePublication, (Role::CspChair, Action::RedactPublication)),
];

/// What must have been done in a state before the sample of an act is accepted there.
pub const BEFORE: &[(Action, &[Step])] = &[
    (Action::SignOffImr, &[(Role::ImrAuthor, Action::SubmitImr)]),
    (Action::ReturnImr, &[(Role::ImrAuthor, Action::SubmitImr)]),
    (
        Action::QualityCheckImr,
        &[(Role::ImrAuthor, Action::SubmitImr), (Role::AgencySenior, Action::SignOffImr)],
    ),
    (
        Action::AcceptImr,
        &[
            (Role::ImrAuthor, Action::SubmitImr),
            (Role::AgencySenior, Action::SignOffImr),
            (Role::IndependentChair, Action::QualityCheckImr),
        ],
    ),
    (
        Action::StartDrafting,
        &[
            (Role::ImrAuthor, Action::SubmitImr),
            (Role::AgencySenior, Action::SignOffImr),
            (Role::IndependentChair, Action::QualityCheckImr),
            (Role::IndependentChair, Action::AcceptImr),
            (Role::IndependentChair, Action::WaiveImr),
        ],
    ),
    (Action::WaiveImr, &[(Role::Coordinator, Action::RequestImr)]),
    (Action::Publish, &[(Role::CspChair, Action::ApproveRelease)]),
    (Action::Conclude, &[(Role::AgencySenior, Action::CompleteAction)]),
    (Action::Dispose, &[(Role::Coordinator, Action::ProposeDisposal)]),
    (Action::ChangeHold, &[(Role::CspChair, Action::StartHold)]),
    (Action::EndHold, &[(Role::CspChair, Action::StartHold)]),
    (Action::EndAccess, &[(Role::Coordinator, Action::GrantAccess)]),
    (Action::UpdateAction, &[(Role::Coordinator, Action::AddAction)]),
    (Action::CompleteAction, &[(Role::Coordinator, Action::AddAction)]),
    (Action::CloseAction, &[(Role::Coordinator, Action::AddAction)]),
];
