//! A mailbox that serves, and what a sender does with it through the SDK.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use aws_sdk_ses::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    error::{ProvideErrorMetadata as _, SdkError},
    operation::send_email::{SendEmailError, SendEmailOutput, builders::SendEmailFluentBuilder},
    operation::send_raw_email::{SendRawEmailError, SendRawEmailOutput},
    primitives::Blob,
    types::{Body, Content, Destination, Message, MessageTag, RawMessage},
};
use chrono::{DateTime, TimeDelta, Utc};
use local::backend::{
    Running,
    mailbox::{Mailbox, Settings},
};

pub const FROM: &str = "casework@csp.example";
pub const SET: &str = "mail-events";

pub struct Sender {
    pub mailbox: Mailbox,
    pub running: Running,
    pub ses: Client,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Sender {
    /// In memory, with one verified domain and one configuration set.
    pub async fn new() -> Self {
        Self::with(None, |_| {}).await
    }

    pub async fn in_folder(folder: &Path) -> Self {
        Self::with(Some(folder), |_| {}).await
    }

    pub async fn with(folder: Option<&Path>, change: impl FnOnce(&mut Settings)) -> Self {
        let now = Arc::new(Mutex::new(start()));
        let clock = Arc::clone(&now);
        let mut settings = settings(Arc::new(move || *clock.lock().unwrap()));
        change(&mut settings);
        let mailbox = Mailbox::open(folder, settings).unwrap();
        let running = mailbox.serve(0).await.unwrap();
        Self { ses: client(running.endpoint()), mailbox, running, now }
    }

    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    /// Sends a message that is in order.
    pub async fn send(&self, to: &str, subject: &str) -> String {
        send(&self.ses, to, subject).await.unwrap().message_id
    }

    /// The code that SES refuses a message with.
    pub async fn refusal(&self, request: SendEmailFluentBuilder) -> String {
        let error = request.send().await.unwrap_err();
        error.code().unwrap().to_owned()
    }

    pub async fn send_raw(&self, mime: &str) -> String {
        self.try_raw(mime).await.unwrap().message_id
    }

    pub async fn try_raw(
        &self,
        mime: &str,
    ) -> Result<SendRawEmailOutput, SdkError<SendRawEmailError>> {
        let message = RawMessage::builder().data(Blob::new(mime)).build().unwrap();
        self.ses.send_raw_email().raw_message(message).send().await
    }

    pub fn subjects(&self) -> Vec<String> {
        let sent = self.mailbox.list();
        sent.into_iter().map(|mail| mail.subject).collect()
    }
}

pub fn start() -> DateTime<Utc> {
    "2026-01-31T09:00:00Z".parse().unwrap()
}

pub fn settings(clock: local::backend::mailbox::Clock) -> Settings {
    Settings {
        identities: vec!["csp.example".to_owned()],
        configuration_sets: vec![SET.to_owned()],
        ..Settings::new(clock)
    }
}

pub fn client(endpoint: &str) -> Client {
    Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new("eu-west-2"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .build(),
    )
}

pub async fn send(
    ses: &Client,
    to: &str,
    subject: &str,
) -> Result<SendEmailOutput, SdkError<SendEmailError>> {
    request(ses, FROM, to, subject).send().await
}

/// A message with text, HTML, the configuration set and three tags.
pub fn request(ses: &Client, from: &str, to: &str, subject: &str) -> SendEmailFluentBuilder {
    ses.send_email()
        .source(from)
        .destination(Destination::builder().to_addresses(to).build())
        .message(message(subject, "Plain & simple", Some("<p>Rich</p>")))
        .configuration_set_name(SET)
        .tags(tag("obx", "outbox-1"))
        .tags(tag("aid", "attempt-1"))
        .tags(tag("reference", "DHR-7F3K"))
}

pub fn message(subject: &str, text: &str, html: Option<&str>) -> Message {
    let html = html.map(content);
    let body = Body::builder().text(content(text)).set_html(html).build();
    Message::builder().subject(content(subject)).body(body).build()
}

pub fn tag(name: &str, value: &str) -> MessageTag {
    MessageTag::builder().name(name).value(value).build().unwrap()
}

fn content(data: &str) -> Content {
    Content::builder().data(data).charset("UTF-8").build().unwrap()
}
