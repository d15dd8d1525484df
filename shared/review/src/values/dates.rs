//! Dates about people, which are often partly known.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Invalid;

/// A day, a month or a year: `2027-01-31`, `2027-01` or `2027`. Years 1900 to 2199.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD` and refuses dates that do not exist.
    ///
    /// # Errors
    /// A sentence that says which form to use or that the date does not exist.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let form =
            || Invalid::new("Enter a date as YYYY-MM-DD; YYYY-MM or YYYY when only part is known.");
        let mut parts = Vec::new();
        for (part, width) in
            raw.trim().split('-').zip([4, 2, 2].into_iter().chain(std::iter::repeat(0)))
        {
            if part.len() != width || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(form());
            }
            parts.push(part.parse::<u32>().map_err(|_| form())?);
        }
        let &year = parts.first().ok_or_else(form)?;
        let date = Self {
            year: i32::try_from(year).map_err(|_| form())?,
            month: parts.get(1).copied(),
            day: parts.get(2).copied(),
        };
        if !(1900..=2199).contains(&date.year) {
            return Err(Invalid::new("Enter a year between 1900 and 2199."));
        }
        NaiveDate::from_ymd_opt(date.year, date.month.unwrap_or(1), date.day.unwrap_or(1))
            .map(|_| date)
            .ok_or_else(|| Invalid::new("This date does not exist; check the day and month."))
    }

    /// The first day it can mean.
    #[must_use]
    pub fn earliest(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .unwrap_or(NaiveDate::MIN)
    }

    /// The last day it can mean.
    #[must_use]
    pub fn latest(self) -> NaiveDate {
        let month = self.month.unwrap_or(12);
        match self.day {
            Some(day) => NaiveDate::from_ymd_opt(self.year, month, day),
            None => (28..=31).rev().find_map(|day| NaiveDate::from_ymd_opt(self.year, month, day)),
        }
        .unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        self.month.map_or(Ok(()), |month| write!(f, "-{month:02}"))?;
        self.day.map_or(Ok(()), |day| write!(f, "-{day:02}"))
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for PartialDate {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        Self::parse(&raw)
    }
}

impl From<NaiveDate> for PartialDate {
    fn from(date: NaiveDate) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

/// An age in whole years, 0 to 130.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Age(u8);

impl Age {
    /// The age in years.
    #[must_use]
    pub const fn years(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Age {
    type Error = Invalid;
    fn try_from(years: u8) -> Result<Self, Invalid> {
        if years <= 130 {
            Ok(Self(years))
        } else {
            Err(Invalid::new("Enter an age between 0 and 130 years."))
        }
    }
}

impl From<Age> for u8 {
    fn from(age: Age) -> Self {
        age.0
    }
}

impl fmt::Debug for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A date of birth, or an age where the date is not known.
/// In JSON: `{"date-of-birth": "1992-05"}` or `{"estimated-age": 34}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BirthDate {
    /// The date of birth, as far as it is known.
    DateOfBirth(PartialDate),
    /// About how old the person was at the death under review.
    EstimatedAge(Age),
}
