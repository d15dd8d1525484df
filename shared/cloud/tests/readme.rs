//! The README's table of settings is the one in the code.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should stop")]

use std::fmt::Write as _;

use cloud::config::VARIABLES;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
const START: &str = "| Variable | Default | For | Set it to |\n| --- | --- | --- | --- |\n";

#[test]
fn the_readme_lists_every_variable() {
    let readme = std::fs::read_to_string(README).unwrap();
    let mut table = String::new();
    for variable in VARIABLES {
        let default = variable.default.map_or(String::new(), |text| format!("`{text}`"));
        writeln!(
            table,
            "| `{}` | {default} | {} | {} |",
            variable.name, variable.needed_by, variable.meaning
        )
        .unwrap();
    }
    let (before, rest) = readme.split_once(START).expect("the README has a table of settings");
    let (_, after) = rest.split_once("\n\n").expect("the table ends with an empty line");
    let current = format!("{before}{START}{table}\n{after}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(README, &current).unwrap();
    }
    assert!(
        readme == current,
        "the table of settings in README.md is stale; run: UPDATE=1 cargo test -p cloud --test readme"
    );
}
