//! Uploads in parts, the scanner's verdict and every reading of a document.

use chrono::{DateTime, Utc};

use crate::records::{DocumentKind, Verdict};
use crate::values::{AgencyId, DocumentId, Hash, Line};

record! {
    /// An upload begun. The key and the upload id come from the store, never from a person.
    pub struct Upload {
        /// The document.
        pub document: DocumentId,
        /// What it is.
        pub kind: DocumentKind,
        /// The agency it belongs to; only that agency and the partnership may read it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
        /// File name as the person knows it.
        pub name: Line<120>,
        /// Size in bytes.
        pub size: u64,
        /// S3's id of the upload.
        pub upload_id: String,
        /// The object's key; never used twice.
        pub key: String,
    }

    /// An upload finished.
    pub struct UploadCompletion {
        /// The document.
        pub document: DocumentId,
        /// S3's composite SHA-256 over the parts.
        pub hash: Hash,
        /// Size in bytes as stored.
        pub size: u64,
        /// The object's version, where the bucket keeps versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub version_id: Option<String>,
    }

    /// An upload given up.
    pub struct UploadAbandoned {
        /// The document.
        pub document: DocumentId,
    }

    /// A document read: recorded before the URL is given.
    pub struct DocumentRead {
        /// The document.
        pub document: DocumentId,
    }

    /// The scanner's verdict.
    pub struct Scan {
        /// The document.
        pub document: DocumentId,
        /// The verdict.
        pub verdict: Verdict,
        /// The object's version scanned, where the bucket keeps versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub version_id: Option<String>,
        /// When the scan ended.
        pub scanned_at: DateTime<Utc>,
    }
}
