//! Finds cases about the same death without reading names: a keyed hash of the name and the
//! date. Without the key, which only the intake has, a hash cannot be searched for a name.

use hmac::{Hmac, KeyInit as _, Mac as _};
use review::records::Referral;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::config::Secret;
use crate::fault::Fault;
use crate::store::Digest;

/// The keys under which a referral's death is found: one for the victim's name and one for each
/// alias, with the date of death as it was given. In order, each once.
///
/// # Errors
/// A [`Fault`] if the key cannot be used.
pub fn match_keys(secret: &Secret, referral: &Referral) -> Result<Vec<String>, Fault> {
    let victim = &referral.victim;
    let mut keys = Vec::with_capacity(victim.aliases.len() + 1);
    for name in std::iter::once(&victim.name).chain(&victim.aliases) {
        let name = normalise(name.as_str());
        if name.is_empty() {
            continue;
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal())
            .map_err(|error| Fault::give_up("compute a match key", error))?;
        mac.update(format!("{name}|{}", referral.death.date).as_bytes());
        keys.push(Digest::new(mac.finalize().into_bytes().into()).to_string());
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// A name as it is compared: lower case, without accents and punctuation, its parts in
/// alphabetical order, so that "Smith, Zoë" is "zoe smith". A hyphen parts a name, as some
/// write it with a space.
fn normalise(name: &str) -> String {
    let plain: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if is_dash(c) { ' ' } else { c })
        .filter(|c| c.is_alphanumeric() || c.is_whitespace())
        .collect();
    let mut parts: Vec<_> = plain.split_whitespace().collect();
    parts.sort_unstable();
    parts.join(" ")
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_compare_alike() {
        for name in ["Zoë O'Brien-Smith", "O’BRIEN SMITH, Zoe", "  smith   zoe obrien "] {
            assert_eq!(normalise(name), "obrien smith zoe", "{name}");
        }
        assert_eq!(normalise("Ｍａｒｙ"), "mary");
        assert_eq!(normalise("İbrahim"), "ibrahim");
        assert_eq!(normalise("王芳"), "王芳");
        assert_eq!(normalise("—'."), "");
    }

    #[test]
    fn different_names_compare_differently() {
        assert_ne!(normalise("Ann Lee"), normalise("Anne Lee"));
    }
}
