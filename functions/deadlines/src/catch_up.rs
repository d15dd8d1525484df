//! One case, brought up to now: compared with others if it has not been, then reminded until
//! nothing more is due.

use cloud::store::CaseKey;
use cloud::{Cloud, Fault};
use review::records::Tick;
use review::{Case, Command, next_due};

use crate::duplicates;

/// Each round deals with several deadlines; what so many rounds leave over is taken up by the
/// next sweep.
const ROUNDS: u32 = 20;

pub(crate) async fn catch_up(cloud: &Cloud, key: &CaseKey) -> Result<(), Fault> {
    let Some(stored) = cloud.store.load(&key.csp, &key.reference).await? else {
        return Ok(());
    };
    let now = cloud.clock.now();
    let is_due = |case: &Case| next_due(case).is_some_and(|at| at <= now);
    let mut case = duplicates::compare(cloud, stored.case).await?;
    for _ in 0..ROUNDS {
        if !is_due(&case) {
            return Ok(());
        }
        let remind = Command::Remind(Tick {});
        let done = cloud.app.by_system(&key.csp, &key.reference, &remind, None).await?;
        match done.case {
            Some(reminded) if !done.history.is_empty() => case = reminded,
            // Never seen; without this such a case would be due for ever and nobody would know.
            Some(still) if is_due(&still) => {
                return Err(Fault::give_up(
                    "remind of what is due",
                    "it is due, but nothing follows",
                ));
            }
            Some(_) | None => return Ok(()),
        }
    }
    Ok(())
}
