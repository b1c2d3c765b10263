//! Pages of the largest log in every order, from everywhere in it; against `OFFSET` and `count(*)`.

use std::time::Duration;

use app::log::query::LogQuery;
use serde_json::json;

use crate::{
    chart::Bar,
    dataset::Dataset,
    peers,
    report::Report,
    shapes::{Asker, Depth, in_order, order_name, other_orders},
    table::{Bound, grouped},
};

/// How often each page is asked for, and for how long at most.
const EACH: (usize, Duration) = (200, Duration::from_secs(5));
const DEFAULT_WITHIN: f64 = 10.0;
const OTHERS_WITHIN: f64 = 25.0;

pub(crate) async fn measure(dataset: &Dataset, report: &mut Report) {
    default_order(dataset, report).await;
    other(dataset, report);
}

async fn default_order(dataset: &Dataset, report: &mut Report) {
    eprintln!("Pages of the default order …");
    let log = dataset.largest();
    let query = LogQuery::default();
    let mut asker = Asker::new(dataset.reader(), 1);
    let mut person = Asker::new(dataset.signed_in(), 1);
    // Before anything else: the server has only just started.
    let (first, following) = person.first_times(&log.tab(&query));
    // How many pages there are is asked with the key.
    let pages = asker.pages(log, &query);
    let mut depths = vec![Depth::First];
    depths.extend((pages >= 1_000).then_some(Depth::Thousandth));
    depths.extend([Depth::Middle, Depth::Last]);
    let api: Vec<_> = depths
        .iter()
        .map(|&depth| (depth, asker.times(log, &query, depth, |query| log.api(query), EACH)))
        .collect();
    let tab: Vec<_> = depths
        .iter()
        .map(|&depth| (depth, person.times(log, &query, depth, |query| log.tab(query), EACH)))
        .collect();
    let mut owner = dataset.owner().await;
    let mut plain = Vec::new();
    for (depth, page) in [(Depth::Middle, pages / 2), (Depth::Last, pages)] {
        plain.push((depth, peers::page(&mut owner, log, page.max(1)).await));
    }

    let entries = grouped(log.entries as f64);
    let title = format!("Pages of {entries} entries, default order: milliseconds");
    let part = report.table.part(title);
    let within = Bound::AtMost(DEFAULT_WITHIN);
    part.time("a server that has just started, the tab as HTML: first request", &first);
    part.time("a server that has just started, the tab as HTML: those that follow", &following);
    for (group, of) in [("JSON API", &api), ("the tab as HTML", &tab)] {
        for (depth, times) in of {
            part.time_within(format!("{group}: {}", depth.name()), times, within);
            report.bars.push(Bar::new(group, depth.name(), times, Some(DEFAULT_WITHIN)));
        }
    }
    for (depth, times) in &plain {
        part.time(format!("OFFSET and count(*): {}", depth.name()), times);
        report.bars.push(Bar::new("OFFSET and count(*)", depth.name(), times, None));
    }
    for (depth, times) in &plain {
        let ours = &api.iter().find(|(of, _)| of == depth).unwrap().1;
        let name = format!("OFFSET and count(*) ÷ JSON API: {}", depth.name());
        part.ratio(name, times.median() / ours.median(), Bound::AtLeast(50.0));
    }
}

fn other(dataset: &Dataset, report: &mut Report) {
    eprintln!("Pages of every other order …");
    let log = dataset.largest();
    let mut asker = Asker::new(dataset.reader(), 2);
    let default = LogQuery::default();
    let mut slowest_first: f64 = 0.0;
    let entries = grouped(log.entries as f64);
    let title = format!("Pages of {entries} entries, every other order: milliseconds");
    let part = report.table.part(title);
    for sort in other_orders() {
        let query = in_order(sort);
        let name = order_name(sort);
        let both = [&default, &query];
        let [plain, first] =
            asker.times_in_turns(log, both, Depth::First, |query| log.api(query), EACH);
        slowest_first = slowest_first.max(first.median() / plain.median());
        let deeper = [Depth::Middle, Depth::Last]
            .map(|depth| (depth, asker.times(log, &query, depth, |query| log.api(query), EACH)));
        let cells: Vec<_> = [(Depth::First, first)].into_iter().chain(deeper).collect();
        for (depth, times) in &cells {
            part.detail(json!({ "order": name, "page": depth.name(), "times": times.to_json() }));
        }
        let (depth, times) =
            cells.iter().max_by(|one, other| one.1.p95().total_cmp(&other.1.p95())).unwrap();
        part.time_within(format!("{name}: {}", depth.name()), times, Bound::AtMost(OTHERS_WITHIN));
        report.bars.push(Bar::new("every other order", &name, times, Some(OTHERS_WITHIN)));
    }
    part.ratio("the slowest first page ÷ the default order's", slowest_first, Bound::AtMost(3.0));
}
