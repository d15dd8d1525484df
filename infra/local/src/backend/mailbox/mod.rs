//! SES version 1, near enough for its SDK, and a mailbox that keeps what was sent: no emulator
//! does both. A message is on disk before its sender is told so, and its notices come back the way
//! that AWS brings them, SES to SNS to SQS to a function.

mod accept;
mod address;
mod answer;
mod draft;
mod event;
mod fault;
mod journal;
mod mail;
mod page;
mod query;
mod queue;
mod raw;
mod receipts;
mod server;
mod ses;
mod settings;

use std::{
    collections::{BTreeSet, VecDeque},
    fs,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use fault::Fault;
pub use mail::{Mail, SentMail};
pub use queue::{QueuedNotification, sqs_event};
pub use settings::{Clock, Settings};

use super::{
    BackendError,
    running::{self, Running},
};
use journal::Journal;
use queue::Queue;

/// The journal of accepted messages in the data folder.
pub const MAIL_FILE: &str = "mail.jsonl";
/// The journal of notifications that need not be delivered again.
pub const ACKS_FILE: &str = "mail-acks.jsonl";

/// The mailbox. A clone is the same mailbox.
#[derive(Clone)]
pub struct Mailbox {
    settings: Arc<Settings>,
    state: Arc<Mutex<State>>,
}

struct State {
    identities: BTreeSet<String>,
    mails: Vec<Mail>,
    mail_journal: Journal,
    ack_journal: Journal,
    queue: Queue,
    faults: VecDeque<Fault>,
}

impl Mailbox {
    /// Opens the mailbox of the data folder, or an empty one in memory. Notifications that were
    /// never acknowledged are queued again.
    ///
    /// # Errors
    ///
    /// A journal cannot be read or written, or a line in it is damaged.
    pub fn open(data: Option<&Path>, settings: Settings) -> Result<Self, BackendError> {
        if let Some(folder) = data {
            fs::create_dir_all(folder)
                .map_err(|reason| BackendError::Folder { path: folder.to_owned(), reason })?;
        }
        let file = |name| data.map(|folder| folder.join(name));
        let (mail_journal, mails) = Journal::open::<Mail>(file(MAIL_FILE))?;
        let (ack_journal, acks) = Journal::open::<queue::Ack>(file(ACKS_FILE))?;
        let acked: BTreeSet<_> = acks.into_iter().map(|ack| ack.notification).collect();
        let mut queue = Queue::default();
        queue.publish(
            mails
                .iter()
                .flat_map(|mail| receipts::of(mail, &settings))
                .filter(|notification| !acked.contains(&notification.id)),
        );
        let state = State {
            identities: settings.identities.iter().map(|name| name.to_lowercase()).collect(),
            mails,
            mail_journal,
            ack_journal,
            queue,
            faults: VecDeque::new(),
        };
        Ok(Self { settings: Arc::new(settings), state: Arc::new(Mutex::new(state)) })
    }

    /// Serves SES on `port` of 127.0.0.1, or on any free one for 0.
    ///
    /// # Errors
    ///
    /// The port is taken.
    pub async fn serve(&self, port: u16) -> Result<Running, BackendError> {
        let (listener, endpoint) = running::listen(port).await?;
        let mailbox = self.clone();
        Ok(Running::spawn(endpoint, |stop| server::serve(mailbox, listener, stop)))
    }

    /// What was sent, in the order sent, one entry for each recipient.
    #[must_use]
    pub fn list(&self) -> Vec<SentMail> {
        self.state().mails.iter().flat_map(Mail::sent).collect()
    }

    /// The same for a person with a browser, newest first.
    #[must_use]
    pub fn page(&self) -> String {
        page::render(self.list())
    }

    /// At most `max` notifications for the function that receives them, those delivered least
    /// often first. Each comes again until it is acknowledged with [`Mailbox::ack`].
    #[must_use]
    pub fn take_notifications(&self, max: usize) -> Vec<QueuedNotification> {
        let now = self.settings.now();
        self.state().queue.take(max, now, &self.settings)
    }

    /// Forgets a notification for good, as SQS does when a function has succeeded with it. One
    /// that is unknown or already forgotten is no error.
    ///
    /// # Errors
    ///
    /// The acknowledgement cannot be written; the notification will come again.
    pub fn ack(&self, id: &str) -> Result<(), BackendError> {
        let State { queue, ack_journal, .. } = &mut *self.state();
        if queue.holds(id) {
            ack_journal.append(&queue::Ack::of(id))?;
            queue.forget(id);
        }
        Ok(())
    }

    /// Makes the next send that would have been accepted go wrong. Several wait their turn.
    pub fn fail_next(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
