//! How a repeated command is recognised: by who sent it where under which key, and by what it
//! asks for.

use review::Command;
use review::values::{ActorId, CspId, Invalid, Reference};

use crate::fault::Fault;
use crate::store::Digest;

/// The longest key that is accepted, in characters.
const LONGEST: usize = 255;

/// An `Idempotency-Key`, within the actor and route it was sent under. Kept as a hash only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandKey(Digest);

impl CommandKey {
    /// Reads the header of a request by `actor` to `route` (the route's pattern).
    ///
    /// # Errors
    /// A sentence if it is not 1 to 255 visible ASCII characters.
    pub fn parse(actor: &ActorId, route: &str, header: &str) -> Result<Self, Invalid> {
        let visible = header.bytes().all(|byte| byte.is_ascii_graphic());
        if header.is_empty() || header.len() > LONGEST || !visible {
            return Err(Invalid::new(
                "Send an Idempotency-Key of 1 to 255 visible ASCII characters, new for each \
                 request that is not a repetition.",
            ));
        }
        // Neither an actor's id nor a route contains the separator.
        Ok(Self(Digest::of(format!("{actor}|{route}|{header}").as_bytes())))
    }

    pub(super) const fn digest(self) -> Digest {
        self.0
    }
}

/// What a command asks for, whatever the order or spacing of its JSON was. The version the
/// sender had read is left out: who repeats a request after reading again means the same.
pub(super) fn fingerprint(
    csp: &CspId,
    reference: Option<&Reference>,
    command: &Command,
) -> Result<Digest, Fault> {
    serde_json::to_vec(&(csp, reference, command))
        .map(|bytes| Digest::of(&bytes))
        .map_err(|error| Fault::json("write a command as JSON", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_ascii_within_actor_and_route() {
        let jo = ActorId::parse("jo").unwrap();
        let key = |header: &str| CommandKey::parse(&jo, "POST /referrals", header);
        assert!(key("a").is_ok());
        assert!(key(&"x".repeat(255)).is_ok());
        for bad in ["", " ", "a b", "ä", "a\n", &"x".repeat(256)] {
            assert!(key(bad).is_err(), "{bad:?}");
        }
        let al = ActorId::parse("al").unwrap();
        assert_ne!(key("a"), CommandKey::parse(&al, "POST /referrals", "a"));
        assert_ne!(key("a"), CommandKey::parse(&jo, "POST /other", "a"));
    }
}
