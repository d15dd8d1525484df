//! AWS's Query protocol on the way in: a form whose names spell out lists and structures.

use std::collections::BTreeMap;

/// A request's parameters.
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Reads a form-encoded body; of a repeated name the last one counts.
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The strings of a list: `name.member.1`, `name.member.2` and so on.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|index| self.get(&format!("{name}.member.{index}"))).collect()
    }

    /// The message tags, each a structure in a list.
    pub(super) fn tags(&self) -> BTreeMap<String, String> {
        (1..)
            .map_while(|index| {
                let name = self.get(&format!("Tags.member.{index}.Name"))?;
                let value = self.get(&format!("Tags.member.{index}.Value"))?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect()
    }
}
