//! What a customer sees of their log, under several policies: no way out of the store has more, and none answers a
//! question about more.

use std::io::Cursor;

use app::{
    log::{
        entry::{Entry, LogColumn, UserKind},
        filter::{Field, Filter, Filters, Pattern},
        query::{LogQuery, Search, SearchIn},
        sight::Sight,
    },
    query::{Column, Direction, Sort, UrlQuery, fold},
    session::viewer::{Role, Viewer},
};
use calamine::{Reader as _, Xlsx};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use server::{
    access::{Caller, Person, admit},
    store::{Scope, Store, StoreError, export::Extent, recorder::NewEntry},
};

use super::{
    filters::{all_of, conditions, finds, page_of, sorted, value},
    harness::{App, entry},
    order::{BLOCK, generated},
};

/// What only this column holds. Times are always seen.
const fn planted(column: LogColumn) -> &'static str {
    match column {
        LogColumn::CreatedAt => "created_at",
        LogColumn::User => "Umbrella",
        LogColumn::Action => "Actuated",
        LogColumn::RelatedOperation => "Opossum 7",
        LogColumn::ImpactedTable => "tapirs",
        LogColumn::Source => "System",
        LogColumn::AppInstance => "ibex-1",
        LogColumn::RequestPath => "/pangolins",
    }
}

const DETAIL: [&str; 4] = ["detour", "u-4711", "2021-02-03", "api_key_id"];
const STAFF_NAME: &str = "Underwood";

async fn planted_log(sight: Sight) -> (App, String) {
    let app = App::start_with(|store| store.with_customers_seeing(sight)).await;
    let own = app.add_customer("1").await;
    let one = NewEntry {
        user: format!("{} {STAFF_NAME}", planted(LogColumn::User)),
        user_id: Some(DETAIL[1].into()),
        user_kind: UserKind::Operator,
        action: planted(LogColumn::Action).into(),
        related_operation: Some(planted(LogColumn::RelatedOperation).into()),
        impacted_table: planted(LogColumn::ImpactedTable).into(),
        source: app::log::entry::Source::System,
        app_instance: planted(LogColumn::AppInstance).into(),
        request_path: format!("GET {}", planted(LogColumn::RequestPath)),
        occurred_at: Some("2021-02-03T04:05:06Z".parse().unwrap()),
        detail: Some(json!({ "before": { DETAIL[0]: 1 }, "after": { DETAIL[0]: 2 } })),
        ..entry(&own)
    };
    app.record(&[one.clone(), one]).await;
    let session = app.session(Role::Customer(own)).await;
    (app, session)
}

const POLICIES: [&str; 7] = [
    "",
    "user,related_operation,source",
    "user,source,staff_names",
    "impacted_table,detail",
    "related_operation,app_instance",
    "request_path,source,detail,staff_names",
    "user,related_operation,impacted_table,source,app_instance,request_path,detail,staff_names",
];

/// The ways on which something of an entry leaves, and whether all that is seen goes that way.
const WAYS: [(&str, bool); 11] = [
    ("/customers/1/logs", false),
    ("/customers/1/logs?entry=2", false),
    ("/customers/1/operations/Opossum%207", false),
    ("/fn/log?customer_id=1", false),
    ("/fn/log?customer_id=1&query=sort%3Daction", false),
    ("/fn/log-around?customer_id=1&view=facet%3Daction", false),
    ("/fn/log-entry?customer_id=1&view=entry%3D2", false),
    ("/api/v1/customers/1/logs", true),
    ("/api/v1/customers/1/logs/export?format=csv", true),
    ("/api/v1/customers/1/logs/export?format=ndjson", true),
    ("/api/v1/customers/1/logs/export?format=xlsx", true),
];

async fn text(app: &App, session: &str, path: &str) -> (StatusCode, String) {
    let answer = app.get(path).header(header::COOKIE, session).send().await.unwrap();
    let status = answer.status();
    let bytes = answer.bytes().await.unwrap().to_vec();
    if !path.contains("xlsx") {
        return (status, String::from_utf8(bytes).unwrap());
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let cells = book
        .worksheets()
        .into_iter()
        .flat_map(|(_, sheet)| sheet.rows().flatten().map(ToString::to_string).collect::<Vec<_>>());
    (status, cells.collect::<Vec<_>>().join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_way_out_has_a_value_that_is_not_seen() {
    for policy in POLICIES {
        let sight: Sight = policy.parse().unwrap();
        let (app, session) = planted_log(sight).await;
        for (path, whole) in WAYS {
            let (status, text) = text(&app, &session, path).await;
            let hidden_operation =
                path.contains("Opossum") && !sight.sees(LogColumn::RelatedOperation);
            if hidden_operation {
                // Nothing but what was asked for.
                assert_eq!(status, StatusCode::NOT_FOUND, "{policy}: {path}");
                continue;
            }
            assert_eq!(status, StatusCode::OK, "{policy}: {path}: {text}");
            for column in Field::ALL.map(Field::column) {
                let there = text.contains(planted(column));
                // The strip's legend names every source, where sources are seen.
                assert!(!there || sight.sees(column), "{policy}: {path} has {}", column.name());
                assert!(
                    there || !whole || !sight.sees(column),
                    "{policy}: {path} lacks {column:?}"
                );
            }
            let name = text.contains(STAFF_NAME);
            assert!(
                !name || sight.sees(LogColumn::User) && sight.sees_staff_names(),
                "{policy}: {path}"
            );
            for detail in DETAIL {
                assert!(
                    !text.contains(detail) || sight.sees_particulars(),
                    "{policy}: {path} {detail}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_have_the_columns_that_are_seen_and_no_others() {
    let sight: Sight = "user,impacted_table".parse().unwrap();
    let (app, session) = planted_log(sight).await;
    let export = "/api/v1/customers/1/logs/export";
    let (_, csv) = text(&app, &session, &format!("{export}?format=csv&as_of=2")).await;
    assert_eq!(csv.lines().next(), Some("seq,created_at,user,action,impacted_table"));
    let (_, lines) = text(&app, &session, &format!("{export}?format=ndjson&as_of=2")).await;
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let keys = ["seq", "created_at", "user", "user_kind", "action", "impacted_table"];
    let mut names: Vec<_> = first.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, {
        let mut keys = keys;
        keys.sort_unstable();
        keys
    });
    assert_eq!(first["user"], "Umbrella U.");
    let (_, page) = text(&app, &session, "/api/v1/customers/1/logs?as_of=2").await;
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page["entries"][0], first);
    let (status, _) = text(&app, &session, &format!("{export}?columns=impacted_table,user")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_what_is_not_seen_is_refused_by_name() {
    let (app, session) = planted_log(Sight::OWN).await;
    let hidden = LogColumn::ALL.iter().filter(|column| !Sight::OWN.sees(**column));
    let mut refused: Vec<(String, String)> = vec![
        ("in=table".into(), "in".into()),
        ("q=-table:x".into(), "not.impacted_table.has".into()),
    ];
    for name in hidden.map(|column| column.name()) {
        refused.push((format!("sort={name}"), "sort".into()));
        for filter in [name.to_owned(), format!("not.{name}")] {
            refused.push((format!("{filter}=x"), filter));
        }
        let part = if name == "request_path" { "begins" } else { "has" };
        refused.push((format!("{name}.{part}=x"), format!("{name}.{part}")));
    }
    for (asked, parameter) in &refused {
        for path in ["logs", "logs/export"] {
            let path = format!("/api/v1/customers/1/{path}?{asked}");
            let (status, text) = text(&app, &session, &path).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(problem["parameters"][0]["parameter"], parameter.as_str(), "{path}: {text}");
        }
        let encoded = app::query::query_string([("customer_id", "1"), ("query", asked)]);
        let (status, _) = text(&app, &session, &format!("/fn/log?{encoded}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{asked}");
        let encoded = app::query::query_string([("customer_id", "1"), ("view", asked)]);
        let (status, _) = text(&app, &session, &format!("/fn/log-around?{encoded}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{asked}");
        // A person's page shows what it can, and says what it could not take.
        let (status, page) = text(&app, &session, &format!("/customers/1/logs?{asked}")).await;
        assert_eq!(status, StatusCode::OK, "{asked}");
        assert!(page.contains("Actuated") && page.contains(parameter), "{asked}: {page}");
    }
    let columns = "/api/v1/customers/1/logs/export?columns=user,app_instance";
    let (status, text_of) = text(&app, &session, columns).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text_of.contains(r#""parameter":"columns""#), "{text_of}");
    let (status, _) =
        text(&app, &session, "/fn/log-around?customer_id=1&view=facet%3Dapp_instance").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    // For staff all of it is as ever.
    let auditor = app.session(Role::Auditor).await;
    let key = app.key().await;
    for (asked, _) in &refused {
        let path = format!("/api/v1/customers/1/logs?{asked}");
        assert_eq!(text(&app, &auditor, &path).await.0, StatusCode::OK, "{path}");
        let answer = app.get(&path).bearer_auth(&key).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
    let (_, page) = text(&app, &auditor, "/api/v1/customers/1/logs").await;
    for column in Field::ALL.map(Field::column) {
        assert!(page.contains(planted(column)), "{page}");
    }
    assert!(page.contains(STAFF_NAME) && page.contains("detour"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_check_is_forgotten_the_store_refuses_all_the_same() {
    let (app, _) = planted_log(Sight::OWN).await;
    let scope = scope(Sight::OWN);
    let refused = |parameter: &str, error: StoreError| match error {
        StoreError::Hidden(bad) => assert_eq!(bad.parameter, parameter),
        error => panic!("{error}"),
    };
    let (query, _) = LogQuery::read("app_instance=ibex-1");
    let past = server::store::entries::PastTheEnd::Empty;
    refused("app_instance", app.store.log_page(&scope, &query, past).await.unwrap_err());
    refused("app_instance", app.store.activity(&scope, &query).await.unwrap_err());
    let facet = app.store.facet(&scope, &query, Field::User, "").await;
    refused("app_instance", facet.unwrap_err());
    let facet = app.store.facet(&scope, &LogQuery::default(), Field::AppInstance, "").await;
    refused("facet", facet.unwrap_err());
    let export = app.store.export(&scope, &query, Extent::Particulars).await;
    refused("app_instance", export.err().unwrap());
    // Sources are not told apart where they are not seen.
    let sight: Sight = "user".parse().unwrap();
    let activity = app.store.activity(&self::scope(sight), &LogQuery::default().pinned(2)).await;
    let activity = activity.unwrap().unwrap();
    assert!(!activity.by_source);
    assert_eq!(activity.bars.iter().map(|bar| bar[0]).sum::<u64>(), 2);
    assert!(activity.bars.iter().all(|bar| bar[1..] == [0, 0]));
}

/// Customer 1, who sees this of their own log.
fn scope(sight: Sight) -> Scope {
    let role = Role::Customer("1".parse().unwrap());
    let viewer = Viewer { name: "A".into(), role };
    let caller = Caller::Person(Person { user_id: 1, viewer, sight, session: [0; 32] });
    admit(&caller, "1").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_go_by_their_short_names_in_whatever_is_asked() {
    let app = App::start().await;
    let own = app.add_customer("1").await;
    let by = |user: &str, user_kind| NewEntry { user: user.into(), user_kind, ..entry(&own) };
    app.record(&[
        by("Helena Prado", UserKind::Operator),
        by("Helena Pires", UserKind::Operator),
        by("Ana Prado", UserKind::Customer),
        by("Helena P.", UserKind::Client),
        // Staff's, though it does not say so.
        by("Helena Prado", UserKind::Unknown),
        by("Maria da Silva", UserKind::Operator),
    ])
    .await;
    let session = app.session(Role::Customer(own.clone())).await;
    let staff = app.session(Role::Operator).await;
    // Once by the dictionary, and once by sets.
    for also in ["", "&source=UI"] {
        for (asked, seqs) in [
            ("user=Helena%20P.", vec![5, 4, 2, 1]),
            ("user=Helena%20Prado", vec![]),
            ("q=prado", vec![3]),
            ("q=helena%20p", vec![5, 4, 2, 1]),
            ("q=pires", vec![]),
            ("user.has=SILVA", vec![]),
            ("user.has=maria%20s", vec![6]),
            ("not.user.has=prado", vec![6, 5, 4, 2, 1]),
            ("not.user=Helena%20P.", vec![6, 3]),
            ("sort=user&dir=asc", vec![3, 1, 2, 4, 5, 6]),
            ("sort=user", vec![6, 5, 4, 2, 1, 3]),
        ] {
            let path = format!("/api/v1/customers/1/logs?as_of=6&{asked}{also}");
            // What was found for staff, who know everybody by their whole names, is kept: but not for customers.
            text(&app, &staff, &path).await;
            let page: Value = serde_json::from_str(&text(&app, &session, &path).await.1).unwrap();
            let found: Vec<_> = page["entries"]
                .as_array()
                .unwrap()
                .iter()
                .map(|e| e["seq"].as_u64().unwrap())
                .collect();
            assert_eq!(found, seqs, "{path}");
            assert_eq!(page["total"]["value"], seqs.len(), "{path}");
            let path = format!("/api/v1/customers/1/logs/export?as_of=6&{asked}{also}");
            let csv = text(&app, &session, &path).await.1;
            let lines = csv
                .lines()
                .skip(1)
                .map(|line| line.split(',').next().unwrap().parse::<u64>().unwrap());
            assert_eq!(lines.collect::<Vec<_>>(), seqs, "{path}");
            for name in ["Helena Prado", "Pires", "Silva"] {
                assert!(!csv.contains(name), "{path} has {name}");
            }
        }
    }
    let pinned = LogQuery::default().pinned(6);
    let facet = app.store.facet(&scope(Sight::OWN), &pinned, Field::User, "").await;
    let facet = facet.unwrap().unwrap();
    let told: Vec<_> =
        facet.iter().map(|value| (value.value.as_str(), value.entries.unwrap())).collect();
    assert_eq!(told, [("Helena P.", 4), ("Ana Prado", 1), ("Maria S.", 1)]);
    let facet = app.store.facet(&scope(Sight::OWN), &pinned, Field::User, "prado").await;
    assert_eq!(facet.unwrap().unwrap().len(), 1);
}

/// All but staff's whole names and what changed.
fn all_columns() -> Sight {
    let columns: Vec<_> = LogColumn::ALL.iter().map(|column| column.name()).collect();
    columns.join(",").parse().unwrap()
}

fn called(entry: &Entry, staff: &[String]) -> Entry {
    let user = match entry.user.split_once(' ').filter(|_| staff.contains(&entry.user)) {
        Some((first, _)) => {
            let last = entry.user.split_whitespace().next_back().unwrap();
            format!("{first} {}.", last.chars().next().unwrap())
        }
        None => entry.user.clone(),
    };
    Entry { user, ..entry.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_orders_give_a_customer_what_looking_at_each_entry_gives() {
    let app = generated().await;
    let plain = app.store.clone().with_milestones_every(512);
    let recorded = super::filters::all(&plain).await;
    let staff: Vec<_> = recorded
        .iter()
        .filter(|entry| entry.user_kind == UserKind::Operator)
        .map(|entry| entry.user.clone())
        .collect();
    let staff: Vec<_> = std::collections::BTreeSet::from_iter(staff).into_iter().collect();
    assert!(staff.iter().any(|name| name.contains(' ')), "{staff:?}");
    let expected: Vec<_> = recorded.iter().map(|entry| called(entry, &staff)).collect();
    let scope = scope(all_columns());
    assert_eq!(all_of(&plain, &scope).await, expected);
    let mut asked = conditions(&expected);
    let whole = staff.iter().find(|name| name.contains(' ')).unwrap();
    let short = called(&Entry { user: whole.clone(), ..recorded[0].clone() }, &staff).user;
    let last = whole.split(' ').next_back().unwrap();
    let user = |not, pattern| {
        [Filter { field: Field::User, not, pattern }].into_iter().collect::<Filters>()
    };
    let nothing = Search::default();
    for not in [false, true] {
        for name in [whole, &short] {
            asked.push((user(not, Pattern::Is(name.clone())), nothing.clone(), Default::default()));
            asked.push((
                user(not, Pattern::Has(name.to_lowercase())),
                nothing.clone(),
                Default::default(),
            ));
        }
    }
    let search = Search { text: fold(last), within: SearchIn::UserOrTable };
    asked.push((Filters::default(), search, Default::default()));
    for store in [plain.clone().with_blocks_of(BLOCK), plain.clone().with_at_most_gathered(100)] {
        for (filters, search, range) in asked.clone() {
            let query = LogQuery { filters, search, range, ..LogQuery::default() };
            let found: Vec<_> = expected.iter().filter(|entry| finds(&query, entry)).collect();
            for by in [LogColumn::CreatedAt, LogColumn::User, LogColumn::Action] {
                for direction in [Direction::Ascending, Direction::Descending] {
                    let mut query = query.sorted(Sort { by, direction });
                    let wanted = sorted(&found, query.listing.sort);
                    let pages = query.listing.pages(wanted.len() as u64);
                    for number in [1, pages / 2 + 1, pages.max(1)] {
                        query.listing.page = number;
                        let (seqs, total) = page_of(&store, &scope, &query).await;
                        assert_eq!(total, wanted.len() as u64, "{query:?}");
                        let offset = query.listing.offset() as usize;
                        let rows = wanted.iter().skip(offset).take(25).map(|entry| entry.seq);
                        assert_eq!(seqs, rows.collect::<Vec<_>>(), "{query:?}");
                    }
                }
            }
            counted(&store, &scope, &query, &expected).await;
        }
        // The other store's blocks are of another size.
        sqlx::query("delete from log_block").execute(&mut app.owner().await).await.unwrap();
    }
}

/// The users' facet counts what is found, by what they are called.
async fn counted(store: &Store, scope: &Scope, query: &LogQuery, entries: &[Entry]) {
    let others = query.filtered(query.filters.without_field(Field::User));
    let mut counts = std::collections::BTreeMap::<String, u64>::new();
    for entry in entries.iter().filter(|entry| finds(&others, entry)) {
        *counts.entry(value(entry, Field::User).unwrap()).or_default() += 1;
    }
    let mut expected: Vec<_> = counts.into_iter().collect();
    expected.sort_by_key(|(value, entries)| (std::cmp::Reverse(*entries), value.clone()));
    expected.truncate(app::log::facet::MOST);
    let found = store.facet(scope, query, Field::User, "").await.unwrap().unwrap();
    let found: Vec<_> =
        found.into_iter().map(|value| (value.value, value.entries.unwrap())).collect();
    assert_eq!(found, expected, "{query:?}");
}
