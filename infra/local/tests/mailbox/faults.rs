//! What a sender lives through when a send goes wrong.

use aws_sdk_ses::error::{ProvideErrorMetadata as _, SdkError};
use local::backend::mailbox::Fault;

use crate::{
    TO, event_types,
    folder::Folder,
    sender::{self, FROM, Sender},
    take,
};

#[tokio::test]
async fn a_fault_that_refuses_leaves_nothing_behind() {
    for (fault, code, status) in
        [(Fault::Throttle, "Throttling", 400), (Fault::InternalError, "InternalFailure", 500)]
    {
        let sender = Sender::new().await;
        sender.mailbox.fail_next(fault);

        let error = sender::send(&sender.ses, TO, "s").await.unwrap_err();

        assert_eq!(error.code(), Some(code));
        assert_eq!(error.raw_response().unwrap().status().as_u16(), status);
        assert!(sender.mailbox.list().is_empty());
        assert!(take(&sender.mailbox).is_empty());
        sender.send(TO, "s").await;
    }
}

#[tokio::test]
async fn a_dropped_answer_leaves_the_message_sent_and_its_receipt_on_the_way() {
    let sender = Sender::new().await;
    sender.send(TO, "warms the connection up").await;
    for taken in take(&sender.mailbox) {
        sender.mailbox.ack(&taken.id).unwrap();
    }
    sender.mailbox.fail_next(Fault::AcceptThenDrop);

    let error = sender::send(&sender.ses, TO, "s").await.unwrap_err();

    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    assert_eq!(sender.subjects(), ["warms the connection up", "s"]);
    assert_eq!(event_types(&take(&sender.mailbox)), ["Send", "Delivery"]);
}

#[tokio::test]
async fn a_lost_receipt_stays_lost_over_a_restart() {
    for fault in [Fault::LoseReceipt, Fault::AcceptThenDropAndLoseReceipt] {
        let folder = Folder::new();
        let before = Sender::in_folder(folder.path()).await;
        before.mailbox.fail_next(fault);
        let answered = sender::send(&before.ses, TO, "s").await.is_ok();
        assert_eq!(answered, fault == Fault::LoseReceipt);
        assert!(take(&before.mailbox).is_empty());
        before.running.stop().await;

        let after = Sender::in_folder(folder.path()).await;

        assert_eq!(after.subjects(), ["s"]);
        assert!(take(&after.mailbox).is_empty());
    }
}

#[tokio::test]
async fn faults_wait_their_turn_and_are_spent_only_on_what_would_be_accepted() {
    let sender = Sender::new().await;
    sender.mailbox.fail_next(Fault::Throttle);
    sender.mailbox.fail_next(Fault::InternalError);

    let refused = sender::request(&sender.ses, "a@elsewhere.example", TO, "s");
    assert_eq!(sender.refusal(refused).await, "MessageRejected");
    for code in ["Throttling", "InternalFailure"] {
        let request = sender::request(&sender.ses, FROM, TO, "s");
        assert_eq!(sender.refusal(request).await, code);
    }
    sender.send(TO, "s").await;
}
