//! What IAM would have to allow for a request to be answered, read from the request as it goes
//! over the wire: <https://docs.aws.amazon.com/service-authorization/latest/reference/>.

use std::collections::BTreeMap;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde::Serialize;
use serde_json::Value;

use crate::services::Names;

/// One thing to allow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Permission {
    /// IAM's name of it.
    action: String,
    /// What it is done to, by what it is here and not by its name in AWS.
    resource: String,
    /// What the partition key begins with, where there is one to be bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Whether it is done inside a transaction.
    enclosed: bool,
}

/// Everything that a request needs.
pub(super) fn needed(request: &HttpRequest, names: &Names) -> Vec<Permission> {
    let body = request.body().bytes().unwrap_or_default();
    let (path, query) = address(request.uri());
    if let Some(target) = request.headers().get("x-amz-target") {
        let body = serde_json::from_slice(body).unwrap_or_default();
        return tables(target, &body, names);
    }
    let form: BTreeMap<_, _> = form_urlencoded::parse(body).into_owned().collect();
    match form.get("Action") {
        Some(action) => mail(action, &form),
        None => objects(request.method(), &path, &query, names),
    }
}

/// The path and the names in the query.
fn address(uri: &str) -> (String, Vec<String>) {
    let Ok(url) = url::Url::parse(uri) else { return (uri.to_owned(), Vec::new()) };
    let names = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    (url.path().to_owned(), names)
}

fn tables(target: &str, body: &Value, names: &Names) -> Vec<Permission> {
    let operation = target.rsplit('.').next().unwrap_or(target);
    if operation != "TransactWriteItems" {
        return vec![on_table(operation, body, false, names)];
    }
    let items = body["TransactItems"].as_array().into_iter().flatten();
    items
        .flat_map(|item| item.as_object().into_iter().flatten())
        .map(|(kind, part)| on_table(&format!("{kind}Item"), part, true, names))
        .collect()
}

/// Which table or index of it, and which partition: that of an item, of a key, or of a query.
fn on_table(action: &str, body: &Value, enclosed: bool, names: &Names) -> Permission {
    let called = body["TableName"].as_str().unwrap_or_default();
    let table = if called == names.tables.cases {
        "cases"
    } else if called == names.tables.events {
        "events"
    } else {
        called
    };
    let index = body["IndexName"].as_str();
    let condition = body["KeyConditionExpression"].as_str().unwrap_or_default();
    let queried = condition.strip_prefix("pk = ").and_then(|rest| rest.split(' ').next());
    let partition =
        queried.map_or(&body["Item"]["pk"], |name| &body["ExpressionAttributeValues"][name]);
    let partition = partition["S"].as_str().or_else(|| body["Key"]["pk"]["S"].as_str());
    Permission {
        action: format!("dynamodb:{action}"),
        resource: index.map_or_else(|| table.to_owned(), |index| format!("{table}/index/{index}")),
        key: partition.map(beginning),
        enclosed,
    }
}

/// A key up to its first separator: what comes after it differs from item to item.
fn beginning(key: &str) -> String {
    key.split_inclusive('#').next().unwrap_or_default().to_owned()
}

/// Mail comes from an identity and, where receipts are wanted, through a configuration set.
fn mail(action: &str, form: &BTreeMap<String, String>) -> Vec<Permission> {
    let through = form.contains_key("ConfigurationSetName").then_some("configuration-set");
    ["identity"].into_iter().chain(through).map(|on| plain(format!("ses:{action}"), on)).collect()
}

fn objects(method: &str, path: &str, query: &[String], names: &Names) -> Vec<Permission> {
    let asks = |name: &str| query.iter().any(|it| it == name);
    let (bucket, object) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
    let called = bucket.trim_matches('/');
    let bucket = if called == names.bucket {
        "documents"
    } else if called == names.anchors {
        "anchors"
    } else {
        called
    };
    let action = match (method, object.is_empty()) {
        ("GET" | "HEAD", true) => "ListBucket",
        ("GET", false) if asks("uploadId") => "ListMultipartUploadParts",
        ("GET" | "HEAD", false) if asks("versionId") => "GetObjectVersion",
        ("GET" | "HEAD", false) => "GetObject",
        ("PUT" | "POST", false) => "PutObject",
        ("DELETE", false) if asks("uploadId") => "AbortMultipartUpload",
        ("DELETE", false) => "DeleteObject",
        (method, _) => method,
    };
    let on = if object.is_empty() { bucket.to_owned() } else { format!("{bucket}/*") };
    vec![plain(format!("s3:{action}"), on)]
}

fn plain(action: String, resource: impl Into<String>) -> Permission {
    Permission { action, resource: resource.into(), key: None, enclosed: false }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::config::http::HttpRequest;
    use aws_smithy_types::body::SdkBody;
    use serde_json::json;

    use super::needed;
    use crate::services::Names;

    fn names() -> Names {
        let tables = cloud::store::TableNames { cases: "c-1".into(), events: "e-1".into() };
        Names { tables, bucket: "d-1".into(), anchors: "a-1".into() }
    }

    fn asked(method: &str, uri: &str, target: Option<&str>, body: &str) -> serde_json::Value {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method).unwrap();
        request.set_uri(format!("http://127.0.0.1:1{uri}")).unwrap();
        if let Some(target) = target {
            request.headers_mut().insert("x-amz-target", format!("DynamoDB_20120810.{target}"));
        }
        serde_json::to_value(needed(&request, &names())).unwrap()
    }

    #[test]
    fn a_transaction_needs_what_each_part_of_it_needs() {
        let body = json!({ "TransactItems": [
            { "Put": { "TableName": "e-1", "Item": { "pk": { "S": "CASE#a#b" } } } },
            { "ConditionCheck": { "TableName": "c-1", "Key": { "pk": { "S": "ACTOR#a" } } } },
        ] });
        assert_eq!(
            asked("POST", "/", Some("TransactWriteItems"), &body.to_string()),
            json!([
                { "action": "dynamodb:PutItem", "resource": "events", "key": "CASE#", "enclosed": true },
                { "action": "dynamodb:ConditionCheckItem", "resource": "cases", "key": "ACTOR#", "enclosed": true },
            ])
        );
    }

    #[test]
    fn a_query_is_of_a_partition_or_of_an_index() {
        let body = json!({
            "TableName": "c-1",
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
            "ExpressionAttributeValues": { ":pk": { "S": "LIST#a" }, ":prefix": { "S": "x" } },
        });
        assert_eq!(
            asked("POST", "/", Some("Query"), &body.to_string()),
            json!([{ "action": "dynamodb:Query", "resource": "cases", "key": "LIST#", "enclosed": false }])
        );
        let body = json!({
            "TableName": "c-1", "IndexName": "due",
            "KeyConditionExpression": "#shard = :shard AND #since <= :now",
        });
        assert_eq!(
            asked("POST", "/", Some("Query"), &body.to_string()),
            json!([{ "action": "dynamodb:Query", "resource": "cases/index/due", "enclosed": false }])
        );
    }

    #[test]
    fn an_objects_request_is_known_by_method_and_query() {
        for (method, uri, action, resource) in [
            ("POST", "/d-1/a/b?uploads", "s3:PutObject", "documents/*"),
            ("GET", "/d-1/a/b?uploadId=1", "s3:ListMultipartUploadParts", "documents/*"),
            ("DELETE", "/d-1/a/b?uploadId=1", "s3:AbortMultipartUpload", "documents/*"),
            ("HEAD", "/d-1/a/b", "s3:GetObject", "documents/*"),
            ("GET", "/d-1/a/b?versionId=1", "s3:GetObjectVersion", "documents/*"),
            ("DELETE", "/d-1/a/b", "s3:DeleteObject", "documents/*"),
            ("GET", "/d-1/?list-type=2", "s3:ListBucket", "documents"),
            ("PUT", "/other/a", "s3:PutObject", "other/*"),
        ] {
            let needs = json!([{ "action": action, "resource": resource, "enclosed": false }]);
            assert_eq!(asked(method, uri, None, ""), needs, "{method} {uri}");
        }
    }

    #[test]
    fn mail_needs_the_identity_and_the_configuration_set() {
        assert_eq!(
            asked("POST", "/", None, "Action=SendEmail&ConfigurationSetName=dhr"),
            json!([
                { "action": "ses:SendEmail", "resource": "identity", "enclosed": false },
                { "action": "ses:SendEmail", "resource": "configuration-set", "enclosed": false },
            ])
        );
    }
}
