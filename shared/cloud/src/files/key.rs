//! Where a document is kept: `<partnership>/<reference>/<owner>/<document>`. The owner is the
//! agency the document belongs to, or `_` for the partnership; ids have no underscore, so that no
//! agency can be taken for it. A key is made of fresh random parts and is never used twice.

use review::values::{AgencyId, CspId, DocumentId, Reference};

/// The owner of what belongs to no agency.
const PARTNERSHIP: &str = "_";

/// What the keys of all documents of a case begin with, and no other key.
pub(super) fn prefix(csp: &CspId, reference: &Reference) -> String {
    format!("{csp}/{reference}/")
}

/// The key of a new document.
#[must_use]
pub fn of(
    csp: &CspId,
    reference: &Reference,
    agency: Option<&AgencyId>,
    id: &DocumentId,
) -> String {
    let owner = agency.map_or(PARTNERSHIP, AgencyId::as_str);
    format!("{}{owner}/{id}", prefix(csp, reference))
}

/// The document that a key is of, if it is one of ours.
#[must_use]
pub fn read(key: &str) -> Option<(CspId, Reference, DocumentId)> {
    let mut parts = key.split('/');
    let csp = CspId::parse(parts.next()?).ok()?;
    let reference = Reference::parse(parts.next()?).ok()?;
    let owner = parts.next()?;
    let id = DocumentId::parse(parts.next()?).ok()?;
    let known = owner == PARTNERSHIP || AgencyId::parse(owner).is_ok();
    (known && parts.next().is_none()).then_some((csp, reference, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_the_document_it_is_of() {
        let csp = CspId::parse("sample-csp").unwrap();
        let reference = Reference::from_random([7; 8]);
        let agency = AgencyId::parse("sample-health").unwrap();
        let id = DocumentId::parse("0d5f").unwrap();
        for owner in [Some(&agency), None] {
            let key = of(&csp, &reference, owner, &id);
            assert_eq!(read(&key), Some((csp.clone(), reference.clone(), id.clone())));
        }
    }

    #[test]
    fn other_objects_are_of_no_document() {
        let good = of(
            &CspId::parse("sample-csp").unwrap(),
            &Reference::from_random([7; 8]),
            None,
            &DocumentId::parse("0d5f").unwrap(),
        );
        let longer = format!("{good}/more");
        let upward = good.replace("/_/", "/../");
        for key in ["", "/", "a/b/c/d", "report.pdf", longer.as_str(), upward.as_str()] {
            assert_eq!(read(key), None, "{key}");
        }
    }
}
