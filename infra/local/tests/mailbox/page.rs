//! The page for a browser.

use crate::{
    TO,
    sender::{self, FROM, Sender},
};

#[tokio::test]
async fn the_page_shows_the_newest_mail_first() {
    let sender = Sender::new().await;
    assert!(sender.mailbox.page().contains("No mail has been sent."));
    sender.send(TO, "older").await;
    sender.send(TO, "newer").await;

    let page = sender.mailbox.page();

    assert!(page.find("newer").unwrap() < page.find("older").unwrap());
    for part in ["<html lang=\"en-GB\">", "<h1>Sent mail</h1>", "<title>Sent mail (2)</title>", TO]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("31 January 2026, 09:00:00 UTC"));
    assert!(page.contains("DHR-7F3K"));
}

#[tokio::test]
async fn nothing_in_a_message_becomes_part_of_the_page() {
    let sender = Sender::new().await;
    let evil = "</pre><script>alert(\"1\")</script>";
    let message = sender::message(evil, evil, Some(evil));
    let request = sender::request(&sender.ses, FROM, TO, "s").message(message);
    request.send().await.unwrap();

    let page = sender.mailbox.page();

    assert!(!page.contains("<script"));
    assert_eq!(page.matches("&#60;script&#62;").count(), 4);
}

#[tokio::test]
async fn debug_shows_nobody_and_no_words() {
    let sender = Sender::new().await;
    sender.send(TO, "Private").await;

    let shown = format!("{:?}", sender.mailbox.list());

    assert!(!shown.contains(TO) && !shown.contains("Private"), "{shown}");
}
