//! The addresses of the directory.

use edge::{Gate, Problem, Request, Response, path};
use lambda_http::http::Method;

use crate::{agencies, duties, history, people};

enum Place<'a> {
    People,
    Person(&'a str),
    Agencies,
    Agency(&'a str),
    Duty(&'a str),
    History,
}

enum Verb {
    Get,
    Put,
    Delete,
}

impl<'a> Place<'a> {
    fn of(segments: &[&'a str]) -> Option<Self> {
        Some(match segments {
            ["directory", "people"] => Self::People,
            ["directory", "people", actor] => Self::Person(actor),
            ["directory", "agencies"] => Self::Agencies,
            ["directory", "agencies", agency] => Self::Agency(agency),
            ["directory", "duties", duty] => Self::Duty(duty),
            ["directory", "history"] => Self::History,
            _ => return None,
        })
    }

    /// How the log names a refusal of the method.
    const fn pattern(&self) -> &'static str {
        match self {
            Self::People => "/directory/people",
            Self::Person(_) => "/directory/people/{actor}",
            Self::Agencies => "/directory/agencies",
            Self::Agency(_) => "/directory/agencies/{agency}",
            Self::Duty(_) => "/directory/duties/{duty}",
            Self::History => "/directory/history",
        }
    }

    const fn allows(&self) -> &'static str {
        match self {
            Self::People | Self::Agencies | Self::History => "GET",
            Self::Person(_) => "GET, PUT, DELETE",
            Self::Agency(_) => "PUT, DELETE",
            Self::Duty(_) => "GET, PUT",
        }
    }
}

impl Verb {
    fn of(method: &Method) -> Option<Self> {
        match method.as_str() {
            "GET" => Some(Self::Get),
            "PUT" => Some(Self::Put),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// The route taken, for the log, and the answer.
pub(crate) async fn answer(
    gate: &Gate,
    request: &Request,
) -> (&'static str, Result<Response, Problem>) {
    let segments = path::segments(request);
    let Some(place) = Place::of(&segments) else { return ("no route", Err(Problem::no_route())) };
    let other = || (place.pattern(), Err(Problem::method(place.allows())));
    let Some(verb) = Verb::of(request.method()) else { return other() };
    match (&place, verb) {
        (Place::People, Verb::Get) => ("GET /directory/people", people::list(gate, request).await),
        (Place::Person(actor), Verb::Get) => {
            ("GET /directory/people/{actor}", people::show(gate, request, actor).await)
        }
        (Place::Person(actor), Verb::Put) => {
            ("PUT /directory/people/{actor}", people::put(gate, request, actor).await)
        }
        (Place::Person(actor), Verb::Delete) => {
            ("DELETE /directory/people/{actor}", people::remove(gate, request, actor).await)
        }
        (Place::Agencies, Verb::Get) => {
            ("GET /directory/agencies", agencies::list(gate, request).await)
        }
        (Place::Agency(agency), Verb::Put) => {
            ("PUT /directory/agencies/{agency}", agencies::put(gate, request, agency).await)
        }
        (Place::Agency(agency), Verb::Delete) => {
            ("DELETE /directory/agencies/{agency}", agencies::remove(gate, request, agency).await)
        }
        (Place::Duty(duty), Verb::Get) => {
            ("GET /directory/duties/{duty}", duties::show(gate, request, duty).await)
        }
        (Place::Duty(duty), Verb::Put) => {
            ("PUT /directory/duties/{duty}", duties::put(gate, request, duty).await)
        }
        (Place::History, Verb::Get) => {
            ("GET /directory/history", history::show(gate, request).await)
        }
        (Place::People | Place::Agencies | Place::History, Verb::Put | Verb::Delete)
        | (Place::Agency(_), Verb::Get)
        | (Place::Duty(_), Verb::Delete) => other(),
    }
}
