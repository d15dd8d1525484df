//! Looks through an object's bytes, a window at a time, for the two things that this scanner knows.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    Nothing,
    /// The test string that every scanner takes for malware.
    Eicar,
    /// What is inside cannot be read without a password.
    Password,
}

/// How much is read at a time, and how much of it is looked at again with what follows, so that
/// nothing is missed across the seam: more than the longest thing looked for.
const WINDOW: u64 = 64 * 1024;
const OVERLAP: usize = 128;

/// How far into a file the header of a PDF may begin.
const PDF_HEADER_WITHIN: usize = 1024;

/// The kinds of file that may ask for a password, each with its own sign of it.
#[derive(Debug, Clone, Copy)]
enum Format {
    Zip,
    Pdf,
    OleCompound,
    Other,
}

/// Reads to the end, or to the first test string.
pub(super) async fn inspect(mut object: impl AsyncRead + Unpin) -> io::Result<Finding> {
    let eicar = eicar();
    let mut finding = Finding::Nothing;
    let mut format = None;
    let mut window = Vec::new();
    let mut offset = 0;
    while (&mut object).take(WINDOW).read_to_end(&mut window).await? > 0 {
        if occurrences(&window, &eicar).next().is_some() {
            return Ok(Finding::Eicar);
        }
        let format = *format.get_or_insert_with(|| Format::of(&window));
        if format.asks_for_password(&window, offset) {
            finding = Finding::Password;
        }
        let seen = window.len().saturating_sub(OVERLAP);
        window.drain(..seen);
        offset += seen;
    }
    Ok(finding)
}

/// In two halves, lest a scanner take this file for malware.
fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}", "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"]
        .concat()
        .into_bytes()
}

impl Format {
    fn of(start: &[u8]) -> Self {
        if start.starts_with(b"PK") {
            Self::Zip
        } else if start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            Self::OleCompound
        } else if occurrences(start, b"%PDF-").next().is_some_and(|at| at < PDF_HEADER_WITHIN) {
            Self::Pdf
        } else {
            Self::Other
        }
    }

    /// Whether the window, which begins at this offset of the file, holds the format's sign.
    fn asks_for_password(self, window: &[u8], offset: usize) -> bool {
        match self {
            Self::Zip => {
                occurrences(window, b"PK\x03\x04").any(|at| encrypted(&window[at + 4..]))
                    || occurrences(window, b"PK\x01\x02")
                        .any(|at| window.get(at + 6..).is_some_and(encrypted))
            }
            Self::Pdf => {
                occurrences(window, b"/Encrypt").any(|at| refers(&window[at + b"/Encrypt".len()..]))
            }
            // The stream's name stands at the beginning of an entry of the directory.
            Self::OleCompound => {
                let name: Vec<u8> =
                    "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
                occurrences(window, &name).any(|at| (offset + at).is_multiple_of(128))
            }
            Self::Other => false,
        }
    }
}

/// Whether bit 0 of the general purpose flags is set in the header of a ZIP's entry, read from the
/// version needed to extract. What only looks like a header seldom names a version and a method.
fn encrypted(header: &[u8]) -> bool {
    let [version, _, flags, _, method, high_method, ..] = *header else {
        return false;
    };
    version <= 63 && method <= 99 && high_method == 0 && flags & 1 == 1
}

/// Whether a PDF's key is followed by a dictionary or by a reference to one. `/EncryptMetadata` is
/// another key.
fn refers(value: &[u8]) -> bool {
    let value = value.trim_ascii_start();
    value.starts_with(b"<<") || value.first().is_some_and(u8::is_ascii_digit)
}

/// Where in the window the pattern begins.
fn occurrences<'a>(window: &'a [u8], pattern: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let places = window.iter().enumerate();
    places
        .filter(move |(at, byte)| {
            Some(*byte) == pattern.first() && window[*at..].starts_with(pattern)
        })
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn finding(bytes: &[u8]) -> Finding {
        inspect(bytes).await.unwrap()
    }

    #[tokio::test]
    async fn nothing_is_missed_across_the_seam_of_two_windows() {
        let seam = usize::try_from(WINDOW).unwrap();
        let test_string = eicar();
        for begins in seam - test_string.len()..=seam {
            let mut bytes = vec![b' '; begins];
            bytes.extend_from_slice(&test_string);
            assert_eq!(finding(&bytes).await, Finding::Eicar, "at {begins}");
            bytes.pop();
            assert_eq!(finding(&bytes).await, Finding::Nothing, "at {begins}");
        }
    }

    #[tokio::test]
    async fn a_password_is_found_on_either_side_of_the_seam() {
        let seam = usize::try_from(WINDOW).unwrap();
        for begins in seam - 40..=seam + 40 {
            let mut pdf = b"%PDF-1.7\n".to_vec();
            pdf.resize(begins, b' ');
            pdf.extend_from_slice(b"trailer << /Encrypt 12 0 R >>");
            assert_eq!(finding(&pdf).await, Finding::Password, "at {begins}");
        }
    }

    #[tokio::test]
    async fn the_signs_count_only_in_files_of_their_format() {
        for bytes in [
            &b"a text about /Encrypt 1 0 R"[..],
            b"text PK\x03\x04\x14\x00\x01\x00\x08\x00 text",
            b"%PDF-1.7 trailer << /EncryptMetadata true >>",
            b"PK\x03\x04\x14\x00\x00\x00\x08\x00 and PK\x03\x04\xff\x00\x01\x00\x08\x00",
            b"PK",
            b"",
        ] {
            assert_eq!(finding(bytes).await, Finding::Nothing);
        }
    }
}
