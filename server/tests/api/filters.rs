//! Filters, time ranges, facets and activity, against the entries themselves, looked at one by one.

use app::{
    log::{
        entry::{Entry, LogColumn},
        filter::{Field, Filter, Filters, Pattern},
        moment::{Moment, Range},
        query::{LogQuery, Search, SearchIn},
    },
    query::{Column, Direction, Listing, PerPage, Sort, UrlQuery, fold},
    zone::Zone,
};
use chrono::{TimeDelta, Utc};
use server::{
    access::admit,
    store::{Scope, Store, entries::PastTheEnd},
};

use super::{
    harness::{App, reader},
    order::{BLOCK, entries, generated},
};

/// All entries of the log, in the order of their numbers.
pub(crate) async fn all(store: &Store) -> Vec<Entry> {
    all_of(store, &admit(&reader(), "1").unwrap()).await
}

pub(crate) async fn all_of(store: &Store, scope: &Scope) -> Vec<Entry> {
    let sort = Sort { by: LogColumn::CreatedAt, direction: Direction::Ascending };
    let mut query = LogQuery {
        listing: Listing { page: 1, per_page: PerPage::Hundred, sort },
        ..LogQuery::default()
    };
    let mut all = Vec::new();
    loop {
        let page = store.log_page(scope, &query, PastTheEnd::Empty).await.unwrap().unwrap();
        if page.entries.is_empty() {
            return all;
        }
        all.extend(page.entries);
        query.listing.page += 1;
    }
}

pub(crate) fn value(entry: &Entry, field: Field) -> Option<String> {
    Some(match field {
        Field::User => entry.user.clone(),
        Field::Action => entry.action.clone(),
        Field::RelatedOperation => return entry.related_operation.clone(),
        Field::ImpactedTable => entry.impacted_table.clone(),
        Field::Source => entry.source?.name().to_owned(),
        Field::AppInstance => entry.app_instance.clone(),
        Field::RequestPath => entry.request_path.clone(),
    })
}

/// Whether `query` finds `entry`, as the words of the guide have it.
pub(crate) fn finds(query: &LogQuery, entry: &Entry) -> bool {
    let (from, to) = query.range.instants(Utc::now(), &Zone::default());
    let has = |value: &str| fold(value).contains(&fold(&query.search.text));
    let searched = match query.search.within {
        SearchIn::UserOrTable => has(&entry.user) || has(&entry.impacted_table),
        SearchIn::User => has(&entry.user),
        SearchIn::Table => has(&entry.impacted_table),
    };
    searched
        && from.is_none_or(|from| entry.created_at >= from)
        && to.is_none_or(|to| entry.created_at < to)
        && query.as_of.is_none_or(|as_of| entry.seq <= as_of)
        && query.filters.pass(|field| value(entry, field))
}

/// What was found, in this order.
pub(crate) fn sorted<'e>(
    found: &[&'e Entry],
    Sort { by, direction }: Sort<LogColumn>,
) -> Vec<&'e Entry> {
    let mut found = found.to_vec();
    let key = |entry: &&Entry| {
        let value = Field::of(by).map(|field| value(entry, field));
        (value.as_ref().is_some_and(Option::is_none), value.flatten(), entry.seq)
    };
    found.sort_by_cached_key(key);
    if direction == Direction::Descending {
        found.reverse();
    }
    found
}

fn filters(text: &str) -> Filters {
    app::log::language::parse(text).0.filters
}

/// Conditions of every kind, alone and together.
pub(crate) fn conditions(all: &[Entry]) -> Vec<(Filters, Search, Range)> {
    let middle = &all[all.len() / 2];
    let path = middle.request_path.clone();
    let operation = all.iter().rev().find_map(|entry| entry.related_operation.clone()).unwrap();
    let exact = |field, text: &str| Filter { field, not: false, pattern: Pattern::Is(text.into()) };
    let begins = |text: &str| Filter {
        field: Field::RequestPath,
        not: false,
        pattern: Pattern::Begins(text.into()),
    };
    let search = |text: &str, within| Search { text: text.into(), within };
    let none = Search::default();
    let at = |nth: usize| Some(Moment::Instant(all[nth].created_at));
    let some = Range { from: at(all.len() / 3), to: at(all.len() * 2 / 3) };
    let day = Range { from: Some(Moment::Day(middle.created_at.date_naive())), to: None };
    let whole = Range::default();
    vec![
        (filters("user:settle"), none.clone(), whole),
        (filters("user:settle -table:ledger"), none.clone(), whole),
        (filters("-user:settle -user:engine"), none.clone(), whole),
        (filters("table:balances"), search("settle", SearchIn::User), whole),
        (filters("-table:balances"), search("a", SearchIn::UserOrTable), whole),
        (filters("source:=API"), none.clone(), whole),
        (filters("-source:=System action:limit"), none.clone(), whole),
        (filters("source:=UI source:=API instance:web"), none.clone(), whole),
        (filters("-action:withdrawal -user:settle"), search("a", SearchIn::UserOrTable), some),
        (filters("source:=nothing"), none.clone(), whole),
        ([exact(Field::RequestPath, &path)].into_iter().collect(), none.clone(), whole),
        ([exact(Field::RequestPath, "")].into_iter().collect(), none.clone(), whole),
        ([exact(Field::RequestPath, &path).reversed()].into_iter().collect(), none.clone(), whole),
        ([begins("POST /account")].into_iter().collect(), none.clone(), some),
        ([begins("POST /").reversed()].into_iter().collect(), none.clone(), whole),
        ([exact(Field::RelatedOperation, &operation)].into_iter().collect(), none.clone(), whole),
        (Filters::default(), none.clone(), some),
        (Filters::default(), none.clone(), day),
        (Filters::default(), none.clone(), Range { from: None, to: at(7) }),
        (Filters::default(), none.clone(), Range { from: at(7), to: at(7) }),
        (Filters::default(), none, Range { from: Some(Moment::Today), to: None }),
        (filters("source:=UI"), search("ana", SearchIn::User), day),
    ]
}

async fn page(store: &Store, query: &LogQuery) -> (Vec<u64>, u64) {
    page_of(store, &admit(&reader(), "1").unwrap(), query).await
}

pub(crate) async fn page_of(store: &Store, scope: &Scope, query: &LogQuery) -> (Vec<u64>, u64) {
    let page = store.log_page(scope, query, PastTheEnd::Empty).await.unwrap().unwrap();
    (page.entries.iter().map(|entry| entry.seq).collect(), page.total.value)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_range_and_order_gives_what_looking_at_each_entry_gives() {
    let app = generated().await;
    let plain = app.store.clone().with_milestones_every(512);
    let all = all(&plain).await;
    assert_eq!(all.len() as u64, entries());
    let mut compared = 0;
    // Most of the log in blocks that are written down, the rest not; and none of it. What few are chosen is
    // gathered, what many are walked to.
    for store in [plain.clone().with_blocks_of(BLOCK), plain.clone().with_at_most_gathered(100)] {
        for (filters, search, range) in conditions(&all) {
            for as_of in [None, Some(entries() * 2 / 3)] {
                let (filters, search) = (filters.clone(), search.clone());
                let query = LogQuery { filters, search, range, as_of, ..LogQuery::default() };
                let found: Vec<_> = all.iter().filter(|entry| finds(&query, entry)).collect();
                for &by in LogColumn::ALL {
                    for direction in [Direction::Ascending, Direction::Descending] {
                        let mut query = query.sorted(Sort { by, direction });
                        let expected = sorted(&found, query.listing.sort);
                        let pages = query.listing.pages(expected.len() as u64);
                        for number in [1, pages / 2 + 1, pages.max(1), pages + 1] {
                            query.listing.page = number;
                            let (seqs, total) = page(&store, &query).await;
                            assert_eq!(total, expected.len() as u64, "{query:?}");
                            let offset = query.listing.offset() as usize;
                            let rows = expected.iter().skip(offset).take(25);
                            let wanted: Vec<_> = rows.map(|entry| entry.seq).collect();
                            assert_eq!(seqs, wanted, "{query:?}");
                            compared += 1;
                        }
                    }
                }
            }
        }
        sqlx::query("delete from log_block").execute(&mut app.owner().await).await.unwrap();
    }
    println!("{compared} pages of a log of {} entries were compared", entries());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_what_the_pages_show() {
    let app = generated().await;
    let all = all(&app.store).await;
    let key = app.key().await;
    let by_path = Sort { by: LogColumn::RequestPath, direction: Direction::Ascending };
    for (filters, search, range) in conditions(&all) {
        for sort in [LogColumn::DEFAULT, by_path] {
            let (filters, search) = (filters.clone(), search.clone());
            let query = LogQuery { filters, search, range, ..LogQuery::default() }
                .pinned(entries())
                .sorted(sort);
            let found: Vec<_> = all.iter().filter(|entry| finds(&query, entry)).collect();
            let expected = sorted(&found, sort).into_iter().map(|entry| entry.seq.to_string());
            let path =
                format!("/api/v1/customers/1/logs/export?format=csv&{}", query.to_query_string());
            let export =
                app.get(&path).bearer_auth(&key).send().await.unwrap().text().await.unwrap();
            let lines =
                export.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
            assert!(lines.eq(expected), "{query:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_and_activity_count_what_is_found() {
    let app = generated().await;
    let all = all(&app.store).await;
    let scope = admit(&reader(), "1").unwrap();
    let store = app.store.clone().with_blocks_of(BLOCK);
    for (filters, search, range) in conditions(&all) {
        let query = LogQuery { filters, search, range, ..LogQuery::default() };
        for field in Field::ALL.into_iter().filter(|field| field.has_few_values()) {
            let others = query.filtered(query.filters.without_field(field));
            let mut counts = std::collections::BTreeMap::<String, u64>::new();
            for entry in all.iter().filter(|entry| finds(&others, entry)) {
                *counts.entry(value(entry, field).unwrap()).or_default() += 1;
            }
            let mut expected: Vec<_> = counts.into_iter().collect();
            expected.sort_by_key(|(value, entries)| (std::cmp::Reverse(*entries), value.clone()));
            expected.truncate(50);
            let found = store.facet(&scope, &query, field, "").await.unwrap().unwrap();
            let found: Vec<_> =
                found.into_iter().map(|value| (value.value, value.entries.unwrap())).collect();
            assert_eq!(found, expected, "{field:?} {query:?}");
        }
        let activity = store.activity(&scope, &query).await.unwrap().unwrap();
        let ranged = all.iter().filter(|entry| finds(&query, entry)).count() as u64;
        assert_eq!(activity.found, ranged, "{query:?}");
        let around = query.within(Range::default());
        for (bar, ends) in activity.bars.iter().zip(activity.edges.windows(2)) {
            let within = |entry: &&Entry| {
                let at = entry.created_at.timestamp();
                at >= ends[0] && at < ends[1] && finds(&around, entry)
            };
            let mut expected = [0; 3];
            for entry in all.iter().filter(within) {
                expected[entry.source.unwrap() as usize] += 1;
            }
            assert_eq!(*bar, expected, "{query:?}");
        }
        if query.range.is_all() {
            let counted: u64 = activity.bars.iter().flatten().sum();
            assert_eq!(counted, ranged, "{query:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_come_later_are_found_too_and_those_of_others_are_not() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let store = app.store.clone().with_blocks_of(2);
    let query = |text: &str| LogQuery { filters: filters(text), ..LogQuery::default() };
    let total = async |text: &str| page(&store, &query(text)).await.1;
    assert_eq!(total("source:=API").await, 0);
    for nth in 1..=7 {
        let entry = server::store::recorder::NewEntry {
            source: app::log::entry::Source::Api,
            request_path: format!("GET /{nth}"),
            ..super::harness::entry(&customer)
        };
        app.record(&[entry]).await;
        assert_eq!(total("source:=API").await, nth);
        assert_eq!(total("-source:=API").await, 0);
        assert_eq!(total("path:POST*").await, 0);
        assert_eq!(total("path:\"GET /\"*").await, nth);
        if nth % 3 == 0 {
            store.seal_on(&customer).await.unwrap();
        }
    }
    let other = app.add_customer("2").await;
    app.record(&[super::harness::entry(&other)]).await;
    assert_eq!(total("source:UI").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_meant_in_its_zone() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[super::harness::entry(&customer)]).await;
    let found = async |text: &str| {
        let (query, bad) = LogQuery::read(text);
        assert_eq!(bad, []);
        page(&app.store, &query).await.1
    };
    let zone = server::zones::zone(&"Pacific/Kiritimati".parse().unwrap()).unwrap();
    let here = zone.clock(Utc::now()).date();
    let there = (Utc::now() - TimeDelta::hours(11)).date_naive();
    assert_eq!(found(&format!("from={here}&to={here}&tz=Pacific/Kiritimati")).await, 1);
    assert_eq!(found(&format!("from={there}&to={there}&tz=Pacific/Pago_Pago")).await, 1);
    assert_eq!(found("from=today&tz=Pacific/Pago_Pago").await, 1);
    assert_eq!(found("to=yesterday").await, 0);
    assert_eq!(found("from=-15m").await, 1);
}
