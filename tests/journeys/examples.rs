//! The examples of the API document, each sent as it stands.

use reqwest::Method;
use serde_json::Value;

use crate::client::{Sent, With};
use crate::people::REFERRER;
use crate::world::World;

#[tokio::test]
async fn every_example_of_the_document_is_accepted_as_it_stands() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let cases = world.client.local(Method::POST, "/local/sample-cases", None).await.ok();
    let again = world.client.local(Method::POST, "/local/sample-cases", None).await.ok();
    assert_eq!(again, cases, "they are made once");
    let document = world.client.local(Method::GET, "/openapi.json", None).await.ok();
    let mut wrong = Vec::new();
    let mut posts = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(post) = item.get("post") else { continue };
        posts += 1;
        let example = |name: &str| example(post, name).as_str().map(str::to_owned);
        let mut address = path.clone();
        for name in ["reference", "document"] {
            address = address.replace(&format!("{{{name}}}"), &example(name).unwrap_or_default());
        }
        let actor = post["x-example-actor"].as_str().map(str::to_owned);
        let actor: &'static str = actor.map_or(REFERRER, |actor| actor.leak());
        let (tag, key) = (example("If-Match"), example("Idempotency-Key"));
        let with = With { if_match: tag.as_deref(), key: key.as_deref() };
        let body = Sent::json(&post["requestBody"]["content"]["application/json"]["example"]);
        let answer = world.client.post_with(actor, &address, with, body).await;
        if !(200..300).contains(&answer.status) {
            wrong.push(format!("{actor} {address}: {} {}", answer.status, answer.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {posts}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(posts > 60, "{posts}");
    world.end().await;
}

fn example(operation: &Value, name: &str) -> Value {
    let parameters = operation["parameters"].as_array().unwrap();
    let named = parameters.iter().find(|parameter| parameter["name"] == name);
    named.map(|parameter| parameter["example"].clone()).unwrap_or_default()
}
