//! Every e-mail the product sends, in words that may travel unprotected.
//!
//! Mail leaves the partnership's control, so a letter says what is needed, by when and where to
//! sign in, and cannot say more: it is given a reference, dates, a link and the partnership's
//! name, and nothing about a person. Wording lives in one folder per notice under `templates/`,
//! a line for the subject and a few paragraphs; what every letter has in common lives in the
//! two layouts. They are compiled in and checked by the compiler.

mod phrases;

use askama::Template;
use chrono::NaiveDate;
use review::case::DisplayName;
use review::notices::Notice;
use review::values::Reference;

use phrases::{Timing, long};

/// What a letter may know.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The case it is about.
    pub reference: &'a Reference,
    /// What the partnership calls a review.
    pub display_name: DisplayName,
    /// The London date that the notice is about: the day something is due, or ends, or is planned
    /// for. `None` where it is about none.
    pub due_on: Option<NaiveDate>,
    /// Days from `due_on` to now, from 1 where it has passed; counted from `today` if absent.
    pub days_late: Option<i64>,
    /// Where to sign in to the case. It must carry nothing but the reference.
    pub link: &'a str,
    /// The sender: the partnership's display name.
    pub partnership: &'a str,
    /// The London date on which it is written.
    pub today: NaiveDate,
}

/// A letter ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line: the marking, the message and the reference.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same words as a page.
    pub html: String,
}

/// A letter could not be written. It carries nothing from the letter.
#[derive(Debug, thiserror::Error)]
#[error("the letter could not be written")]
pub struct Unwritten(#[from] askama::Error);

/// The handling marking of an identifiable case, at the start of every subject.
const MARKING: &str = "OFFICIAL-SENSITIVE";

/// Chooses the wording of a notice. The `match` in the template has an arm for each: a notice
/// without a letter does not compile.
#[derive(Template)]
#[template(path = "letters.txt")]
struct Wording<'a> {
    notice: Notice,
    reference: &'a str,
    display_name: &'static str,
    /// For a subject: "due 3 March 2027", "overdue", or "due" without a date.
    due: String,
    /// "It is due on 3 March 2027." or "It was due on 28 February 2027, 5 days ago."; may be empty.
    deadline: String,
    /// Ends a request: "by 3 March 2027", "now", or "as soon as you can" without a date.
    by: String,
    /// Whether the date has passed.
    late: bool,
    /// For what the phrases above do not say.
    timing: Timing,
}

/// The plain text of a letter.
#[derive(Template)]
#[template(path = "layout.txt")]
struct Text<'a> {
    paragraphs: &'a [String],
    reference: &'a str,
    link: &'a str,
    partnership: &'a str,
    written_on: &'a str,
}

/// The page of a letter, made of the same paragraphs.
#[derive(Template)]
#[template(path = "layout.html")]
struct Page<'a> {
    subject: &'a str,
    paragraphs: &'a [String],
    reference: &'a str,
    link: &'a str,
    partnership: &'a str,
    written_on: &'a str,
}

/// Writes the letter that a notice sends. The same notice and context give the same letter.
///
/// # Errors
/// [`Unwritten`] if a template cannot be rendered, which no context is known to cause.
pub fn render(notice: Notice, context: &Context<'_>) -> Result<Letter, Unwritten> {
    let reference = context.reference.as_str();
    let display_name = match context.display_name {
        DisplayName::Dhr => "Domestic Homicide Review",
        DisplayName::Dardr => "Domestic Abuse Related Death Review",
    };
    let timing = Timing::of(context.due_on, context.days_late, context.today);
    let wording = Wording {
        notice,
        reference,
        display_name,
        due: timing.due(),
        deadline: timing.sentence("It is due", "It was due"),
        by: timing.by(),
        late: timing.is_past(),
        timing,
    };
    let wording = wording.render()?;
    let (topic, body) = wording.split_once('\n').unwrap_or((&wording, ""));

    let subject = format!("{MARKING}: {} ({reference})", one_line(topic));
    let paragraphs: Vec<String> =
        body.split("\n\n").map(one_line).filter(|paragraph| !paragraph.is_empty()).collect();
    let partnership = &one_line(context.partnership);
    let written_on = &long(context.today);
    let (paragraphs, link) = (paragraphs.as_slice(), context.link);

    Ok(Letter {
        text: Text { paragraphs, reference, link, partnership, written_on }.render()?,
        html: Page { subject: &subject, paragraphs, reference, link, partnership, written_on }
            .render()?,
        subject,
    })
}

/// Joins lines, so that templates may be wrapped anywhere and a name cannot start a line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
