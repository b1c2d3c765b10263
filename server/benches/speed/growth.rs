//! The same requests to logs of different size, in turns: what they cost must not grow with the log.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use app::{
    log::query::{LogQuery, Search, SearchIn},
    query::UrlQuery,
};
use serde_json::json;

use crate::{
    buffers::Counter,
    chart::Series,
    dataset::Dataset,
    peers,
    program::Program,
    reader::Reader,
    report::Report,
    shapes::{Asker, Depth, in_order, other_orders, search},
    table::{Bound, Times, figure, grouped},
};

/// How often each shape is asked of each log.
const EACH: usize = 300;
/// For how long at most, where that gives an idea already.
const LONGEST: Duration = Duration::from_secs(30);
const ENOUGH: usize = 30;
/// How many come first, and do not count: each connection plans the many statements of such a mix once.
const WARMING: usize = 100;
/// How many requests' buffers are counted together, and how often: the least counts, for whatever else
/// Postgres does in the meantime only adds.
const COUNTED: usize = 20;
const COUNTS: usize = 2;
/// What the largest may cost of what the smallest costs.
const AT_MOST: f64 = 1.5;
/// How many buffers a request may touch at a hundred million entries, if it goes on so: a few milliseconds. Not how many
/// times as many as at first: where little is touched, one level more of a tree is twice as much.
const MOST_TOUCHED: f64 = 1_000.0;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Default,
    Sorted,
    Searched,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Default, Self::Sorted, Self::Searched];

    const fn name(self) -> &'static str {
        match self {
            Self::Default => "default order",
            Self::Sorted => "any other order",
            Self::Searched => "a search, any order",
        }
    }

    /// One of the kind, any.
    fn query(self, asker: &mut Asker) -> LogQuery {
        match self {
            Self::Default => LogQuery::default(),
            Self::Sorted => in_order(asker.one_of(&other_orders())),
            Self::Searched => {
                let search = asker.one_of(&searches());
                let query = LogQuery { search, ..LogQuery::default() };
                query.sorted(asker.one_of(&crate::shapes::orders()))
            }
        }
    }
}

/// What every log has enough of to have a middle.
fn searches() -> [Search; 5] {
    [
        search("a", SearchIn::UserOrTable),
        search("pay", SearchIn::UserOrTable),
        search("balances", SearchIn::UserOrTable),
        search("prado", SearchIn::User),
        search("webhook_endpoints", SearchIn::Table),
    ]
}

type Shape = (Kind, Depth);

fn shapes() -> impl Iterator<Item = Shape> {
    Kind::ALL.into_iter().flat_map(|kind| Depth::EVERY.map(|depth| (kind, depth)))
}

fn name((kind, depth): Shape) -> String {
    format!("{}, {}", kind.name(), depth.name())
}

pub(crate) async fn measure(dataset: &Dataset, report: &mut Report) {
    by_the_clock(dataset, report).await;
    by_buffers(dataset, report).await;
}

/// What is compared: the smallest log and the largest.
fn from_to(dataset: &Dataset) -> String {
    let [first, last] =
        [&dataset.logs[0], dataset.largest()].map(|log| grouped(log.entries as f64));
    format!("{first} → {last} entries")
}

async fn by_the_clock(dataset: &Dataset, report: &mut Report) {
    eprintln!("Growth, by the clock …");
    let mut asker = Asker::new(dataset.reader(), 4);
    let mut measured = BTreeMap::new();
    for shape in shapes() {
        let mut times: Vec<Times> = dataset.logs.iter().map(|_| Times::default()).collect();
        let began = Instant::now();
        for number in 0..WARMING + EACH {
            if times[0].len() >= ENOUGH && began.elapsed() > LONGEST {
                break;
            }
            let query = shape.0.query(&mut asker);
            for (log, times) in dataset.logs.iter().zip(&mut times) {
                let path = log.api(&asker.at(log, &query, shape.1));
                let time = asker.time(&path);
                if number >= WARMING {
                    times.push(time);
                }
            }
        }
        measured.insert(name(shape), (shape, times));
    }
    let mut owner = dataset.owner().await;
    let mut plain = Vec::new();
    for log in &dataset.logs {
        let middle = asker.pages(log, &LogQuery::default()) / 2;
        plain.push(peers::page(&mut owner, log, middle.max(1)).await);
    }

    let part = report.table.part(format!("Growth, {}: how many times as long", from_to(dataset)));
    for shape in shapes() {
        let (_, times) = &measured[&name(shape)];
        let (first, last) = (&times[0], times.last().unwrap());
        part.ratio_of(
            format!("{}: p95", name(shape)),
            last.p95() / first.p95(),
            format!(
                "{} → {} ms; medians {} → {}",
                figure(first.p95()),
                figure(last.p95()),
                figure(first.median()),
                figure(last.median())
            ),
            Bound::AtMost(AT_MOST),
        );
        part.detail(json!({
            "shape": name(shape),
            "logs": dataset.logs.iter().zip(times).map(|(log, times)| {
                json!({ "entries": log.entries, "times": times.to_json() })
            }).collect::<Vec<_>>(),
        }));
    }
    let (first, last) = (&plain[0], plain.last().unwrap());
    part.says(
        "OFFSET and count(*), middle: median",
        last.median() / first.median(),
        format!("{} → {} ms", figure(first.median()), figure(last.median())),
        None,
    );
    let points = |times: &[Times]| {
        let medians = times.iter().map(Times::median);
        dataset.logs.iter().map(|log| log.entries as f64).zip(medians).collect()
    };
    for kind in Kind::ALL {
        let (_, times) = &measured[&name((kind, Depth::Middle))];
        report.growth.push(Series::ours(kind.name(), points(times)));
    }
    report.growth.push(Series::plain("OFFSET and count(*)", points(&plain)));
}

/// By what Postgres says that it touched, which no other work on the machine changes.
async fn by_buffers(dataset: &Dataset, report: &mut Report) {
    eprintln!("Growth, by buffers touched …");
    // A server of its own: one that others asked has more connections, and each tells in its own time.
    let program = Program::start(&dataset.options);
    let mut asker = Asker::new(Reader::open(&program.address, &dataset.key), 5);
    let mut counter = Counter::new(&dataset.options, &program).await;
    let mut measured = BTreeMap::new();
    for shape in shapes() {
        let mut least = vec![f64::INFINITY; dataset.logs.len()];
        // The same for each log.
        let queries: Vec<_> = (0..COUNTED).map(|_| shape.0.query(&mut asker)).collect();
        for (log, least) in dataset.logs.iter().zip(&mut least) {
            for _ in 0..COUNTS {
                let at = |query| log.api(&asker.at(log, query, shape.1));
                let paths: Vec<String> = queries.iter().map(at).collect();
                let touched = counter.touched(|| {
                    for path in &paths {
                        asker.time(path);
                    }
                });
                *least = least.min(touched.await / COUNTED as f64);
            }
        }
        measured.insert(name(shape), least);
    }

    let title = format!(
        "Growth, {}: buffers a request touches at 100,000,000, if it goes on so",
        from_to(dataset)
    );
    let part = report.table.part(title);
    for shape in shapes() {
        let least = &measured[&name(shape)];
        let (first, last) = (least[0], *least.last().unwrap());
        let points = dataset.logs.iter().map(|log| log.entries as f64).zip(least.iter().copied());
        let points: Vec<_> = points.collect();
        let leads_to = at_a_hundred_million(&points);
        let measured = format!("{} → {}", figure(first), figure(last));
        part.says(name(shape), leads_to, measured, Some(Bound::AtMost(MOST_TOUCHED)));
        let (kind, depth) = shape;
        if depth == Depth::Middle {
            report.buffers.push(Series::ours(kind.name(), points).leading_to(1e8, leads_to));
        }
        part.detail(json!({
            "shape": name(shape),
            "logs": dataset.logs.iter().zip(least).map(|(log, buffers)| {
                json!({ "entries": log.entries, "buffers": buffers })
            }).collect::<Vec<_>>(),
        }));
    }
}

/// What it comes to if every further power of ten multiplies it as those that were measured did: the straight
/// line of the chart. Trees grow by less than that. What fell by chance is not taken to fall on.
fn at_a_hundred_million(points: &[(f64, f64)]) -> f64 {
    let ((first, least), (last, most)) = (points[0], points[points.len() - 1]);
    let power = ((most / least).ln() / (last / first).ln()).max(0.0);
    most * (1e8 / last).powf(power)
}
