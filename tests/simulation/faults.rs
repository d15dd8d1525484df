//! What can go wrong with one call to the outside, and how it is decided that it does.

use std::collections::BTreeMap;
use std::time::Duration;

use super::chance::Chance;

/// The services behind the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Called {
    /// A read or a write of the tables.
    Table,
    /// A query of one of the two indexes.
    Index,
    /// A transaction.
    Transaction,
    /// A mail.
    Mail,
    /// Anything of S3.
    Object,
}

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It never arrives; the connection breaks.
    Dropped,
    /// It arrives after this long, also when nobody waits for it any more.
    Late(Duration),
    /// It arrives twice; the second answer comes back.
    Twice,
    /// "Too fast", and nothing is done.
    Throttled,
    /// 500, and nothing is done.
    Broken,
    /// It is done, and the answer gets lost.
    AnswerLost,
    /// A transaction meets another one.
    Conflict,
    /// An index that answers as it did some time ago.
    Stale,
    /// It is done, and nothing is ever heard of it: neither the answer nor a receipt.
    Unheard,
    /// It is done and answered, and no receipt comes.
    ReceiptLost,
    /// SES refuses the mail for good, and nothing is done.
    Refused,
    /// The process dies before the call leaves it.
    KilledBefore,
    /// The process dies as soon as the call is done.
    KilledAfter,
}

/// How often things go wrong, each as a part of all calls.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    pub table: f64,
    pub mail: f64,
    pub object: f64,
    pub killed: f64,
    /// Whether SES may lose a receipt.
    pub receipts_lost: bool,
}

impl Weather {
    /// Nothing goes wrong.
    pub const fn fair() -> Self {
        Self { table: 0.0, mail: 0.0, object: 0.0, killed: 0.0, receipts_lost: false }
    }

    /// From a quiet day to a day on which hardly anything works.
    pub fn drawn(chance: &Chance, receipts_lost: bool) -> Self {
        let of = |parts: &[f64]| *chance.of_these(parts);
        Self {
            table: of(&[0.0, 0.01, 0.03, 0.10]),
            mail: of(&[0.0, 0.05, 0.30]),
            object: of(&[0.0, 0.05]),
            killed: of(&[0.0, 0.004, 0.02]),
            receipts_lost,
        }
    }
}

/// Which faults come.
#[derive(Clone, Debug)]
pub enum Faults {
    /// None.
    Never,
    /// By chance.
    Chance(Chance, Weather),
    /// Each call takes this long.
    Slow(Duration),
    /// These, by the number of the call, counted from 0.
    At(BTreeMap<u64, Fault>),
}

impl Faults {
    /// What happens to call number `number`.
    pub fn of(&self, number: u64, called: Called) -> Option<Fault> {
        match self {
            Self::Never => None,
            Self::Slow(time) => Some(Fault::Late(*time)),
            Self::At(points) => points.get(&number).copied(),
            Self::Chance(chance, weather) => by_chance(chance, *weather, called),
        }
    }
}

fn by_chance(chance: &Chance, weather: Weather, called: Called) -> Option<Fault> {
    if chance.once_in(weather.killed) {
        return Some(*chance.of_these(&[Fault::KilledBefore, Fault::KilledAfter]));
    }
    let (part, kinds): (f64, &[Fault]) = match called {
        Called::Table => (weather.table, TABLE),
        Called::Index => (weather.table * 3.0, INDEX),
        Called::Transaction => (weather.table * 2.0, TRANSACTION),
        Called::Mail if weather.receipts_lost => (weather.mail, MAIL),
        Called::Mail => (weather.mail, MAIL_HEARD),
        Called::Object => (weather.object, TABLE),
    };
    let fault = chance.once_in(part).then(|| *chance.of_these(kinds))?;
    Some(match fault {
        Fault::Late(longest) => {
            let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
            Fault::Late(chance.millis(1..longest))
        }
        other => other,
    })
}

/// Delays up to this are drawn: some are shorter than the clients' patience, most are not.
const LATE: Fault = Fault::Late(Duration::from_secs(20));

const TABLE: &[Fault] =
    &[Fault::Dropped, LATE, Fault::Twice, Fault::Throttled, Fault::Broken, Fault::AnswerLost];
const INDEX: &[Fault] = &[Fault::Dropped, LATE, Fault::Throttled, Fault::Stale, Fault::Stale];
const TRANSACTION: &[Fault] = &[
    Fault::Dropped,
    LATE,
    Fault::Twice,
    Fault::Throttled,
    Fault::Broken,
    Fault::AnswerLost,
    Fault::Conflict,
];
const MAIL_HEARD: &[Fault] =
    &[Fault::Dropped, LATE, Fault::Throttled, Fault::Broken, Fault::AnswerLost, Fault::Refused];
const MAIL: &[Fault] = &[
    Fault::Dropped,
    LATE,
    Fault::Throttled,
    Fault::Broken,
    Fault::AnswerLost,
    Fault::Refused,
    Fault::Unheard,
    Fault::ReceiptLost,
];
