//! The configuration: what is missing is named with what it is for, and no value is repeated.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use cloud::config::{Config, ConfigError, VARIABLES};
use review::case::{DisplayName, Ruleset};
use review::deadlines::DeadlineTable;

/// The settings every function needs, and `more`.
fn config(more: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut variables = BTreeMap::from([
        ("CASES_TABLE", "cases"),
        ("EVENTS_TABLE", "events"),
        ("CSPS", "north=North Partnership; south = South Partnership;"),
    ]);
    variables.extend(more.iter().copied());
    Config::from(|name| variables.get(name).map(|value| (*value).to_owned()))
}

fn refusal(more: &[(&str, &str)]) -> String {
    config(more).unwrap_err().to_string()
}

#[test]
fn a_function_without_groups_needs_three_variables() {
    let config = config(&[]).unwrap();

    let names: Vec<_> = config.csps.values().map(String::as_str).collect();
    assert_eq!(names, ["North Partnership", "South Partnership"]);
    assert_eq!(config.only_csp(), None);
    assert_eq!(config.rules.ruleset, Ruleset::S9Of2004);
    assert_eq!(config.rules.display_name, DisplayName::Dhr);
    assert_eq!(config.rules.deadlines, DeadlineTable::Guidance2016);
    assert_eq!(
        config.mailing().unwrap_err().to_string(),
        "Set MAIL_SENDER to the From address of every mail."
    );
    for missing in [config.documents().err(), config.tokens().err(), config.match_key().err()] {
        assert!(missing.is_some());
    }
}

#[test]
fn a_missing_variable_is_named_with_what_it_is_for() {
    for name in ["CASES_TABLE", "EVENTS_TABLE", "CSPS"] {
        let variable = VARIABLES.iter().find(|variable| variable.name == name).unwrap();
        let sentence = refusal(&[(name, " ")]);
        assert_eq!(sentence, format!("Set {name} to {}.", variable.meaning));
    }
}

#[test]
fn half_a_group_is_refused() {
    assert!(refusal(&[("LINK_BASE", "https://dhr.example")]).contains("MAIL_SENDER"));
    assert!(refusal(&[("TOKEN_ISSUER", "https://id.example")]).contains("TOKEN_JWKS"));
    let mail = [("MAIL_SENDER", "dhr@csp.example"), ("LINK_BASE", "https://dhr.example/")];
    let config = config(&mail).unwrap();
    let mailing = config.mailing().unwrap();
    assert_eq!(mailing.link_base, "https://dhr.example");
    assert_eq!((mailing.rate_per_second, &mailing.configuration_set), (1, &None));
}

#[test]
fn what_cannot_be_used_is_refused_without_being_repeated() {
    let mail = ("MAIL_SENDER", "dhr@csp.example");
    let link = ("LINK_BASE", "https://dhr.example");
    for bad in [
        &[("CSPS", "Hush Hush=Name")][..],
        &[("CSPS", "hush")],
        &[("CSPS", "hush=")],
        &[("CSPS", "hush=A;hush=B")],
        &[("CSPS", ";;")],
        &[("DISPLAY_NAME", "hush")],
        &[("RULESET", "hush")],
        &[("DEADLINE_TABLE", "hush")],
        &[("MATCH_KEY", "hush")],
        &[mail, ("LINK_BASE", "ftp://hush.example")],
        &[mail, link, ("MAIL_RATE_PER_SECOND", "0")],
        &[mail, link, ("MAIL_RATE_PER_SECOND", "hush")],
        &[("LOG", "hush=hush=hush")],
    ] {
        let sentence = refusal(bad);
        assert!(!sentence.to_lowercase().contains("hush"), "{sentence}");
        assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
    }
}

#[test]
fn keys_are_configured_or_published_over_https() {
    let tokens = |more: &[(&str, &str)]| {
        let mut all = vec![("TOKEN_ISSUER", "https://id.example"), ("TOKEN_AUDIENCE", "dhr")];
        all.extend(more);
        config(&all).map(|config| config.tokens.unwrap())
    };
    assert!(tokens(&[]).unwrap_err().to_string().contains("TOKEN_JWKS"));
    assert!(tokens(&[("TOKEN_JWKS", "{}")]).unwrap().jwks_uri.is_none());
    for good in [
        "https://id.example/keys",
        "http://127.0.0.1:4000/keys",
        "http://[::1]:4000/keys",
        "http://localhost/keys",
    ] {
        let tokens = tokens(&[("TOKEN_JWKS_URI", good), ("TOKEN_SCOPE", "dhr/use")]).unwrap();
        assert_eq!(tokens.jwks_uri.as_deref(), Some(good));
        assert_eq!((tokens.jwks, tokens.scope.as_deref()), (None, Some("dhr/use")));
    }
    for bad in [
        "http://hush.example/keys",
        "http://127.0.0.1@hush.example/keys",
        "http://127.0.0.1.hush.example/keys",
        "http://localhost.hush.example/keys",
        "file:///hush",
        "hush",
        "/hush",
        "https:///hush",
    ] {
        let sentence = tokens(&[("TOKEN_JWKS_URI", bad)]).unwrap_err().to_string();
        assert!(sentence.starts_with("Change TOKEN_JWKS_URI: "), "{bad}: {sentence}");
        assert!(!sentence.contains("hush"), "{sentence}");
    }
}

#[test]
fn the_rules_are_settings() {
    let rules =
        [("DISPLAY_NAME", "DARDR"), ("RULESET", "s8a-of-2024"), ("DEADLINE_TABLE", "proposal2024")];
    let rules = config(&rules).unwrap().rules;
    assert_eq!(rules.ruleset, Ruleset::S8aOf2024);
    assert_eq!(rules.display_name, DisplayName::Dardr);
    assert_eq!(rules.deadlines, DeadlineTable::Proposal2024);
}

#[test]
fn a_secret_does_not_show() {
    let config = config(&[("MATCH_KEY", "0123456789abcdef0123456789abcdef")]).unwrap();
    assert!(!format!("{config:?}").contains("0123456789"));
    assert_eq!(config.match_key().unwrap().reveal().len(), 32);
}

#[test]
fn what_aws_tells_is_taken_from_its_own_variables() {
    let aws = config(&[
        ("AWS_REGION", "eu-west-2"),
        ("AWS_ACCESS_KEY_ID", "sample"),
        ("AWS_SECRET_ACCESS_KEY", "hush-hush"),
        ("AWS_SESSION_TOKEN", "hush-too"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:2"),
    ])
    .unwrap()
    .aws;
    assert!(!format!("{aws:?}").contains("hush"));
    let credentials = aws.credentials.unwrap();
    assert_eq!(credentials.secret_access_key(), "hush-hush");
    assert_eq!(credentials.session_token(), Some("hush-too"));
    assert_eq!(aws.region.as_deref(), Some("eu-west-2"));
    let endpoints = aws.endpoints.each_ref().map(Option::as_deref);
    assert_eq!(
        endpoints,
        [1, 2, 1]
            .map(|port| format!("http://127.0.0.1:{port}"))
            .each_ref()
            .map(|at| Some(at.as_str()))
    );
    let nothing = config(&[("AWS_ACCESS_KEY_ID", "sample"), ("AWS_ENDPOINT_URL", "")]).unwrap().aws;
    assert!(nothing.credentials.is_none() && nothing.region.is_none());
    assert_eq!(nothing.endpoints, [None, None, None]);
    assert_eq!(nothing.ca_bundle, None);
}

#[test]
fn the_table_of_variables_has_each_once_with_a_default_that_is_accepted() {
    let mut names: Vec<_> = VARIABLES.iter().map(|variable| variable.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), VARIABLES.len());
    let defaults: Vec<_> = VARIABLES
        .iter()
        .filter_map(|variable| Some((variable.name, variable.default?)))
        .chain([("MAIL_SENDER", "dhr@csp.example"), ("LINK_BASE", "https://dhr.example")])
        .collect();
    config(&defaults).unwrap();
}
