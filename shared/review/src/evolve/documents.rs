//! Uploads and verdicts.

use crate::case::{Content, Document, DocumentStanding, File};
use crate::event::Envelope;
use crate::records::{Scan, Upload, UploadAbandoned, UploadCompletion};

pub(super) fn begun(file: &mut File, upload: &Upload, envelope: &Envelope) {
    let document = Document {
        kind: upload.kind,
        agency: upload.agency.clone(),
        name: upload.name.clone(),
        size: upload.size,
        by: envelope.actor.clone(),
        key: upload.key.clone(),
        upload_id: upload.upload_id.clone(),
        standing: DocumentStanding::Uploading,
    };
    file.documents.insert(upload.document.clone(), document);
}

pub(super) fn completed(file: &mut File, completion: &UploadCompletion) {
    if let Some(document) = file.documents.get_mut(&completion.document) {
        document.size = completion.size;
        document.standing = DocumentStanding::Unscanned(Content {
            hash: completion.hash.clone(),
            version_id: completion.version_id.clone(),
        });
    }
}

pub(super) fn abandoned(file: &mut File, abandoned: &UploadAbandoned) {
    if let Some(document) = file.documents.get_mut(&abandoned.document) {
        document.standing = DocumentStanding::Abandoned;
    }
}

pub(super) fn scanned(file: &mut File, scan: &Scan) {
    let Some(document) = file.documents.get_mut(&scan.document) else { return };
    let content = match &document.standing {
        DocumentStanding::Unscanned(content) | DocumentStanding::Scanned { content, .. } => {
            content.clone()
        }
        DocumentStanding::Uploading | DocumentStanding::Abandoned => return,
    };
    document.standing = DocumentStanding::Scanned { content, verdict: scan.verdict };
}
