//! How a browser is told to save a document under its name rather than show it.

use std::fmt::Write;

/// `Content-Disposition: attachment` with the name in both of its forms (RFC 6266): plain ASCII
/// for old software, and percent-encoded UTF-8 (RFC 5987) for the rest.
pub(super) fn attachment(name: &str) -> String {
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if is_attr_char(byte) {
            value.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            write!(value, "%{byte:02X}").unwrap_or_default();
        }
    }
    value
}

/// Letters, digits and a few signs that no parser takes for anything else.
const fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '(' | ')')
}

/// The `attr-char` of RFC 5987.
const fn is_attr_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'&' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_in_any_script_is_kept_and_cannot_end_the_header() {
        assert_eq!(
            attachment("IMR \"final\"; é.pdf"),
            "attachment; filename=\"IMR _final__ _.pdf\"; filename*=UTF-8''IMR%20%22final%22%3B%20%C3%A9.pdf"
        );
    }
}
