//! What a page touches: a bound on buffers for each shape of statement, on a log of a million entries, as
//! EXPLAIN (ANALYZE, BUFFERS) counts them. A lost index, or a plan that reads what it skips, shows here
//! without a clock: each of the indexes has some 12,000 buffers, and the table 30,000.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use app::{
    log::{
        entry::LogColumn,
        query::{LogQuery, Search, SearchIn},
    },
    query::{Column, Direction, Listing, Sort, UrlQuery},
};
use chrono::NaiveDate;
use serde_json::Value;
use server::{
    access::admit,
    config::Shape,
    generate,
    postgres::pool,
    store::{Store, entries::PastTheEnd},
};

use super::harness::{App, reader};

const ENTRIES: u64 = 1_000_000;

/// The log of the cluster, read on from where it was read to.
struct Plans {
    log: PathBuf,
    read: u64,
}

impl Plans {
    fn follow() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cluster");
        let elsewhere = folder.join("elsewhere").read_link().unwrap_or(folder);
        let log = elsewhere.join("postgres.log");
        let read = log.metadata().unwrap().len();
        Self { log, read }
    }

    /// The plans that were logged since the last time.
    fn since(&mut self) -> Vec<Value> {
        let mut file = File::open(&self.log).unwrap();
        file.seek(SeekFrom::Start(self.read)).unwrap();
        let mut text = String::new();
        self.read += file.read_to_string(&mut text).unwrap() as u64;
        text.split("plan:\n")
            .skip(1)
            .map(|plan| {
                let json: String = plan.lines().map_while(|line| line.strip_prefix('\t')).collect();
                serde_json::from_str(&json).unwrap()
            })
            .collect()
    }
}

/// How many buffers a statement touched.
fn buffers(plan: &Value) -> u64 {
    let number = |name: &str| plan["Plan"][name].as_u64().unwrap_or_default();
    number("Shared Hit Blocks") + number("Shared Read Blocks")
}

/// A store whose statements are all logged with their plans.
async fn explained(app: &App) -> Store {
    let options = app.options.clone().options([
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_analyze", "on"),
        ("auto_explain.log_timing", "off"),
        ("auto_explain.log_buffers", "on"),
        ("auto_explain.log_format", "json"),
    ]);
    pool::open(&options).await.unwrap()
}

async fn million() -> App {
    let app = App::start().await;
    let shape = Shape {
        customers: 2,
        entries: ENTRIES + 10_000,
        largest: ENTRIES,
        seed: 1,
        first_id: 1,
        until: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
    };
    generate::fill(&app.store, &shape).await.unwrap();
    // What autovacuum does by itself as entries come in.
    sqlx::query("vacuum analyze").execute(&mut app.owner().await).await.unwrap();
    app
}

/// What each kind of page may touch, however many months there are.
fn bound(query: &LogQuery) -> (&'static str, u64) {
    match (query.search.text.as_str(), query.listing.sort.by) {
        // Some hundred entries near the page, each by its number and month.
        _ if !query.filters.is_empty() => ("a filter", 1_500),
        // The clock says in which month it is.
        ("", LogColumn::CreatedAt) => ("the default order", 60),
        ("", _) => ("another order", 1_050),
        // Some three hundred entries that match, gathered between milestones: four buffers each.
        _ => ("a search", 1_700),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_a_million_entries_touches_what_it_skips_over_24_months_or_120() {
    let app = million().await;
    let all = |_: LogColumn| true;
    let some = |by| matches!(by, LogColumn::CreatedAt | LogColumn::User | LogColumn::RequestPath);
    held_to_bounds(&app, 24, all).await;
    where_values_end_held_to_bounds(&app).await;
    let (first, last) = (2016, 2026);
    let day = |year| NaiveDate::from_ymd_opt(year, 10, 31).unwrap();
    app.store.make_months(day(first), day(last)).await.unwrap();
    held_to_bounds(&app, 120, some).await;
}

/// Asks for pages in the orders of the columns that `wanted` picks.
async fn held_to_bounds(app: &App, months: u64, wanted: fn(LogColumn) -> bool) {
    let store = explained(app).await;
    let scope = admit(&reader(), "1").unwrap();
    let mut plans = Plans::follow();
    let mut most = BTreeMap::<&str, (u64, String)>::new();
    for query in queries(wanted) {
        let first = store.log_page(&scope, &query, PastTheEnd::Empty).await.unwrap();
        let pages = first.unwrap().pages;
        for number in [1, pages / 3 + 1, pages / 2 + 1, pages.max(1)] {
            let query = query.at_page(number);
            // Once to make the plan, which looks into the catalogue; once to count.
            for _ in 0..2 {
                let _before = plans.since();
                store.log_page(&scope, &query, PastTheEnd::Empty).await.unwrap();
            }
            let touched: u64 = plans.since().iter().map(buffers).sum();
            let (shape, bound) = bound(&query);
            assert!(touched > 0, "no plan was logged");
            assert!(touched <= bound, "{touched} buffers, {months} months, for {query:?}");
            let most = most.entry(shape).or_default();
            *most = most.clone().max((touched, format!("{query:?}")));
        }
    }
    for (shape, (touched, query)) in most {
        println!("{months} months, {shape}: at most {touched} buffers, for {query}");
    }
}

/// The same where a value's entries end and the next one's begin, in orders whose fields have few values: nowhere else
/// is all that is passed of one value, and its number has to be known.
async fn where_values_end_held_to_bounds(app: &App) {
    let store = explained(app).await;
    let scope = admit(&reader(), "1").unwrap();
    let mut plans = Plans::follow();
    for (by, column) in [(LogColumn::User, "\"user\""), (LogColumn::Source, "source")] {
        let ends: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select (sum(count(*)) over (order by {column}))::bigint from log_entry
             where customer_id = '1' group by {column} order by 1"
        )))
        .fetch_all(&mut app.owner().await)
        .await
        .unwrap();
        for direction in [Direction::Ascending, Direction::Descending] {
            let sort = Sort { by, direction };
            let query = LogQuery::default().sorted(sort);
            for end in &ends {
                let before = match direction {
                    Direction::Ascending => end.unsigned_abs(),
                    Direction::Descending => ENTRIES - end.unsigned_abs(),
                };
                for page in [before / 25, before / 25 + 1, before / 25 + 2] {
                    let query = query.at_page(page.clamp(1, ENTRIES / 25));
                    for _ in 0..2 {
                        let _before = plans.since();
                        store.log_page(&scope, &query, PastTheEnd::Empty).await.unwrap();
                    }
                    let touched: u64 = plans.since().iter().map(buffers).sum();
                    let (_, bound) = bound(&query);
                    assert!(touched <= bound, "{touched} buffers for {query:?}");
                }
            }
        }
    }
}

/// Every search (in many names, few, tables, none), order and direction, now and as of a little ago; and filters that
/// choose many and few entries, in orders whose fields have many values.
fn queries(wanted: fn(LogColumn) -> bool) -> Vec<LogQuery> {
    let searches = [
        ("", SearchIn::UserOrTable),
        ("o", SearchIn::UserOrTable),
        ("settle", SearchIn::User),
        ("helena", SearchIn::User),
        ("balances", SearchIn::Table),
        ("%", SearchIn::UserOrTable),
    ];
    let mut queries = Vec::new();
    for (text, within) in searches {
        for by in LogColumn::ALL.iter().copied().filter(|by| wanted(*by)) {
            for direction in [Direction::Ascending, Direction::Descending] {
                for as_of in [None, Some(ENTRIES - 3_000)] {
                    queries.push(LogQuery {
                        search: Search { text: text.into(), within },
                        as_of,
                        listing: Listing { sort: Sort { by, direction }, ..Listing::default() },
                        ..LogQuery::default()
                    });
                }
            }
        }
    }
    let many_values = [LogColumn::RelatedOperation, LogColumn::RequestPath];
    for asked in ["source=API", "source=API&from=2026-03-01&to=2026-03-01"] {
        for by in many_values.into_iter().filter(|by| wanted(*by)) {
            let sort = Sort { by, direction: Direction::Ascending };
            queries.push(LogQuery::read(asked).0.sorted(sort));
        }
    }
    queries
}
