//! The people in a case. Every field is personal; none reaches a mail, a log or an error.

use crate::records::{ChargeStatus, Ethnicity, Relationship, Sex};
use crate::values::{Age, BirthDate, Email, Known, Line, Prose};

record! {
    /// Who reports the death.
    pub struct Referrer {
        /// Full name.
        pub name: Line<120>,
        /// Job title.
        pub job_title: Line<120>,
        /// Agency.
        pub agency: Line<120>,
        /// Work e-mail.
        pub email: Email,
        /// Work telephone.
        #[serde(default)]
        pub phone: Known<Line<40>>,
    }

    /// The person who died, or a suspected person.
    pub struct Person {
        /// Full name.
        pub name: Line<120>,
        /// Other names used.
        #[serde(default)]
        pub aliases: Vec<Line<120>>,
        /// Date of birth, or an estimated age.
        pub born: Known<BirthDate>,
        /// Sex.
        pub sex: Known<Sex>,
        /// Ethnic group.
        #[serde(default)]
        pub ethnicity: Known<Ethnicity>,
        /// Disability.
        #[serde(default)]
        pub disability: Known<Prose<500>>,
        /// Home address.
        #[serde(default)]
        pub address: Known<Prose<300>>,
        /// General practice.
        #[serde(default)]
        pub gp: Known<Line<120>>,
        /// School or college.
        #[serde(default)]
        pub school: Known<Line<120>>,
    }

    /// A suspected person.
    pub struct Suspect {
        /// Who, as for the victim.
        pub person: Person,
        /// The victim is this person's …
        pub victim_is: Known<Relationship>,
        /// Whether the person is alive.
        pub alive: Known<bool>,
        /// Where the criminal process stands.
        pub charge: Known<ChargeStatus>,
    }

    /// A child of the household.
    pub struct Child {
        /// Age in years.
        pub age: Known<Age>,
        /// Where the child is now.
        pub living_with: Known<Line<200>>,
        /// Whether the child is safeguarded.
        pub safeguarded: Known<bool>,
    }

    /// Whether victim and suspect lived together.
    pub struct Household {
        /// Same household.
        pub shared: bool,
        /// How that is known.
        #[serde(default)]
        pub basis: Option<Prose<500>>,
    }

    /// Next of kin and how to reach them safely.
    pub struct NextOfKin {
        /// Name.
        pub name: Line<120>,
        /// Relationship to the person who died.
        pub relationship: Line<80>,
        /// Contact details.
        pub contact: Known<Line<200>>,
        /// Who keeps in touch with the family.
        #[serde(default)]
        pub liaison: Known<Line<120>>,
        /// What to avoid so that contact is safe.
        #[serde(default)]
        pub safe_contact: Known<Prose<500>>,
    }
}
