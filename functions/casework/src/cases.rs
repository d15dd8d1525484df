//! The cases someone may see, and one of them.

use edge::{Gate, Kind, Problem, Request, Response, path, preconditions, respond};
use lambda_http::http::StatusCode;
use review::dates::london_date;
use review::sight::{audience_keys, audiences, sight};
use review::values::Reference;
use review::{Actor, Case};
use serde_json::{Value, json};

use crate::view;

/// Cases on a page unless the request says otherwise.
const PAGE: u16 = 25;
/// Cases on a page at most.
pub(crate) const LARGEST_PAGE: u16 = 100;
/// Pages looked through for one answer; where none shows a case, the next request goes on.
const LOOKS: usize = 4;

/// `GET /cases/{reference}`.
pub(crate) async fn show(
    gate: &Gate,
    request: &Request,
    reference: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    let body = view::case(&seen)?;
    respond::tagged(
        respond::json(StatusCode::OK, &body),
        &preconditions::case_tag(seen.case.revision),
    )
}

/// `GET /cases`: asked for by the lists the person is an audience of, never all cases and then
/// sifted. What a list holds is looked at again through the person's sight, because access that
/// has ended stays listed.
pub(crate) async fn list(gate: &Gate, request: &Request) -> Result<Response, Problem> {
    let actor = gate.actor(request.headers()).await?;
    let limit = page_size(request)?;
    let keys = audience_keys(&actor);
    let mut place = Place::read(path::parameter(request, "cursor"))?;
    let mut rows = Vec::new();
    for _ in 0..LOOKS {
        let Some((key, earlier)) = keys.get(..=place.list).and_then(<[String]>::split_last) else {
            break;
        };
        let page = gate.cloud.store.list(&actor.csp, key, place.cursor.as_deref(), limit).await?;
        for reference in &page.items {
            rows.extend(row(gate, &actor, reference, earlier).await?);
        }
        place = place.after(page.next);
        if !rows.is_empty() {
            break;
        }
    }
    let next = (place.list < keys.len()).then(|| place.write());
    let body = json!({ "cases": rows, "next": next });
    let response = respond::json(StatusCode::OK, &body);
    match next {
        None => Ok(response),
        Some(cursor) => {
            respond::followed(response, &format!("/cases?limit={limit}&cursor={cursor}"))
        }
    }
}

/// One case of a list; `None` if it was shown in an earlier list or is not to be seen any more.
async fn row(
    gate: &Gate,
    actor: &Actor,
    reference: &Reference,
    earlier: &[String],
) -> Result<Option<Value>, Problem> {
    let Some(stored) = gate.cloud.store.load(&actor.csp, reference).await? else { return Ok(None) };
    let case: Case = stored.case;
    let keys = audiences(&case);
    if earlier.iter().any(|key| keys.contains(key)) {
        return Ok(None);
    }
    let today = london_date(gate.cloud.clock.now());
    match sight(&case, actor, today) {
        Some(sight) => view::row(&case, &sight, today).map(Some),
        None => Ok(None),
    }
}

fn page_size(request: &Request) -> Result<u16, Problem> {
    match path::parameter(request, "limit") {
        None => Ok(PAGE),
        Some(text) => {
            text.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit)).ok_or_else(|| {
                Problem::new(Kind::Header, format!("Ask for a limit from 1 to {LARGEST_PAGE}."))
            })
        }
    }
}

/// Where a list goes on: which of the person's lists, and where in it. The store checks that the
/// second part belongs to the first.
struct Place {
    list: usize,
    cursor: Option<String>,
}

impl Place {
    fn read(cursor: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = cursor else { return Ok(Self { list: 0, cursor: None }) };
        let (list, rest) = text.split_once('.').ok_or_else(bad_cursor)?;
        let list = list.parse().map_err(|_| bad_cursor())?;
        Ok(Self { list, cursor: Some(rest.to_owned()).filter(|rest| !rest.is_empty()) })
    }

    /// The place after a page: further on in this list, or at the beginning of the next.
    fn after(self, cursor: Option<String>) -> Self {
        match cursor {
            Some(_) => Self { list: self.list, cursor },
            None => Self { list: self.list + 1, cursor: None },
        }
    }

    fn write(&self) -> String {
        format!("{}.{}", self.list, self.cursor.as_deref().unwrap_or_default())
    }
}

fn bad_cursor() -> Problem {
    Problem::new(
        Kind::Header,
        "Ask for the list from its beginning: this cursor does not belong to it.",
    )
}
