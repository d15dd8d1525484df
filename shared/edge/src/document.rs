//! How a document looks from outside: what it is and where it stands, never where it is kept.
//! The list in a case and the documents' own routes show it alike.

use review::case::{Content, Document, DocumentStanding};
use review::records::{DocumentKind, Verdict};
use review::values::{AgencyId, DocumentId, Hash, Line};
use serde::{Deserialize, Serialize};

/// A document as shown to someone who may know of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentView<'a> {
    /// Its id.
    pub id: &'a DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// The agency it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<&'a AgencyId>,
    /// Its file name.
    pub name: &'a Line<120>,
    /// Its size in bytes.
    pub size: u64,
    /// Where it stands.
    pub status: Status,
    /// The same in words, and what to do.
    pub means: &'static str,
    /// The hash a sign-off binds to, once the upload is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<&'a Hash>,
}

/// Where a document stands; only `clean` can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Status {
    /// Parts are being sent.
    Uploading,
    /// Complete; the scanner has not answered.
    BeingChecked,
    /// The scanner found nothing.
    Clean,
    /// The scanner found malware.
    Infected,
    /// The scanner could not look inside, most often because of a password.
    Locked,
    /// The scan failed.
    NotChecked,
    /// Given up.
    Abandoned,
}

impl Status {
    /// Where a document stands.
    #[must_use]
    pub const fn of(document: &Document) -> Self {
        match &document.standing {
            DocumentStanding::Uploading => Self::Uploading,
            DocumentStanding::Unscanned(_) => Self::BeingChecked,
            DocumentStanding::Abandoned => Self::Abandoned,
            DocumentStanding::Scanned { verdict, .. } => match verdict {
                Verdict::NoThreatsFound => Self::Clean,
                Verdict::ThreatsFound => Self::Infected,
                Verdict::Unsupported => Self::Locked,
                Verdict::AccessDenied | Verdict::Failed => Self::NotChecked,
            },
        }
    }

    /// What it means for the person who uploaded the file.
    #[must_use]
    pub const fn means(self) -> &'static str {
        match self {
            Self::Uploading => {
                "The upload is not complete. Send the parts that are missing, then complete it."
            }
            Self::BeingChecked => {
                "Uploaded. It is being checked for malware; you can leave this page."
            }
            Self::Clean => "Checked and ready to read.",
            Self::Infected => {
                "Malware was found. Nobody can open it. Clean the file and upload it again."
            }
            Self::Locked => {
                "It could not be checked. If it has a password, remove the password and upload it again."
            }
            Self::NotChecked => "The check failed. Upload it again.",
            Self::Abandoned => "This upload was given up.",
        }
    }
}

impl<'a> DocumentView<'a> {
    /// The view of one document.
    #[must_use]
    pub const fn of(id: &'a DocumentId, document: &'a Document) -> Self {
        let status = Status::of(document);
        Self {
            id,
            kind: document.kind,
            agency: document.agency.as_ref(),
            name: &document.name,
            size: document.size,
            status,
            means: status.means(),
            hash: match content(document) {
                Some(content) => Some(&content.hash),
                None => None,
            },
        }
    }
}

/// What a finished upload holds.
#[must_use]
pub const fn content(document: &Document) -> Option<&Content> {
    match &document.standing {
        DocumentStanding::Unscanned(content) | DocumentStanding::Scanned { content, .. } => {
            Some(content)
        }
        DocumentStanding::Uploading | DocumentStanding::Abandoned => None,
    }
}

/// The body of `POST /cases/{reference}/documents`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewUpload {
    /// What it is.
    pub kind: DocumentKind,
    /// File name as the person knows it.
    pub name: Line<120>,
    /// Size in bytes.
    pub size: u64,
    /// The agency it belongs to; an agency's people need not name their own.
    #[serde(default)]
    pub agency: Option<AgencyId>,
}

/// The body of a request that says all in its address; it may be left out.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Nothing {}

/// The body of `POST /cases/{reference}/documents/{document}/parts`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewPart {
    /// Its number, from 1.
    pub number: u16,
    /// Its size in bytes: 8 MiB, and what is left for the last.
    pub size: u64,
    /// Its SHA-256 in base64.
    pub sha256: String,
}
