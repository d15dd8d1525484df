//! The two tables as code, for the local system and tests. The template that is deployed says
//! the same and adds what only AWS has: backups, keys, deletion protection, expiry of command
//! ids. (Expiry is left out here because it goes by the machine's clock, and a laptop's reviews
//! may be played at another time.)

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::client::Waiters as _;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
};

use super::TableNames;
use super::read::Index;
use crate::fault::Fault;

const CREATING: &str = "create a table";

/// How long a new table may take until it can be used.
const PATIENCE: Duration = Duration::from_mins(1);

/// Creates the tables that do not exist yet.
///
/// # Errors
/// A [`Fault`] of the service.
pub async fn create_tables(client: &Client, names: &TableNames) -> Result<(), Fault> {
    let cases = cases(client, &names.cases).map_err(|error| Fault::give_up(CREATING, error))?;
    let events = keyed(client, &names.events).map_err(|error| Fault::give_up(CREATING, error))?;
    create(client, cases, &names.cases).await?;
    create(client, events, &names.events).await
}

fn cases(client: &Client, name: &str) -> Result<CreateTableFluentBuilder, BuildError> {
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()?;
    let mut table = keyed(client, name)?.stream_specification(stream);
    for index in [Index::DUE, Index::OUTBOX] {
        table = table
            .attribute_definitions(text(index.shard)?)
            .attribute_definitions(text(index.since)?)
            .global_secondary_indexes(
                GlobalSecondaryIndex::builder()
                    .index_name(index.name)
                    .key_schema(key(index.shard, KeyType::Hash)?)
                    .key_schema(key(index.since, KeyType::Range)?)
                    .projection(
                        Projection::builder().projection_type(ProjectionType::KeysOnly).build(),
                    )
                    .build()?,
            );
    }
    Ok(table)
}

fn keyed(client: &Client, name: &str) -> Result<CreateTableFluentBuilder, BuildError> {
    Ok(client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(text("pk")?)
        .attribute_definitions(text("sk")?)
        .key_schema(key("pk", KeyType::Hash)?)
        .key_schema(key("sk", KeyType::Range)?))
}

fn text(name: &str) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, BuildError> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build()
}

async fn create(client: &Client, table: CreateTableFluentBuilder, name: &str) -> Result<(), Fault> {
    if let Err(error) = table.send().await {
        match error.as_service_error() {
            Some(CreateTableError::ResourceInUseException(_)) => return Ok(()),
            _ => return Err(Fault::sdk(CREATING, error)),
        }
    }
    client
        .wait_until_table_exists()
        .table_name(name)
        .wait(PATIENCE)
        .await
        .map(|_| ())
        .map_err(|_| Fault::retry(CREATING, "it was not ready in time"))
}
