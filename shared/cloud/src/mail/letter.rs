//! The letter of an item: the reference, the date and where to sign in, and nothing of a person.

use chrono::NaiveDate;
use letters::{Context, Letter, Unwritten};
use review::Case;
use review::react::Effect;

use crate::config::{Config, Mailing};

/// Writes the letter that is true today.
pub(super) fn write(
    case: &Case,
    effect: &Effect,
    today: NaiveDate,
    config: &Config,
    mailing: &Mailing,
) -> Result<Letter, Unwritten> {
    let rules = case.file.rules.as_ref().unwrap_or(&config.rules);
    let link = format!("{}/cases/{}", mailing.link_base, case.reference);
    letters::render(
        effect.notice,
        &Context {
            reference: &case.reference,
            display_name: rules.display_name,
            due_on: effect.due_on,
            days_late: None,
            link: &link,
            partnership: config.partnership(&case.csp),
            today,
        },
    )
}
