//! How a file is cut into parts, and which of them S3 still lacks.

use std::collections::BTreeMap;

use cloud::files::{PART_SIZE, Part};
use edge::Problem;
use edge::document::NewPart;
use review::values::Hash;

/// How many parts a file has.
pub(crate) const fn count(size: u64) -> u64 {
    size.div_ceil(PART_SIZE)
}

/// The size of one part, or `None` if the file has no such part.
pub(crate) fn size_of(size: u64, number: u64) -> Option<u64> {
    let before = number.checked_sub(1)?.checked_mul(PART_SIZE)?;
    let rest = size.checked_sub(before).filter(|rest| *rest > 0)?;
    Some(rest.min(PART_SIZE))
}

/// The numbers of the parts that S3 does not have in full.
pub(crate) fn missing(size: u64, held: &[Part]) -> Vec<u64> {
    let held: BTreeMap<u64, u64> = held
        .iter()
        .filter_map(|part| Some((u64::try_from(part.number).ok()?, part.size)))
        .collect();
    (1..=count(size)).filter(|number| held.get(number).copied() != size_of(size, *number)).collect()
}

/// Checks a part against the file that was announced.
///
/// # Errors
/// 422 with the field that does not fit.
pub(crate) fn check(file: u64, part: &NewPart) -> Result<(), Problem> {
    let number = u64::from(part.number);
    let size = size_of(file, number).ok_or_else(|| {
        Problem::field("/number", format!("Number the parts from 1 to {}.", count(file)))
    })?;
    if part.size != size {
        return Err(Problem::field(
            "/size",
            format!("This part has {size} bytes; parts but the last have 8 MiB."),
        ));
    }
    // The hash of a file in one part is the part's own digest and "-1".
    Hash::parse(&format!("{}-1", part.sha256)).map(|_| ()).map_err(|_| {
        Problem::field("/sha256", "Give the part's SHA-256 in base64: 44 characters that end in =.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_at_every_eight_mebibytes() {
        for (size, parts, last) in [
            (1, 1, 1),
            (PART_SIZE, 1, PART_SIZE),
            (PART_SIZE + 1, 2, 1),
            (200_000_000, 24, 200_000_000 - 23 * PART_SIZE),
        ] {
            assert_eq!(count(size), parts);
            assert_eq!(size_of(size, parts), Some(last));
            assert_eq!(size_of(size, 0), None);
            assert_eq!(size_of(size, parts + 1), None);
        }
        assert_eq!(size_of(u64::MAX, u64::MAX), None);
    }

    #[test]
    fn a_part_of_another_size_is_still_missing() {
        let part = |number, size| Part { number, size, sha256: String::new(), etag: String::new() };
        let file = 2 * PART_SIZE + 5;
        assert_eq!(missing(file, &[]), [1, 2, 3]);
        assert_eq!(missing(file, &[part(1, PART_SIZE), part(3, 4)]), [2, 3]);
        assert_eq!(
            missing(file, &[part(1, PART_SIZE), part(2, PART_SIZE), part(3, 5)]),
            [0_u64; 0]
        );
    }
}
