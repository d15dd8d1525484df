//! What a restore needs of the local system: mail that is kept back until it may go, and tables of
//! a later generation beside those that were there before.

use crate::{COORDINATOR, MORNING, folder::Folder, program::Program, refer};

const LATER: &str = "2027-02-20T12:00:00Z";

#[tokio::test]
async fn held_mail_goes_out_when_it_is_held_no_more() {
    let folder = Folder::new();
    let program = Program::serve_with(folder.path(), &["--clock", MORNING, "--hold-mail"]);
    let client = program.client();
    let reference = refer(&client, "one").await;
    client.clock(LATER.parse().unwrap()).await.unwrap().ok().unwrap();
    assert!(
        client.mails().await.unwrap().is_empty(),
        "neither the doorbell nor the sweep sent one"
    );
    program.signal("INT");
    let said = program.wait().stderr;
    assert!(said.contains("a mail is owed and nobody sends it"), "the nightly run does not know");

    let program = Program::serve(folder.path());
    let mails = program.client().mails().await.unwrap();
    assert!(mails.len() > 2, "what the referral and the reminders owe");
    assert!(mails.iter().all(|mail| mail["reference"] == *reference));
    // Its first nightly run came before its first sweep, and complained as well.
    program.kill();
}

#[tokio::test]
async fn a_later_generation_begins_empty_and_leaves_the_former_as_it_was() {
    let folder = Folder::new();
    let program = Program::serve_with(folder.path(), &["--clock", MORNING]);
    let reference = refer(&program.client(), "one").await;
    program.stop();
    let path = format!("/cases/{reference}");

    let program = Program::serve_with(folder.path(), &["--generation", "2"]);
    assert_eq!(program.client().get(COORDINATOR, &path).await.unwrap().status.as_u16(), 404);
    program.stop();

    let program = Program::serve(folder.path());
    program.client().get(COORDINATOR, &path).await.unwrap().ok().unwrap();
    program.stop();
}
