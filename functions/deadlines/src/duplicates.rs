//! Cases that may be about the same death. The intake cannot look, so that it can tell nobody
//! what it found; this looks afterwards, by keyed hashes and without reading a name.

use std::collections::BTreeSet;

use cloud::app::Failure;
use cloud::{Cloud, Fault};
use review::records::Matches;
use review::values::Reference;
use review::{Case, Command};

/// Compares a case with the others of its partnership if that was not done yet, and gives it as
/// it is then. The others are told first: told after, a crash between would leave them untold,
/// as this one would count as compared.
pub(crate) async fn compare(cloud: &Cloud, case: Case) -> Result<Case, Fault> {
    if case.file.matched || case.file.match_keys.is_empty() {
        return Ok(case);
    }
    let mut others = BTreeSet::new();
    for key in &case.file.match_keys {
        others.extend(cloud.store.matches(&case.csp, key).await?);
    }
    others.remove(&case.reference);
    for other in &others {
        tell(cloud, &case, other).await?;
    }
    let matches = Command::RecordMatches(Matches { cases: others.into_iter().collect() });
    let done = cloud.app.by_system(&case.csp, &case.reference, &matches, None).await?;
    Ok(done.case.unwrap_or(case))
}

/// Links another case to this one. One that has not been compared yet will find this one itself.
async fn tell(cloud: &Cloud, case: &Case, other: &Reference) -> Result<(), Fault> {
    let Some(stored) = cloud.store.load(&case.csp, other).await? else {
        return Ok(());
    };
    if !stored.case.file.matched {
        return Ok(());
    }
    let matches = Command::RecordMatches(Matches { cases: vec![case.reference.clone()] });
    match cloud.app.by_system(&case.csp, other, &matches, None).await {
        // A case that takes no more records needs no link.
        Ok(_) | Err(Failure::Refused(_)) => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}
