//! Requests that were carried out and whose answer never came: the worst a network does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use aws_sdk_dynamodb::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
    BeforeTransmitInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use chrono::TimeDelta;
use cloud::app::{Failure, Run};
use cloud::store::{CaseKey, Lease};
use review::Action;

use crate::world::{World, command, coordinator, csp, now, refer, referral, reply};

/// Turns the answers to the next requests of one kind into a server error.
#[derive(Clone, Debug)]
struct Lose {
    operation: &'static str,
    left: Arc<AtomicU32>,
    asked: Arc<AtomicBool>,
}

impl Lose {
    fn next(operation: &'static str, answers: u32) -> Self {
        Self { operation, left: Arc::new(AtomicU32::new(answers)), asked: Arc::default() }
    }

    fn left(&self) -> u32 {
        self.left.load(Ordering::SeqCst)
    }
}

impl Intercept for Lose {
    fn name(&self) -> &'static str {
        "lose answers"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let asked = context.request().headers().get("x-amz-target").unwrap_or_default();
        self.asked.store(asked.ends_with(self.operation), Ordering::SeqCst);
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let ours = self.asked.load(Ordering::SeqCst) && context.response().status().is_success();
        let take = |left: u32| left.checked_sub(1);
        if ours && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok() {
            *context.response_mut().status_mut() = 503.try_into()?;
        }
        Ok(())
    }
}

/// Keeps requests of one kind from being carried out, and counts them.
#[derive(Clone, Debug)]
struct Keep {
    operation: &'static str,
    /// Whether the server says that it never will, or says nothing.
    refused: bool,
    kept: Arc<AtomicU32>,
    /// Whether the request under way was turned into a harmless one.
    turned: Arc<AtomicBool>,
}

impl Keep {
    fn from(operation: &'static str, refused: bool) -> Self {
        Self { operation, refused, kept: Arc::default(), turned: Arc::default() }
    }
}

impl Intercept for Keep {
    fn name(&self) -> &'static str {
        "keep requests"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let asked = request.headers().get("x-amz-target").unwrap_or_default();
        if asked.ends_with(self.operation) {
            self.kept.fetch_add(1, Ordering::SeqCst);
            if self.refused {
                request.headers_mut().insert("x-amz-target", "DynamoDB_20120810.ListTables");
                self.turned.store(true, Ordering::SeqCst);
            } else {
                request.set_uri("http://127.0.0.1:1/")?;
            }
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.turned.swap(false, Ordering::SeqCst) {
            *context.response_mut().status_mut() = 400.try_into()?;
        }
        Ok(())
    }
}

const WRITE: &str = "TransactWriteItems";

/// What a command comes to whose writes are kept from the server, and how often it was tried.
async fn kept(world: &World, refused: bool) -> (Failure, u32) {
    let case = world.case().await.case;
    let keep = Keep::from(WRITE, refused);
    let (_, app) = world.through(1, |settings| settings.interceptor(keep.clone()));
    let run = Run {
        actor: &coordinator(),
        csp: &csp(),
        reference: &case.reference,
        command: &command(Action::AddInformation),
        if_match: None,
        version: None,
        key: None,
        reply: &reply,
    };
    let failure = app.run(run).await.unwrap_err();
    assert_eq!(world.load(&case.reference).await.case, case);
    (failure, keep.kept.load(Ordering::SeqCst))
}

pub async fn one_silence_is_survived_and_no_second(world: &World) {
    match kept(world, false).await {
        (Failure::Fault(fault), tries) => {
            assert!(fault.is_retryable(), "{}", fault.chain());
            assert_eq!(tries, 2);
        }
        other => panic!("{other:?}"),
    }
}

pub async fn what_the_store_refuses_is_not_tried_again(world: &World) {
    match kept(world, true).await {
        (Failure::Fault(fault), tries) => {
            assert!(!fault.is_retryable(), "{}", fault.chain());
            assert_eq!(tries, 1);
        }
        other => panic!("{other:?}"),
    }
}

pub async fn a_command_whose_answer_was_lost_is_not_repeated(world: &World) {
    let case = world.case().await.case;
    let lose = Lose::next(WRITE, 1);
    let (_, app) = world.through(1, |settings| settings.interceptor(lose.clone()));
    let actor = &coordinator();
    let command = &command(Action::StartScoping);
    let run = Run {
        actor,
        csp: &csp(),
        reference: &case.reference,
        command,
        if_match: Some(case.revision),
        version: None,
        key: None,
        reply: &reply,
    };
    let done = app.run(run).await.unwrap();
    assert_eq!(lose.left(), 0);
    assert!(!done.replayed);
    let stored = world.load(&case.reference).await;
    assert_eq!(done.case, Some(stored.case));
    assert_eq!(stored.version, case.seq + done.history.len() as u64);
    assert!(world.store.verify(&csp(), &case.reference).await.unwrap().is_whole());
}

pub async fn a_referral_whose_answer_was_lost_is_not_repeated(world: &World) {
    let lose = Lose::next(WRITE, 1);
    let (_, app) = world.through(1, |settings| settings.interceptor(lose.clone()));
    let done = refer(&app, "sample-police", referral(), "key-1").await.unwrap();
    assert_eq!(lose.left(), 0);
    let cases = world.store.cases(None, None).await.unwrap().cases;
    assert_eq!(cases.len(), 1);
    assert_eq!(done.reply["reference"], cases[0].case.reference.as_str());
}

pub async fn a_claim_whose_answer_was_lost_is_kept(world: &World) {
    let case = world.case().await.case;
    let key = CaseKey { csp: csp(), reference: case.reference };
    let item = world.store.outbox_of(&key).await.unwrap().remove(0);
    let lose = Lose::next("UpdateItem", 1);
    let (store, _) = world.through(2, |settings| settings.interceptor(lose.clone()));
    let lease =
        Lease { until: now() + TimeDelta::minutes(2), doubt_ends: now() + TimeDelta::hours(1) };
    let claimed = store.claim(&item, "attempt-1", now(), lease).await.unwrap().unwrap();
    assert_eq!(lose.left(), 0);
    assert_eq!(claimed.item.attempt, 1);
    assert!(store.settle_sent(&claimed).await.unwrap());
}

pub async fn the_sdk_repeats_a_transaction_without_doing_it_twice(world: &World) {
    let lose = Lose::next(WRITE, 2);
    let (_, app) = world.through(3, |settings| settings.interceptor(lose.clone()));
    let done = refer(&app, "sample-police", referral(), "key-1").await.unwrap();
    assert_eq!(lose.left(), 0);
    assert!(!done.replayed, "the token answers for the first attempt");
    assert_eq!(world.store.cases(None, None).await.unwrap().cases.len(), 1);
}

pub async fn a_store_that_stays_silent_is_a_fault_that_may_pass(world: &World) {
    let case = world.case().await.case;
    let lose = Lose::next("GetItem", u32::MAX);
    let (store, app) = world.through(1, |settings| settings.interceptor(lose.clone()));
    assert!(store.load(&csp(), &case.reference).await.unwrap_err().is_retryable());
    let command = &command(Action::AddInformation);
    let (actor, csp) = (&coordinator(), &csp());
    let reference = &case.reference;
    let run = Run {
        actor,
        csp,
        reference,
        command,
        if_match: None,
        version: None,
        key: None,
        reply: &reply,
    };
    match app.run(run).await {
        Err(Failure::Fault(fault)) => assert!(fault.is_retryable(), "{}", fault.chain()),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.load(&case.reference).await.case, case);
}
