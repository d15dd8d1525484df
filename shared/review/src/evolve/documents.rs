//! Uploads and verdicts.

use crate::act::Event;
use crate::case::{Content, Document, DocumentStanding, File};
use crate::event::Envelope;

/// Applies the event if it belongs here.
pub(super) fn apply(file: &mut File, event: &Event, envelope: &Envelope) -> bool {
    match event {
        Event::UploadBegun(upload) => {
            file.documents.insert(
                upload.document.clone(),
                Document {
                    kind: upload.kind,
                    agency: upload.agency.clone(),
                    name: upload.name.clone(),
                    size: upload.size,
                    by: envelope.actor.clone(),
                    key: upload.key.clone(),
                    upload_id: upload.upload_id.clone(),
                    standing: DocumentStanding::Uploading,
                },
            );
        }
        Event::UploadCompleted(completion) => {
            if let Some(document) = file.documents.get_mut(&completion.document) {
                document.size = completion.size;
                document.standing = DocumentStanding::Unscanned(Content {
                    hash: completion.hash.clone(),
                    version_id: completion.version_id.clone(),
                });
            }
        }
        Event::UploadAbandoned(abandoned) => {
            if let Some(document) = file.documents.get_mut(&abandoned.document) {
                document.standing = DocumentStanding::Abandoned;
            }
        }
        Event::ScanRecorded(scan) => {
            if let Some(document) = file.documents.get_mut(&scan.document) {
                let content = match &document.standing {
                    DocumentStanding::Unscanned(content)
                    | DocumentStanding::Scanned { content, .. } => content.clone(),
                    DocumentStanding::Uploading | DocumentStanding::Abandoned => return true,
                };
                document.standing = DocumentStanding::Scanned { content, verdict: scan.verdict };
            }
        }
        _ => return false,
    }
    true
}
