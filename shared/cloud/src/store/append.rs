//! Carries a prepared transaction out and says, when it was refused, what stood in its way.

use aws_sdk_dynamodb::types::CancellationReason;

use super::Store;
use super::items;
use super::keys;
use super::load::{self, StoredReply};
use super::prepare::{Mark, Part, Prepared};
use super::write::{self, Reason, Refused};
use crate::fault::Fault;

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The case changed meanwhile, or another request holds it now: load it and decide again.
    #[error("the case changed meanwhile")]
    Conflict,
    /// The command was carried out before.
    #[error("the command was carried out before")]
    CommandExists(StoredReply),
    /// The person is no active member who may refer.
    #[error("the person may not refer to this partnership")]
    NotMember,
    /// The random reference of a new case is in use: draw another.
    #[error("the reference is taken")]
    ReferenceTaken,
    /// More than one transaction or one item can hold.
    #[error("the command is too large to be stored at once")]
    TooLarge,
    /// The table. After a fault that may pass it is not known whether it was carried out;
    /// [`Store::landed`] tells.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const DOING: &str = "append to a case";

impl Store {
    /// Carries out all of a transaction or nothing.
    ///
    /// # Errors
    /// [`AppendError`], by what stood in the way.
    pub async fn append(&self, prepared: Prepared) -> Result<(), AppendError> {
        let Prepared { writes, parts, new_case, .. } = prepared;
        match self.transact(DOING, writes).await {
            Ok(()) => Ok(()),
            Err(Refused::Fault(fault)) => Err(fault.into()),
            Err(Refused::Cancelled(reasons)) => Err(cancelled(&parts, &reasons, new_case)),
        }
    }

    /// Whether this very attempt was carried out: asked when its answer was lost.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn landed(&self, mark: &Mark) -> Result<bool, Fault> {
        let key = keys::event(&mark.csp, &mark.reference, mark.seq);
        let event = self.get(&self.names.events, key).await?;
        Ok(event.is_some_and(|event| {
            items::maybe_text(&event, "hash") == Some(mark.hash.to_string().as_str())
        }))
    }
}

/// Membership is said first, since nothing else concerns a stranger; then that the command was
/// carried out before, since that explains every other conflict.
fn cancelled(parts: &[Part], reasons: &[CancellationReason], new_case: bool) -> AppendError {
    let kinds = || parts.iter().zip(reasons).map(|(part, each)| (*part, write::reason(each), each));
    let failed = |part| kinds().find(|(of, kind, _)| *of == part && *kind == Reason::Condition);
    if failed(Part::Member).is_some() {
        return AppendError::NotMember;
    }
    if let Some((_, _, reason)) = failed(Part::Command) {
        return match reason.item().map(load::stored_reply) {
            Some(Ok(reply)) => AppendError::CommandExists(reply),
            Some(Err(fault)) => fault.into(),
            None => Fault::give_up(DOING, "the stored command was not shown").into(),
        };
    }
    if kinds().any(|(_, kind, _)| kind == Reason::Condition) {
        return if new_case { AppendError::ReferenceTaken } else { AppendError::Conflict };
    }
    if kinds().any(|(_, kind, _)| kind == Reason::Passing) {
        return AppendError::Conflict;
    }
    write::never(DOING, reasons).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [Part; 4] = [Part::Event, Part::Case, Part::Command, Part::Member];

    fn said(codes: [&str; 4], new_case: bool) -> String {
        let reasons = codes.map(|code| CancellationReason::builder().code(code).build());
        format!("{:?}", cancelled(&PARTS, &reasons, new_case))
    }

    #[test]
    fn reasons_are_read_by_their_place() {
        let (fine, failed, busy) = ("None", "ConditionalCheckFailed", "TransactionConflict");
        assert_eq!(said([fine, failed, fine, fine], false), "Conflict");
        assert_eq!(said([failed, fine, fine, fine], false), "Conflict");
        assert_eq!(said([fine, failed, fine, fine], true), "ReferenceTaken");
        assert_eq!(said([failed, failed, failed, failed], true), "NotMember");
        assert_eq!(said([busy, fine, fine, fine], true), "Conflict");
        assert_eq!(said([busy, failed, fine, fine], true), "ReferenceTaken");
        assert_eq!(said([fine, "ThrottlingError", fine, fine], false), "Conflict");
        assert_eq!(said(["ProvisionedThroughputExceeded", fine, fine, fine], false), "Conflict");
        let never = said([fine, "ValidationError", fine, fine], false);
        assert!(never.starts_with("Fault(GiveUp") && never.contains("cancelled: ValidationError"));
        assert!(said([fine, failed, failed, fine], false).starts_with("Fault(GiveUp"), "no item");
    }
}
