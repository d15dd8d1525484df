//! The schemas that the operations refer to, each once and none that nothing refers to.

use std::collections::BTreeSet;

use review::Action;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::view::{INTERNAL, SHOWN_ELSEWHERE};

const PREFIX: &str = "#/components/schemas/";

pub(super) struct Schemas(SchemaGenerator);

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Self(settings.into_generator())
    }

    /// The schema of a type.
    pub(super) fn of<T: JsonSchema>(&mut self) -> Value {
        self.0.subschema_for::<T>().into()
    }

    /// The schema of an action's record.
    pub(super) fn record(&mut self, action: Action) -> Value {
        action.schema(&mut self.0).into()
    }

    /// What an action does, in the words of the domain.
    pub(super) fn summary(&mut self, action: Action) -> Option<String> {
        self.0.subschema_for::<Action>();
        let all = self.0.definitions().get("Action")?.get("oneOf")?.as_array()?;
        let this = all
            .iter()
            .find(|one| one.get("const").and_then(Value::as_str) == Some(action.name()))?;
        this.get("description")?.as_str().map(str::to_owned)
    }

    /// The schemas that `paths` refers to, directly or through others.
    pub(super) fn used_by(mut self, paths: &Value) -> Map<String, Value> {
        let mut all = self.0.take_definitions(true);
        if let Some(file) = all.get_mut("File") {
            leave_out(file);
        }
        let mut used = BTreeSet::new();
        let mut open: Vec<String> = references(paths);
        while let Some(name) = open.pop() {
            if let Some(schema) = all.get(&name).filter(|_| used.insert(name.clone())) {
                open.extend(references(schema));
            }
        }
        all.into_iter().filter(|(name, _)| used.contains(name)).collect()
    }
}

/// The file of a case as the whole view shows it.
fn leave_out(file: &mut Value) {
    for name in SHOWN_ELSEWHERE.iter().chain(INTERNAL) {
        if let Some(properties) = file.get_mut("properties").and_then(Value::as_object_mut) {
            properties.remove(*name);
        }
        if let Some(required) = file.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|field| field != name);
        }
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| match (name.as_str(), field.as_str()) {
                ("$ref", Some(target)) => {
                    target.strip_prefix(PREFIX).map(str::to_owned).into_iter().collect()
                }
                (_, _) => references(field),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}
