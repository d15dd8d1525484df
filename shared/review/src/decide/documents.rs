//! Who may upload, read and scan. Which kinds of document a role may upload and read stands in
//! one table; that a file is readable only when clean holds for every kind.

use chrono::NaiveDate;

use super::{Answer, Ask, field, first};
use crate::act::Event;
use crate::actor::Actor;
use crate::actor::Role::{self, *};
use crate::case::{Case, Document, DocumentStanding};
use crate::records::DocumentKind::{self, *};
use crate::records::{DocumentRead, Scan, Upload, UploadAbandoned, UploadCompletion, Verdict};
use crate::refusal::Refusal;
use crate::sight::{Sight, sight};
use crate::values::DocumentId;

/// The largest file, in bytes: 2 GiB, far above any report.
const LARGEST: u64 = 2 * 1024 * 1024 * 1024;

/// Who may upload a kind of document, and who beside its owners may read it.
struct Kind {
    of: DocumentKind,
    upload: &'static [Role],
    /// Whether it belongs to an agency, so that only that agency and the partnership read it.
    agency: bool,
    /// Roles that read it although they see only part of the case.
    read: &'static [Role],
}

/// Product rules, from the roles of the guidance: drafts for chair, panel, partnership and
/// named family only; confidential until Home Office approval.
#[rustfmt::skip]
const KINDS: &[Kind] = &[
    Kind { of: ScopingReturn,     upload: &[AgencyContact, Police],                          agency: true,  read: &[] },
    Kind { of: Chronology,        upload: &[AgencyContact, ImrAuthor, Police],               agency: true,  read: &[] },
    Kind { of: Imr,               upload: &[ImrAuthor],                                      agency: true,  read: &[] },
    Kind { of: TermsOfReference,  upload: &[IndependentChair, Coordinator],                  agency: false, read: &[PanelMember, Specialist, AgencyContact, ImrAuthor, AgencySenior, FamilyAdvocate] },
    Kind { of: OverviewReport,    upload: &[IndependentChair, Coordinator],                  agency: false, read: &[PanelMember, Specialist, HomeOffice, QaMember] },
    Kind { of: ExecutiveSummary,  upload: &[IndependentChair, Coordinator],                  agency: false, read: &[PanelMember, Specialist, HomeOffice, QaMember] },
    Kind { of: ActionPlan,        upload: &[IndependentChair, Coordinator],                  agency: false, read: &[PanelMember, Specialist, HomeOffice, QaMember] },
    Kind { of: QaLetter,          upload: &[Coordinator],                                    agency: false, read: &[PanelMember, Specialist, HomeOffice, QaMember] },
    Kind { of: Minutes,           upload: &[IndependentChair, Coordinator],                  agency: false, read: &[PanelMember, Specialist] },
    Kind { of: ActionEvidence,    upload: &[AgencyContact, AgencySenior],                    agency: true,  read: &[] },
    Kind { of: FamilyContribution, upload: &[FamilyAdvocate, IndependentChair],              agency: false, read: &[] },
    Kind { of: Letter,            upload: &[Coordinator, CspChair],                          agency: false, read: &[] },
];

fn of(kind: DocumentKind) -> Option<&'static Kind> {
    KINDS.iter().find(|row| row.of == kind)
}

pub(super) fn begin_upload(case: &Case, ask: &Ask<'_>, record: &Upload) -> Answer {
    let row = of(record.kind).ok_or(Refusal::NotFound)?;
    field(
        row.upload.contains(&ask.actor.role),
        "/kind",
        "Your role cannot upload this kind of document.",
    )?;
    field(record.size > 0, "/size", "The file is empty.")?;
    field(record.size <= LARGEST, "/size", "The file is larger than 2 GiB; send a smaller one.")?;
    field(
        !row.agency || (record.agency.is_some() && record.agency == ask.actor.agency),
        "/agency",
        "This kind of document belongs to your own agency; name it.",
    )?;
    field(
        row.agency || record.agency.is_none(),
        "/agency",
        "This kind of document belongs to no agency.",
    )?;
    first(!case.file.documents.contains_key(&record.document), "This document exists already.")?;
    Ok(vec![Event::UploadBegun(record.clone())])
}

pub(super) fn complete_upload(case: &Case, ask: &Ask<'_>, record: &UploadCompletion) -> Answer {
    match &own_upload(case, ask, &record.document)?.standing {
        DocumentStanding::Uploading => Ok(vec![Event::UploadCompleted(record.clone())]),
        DocumentStanding::Unscanned(content) | DocumentStanding::Scanned { content, .. }
            if content.hash == record.hash =>
        {
            Ok(vec![])
        }
        DocumentStanding::Unscanned(_)
        | DocumentStanding::Scanned { .. }
        | DocumentStanding::Abandoned => {
            Err(Refusal::unmet("This upload has ended; begin another."))
        }
    }
}

pub(super) fn abandon_upload(case: &Case, ask: &Ask<'_>, record: &UploadAbandoned) -> Answer {
    match &own_upload(case, ask, &record.document)?.standing {
        DocumentStanding::Uploading => Ok(vec![Event::UploadAbandoned(record.clone())]),
        DocumentStanding::Abandoned => Ok(vec![]),
        DocumentStanding::Unscanned(_) | DocumentStanding::Scanned { .. } => {
            Err(Refusal::unmet("This upload is complete; it cannot be given up."))
        }
    }
}

/// The document, if the actor began its upload or acts for the agency it belongs to.
fn own_upload<'a>(case: &'a Case, ask: &Ask<'_>, id: &DocumentId) -> Result<&'a Document, Refusal> {
    let document = case.file.documents.get(id).ok_or(Refusal::NotFound)?;
    let own = document.by == ask.actor.id
        || (document.agency.is_some() && document.agency == ask.actor.agency);
    if own { Ok(document) } else { Err(Refusal::NotFound) }
}

pub(super) fn read_document(case: &Case, ask: &Ask<'_>, record: &DocumentRead) -> Answer {
    let id = &record.document;
    let document = case.file.documents.get(id).ok_or(Refusal::NotFound)?;
    if !may_read(case, ask.actor, ask.today(), id, document) {
        return Err(Refusal::NotFound);
    }
    match &document.standing {
        DocumentStanding::Scanned { verdict: Verdict::NoThreatsFound, .. } => {
            Ok(vec![Event::DocumentRead(record.clone())])
        }
        DocumentStanding::Scanned { verdict: Verdict::ThreatsFound, .. } => {
            Err(Refusal::unmet("The scanner found malware in this file; it cannot be opened."))
        }
        DocumentStanding::Scanned { verdict: Verdict::Unsupported, .. } => Err(Refusal::unmet(
            "The scanner could not look inside this file. If it has a password, remove the password and upload it again.",
        )),
        DocumentStanding::Scanned { verdict: Verdict::AccessDenied | Verdict::Failed, .. } => {
            Err(Refusal::unmet("The scan of this file failed; upload it again."))
        }
        DocumentStanding::Uploading | DocumentStanding::Abandoned => {
            Err(Refusal::unmet("This file has not been uploaded completely."))
        }
        DocumentStanding::Unscanned(_) => Err(Refusal::unmet(
            "This file is being checked for malware; try again in a few minutes.",
        )),
    }
}

/// Whether an actor may know a document at all.
fn may_read(
    case: &Case,
    actor: &Actor,
    today: NaiveDate,
    id: &DocumentId,
    document: &Document,
) -> bool {
    in_sight(case, actor, today, id, document).unwrap_or(false)
}

fn in_sight(
    case: &Case,
    actor: &Actor,
    today: NaiveDate,
    id: &DocumentId,
    document: &Document,
) -> Option<bool> {
    let row = of(document.kind)?;
    let listed = !row.agency && row.read.contains(&actor.role);
    let sent = case.file.submissions.iter().any(|submission| {
        let pack = &submission.pack;
        [&pack.report, &pack.summary, &pack.plan].iter().any(|sent| sent.document == *id)
    });
    let completed = case.completed_pack().any(|part| part.document == *id);
    Some(match sight(case, actor, today)? {
        Sight::Whole => true,
        Sight::Intake => document.kind == ScopingReturn,
        Sight::OwnReferral => false,
        Sight::Agency(agency) => document.agency.as_ref() == Some(&agency) || listed,
        Sight::Panel => listed || circulated(case, actor, today, document),
        Sight::Family => {
            listed
                || document.by == actor.id
                || case.file.circulations.iter().any(|draft| draft.document.document == *id)
        }
        Sight::Submission => listed && (sent || completed || document.kind == QaLetter),
        Sight::FinalPack => completed,
    })
}

/// An IMR that was circulated to this person.
fn circulated(case: &Case, actor: &Actor, today: NaiveDate, document: &Document) -> bool {
    let grant = case.grant(&actor.id, actor.role, today);
    match (grant, &document.agency) {
        (Some(grant), Some(agency)) => {
            document.kind == Imr && grant.circulated_imrs.contains(agency)
        }
        (Some(_) | None, Some(_) | None) => false,
    }
}

/// The documents an actor may know of; being clean is another matter.
pub fn known_to<'a>(
    case: &'a Case,
    actor: &Actor,
    today: NaiveDate,
) -> impl Iterator<Item = (&'a DocumentId, &'a Document)> {
    case.file.documents.iter().filter(move |(id, document)| {
        may_read(case, actor, today, id, document) || document.by == actor.id
    })
}

pub(super) fn record_scan(case: &Case, record: &Scan) -> Answer {
    let document = case.file.documents.get(&record.document).ok_or(Refusal::NotFound)?;
    let content = match &document.standing {
        DocumentStanding::Unscanned(content) | DocumentStanding::Scanned { content, .. } => content,
        DocumentStanding::Uploading => {
            return Err(Refusal::unmet(
                "The scan result came before the upload was recorded complete.",
            ));
        }
        DocumentStanding::Abandoned => return Ok(vec![]),
    };
    let other_version = record.version_id.is_some()
        && content.version_id.is_some()
        && record.version_id != content.version_id;
    let again = matches!(&document.standing, DocumentStanding::Scanned { verdict, .. } if *verdict == record.verdict);
    if other_version || again {
        return Ok(vec![]);
    }
    let mut events = vec![Event::ScanRecorded(record.clone())];
    if record.verdict == Verdict::ThreatsFound {
        events.push(Event::MalwareFound(record.clone()));
    }
    Ok(events)
}
