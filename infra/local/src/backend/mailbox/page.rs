//! The sent mail as a page, so that whoever tries the product on a laptop can read what it wrote.

use askama::Template;

use super::SentMail;

#[derive(Template)]
#[template(path = "mailbox.html")]
struct Page {
    mails: Vec<SentMail>,
}

/// The page, newest mail first.
pub(super) fn render(mut mails: Vec<SentMail>) -> String {
    mails.reverse();
    let page = Page { mails };
    // Writing strings into a string does not fail; if it ever does, the page says why.
    page.render().unwrap_or_else(|error| error.to_string())
}
