//! A stream record as Lambda writes it. The SDK reads the wire form but cannot write it again.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::types::{AttributeValue, Identity, Record, StreamRecord};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

/// The record of the stream with that ARN, or `None` if it holds a kind of attribute that this
/// SDK does not know.
pub(super) fn record(record: &Record, stream: &str) -> Option<Value> {
    let mut json = object([
        ("eventID", record.event_id.as_deref().map(Value::from)),
        ("eventName", record.event_name.as_ref().map(|name| name.as_str().into())),
        ("eventVersion", record.event_version.as_deref().map(Value::from)),
        ("eventSource", record.event_source.as_deref().map(Value::from)),
        ("awsRegion", record.aws_region.as_deref().map(Value::from)),
        ("userIdentity", record.user_identity.as_ref().map(identity)),
        ("eventSourceARN", Some(stream.into())),
    ]);
    if let Some(found) = &record.dynamodb {
        json.insert("dynamodb".to_owned(), change(found)?);
    }
    Some(json.into())
}

fn identity(identity: &Identity) -> Value {
    json!({ "type": identity.r#type, "principalId": identity.principal_id })
}

fn change(found: &StreamRecord) -> Option<Value> {
    let written = found.approximate_creation_date_time;
    let mut json = object([
        ("ApproximateCreationDateTime", written.map(|written| written.secs().into())),
        ("SequenceNumber", found.sequence_number.as_deref().map(Value::from)),
        ("SizeBytes", found.size_bytes.map(Value::from)),
        ("StreamViewType", found.stream_view_type.as_ref().map(|kind| kind.as_str().into())),
    ]);
    let images =
        [("Keys", &found.keys), ("NewImage", &found.new_image), ("OldImage", &found.old_image)];
    for (name, image) in images {
        if let Some(image) = image {
            json.insert(name.to_owned(), item(image)?);
        }
    }
    Some(json.into())
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Map<String, Value> {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn item(attributes: &HashMap<String, AttributeValue>) -> Option<Value> {
    attributes
        .iter()
        .map(|(name, found)| Some((name.clone(), value(found)?)))
        .collect::<Option<Map<_, _>>>()
        .map(Value::from)
}

fn value(attribute: &AttributeValue) -> Option<Value> {
    Some(match attribute {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(truth) => json!({ "BOOL": truth }),
        AttributeValue::Null(nothing) => json!({ "NULL": nothing }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::Bs(blobs) => {
            let encoded: Vec<_> = blobs.iter().map(|bytes| STANDARD.encode(bytes)).collect();
            json!({ "BS": encoded })
        }
        AttributeValue::L(values) => {
            json!({ "L": values.iter().map(value).collect::<Option<Vec<_>>>()? })
        }
        AttributeValue::M(members) => json!({ "M": item(members)? }),
        _ => return None,
    })
}
