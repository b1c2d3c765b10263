//! Filters and stretches of time over the largest log, in every order; what stands around the rows with them; against
//! `count(*)` with the same conditions.

use std::time::Duration;

use app::{
    log::{api::FetchAround, query::LogQuery, view::LogView},
    query::{UrlQuery, query_string},
};
use leptos::server_fn::ServerFn;
use serde_json::json;

use crate::{
    chart::Bar,
    dataset::{Dataset, Log},
    peers,
    report::Report,
    shapes::{Asker, Depth, order_name, orders},
    table::{Bound, Times, figure, grouped},
};

/// A filter is a search: rows, and what stands around them.
const WITHIN: f64 = 50.0;
/// Without one, what stands around the rows is part of the page.
const AROUND_WITHIN: f64 = 10.0;
const AROUND_EACH: (usize, Duration) = (200, Duration::from_secs(5));

/// What is asked for, as its address says it and as SQL does: most of the log, some, little, and a month of it.
const ASKED: [(&str, &str); 7] = [
    ("source=API", "source = 'API'"),
    ("not.source=System", "source <> 'System'"),
    (
        "impacted_table=balances&source=UI&source=API",
        "impacted_table = 'balances' and source in ('UI', 'API')",
    ),
    (
        "action.has=limit&not.user=Helena+Prado",
        r#"action ilike '%limit%' and "user" <> 'Helena Prado'"#,
    ),
    ("request_path.begins=POST+%2F", "request_path like 'POST /%'"),
    (
        "from=2026-03-01&to=2026-03-31&user=Helena+Prado",
        r#"created_at >= '2026-03-01 UTC' and created_at < '2026-04-01 UTC' and "user" = 'Helena Prado'"#,
    ),
    (
        "from=2025-09-01&to=2026-02-28&source=API&q=pay",
        r#"created_at >= '2025-09-01 UTC' and created_at < '2026-03-01 UTC' and source = 'API'
           and ("user" ilike '%pay%' or impacted_table ilike '%pay%')"#,
    ),
];

pub(crate) async fn measure(dataset: &Dataset, each: (usize, Duration), report: &mut Report) {
    eprintln!("Filters …");
    let log = dataset.largest();
    let mut asker = Asker::new(dataset.reader(), 5);
    let mut person = Asker::new(dataset.signed_in(), 5);
    let mut owner = dataset.owner().await;
    let entries = grouped(log.entries as f64);
    let part = report.table.part(format!("Filters over {entries} entries: milliseconds"));
    let (mut counting, mut wrong) = (Times::default(), Vec::new());
    for (asked, conditions) in ASKED {
        let query = LogQuery::read(asked).0;
        let (matches, time) = peers::count_where(&mut owner, log, conditions).await;
        counting.push(time);
        let total = asker.total(log, &query);
        if !total.exact || total.entries != matches {
            wrong.push(format!("{asked}: {total:?}, not {matches}"));
        }
        let mut slowest = (String::new(), Times::default());
        for sort in orders() {
            let query = query.sorted(sort);
            for depth in Depth::EVERY {
                let times = asker.times(log, &query, depth, |query| log.api(query), each);
                let order = order_name(sort);
                part.detail(json!({
                    "asked": asked, "order": order, "page": depth.name(), "times": times.to_json(),
                }));
                if slowest.1.len() == 0 || times.p95() > slowest.1.p95() {
                    slowest = (format!("{order}, {}", depth.name()), times);
                }
            }
        }
        let share = figure(matches as f64 * 100.0 / log.entries as f64);
        let (which, times) = slowest;
        let name = format!("`{asked}`, {} ({share} %): {which}", grouped(matches as f64));
        part.time_within(name, &times, Bound::AtMost(WITHIN));
        report.bars.push(Bar::new("filters", asked, &times, Some(WITHIN)));

        let path = |query: &LogQuery| around(log, query);
        let times = person.times_of(&query, path, AROUND_EACH);
        let name = format!("`{asked}`: strip and chips");
        part.time_within(name, &times, Bound::AtMost(WITHIN));
    }
    let all = LogQuery::default();
    let times = person.times_of(&all, |query| around(log, query), AROUND_EACH);
    part.time_within("no filter: strip and chips", &times, Bound::AtMost(AROUND_WITHIN));
    part.time("count(*) with the same conditions", &counting);
    let words = if wrong.is_empty() { "as count(*)".into() } else { wrong.join("; ") };
    part.fact("the total that is shown", wrong.is_empty(), words);
}

/// What the tab asks for around its rows.
fn around(log: &Log, query: &LogQuery) -> String {
    let view = LogView { query: query.clone(), ..LogView::default() }.to_query_string();
    let arguments = [("customer_id", log.id.clone()), ("view", view)];
    format!("{}?{}", FetchAround::PATH, query_string(arguments))
}
