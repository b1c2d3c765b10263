//! A hundred people who page through the largest log at once, each in a session of their own, against one
//! who has the server for themselves.

use std::{thread, time::Instant};

use crate::{
    dataset::{Dataset, Log},
    report::Report,
    shapes::{Asker, FAILED},
    table::{Bound, Times, figure},
};

const SESSIONS: usize = 100;
/// How many pages one looks at who is alone.
const ALONE: usize = 200;
/// How many pages each of the hundred looks at.
const EACH: usize = 20;

/// What people do between two pages.
#[derive(Clone, Copy)]
enum Pace {
    /// They look at the page for up to a second: quicker than anybody reads.
    Looking,
    /// Nothing at all: as fast as answers come.
    Hurried,
}

pub(crate) fn measure(dataset: &Dataset, report: &mut Report) {
    eprintln!("A hundred sessions …");
    let log = dataset.largest();
    let mut alone = people(dataset, log, 1);
    let (alone, _) = page(&mut alone, log, ALONE, Pace::Hurried);
    let mut people = people(dataset, log, SESSIONS);
    let (looking, failed) = page(&mut people, log, EACH, Pace::Looking);
    let began = Instant::now();
    let (hurried, failed_hurried) = page(&mut people, log, EACH, Pace::Hurried);
    let rate = (SESSIONS * EACH) as f64 / began.elapsed().as_secs_f64();

    let part = report.table.part("A hundred sessions, any page in any order: milliseconds".into());
    part.time("one session", &alone);
    part.time("100 sessions, each a page every half second", &looking);
    part.time("100 sessions without a pause", &hurried);
    part.ratio_of(
        "100 sessions ÷ one: p95",
        looking.p95() / alone.p95(),
        format!("{} → {} ms", figure(alone.p95()), figure(looking.p95())),
        Bound::AtMost(10.0),
    );
    part.says("without a pause: pages/s", rate, "", None);
    let failed = failed + failed_hurried;
    let words = if failed == 0 { "every page came".into() } else { format!("{failed} failed") };
    part.fact("errors", failed == 0, words);
}

/// Somebody who has looked at the log already: the first look of a session is recorded.
fn people(dataset: &Dataset, log: &Log, number: usize) -> Vec<Asker> {
    (0_u64..)
        .take(number)
        .map(|seed| {
            let mut asker = Asker::new(dataset.signed_in(), 100 + seed);
            asker.anywhere(log);
            asker
        })
        .collect()
}

/// All of them at once; says how many pages failed.
fn page(people: &mut [Asker], log: &Log, each: usize, pace: Pace) -> (Times, usize) {
    let mut all = Times::default();
    let mut failed = 0;
    thread::scope(|scope| {
        let work = |asker: &mut Asker| {
            let (mut times, mut failed) = (Times::default(), 0);
            for _ in 0..each {
                if matches!(pace, Pace::Looking) {
                    thread::sleep(asker.pause());
                }
                let path = log.api(&asker.anywhere(log));
                let time = asker.time(&path);
                failed += usize::from(time >= FAILED);
                times.push(time);
            }
            (times, failed)
        };
        let running: Vec<_> =
            people.iter_mut().map(|asker| scope.spawn(move || work(asker))).collect();
        for person in running {
            let (times, some) = person.join().unwrap();
            all.add(&times);
            failed += some;
        }
    });
    (all, failed)
}
