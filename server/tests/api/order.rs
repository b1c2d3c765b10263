//! The order of pages, against the plain statement that means the same.

use std::collections::BTreeMap;

use app::{
    log::{
        entry::LogColumn,
        query::{LogQuery, Search, SearchIn},
    },
    query::{Column, Direction, Listing, PerPage, Sort},
};
use chrono::NaiveDate;
use server::{
    access::admit,
    config::Shape,
    generate,
    store::{Store, entries::PastTheEnd},
};
use sqlx::{AssertSqlSafe, PgConnection};

use super::harness::{App, reader};

/// How many entries the log has. The issue's own figure is 200,000: set ENTRIES to it.
pub(crate) fn entries() -> u64 {
    std::env::var("ENTRIES").ok().and_then(|entries| entries.parse().ok()).unwrap_or(20_000)
}

/// How many entries a block of sets has in a generated log.
pub(crate) const BLOCK: u32 = 1_500;

pub(crate) async fn generated() -> App {
    let app = App::start_with(|store| store.with_blocks_of(BLOCK)).await;
    let shape = Shape {
        customers: 3,
        entries: entries() + entries() / 10,
        largest: entries(),
        seed: 1,
        first_id: 1,
        until: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
    };
    // Milestones close to each other, so that a short log has many.
    let store = app.store.clone().with_milestones_every(512);
    generate::fill(&store, &shape).await.unwrap();
    sqlx::query("analyze").execute(&mut app.owner().await).await.unwrap();
    app
}

async fn page(store: &Store, query: &LogQuery) -> (Vec<i64>, u64) {
    let scope = admit(&reader(), "1").unwrap();
    let page = store.log_page(&scope, query, PastTheEnd::Empty).await.unwrap().unwrap();
    (page.entries.iter().map(|entry| entry.seq as i64).collect(), page.total.value)
}

async fn plain(owner: &mut PgConnection, filter: &str, query: &LogQuery) -> Vec<i64> {
    let Listing { sort, per_page, .. } = query.listing;
    let (by, direction) = (sort.by.name(), sort.direction.name());
    let statement = format!(
        r#"select seq from log_entry where customer_id = '1' and {filter}
           and seq <= {}
           order by "{by}" {direction}, seq {direction} limit {} offset {}"#,
        query.as_of.unwrap_or(i64::MAX as u64),
        per_page.rows(),
        query.listing.offset()
    );
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(owner).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sort_direction_size_and_search_gives_the_rows_of_the_plain_statement() {
    let app = generated().await;
    let mut owner = app.owner().await;
    // The term, where it looks, and what that means in SQL.
    let either = r#"(strpos(lower("user"), 'ma') > 0 or strpos(lower(impacted_table), 'ma') > 0)"#;
    let searches = BTreeMap::from([
        ("", (SearchIn::UserOrTable, "true")),
        ("ma", (SearchIn::UserOrTable, either)),
        ("settle", (SearchIn::User, r#"strpos(lower("user"), 'settle') > 0"#)),
        ("_", (SearchIn::Table, "strpos(impacted_table, '_') > 0")),
        ("nobody at all", (SearchIn::UserOrTable, "false")),
    ]);
    let mut compared = 0;
    // By whichever way is the shortest, and by one that short logs have no need of.
    let store = app.store.clone().with_milestones_every(512);
    let stores = [store.clone(), store.with_gathering_between_milestones()];
    // As it is now, and as it was: a little ago, when most of it was there, when it began.
    let head = entries();
    let views = [None, Some(head - 100), Some(head * 2 / 3), Some(700), Some(0)];
    for ((text, (within, filter)), as_of) in
        searches.into_iter().flat_map(|search| views.map(|as_of| (search, as_of)))
    {
        let counted: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
            "select count(*) from log_entry where customer_id = '1' and {filter} and seq <= {}",
            as_of.unwrap_or(i64::MAX as u64)
        )))
        .fetch_one(&mut owner)
        .await
        .unwrap();
        for &by in LogColumn::ALL {
            for direction in [Direction::Ascending, Direction::Descending] {
                // All sizes for the whole log as it is; for the others, the default size shows the same.
                let whole = text.is_empty() && as_of.is_none();
                let sizes = if whole { &PerPage::ALL[..] } else { &PerPage::ALL[1..2] };
                for &per_page in sizes {
                    let mut query = LogQuery {
                        search: Search { text: text.into(), within },
                        as_of,
                        listing: Listing { page: 1, per_page, sort: Sort { by, direction } },
                        ..LogQuery::default()
                    };
                    let pages = query.listing.pages(counted as u64);
                    for number in [1, pages / 3 + 1, pages / 2 + 1, pages.max(1), pages + 1] {
                        query.listing.page = number;
                        let expected = plain(&mut owner, filter, &query).await;
                        for store in &stores {
                            let (seqs, total) = page(store, &query).await;
                            assert_eq!(total, counted as u64, "{query:?}");
                            assert_eq!(seqs, expected, "{query:?}");
                        }
                        compared += 1;
                    }
                }
            }
        }
    }
    println!("{compared} pages of a log of {} entries were compared", entries());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_has_the_rows_that_copy_has() {
    let app = generated().await;
    let key = app.key().await;
    for (parameters, filter, order) in [
        ("", "true", "seq desc"),
        (
            "&sort=related_operation&dir=asc&q=settle&in=user",
            r#"strpos(lower("user"), 'settle') > 0"#,
            "related_operation asc, seq asc",
        ),
    ] {
        let statement = format!(
            r#"copy (select seq, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at,
                     "user", action, related_operation, impacted_table, source, app_instance, request_path
               from log_entry where customer_id = '1' and {filter} order by {order})
               to stdout (format csv, header)"#
        );
        let mut owner = app.owner().await;
        let mut copied = Vec::new();
        let mut rows = owner.copy_out_raw(&statement).await.unwrap();
        while let Some(row) = futures_util::StreamExt::next(&mut rows).await {
            copied.extend_from_slice(&row.unwrap());
        }
        let copied = String::from_utf8(copied).unwrap();
        // After the copy: the export is recorded, too, though not in itself.
        let export = app
            .get(&format!("/api/v1/customers/1/logs/export?format=csv{parameters}"))
            .bearer_auth(&key)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(copied.lines().count() > 100);
        assert!(export.replace("\r\n", "\n") == copied, "{parameters}: the export is not the copy");
    }
}
