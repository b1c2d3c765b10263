//! Searches of the largest log, in every order; against `ILIKE`.

use std::time::Duration;

use app::{
    log::query::{LogQuery, Search, SearchIn},
    query::UrlQuery,
};
use serde_json::json;

use crate::{
    chart::Bar,
    dataset::Dataset,
    peers,
    report::Report,
    shapes::{Asker, Depth, Total, order_name, orders, searches},
    table::{Bound, Times, figure, grouped},
};

const WITHIN: f64 = 50.0;
/// Up to here a total has to be exact, whichever columns are searched.
const EXACT_UP_TO: u64 = 50_000;

pub(crate) async fn measure(dataset: &Dataset, each: (usize, Duration), report: &mut Report) {
    eprintln!("Searches …");
    let log = dataset.largest();
    let mut asker = Asker::new(dataset.reader(), 3);
    let mut owner = dataset.owner().await;
    let entries = grouped(log.entries as f64);
    let title = format!("Searches of {entries} entries, every order: milliseconds");
    let part = report.table.part(title);
    let (mut counting, mut plain, mut wrong) = (Times::default(), Times::default(), Vec::new());
    for search in searches(log) {
        let total = asker.total(log, &LogQuery { search: search.clone(), ..LogQuery::default() });
        let (matches, time) = peers::count(&mut owner, log, &search).await;
        counting.push(time);
        if matches > 0 {
            plain.push(time + peers::found(&mut owner, log, &search, matches).await);
        }
        if !is_honest(total, &search, matches) {
            wrong.push(format!("{}: {total:?}, not {matches}", search.text));
        }
        let mut slowest = (String::new(), Times::default());
        for sort in orders() {
            for &depth in depths(matches) {
                let query = LogQuery { search: search.clone(), ..LogQuery::default() }.sorted(sort);
                let times = asker.times(log, &query, depth, |query| log.api(query), each);
                let order = order_name(sort);
                part.detail(json!({
                    "search": search.text, "in": search.within.name(), "order": order,
                    "page": depth.name(), "times": times.to_json(),
                }));
                if slowest.1.len() == 0 || times.p95() > slowest.1.p95() {
                    slowest = (format!("{order}, {}", depth.name()), times);
                }
            }
        }
        let share = figure(matches as f64 * 100.0 / log.entries as f64);
        let within = match search.within {
            SearchIn::UserOrTable => "",
            SearchIn::User => " in user",
            SearchIn::Table => " in table",
        };
        let name = format!("`{}`{within}, {} ({share} %)", search.text, grouped(matches as f64));
        let (which, times) = slowest;
        part.time_within(format!("{name}: {which}"), &times, Bound::AtMost(WITHIN));
        let label = format!("“{}”{within}", search.text);
        report.bars.push(Bar::new("searches", &label, &times, Some(WITHIN)));
    }
    part.time("ILIKE: count(*)", &counting);
    part.time("ILIKE: OFFSET and count(*), default order, middle", &plain);
    report.bars.push(Bar::new("ILIKE, OFFSET and count(*)", "middle", &plain, None));
    let words = if wrong.is_empty() { "as count(*) by ILIKE".into() } else { wrong.join("; ") };
    part.fact("the total that is shown", wrong.is_empty(), words);
}

/// What fits on a page has no other.
fn depths(matches: u64) -> &'static [Depth] {
    if matches > 25 { &Depth::EVERY } else { &Depth::EVERY[..1] }
}

/// Exact; or, where many entries match in one column or the other, a number that there are more of.
fn is_honest(total: Total, search: &Search, matches: u64) -> bool {
    if total.exact {
        return total.entries == matches;
    }
    search.within == SearchIn::UserOrTable
        && total.entries >= EXACT_UP_TO
        && total.entries < matches
}
