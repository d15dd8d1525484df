//! The figures, as tables that a document can take over, and what is within its budget.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::figures::{Figures, Run, percentile};
use crate::quota::Quota;
use crate::subjects::SUBJECTS;

type All<'a> = BTreeMap<&'a str, Figures>;

pub fn print(rounds: usize, quota: Option<&Quota>, all: &All) {
    let none = "no quota: this user may not make a control group".to_owned();
    println!(
        "Each started {rounds} times in turn; times in milliseconds; x: times the noop's median."
    );
    println!("Held: from its first poll to {}.\n", quota.map_or(none, Quota::words));
    starts(all);
    calls(all);
    asked(all);
    budgets(all);
}

fn starts(all: &All) {
    println!(
        "| From the start to | first poll | first answer | x | p99 | CPU | x | held: first answer | x | p99 |"
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
    for (label, of) in listed(all) {
        let poll = median(&of.free, |run| run.first_poll);
        println!(
            "| {label} | {} | {} | {:.2} | {} | {} | {:.2} | {} | {:.2} | {} |",
            millis(poll),
            millis(median(&of.free, |run| run.first_answer)),
            ratio(all, of, |of| &of.free, |run| run.first_answer),
            millis(percentile(of.free.iter().map(|run| run.first_answer), 99)),
            millis(median(&of.free, |run| run.first_cpu)),
            ratio(all, of, |of| &of.free, |run| run.first_cpu),
            millis(median(&of.held, |run| run.first_answer)),
            ratio(all, of, |of| &of.held, |run| run.first_answer),
            millis(percentile(of.held.iter().map(|run| run.first_answer), 99)),
        );
    }
    println!();
}

fn calls(all: &All) {
    println!(
        "| Each request after | p50 | p99 | CPU | held: p50 | p99 | peak MB | bootstrap MB | zip MB |"
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: | --: |");
    for (label, of) in listed(all) {
        let warm = |runs: &[Run], percent| {
            millis(percentile(runs.iter().flat_map(|run| run.warm.iter().copied()), percent))
        };
        println!(
            "| {label} | {} | {} | {} | {} | {} | {:.1} | {:.2} | {:.2} |",
            warm(&of.free, 50),
            warm(&of.free, 99),
            millis(median(&of.free, |run| run.cpu)),
            warm(&of.held, 50),
            warm(&of.held, 99),
            megabytes(peak(of)),
            megabytes(of.size),
            megabytes(of.zipped as u64),
        );
    }
    println!();
}

fn asked(all: &All) {
    println!("| Asked of AWS | when | operation | requests | bytes sent | bytes received |");
    println!("| --- | --- | --- | --: | --: | --: |");
    for (label, of) in listed(all) {
        for (when, tallies) in
            [("start", &of.asked.at_start), ("first request", &of.asked.in_first)]
        {
            for (operation, tally) in tallies {
                println!(
                    "| {label} | {when} | {operation} | {} | {} | {} |",
                    tally.requests, tally.sent, tally.received
                );
            }
        }
    }
    println!();
}

fn budgets(all: &All) {
    println!("| Budget | | figure | at most | |");
    println!("| --- | --- | --: | --: | --- |");
    for (label, of) in listed(all) {
        let subject = SUBJECTS.iter().find(|subject| subject.label == label);
        let Some(budget) = subject.and_then(|subject| subject.budget.as_ref()) else { continue };
        let line = |what: &str, figure: f64, most: Option<f64>| {
            if let Some(most) = most {
                let met = if figure <= most { "met" } else { "MISSED" };
                println!("| {label} | {what} | {figure:.2} | {most} | {met} |");
            }
        };
        line(
            "first answer, x",
            ratio(all, of, |of| &of.free, |run| run.first_answer),
            Some(budget.first_answer),
        );
        if !of.held.is_empty() {
            line(
                "held: first answer, x",
                ratio(all, of, |of| &of.held, |run| run.first_answer),
                budget.first_answer_held,
            );
        }
        let cpu = median(&of.free, |run| run.cpu).as_secs_f64() * 1e3;
        line("CPU of a request, ms", cpu, budget.cpu);
        let dynamodb = of.asked.in_first.iter().filter(|(name, _)| name.starts_with("DynamoDB"));
        let requests: u32 = dynamodb.map(|(_, tally)| tally.requests).sum();
        line("DynamoDB requests", f64::from(requests), budget.dynamodb.map(f64::from));
        line("peak memory, MB", megabytes(peak(of)), Some(budget.peak));
        line("zip, MB", megabytes(of.zipped as u64), Some(budget.zip));
    }
}

/// In the order of the subjects.
fn listed<'a>(all: &'a All) -> impl Iterator<Item = (&'static str, &'a Figures)> {
    SUBJECTS.iter().filter_map(|subject| Some((subject.label, all.get(subject.label)?)))
}

fn median(runs: &[Run], of: impl Fn(&Run) -> Duration) -> Duration {
    percentile(runs.iter().map(of), 50)
}

fn peak(of: &Figures) -> u64 {
    percentile(of.free.iter().map(|run| run.peak), 50)
}

/// How many times the noop's median a function's is.
fn ratio<'a>(
    all: &'a All,
    of: &'a Figures,
    runs: impl Fn(&'a Figures) -> &'a Vec<Run>,
    time: impl Fn(&Run) -> Duration,
) -> f64 {
    let median = |of| median(runs(of), &time).as_secs_f64();
    all.get("noop").map_or(f64::NAN, |noop| median(of) / median(noop))
}

fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

#[expect(clippy::cast_precision_loss, reason = "a size has a few digits")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
