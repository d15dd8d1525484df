//! Who is told of what, and whether it is still so when the mail goes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

#[path = "react/canary.rs"]
mod canary;
#[path = "react/still.rs"]
mod still;
#[path = "react/told.rs"]
mod told;

use std::collections::BTreeSet;

use review::act::{Action, Event, EventKind};
use review::actor::Role;
use review::case::Case;
use review::clock::{ClockKey, Step};
use review::deadlines::{DEADLINES, Deadline, Row, Scope};
use review::event::Recorded;
use review::notices::{NOTICES, Notice, Recipient};
use review::process::{State, rule};
use review::react;
use review::react::{Effect, still_true};
use review::records::Reminder;
use review::sample;
use review::values::{ActorId, AgencyId, Reference};
use serde_json::{Value, json};
use world::World;
use world::scene::{NOW, Scene, given};

/// The recipients that a line of words names: roles, `role@agency`, `duty:…`, `actor:…`, and the
/// groups of the sample case.
fn recipients(words: &str) -> BTreeSet<Recipient> {
    words.split_whitespace().flat_map(named).collect()
}

fn named(word: &str) -> Vec<Recipient> {
    let actor = |id: &str| Recipient::Actor(ActorId::parse(id).unwrap());
    let at = |role: &str, agency: &str| Recipient::AgencyRole {
        agency: AgencyId::parse(agency).unwrap(),
        role: Role::parse(role).unwrap(),
    };
    if let Some((role, agency)) = word.split_once('@') {
        return vec![at(role, agency)];
    }
    if let Some(duty) = word.strip_prefix("duty:") {
        return vec![Recipient::Duty(serde_json::from_value(duty.into()).unwrap())];
    }
    if let Some(id) = word.strip_prefix("actor:") {
        return vec![actor(id)];
    }
    match word {
        "referrer" => vec![actor("referrer-1")],
        "chair" => vec![actor("chair-1")],
        "panel" => vec![actor("panel-member-1"), actor("specialist-1")],
        "family" => vec![actor("family-advocate-1")],
        "agencies" => ["sample-council", "sample-health", "sample-police"]
            .map(|agency| at("agency-contact", agency))
            .to_vec(),
        role => vec![Recipient::Role(Role::parse(role).unwrap())],
    }
}

/// What the last event of a kind causes.
fn effects(world: &World, kind: EventKind) -> Vec<Effect> {
    let last = world.history.iter().rfind(|recorded| recorded.envelope.kind == kind);
    react(world.case(), last.unwrap())
}

/// Every scene in which an action of the table causes an event of this kind.
fn causes(kind: EventKind) -> Vec<Scene> {
    let other = json!({ "cases": [Reference::from_random([1; 8])] });
    let evidence = || given(State::Evidence);
    match kind.caused_by().or_else(|| told::trigger(kind)).unwrap() {
        Action::Refer => {
            let form = sample::body(Action::Refer);
            let world = World::new(NOW);
            vec![
                world
                    .asked(Role::Referrer, Action::Refer)
                    .with(form)
                    .set("/immediate_risk", json!({ "known": true })),
            ]
        }
        Action::RecordMatches => {
            vec![evidence().asked(Role::System, Action::RecordMatches).with(other)]
        }
        Action::RecordScan => vec![
            evidence().asked(Role::System, Action::RecordScan).set("/verdict", "threats-found"),
        ],
        Action::RecordDelivery => {
            vec![evidence().asked(Role::System, Action::RecordDelivery).set("/outcome", "bounced")]
        }
        action => {
            let row = rule(action).unwrap();
            let sees = |world: &World, role: &&Role| {
                review::sight::sight(world.case(), &world::actor(**role), world.today()).is_some()
            };
            row.from
                .iter()
                .map(|state| {
                    let world = given(*state).prepared(action);
                    let who = *row.who.iter().find(|role| sees(&world, role)).unwrap();
                    world.when(who, action)
                })
                .collect()
        }
    }
}

#[test]
fn every_row_tells_whom_it_should() {
    assert_eq!(told::TOLD.len(), NOTICES.len());
    for ((on, notice, words), row) in told::TOLD.iter().zip(NOTICES) {
        assert_eq!((*on, *notice), (row.on, row.notice), "in the order of the table");
        for scene in causes(*on) {
            let world = scene.accepted();
            let told: Vec<_> =
                effects(&world, *on).into_iter().filter(|it| it.notice == *notice).collect();
            let to: BTreeSet<_> = told.iter().map(|effect| effect.to.clone()).collect();
            assert_eq!(to, recipients(words), "{on:?} {notice:?} in {}", world.state().name());
            assert_eq!(to.len(), told.len(), "{on:?} {notice:?}: each is told once");
            for effect in &told {
                let true_now = still_true(world.case(), effect, world.today());
                assert!(true_now, "{on:?} {notice:?} to {:?}", effect.to);
                assert_eq!((&effect.clock, effect.step), (&None, None));
                let clock =
                    row.states.map(|deadline| ClockKey { deadline, item: effect.item.clone() });
                let runs = clock
                    .and_then(|key| world.case().file.clocks.get(&key))
                    .filter(|clock| clock.runs());
                assert_eq!(effect.due_on, runs.map(|clock| clock.target), "{on:?} {notice:?}");
                let late = [EventKind::ReportDateAgreed, EventKind::HoldStarted].contains(on);
                assert!(
                    late || effect.due_on.is_some() == row.states.is_some(),
                    "{on:?} {notice:?}"
                );
            }
        }
    }
}

#[test]
fn what_is_told_states_the_date_of_its_deadline() {
    let scoping = given(State::Scoping);
    let evidence = given(State::Evidence);
    for (world, kind, agency, days) in [
        (&scoping, EventKind::ScopingStarted, "sample-police", 12), // ten working days
        (&scoping, EventKind::ScopingStarted, "sample-council", 91), // the day named
        (&evidence, EventKind::EvidenceOpened, "sample-police", 56),
        (&evidence, EventKind::EvidenceOpened, "sample-health", 91),
    ] {
        let told = effects(world, kind);
        let mut told =
            told.iter().filter(|effect| effect.item.as_deref() == Some(agency)).peekable();
        assert!(told.peek().is_some());
        assert!(told.all(|effect| effect.due_on == Some(world.day(days))), "{kind:?} {agency}");
    }
    let one = |world: &World, kind| effects(world, kind).first().and_then(|effect| effect.due_on);
    let mut world = World::referred("2027-01-31T10:00:00Z");
    assert_eq!(one(&world, EventKind::Opened), Some(world::day("2027-02-28")));
    world.goes_to(State::ReviewAgreed);
    let chair = world.after(&[(Role::CspChair, Action::AppointChair)]);
    assert_eq!(one(&chair, EventKind::ChairAppointed), Some(world::day("2027-07-31")));
    let world = given(State::PrePublication)
        .when(Role::CspChair, Action::DeferPublication)
        .set_day("/review_on", 40)
        .accepted();
    assert_eq!(one(&world, EventKind::PublicationDeferred), Some(world.day(40)));
}

#[test]
fn what_is_about_one_thing_says_which() {
    for (world, kind, item) in [
        (
            given(State::Evidence).after(&[(Role::ImrAuthor, Action::SubmitImr)]),
            EventKind::ImrSubmitted,
            "sample-health",
        ),
        (
            given(State::Scoping).after(&[(Role::Coordinator, Action::AddAction)]),
            EventKind::ActionAdded,
            "action-1",
        ),
        (
            given(State::Scoping).after(&[(Role::Coordinator, Action::GrantAccess)]),
            EventKind::AccessGranted,
            "family-advocate-1",
        ),
    ] {
        assert!(effects(&world, kind).iter().all(|effect| effect.item.as_deref() == Some(item)));
    }
    let asked = effects(&given(State::Scoping), EventKind::ScopingStarted);
    for effect in &asked {
        let Recipient::AgencyRole { agency, .. } = &effect.to else { panic!("{effect:?}") };
        assert_eq!(effect.item.as_deref(), Some(agency.as_str()), "each agency is told of itself");
    }
}

/// An action may be called like an agency; the mail still goes where it should.
#[test]
fn an_action_called_like_an_agency_leads_no_mail_astray() {
    let add = given(State::Evidence).when(Role::Coordinator, Action::AddAction);
    let world = add.set("/id", "sample-police").accepted();
    let submitted = world.after(&[(Role::ImrAuthor, Action::SubmitImr)]);
    let told =
        |kind| effects(&submitted, kind).into_iter().map(|it| it.to).collect::<BTreeSet<_>>();
    assert_eq!(told(EventKind::ActionAdded), recipients("agency-senior@sample-health"));
    let late = |deadline| {
        let clock = ClockKey { deadline, item: Some("sample-police".into()) };
        remind(&submitted, clock, Step::Before(0))
            .into_iter()
            .map(|it| it.to)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        late(Deadline::ImrReturn),
        recipients("agency-contact@sample-police imr-author@sample-police")
    );
    assert_eq!(late(Deadline::Action), recipients("agency-contact@sample-health"));
}

/// What a reminder of a clock causes.
fn remind(world: &World, clock: ClockKey, step: Step) -> Vec<Effect> {
    let due_on = world.today();
    let body = Some(Event::Reminded(Reminder { clock, step, due_on }));
    let envelope = world.history.last().unwrap().envelope.clone();
    react(world.case(), &Recorded { envelope, body })
}

fn told_at(world: &World, row: &Row, item: Option<&str>, step: Step) -> BTreeSet<Recipient> {
    let clock = ClockKey { deadline: row.deadline, item: item.map(str::to_owned) };
    let told = remind(world, clock.clone(), step);
    for effect in &told {
        assert_eq!((effect.clock.as_ref(), effect.step), (Some(&clock), Some(step)));
        assert_eq!((effect.due_on, effect.item.as_deref()), (Some(world.today()), item));
        assert_eq!(
            Some(effect.notice),
            if matches!(step, Step::Before(_)) {
                row.reminder.map(|it| it.0)
            } else {
                row.missed.map(|it| it.0)
            }
        );
    }
    told.into_iter().map(|effect| effect.to).collect()
}

#[test]
fn each_repetition_brings_in_one_list_more() {
    let world = given(State::Evidence).prepared(Action::UpdateAction);
    assert_eq!(
        told::LATE.len(),
        DEADLINES
            .iter()
            .filter(|row| row.scope == Scope::Case && row.deadline != Deadline::Report)
            .count()
            + 1
    );
    for (deadline, item, before, lists) in told::LATE {
        let table = world.case().deadline_table();
        let row = review::deadlines::row(table, *deadline).unwrap();
        assert_eq!(
            told_at(&world, row, *item, Step::Before(0)),
            recipients(before),
            "{deadline:?}"
        );
        let mut expected = BTreeSet::new();
        for (n, step) in
            [Step::Missed, Step::Again(1), Step::Again(2), Step::Again(99)].into_iter().enumerate()
        {
            expected.extend(lists.get(n).map(|words| recipients(words)).unwrap_or_default());
            assert_eq!(told_at(&world, row, *item, step), expected, "{deadline:?} {step:?}");
        }
    }
}

/// Everything that was decided to be sent over a history, each with the case as it was.
fn all_effects(world: &World) -> Vec<(Case, Effect)> {
    let mut all = Vec::new();
    world.history.iter().fold(None, |case, recorded| {
        let case = review::evolve(case, recorded).unwrap();
        all.extend(react(&case, recorded).into_iter().map(|effect| (case.clone(), effect)));
        Some(case)
    });
    all
}

#[test]
fn an_erased_record_causes_nothing() {
    let world = given(State::Evidence);
    for recorded in &world.history {
        assert_eq!(react(world.case(), &Recorded { body: None, ..recorded.clone() }), []);
    }
}

#[test]
fn only_letters_to_people_that_say_the_same_are_the_same() {
    let world = given(State::Evidence);
    let asked = effects(&world, EventKind::EvidenceOpened);
    let [author, senior] = ["imr-author", "agency-senior"].map(|role| {
        let to = recipients(&format!("{role}@sample-police")).pop_first().unwrap();
        asked.iter().find(|effect| effect.to == to).unwrap()
    });
    assert!(author.says_the_same(senior) && author.says_the_same(author));
    let other = |change: fn(&mut Effect)| {
        let mut other = senior.clone();
        change(&mut other);
        !author.says_the_same(&other) && !other.says_the_same(author)
    };
    assert!(other(|effect| effect.notice = Notice::ImrReturned));
    assert!(other(|effect| effect.due_on = None));
    assert!(other(|effect| effect.item = Some("sample-health".to_owned())));
    assert!(other(|effect| effect.step = Some(Step::Missed)));
    let clock = ClockKey { deadline: Deadline::ImrReturn, item: None };
    assert!(other(|effect| effect.to = recipients("duty:dpo").pop_first().unwrap()));
    assert!(!author.says_the_same(&Effect { clock: Some(clock), ..senior.clone() }));
}

#[test]
fn an_effect_comes_back_from_its_json() {
    for (_, effect) in all_effects(&given(State::Published).later(500)) {
        let stored: Value = serde_json::to_value(&effect).unwrap();
        assert_eq!(serde_json::from_value::<Effect>(stored).unwrap(), effect);
    }
}
