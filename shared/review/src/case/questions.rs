//! What is asked of a case again and again, so that it is answered in one way.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Case, Content, Document, DocumentStanding, Grant};
use crate::actor::Role;
use crate::deadlines::DeadlineTable;
use crate::records::Verdict;
use crate::values::{ActorId, AgencyId, DocumentRef};

impl Document {
    /// The content, if the scanner found it clean.
    #[must_use]
    pub const fn clean(&self) -> Option<&Content> {
        match &self.standing {
            DocumentStanding::Scanned { content, verdict: Verdict::NoThreatsFound } => {
                Some(content)
            }
            DocumentStanding::Scanned { .. }
            | DocumentStanding::Uploading
            | DocumentStanding::Unscanned(_)
            | DocumentStanding::Abandoned => None,
        }
    }
}

impl Case {
    /// The table its deadlines come from.
    #[must_use]
    pub fn deadline_table(&self) -> DeadlineTable {
        self.file.rules.as_ref().map_or(DeadlineTable::Guidance2016, |rules| rules.deadlines)
    }

    /// The agencies involved: asked in scoping, asked for an IMR, or leading an action.
    #[must_use]
    pub fn agencies(&self) -> BTreeSet<&AgencyId> {
        let leads = self.file.actions.values().map(|item| &item.action.lead);
        self.file.scoping.keys().chain(self.file.imrs.keys()).chain(leads).collect()
    }

    /// A person's live access in a role on a London date.
    #[must_use]
    pub fn grant(&self, actor: &ActorId, role: Role, today: NaiveDate) -> Option<&Grant> {
        self.file.grants.iter().find(|grant| {
            grant.actor == *actor && grant.role == role && !grant.ended && today <= grant.until
        })
    }

    /// The report as the quality assurance left it: revised in answer to it, else as it was sent.
    #[must_use]
    pub fn completed_report(&self) -> Option<&DocumentRef> {
        let answer = self.file.qa.last().and_then(|round| round.response.as_ref());
        let sent = self.file.submissions.last().map(|submission| &submission.pack.report);
        answer.map(|response| &response.report).or(sent)
    }

    /// The files of the completed review: the report, the summary and plan sent with it, and
    /// what was published. Earlier versions are none of them.
    pub fn completed_pack(&self) -> impl Iterator<Item = &DocumentRef> {
        let last = self.file.submissions.last().map(|submission| &submission.pack);
        let published = self.file.published.as_ref().map(|made| &made.publication.report);
        let beside = last.into_iter().flat_map(|pack| [&pack.summary, &pack.plan]);
        self.completed_report().into_iter().chain(beside).chain(published)
    }
}
