//! What can go wrong with a send, on demand, for the tests of those who send.

/// What goes wrong with one send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `Throttling`, and nothing is sent.
    Throttle,
    /// 500, and nothing is sent. The sender cannot know that.
    InternalError,
    /// It is sent and its notifications come, but the connection drops without an answer.
    AcceptThenDrop,
    /// It is sent and answered, but no notification ever comes.
    LoseReceipt,
    /// It is sent, but neither an answer nor a notification ever comes: the one case in which no
    /// protocol can keep a sender from sending twice.
    AcceptThenDropAndLoseReceipt,
}

impl Fault {
    /// The sender gets no answer.
    pub(super) fn drops_answer(self) -> bool {
        match self {
            Self::AcceptThenDrop | Self::AcceptThenDropAndLoseReceipt => true,
            Self::Throttle | Self::InternalError | Self::LoseReceipt => false,
        }
    }

    /// The notifications are lost.
    pub(super) fn loses_receipt(self) -> bool {
        match self {
            Self::LoseReceipt | Self::AcceptThenDropAndLoseReceipt => true,
            Self::Throttle | Self::InternalError | Self::AcceptThenDrop => false,
        }
    }
}
