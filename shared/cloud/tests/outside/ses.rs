//! An SES that counts, and answers as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::http::{self, Answer, Request};

/// What SES does with one request.
#[derive(Debug)]
pub enum Say {
    /// Takes the mail and says so.
    Taken,
    /// Takes the mail, then breaks the connection off.
    TakenThenDropped,
    /// Takes the mail and answers 500.
    TakenThenFailed,
    /// Takes nothing and answers 500.
    Failed,
    /// Takes nothing: too fast.
    Throttled,
    /// Takes nothing: sending is paused.
    Paused,
    /// Takes nothing, for good.
    Rejected,
    /// Says that a request came, and takes it when the test lets it.
    Held(oneshot::Receiver<()>),
}

#[derive(Default)]
struct State {
    script: VecDeque<Say>,
    requests: Vec<Mail>,
}

/// A request as SES saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub configuration_set: String,
    pub tags: BTreeMap<String, String>,
    pub taken: bool,
}

/// The server.
#[derive(Clone)]
pub struct Ses {
    endpoint: String,
    state: Arc<Mutex<State>>,
    arrivals: Arc<tokio::sync::Mutex<UnboundedReceiver<Mail>>>,
}

impl Ses {
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let (arrived, arrivals) = unbounded_channel();
        let seen = Arc::clone(&state);
        let endpoint =
            http::serve(move |request| answer(request, Arc::clone(&seen), arrived.clone())).await;
        Self { endpoint, state, arrivals: Arc::new(tokio::sync::Mutex::new(arrivals)) }
    }

    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What to do with the next requests; after that, mails are taken.
    pub fn script(&self, script: impl IntoIterator<Item = Say>) {
        self.state.lock().unwrap().script.extend(script);
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Mail> {
        self.state.lock().unwrap().requests.clone()
    }

    /// Every mail that was taken.
    pub fn taken(&self) -> Vec<Mail> {
        self.requests().into_iter().filter(|mail| mail.taken).collect()
    }

    /// Waits for the next request.
    pub async fn arrival(&self) -> Mail {
        self.arrivals.lock().await.recv().await.unwrap()
    }
}

async fn answer(
    request: Request,
    state: Arc<Mutex<State>>,
    arrived: UnboundedSender<Mail>,
) -> Answer {
    let say = state.lock().unwrap().script.pop_front().unwrap_or(Say::Taken);
    let taken = match &say {
        Say::Taken | Say::TakenThenDropped | Say::TakenThenFailed | Say::Held(_) => true,
        Say::Failed | Say::Throttled | Say::Paused | Say::Rejected => false,
    };
    let mail = mail(&request.body, taken);
    state.lock().unwrap().requests.push(mail.clone());
    arrived.send(mail).unwrap();
    match say {
        Say::Taken => ok(),
        Say::Held(release) => {
            release.await.unwrap();
            ok()
        }
        Say::TakenThenDropped => Answer::Drop,
        Say::TakenThenFailed | Say::Failed => error(500, "InternalFailure", "Try again."),
        Say::Throttled => error(400, "Throttling", "Maximum sending rate exceeded."),
        Say::Paused => error(400, "AccountSendingPausedException", "Sending is paused."),
        Say::Rejected => error(400, "MessageRejected", "Email address is not verified."),
    }
}

fn mail(form: &[u8], taken: bool) -> Mail {
    let fields: BTreeMap<String, String> = form_urlencoded::parse(form).into_owned().collect();
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    assert_eq!(field("Action"), "SendEmail");
    let tags = (1..)
        .map_while(|n| {
            let name = fields.get(&format!("Tags.member.{n}.Name"))?;
            Some((name.clone(), field(&format!("Tags.member.{n}.Value"))))
        })
        .collect();
    Mail {
        to: field("Destination.ToAddresses.member.1"),
        subject: field("Message.Subject.Data"),
        text: field("Message.Body.Text.Data"),
        html: field("Message.Body.Html.Data"),
        configuration_set: field("ConfigurationSetName"),
        tags,
        taken,
    }
}

fn ok() -> Answer {
    let body = "<SendEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\">\
        <SendEmailResult><MessageId>010b0194-example</MessageId></SendEmailResult>\
        <ResponseMetadata><RequestId>d5964849</RequestId></ResponseMetadata></SendEmailResponse>";
    Answer::Say(200, xml(), body.to_owned())
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>d5964849</RequestId></ErrorResponse>"
    );
    Answer::Say(status, xml(), body)
}

fn xml() -> Vec<(&'static str, String)> {
    vec![("content-type", "text/xml".to_owned())]
}
