//! The API document of a system with sample cases: the examples of path and header name the case
//! in which the example of the body is accepted.

use serde_json::Value;

use super::SampleCase;

/// Puts the cases into the document.
pub fn put(document: &mut Value, cases: &[SampleCase]) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for operation in paths.filter_map(|path| path.get_mut("post")) {
        let case = cases.iter().find(|case| operation["operationId"] == case.operation);
        let Some(case) = case else { continue };
        operation["x-example-actor"] = case.actor.clone().into();
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            let example = match parameter["name"].as_str() {
                Some("reference") => Some(&case.reference),
                Some("document") => case.document.as_ref(),
                Some("If-Match") => case.if_match.as_ref(),
                Some(_) | None => None,
            };
            if let Some(example) = example {
                parameter["example"] = example.clone().into();
            }
        }
    }
}
