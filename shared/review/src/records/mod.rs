//! What each act records, one file per stage of the review. Forms follow the published
//! referral forms and letters; anything a person types is a parsed value.

mod decision;
mod documents;
mod evidence;
mod lists;
mod panel;
mod people;
mod plan;
mod publication;
mod quality;
mod referral;
mod scoping;
mod system;
mod tracks;

pub use decision::*;
pub use documents::*;
pub use evidence::*;
pub use lists::*;
pub use panel::*;
pub use people::*;
pub use plan::*;
pub use publication::*;
pub use quality::*;
pub use referral::*;
pub use scoping::*;
pub use system::*;
pub use tracks::*;
