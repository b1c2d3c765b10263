//! The register of exports: progress, cancelling, and what was taken away.

use std::sync::Arc;

use app::{
    log::{
        columns::Columns,
        query::LogQuery,
        sight::Sight,
        taken::{FileKind, Taken, TakenState},
    },
    query::UrlQuery as _,
    session::viewer::Role,
};
use reqwest::{Response, StatusCode, header};
use serde_json::Value;
use server::{
    access::{Caller, Person},
    http::export::size,
    origin::{Origin, Way},
    store::export::{Reached, Registered, Request},
    token::sha256,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    acts::send,
    export_running::{exports_running, kill_exports, noisy, rest},
    harness::{App, entry, location, reader},
    order::generated,
};

async fn person(app: &App, session: &str) -> Person {
    let token = sha256(session.strip_prefix("session=").unwrap());
    app.store.person_of_session(token, false).await.unwrap().unwrap()
}

/// What the owner of `session` has taken away of the log of `customer`.
async fn taken(app: &App, session: &str, customer: &str) -> Vec<Taken> {
    let person = person(app, session).await;
    let by = format!("user:{}", person.user_id);
    let scope = server::access::admit(&Caller::Person(person), customer).unwrap();
    app.store.recent_exports(&scope, &by).await.unwrap()
}

/// The newest of it, as soon as it is as `wanted` says.
async fn newest(app: &App, session: &str, wanted: impl Fn(&Taken) -> bool) -> Taken {
    loop {
        match taken(app, session, "1").await.into_iter().next() {
            Some(newest) if wanted(&newest) => return newest,
            _ => tokio::task::yield_now().await,
        }
    }
}

async fn export(app: &App, session: &str, more: &str) -> Response {
    let path = format!("/api/v1/customers/1/logs/export?{more}");
    let answer = app.get(&path).header(header::COOKIE, session).send().await.unwrap();
    answer.error_for_status().unwrap()
}

/// What the page is told.
async fn told(app: &App, session: &str, view: &str, followed: &str) -> Value {
    let query =
        app::query::query_string([("customer_id", "1"), ("view", view), ("followed", followed)]);
    let asked = app.get(&format!("/fn/log-exports?{query}")).header(header::COOKIE, session);
    asked.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
}

/// An export of the log of customer 1 that the owner of `session` has begun, and that nobody writes.
pub(super) async fn begun(app: &App, session: &str, id: Uuid) -> Registered {
    let caller = Caller::Person(person(app, session).await);
    let origin = Origin::of(&caller, Way::of_request("GET", "/test", false, "test-1"));
    let scope = server::access::admit(&caller, "1").unwrap();
    let request = Request { id, kind: FileKind::Csv, query: &LogQuery::default(), expected: 100 };
    app.store.register_export(&scope, request, &origin).await.unwrap()
}

fn cancel(id: &str) -> String {
    format!("/customers/1/logs/exports/{id}/cancel")
}

#[tokio::test]
async fn what_was_taken_away_is_listed_with_what_came_of_it() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer), entry(&customer)]).await;
    let session = app.session(Role::Operator).await;
    for (format, kind) in
        [("csv", FileKind::Csv), ("ndjson", FileKind::Ndjson), ("xlsx", FileKind::Xlsx)]
    {
        let id = Uuid::now_v7().to_string();
        let asked = format!(
            "format={format}&export_id={id}&as_of=2&user=Helena+Prado&columns=user,action&tz=Europe/Lisbon"
        );
        let file = export(&app, &session, &asked).await.bytes().await.unwrap();
        let listed = newest(&app, &session, |taken| taken.state != TakenState::Running).await;
        assert_eq!((listed.id, listed.kind, listed.state), (id, kind, TakenState::Done));
        assert_eq!((listed.expected, listed.entries), (2, 2));
        assert_eq!(listed.bytes, file.len() as u64);
        let digest: String =
            Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(listed.sha256.unwrap(), digest);
        let query =
            LogQuery::read("user=Helena+Prado&tz=Europe/Lisbon&columns=user,action&as_of=2").0;
        assert_eq!(listed.query, query);
    }
    // Without an id, and of the whole log whatever else is asked for.
    export(&app, &session, "whole=1&user=nobody&as_of=2").await.bytes().await.unwrap();
    let listed = newest(&app, &session, |taken| taken.state == TakenState::Done).await;
    assert_eq!(listed.entries, 2);
    assert_eq!(listed.query.to_query_string(), "as_of=2");
    // A program sees its own, and nobody else's.
    let key = app.key().await;
    let asked = app.get("/api/v1/customers/1/logs/export").bearer_auth(&key);
    asked.send().await.unwrap().bytes().await.unwrap();
    assert_eq!(taken(&app, &session, "1").await.len(), 4);
    let by_keys: i64 =
        sqlx::query_scalar("select count(*) from log_export where taken_by like 'key:%'")
            .fetch_one(&mut app.owner().await)
            .await
            .unwrap();
    assert_eq!(by_keys, 1);
}

#[tokio::test]
async fn an_id_that_is_taken_is_left_to_its_export() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer)]).await;
    let (ana, bea) = (app.session(Role::Operator).await, app.session(Role::Operator).await);
    let id = Uuid::now_v7().to_string();
    for session in [&ana, &bea] {
        let asked = format!("export_id={id}");
        export(&app, session, &asked).await.bytes().await.unwrap();
        newest(&app, session, |taken| taken.state == TakenState::Done).await;
    }
    assert_eq!(taken(&app, &ana, "1").await[0].id, id);
    assert_ne!(taken(&app, &bea, "1").await[0].id, id);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_goes_on_says_how_far_it_is_and_ends_when_it_is_cancelled() {
    let app = noisy().await;
    let (session, other) = (app.session(Role::Operator).await, app.session(Role::Operator).await);
    let carla = app.add_customer("2").await;
    let stranger = app.session(Role::Customer(carla)).await;
    let id = Uuid::now_v7().to_string();
    // Nobody reads it on: it waits.
    let answer = export(&app, &session, &format!("format=ndjson&export_id={id}")).await;
    let running = newest(&app, &session, |taken| taken.entries > 0).await;
    assert_eq!((running.state, running.expected), (TakenState::Running, 300));
    assert!(running.entries < 300 && running.bytes > 100_000, "{running:?}");

    let said = told(&app, &session, &format!("export={id}"), &id).await;
    assert_eq!(said["running"]["id"], id);
    assert!(said["running"]["text"].as_str().unwrap().starts_with("Exporting "), "{said}");
    let html = said["html"].as_str().unwrap();
    for part in ["<progress", "of 300 rows", "rows/s", " left", "Hide", "Cancel"] {
        assert!(html.contains(part), "{part} in {html}");
    }

    // Only whoever began it ends it.
    for session in [&other, &stranger] {
        let answer = send(&app, session, &cancel(&id), &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
    let cancelled = send(&app, &session, &cancel(&id), &[("view", "sort=user")]).await;
    assert_eq!(location(&cancelled), format!("/customers/1/logs?sort=user&export={id}"));
    let mut owner = app.owner().await;
    while exports_running(&mut owner).await > 0 {
        tokio::task::yield_now().await;
    }
    let mut read = Vec::new();
    assert!(rest(answer, &mut read).await, "a body of {} bytes looks whole", read.len());
    let text = String::from_utf8(read).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let entries = text.lines().count() as u64 - 1;
    assert_eq!(last["broken_off"]["entries"], entries);
    let listed = newest(&app, &session, |taken| taken.entries == entries).await;
    assert_eq!((listed.state, listed.sha256), (TakenState::Cancelled, None));
    let said = told(&app, &session, &format!("export={id}"), &id).await;
    assert_eq!(said["running"], Value::Null);
    let sentence = format!("The export was cancelled after {entries} rows.");
    assert!(said["said"].as_str().unwrap().starts_with(&sentence), "{said}");

    // It is in the log, once.
    send(&app, &session, &cancel(&id), &[]).await;
    let recorded: Vec<(String, String, String)> = sqlx::query_as(
        r#"select "user", impacted_table, request_path from log_entry
           where customer_id = '1' and action = 'Cancelled export'"#,
    )
    .fetch_all(&mut app.owner().await)
    .await
    .unwrap();
    let who = person(&app, &session).await.viewer.name;
    assert_eq!(recorded, [(who, "log_export".into(), format!("POST {}", cancel(&id)))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_breaks_off_says_after_how_many_rows() {
    let app = noisy().await;
    let session = app.session(Role::Operator).await;
    let id = Uuid::now_v7().to_string();
    let mut answer = export(&app, &session, &format!("format=ndjson&export_id={id}")).await;
    let mut read = answer.chunk().await.unwrap().unwrap().to_vec();
    kill_exports(&mut app.owner().await).await;
    assert!(rest(answer, &mut read).await);
    let entries = String::from_utf8(read).unwrap().lines().count() - 1;
    let listed = newest(&app, &session, |taken| taken.state != TakenState::Running).await;
    assert_eq!((listed.state, listed.entries), (TakenState::Broken, entries as u64));
    let said = told(&app, &session, &format!("export={id}"), &id).await;
    assert_eq!(
        said["said"],
        format!(
            "The export stopped after {entries} rows. The file is not complete, and its last line says so."
        )
    );
    assert!(said["html"].as_str().unwrap().contains("Export again"));
}

#[tokio::test]
async fn one_whose_writer_is_gone_is_not_said_to_go_on() {
    let app = App::start().await;
    app.add_customer("1").await;
    let session = app.session(Role::Operator).await;
    let registered = begun(&app, &session, Uuid::now_v7()).await;
    assert!(registered.note(Reached { entries: 40, bytes: 4_000 }).await.unwrap());
    assert_eq!(taken(&app, &session, "1").await[0].state, TakenState::Running);
    sqlx::query("update log_export set noted_at = noted_at - interval '1 minute'")
        .execute(&mut app.owner().await)
        .await
        .unwrap();
    let listed = &taken(&app, &session, "1").await[0];
    assert_eq!((listed.state, listed.entries), (TakenState::Broken, 40));
    // One that was cancelled and is whole all the same is whole.
    let id = Uuid::now_v7();
    let registered = begun(&app, &session, id).await;
    send(&app, &session, &cancel(&id.to_string()), &[]).await;
    assert!(!registered.note(Reached::default()).await.unwrap());
    registered.end(Reached { entries: 100, bytes: 9_000 }, Some([7; 32])).await.unwrap();
    assert_eq!(taken(&app, &session, "1").await[0].state, TakenState::Done);
}

#[tokio::test]
async fn customers_see_what_they_took_of_their_own_log_and_row_level_security_hides_the_rest() {
    let app = App::start().await;
    let (one, two) = (app.add_customer("1").await, app.add_customer("2").await);
    let (carla, ana) = (app.session(Role::Customer(one)).await, app.session(Role::Operator).await);
    begun(&app, &carla, Uuid::now_v7()).await;
    begun(&app, &ana, Uuid::now_v7()).await;
    assert_eq!(taken(&app, &carla, "1").await.len(), 1);
    let dora = app.session(Role::Customer(two)).await;
    let refused = app.get("/fn/log-exports?customer_id=1").header(header::COOKIE, &dora);
    assert_eq!(refused.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    for (customer, visible) in [("1", 2), ("2", 0)] {
        let mut transaction = app.store.begin().await.unwrap();
        let set = format!("set local app.customer = '{customer}'");
        sqlx::raw_sql(sqlx::AssertSqlSafe(set)).execute(&mut *transaction).await.unwrap();
        let rows: i64 = sqlx::query_scalar("select count(*) from log_export")
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(rows, visible);
        let changed = sqlx::query("update log_export set entries = 1")
            .execute(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(changed.rows_affected(), visible as u64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_estimate_knows_the_number_and_comes_near_the_size() {
    let app = generated().await;
    let key = app.key().await;
    let scope = server::access::admit(&reader(), "1").unwrap();
    let as_of = super::order::entries();
    for conditions in ["", "q=a&in=user", "not.source=API&from=2024-01-01", "user=nobody"] {
        let asked = format!("{conditions}&as_of={as_of}");
        let query = LogQuery::read(&asked).0;
        let sample = app.store.sample(&scope, &query).await.unwrap().unwrap();
        let estimate =
            size::estimate(&sample, (&Columns::default(), Sight::ALL), &Arc::default()).unwrap();
        for (kind, size) in FileKind::ALL.iter().zip(estimate.sizes) {
            let shown = Columns::default();
            for (all, about) in [(0, size.shown), (1, size.all)] {
                let path = format!(
                    "/api/v1/customers/1/logs/export?{asked}&format={}&columns={shown}&all_columns={all}",
                    kind.name()
                );
                let file = app.get(&path).bearer_auth(&key).send().await.unwrap();
                let real = file.error_for_status().unwrap().bytes().await.unwrap().len() as f64;
                let factor = if *kind == FileKind::Xlsx { 1.35 } else { 1.1 };
                // Nothing is nothing.
                let off = if about == 0 && real == 0.0 { 1.0 } else { about as f64 / real };
                assert!(
                    (1.0 / factor..factor).contains(&off),
                    "{conditions}: {kind:?} (all: {all}) has {real} bytes, and {about} were told"
                );
            }
        }
        let count = app.store.count(&scope, &query).await.unwrap();
        assert_eq!(Some(estimate.entries), count, "{conditions}");
    }
}

#[tokio::test]
async fn the_dialog_offers_what_the_viewer_sees_and_needs_no_script() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer), entry(&customer)]).await;
    let (ana, carla) =
        (app.session(Role::Operator).await, app.session(Role::Customer(customer)).await);
    let page = async |session: &str, query: &str| {
        let path = format!("/customers/1/logs?as_of=2&{query}");
        let answer = app.get(&path).header(header::COOKIE, session).send().await.unwrap();
        answer.error_for_status().unwrap().text().await.unwrap()
    };
    let html = page(&ana, "export=1&user=Helena+Prado").await;
    for part in [
        r#"<form method="get" action="/api/v1/customers/1/logs/export""#,
        r#"name="user" value="Helena Prado""#,
        r#"name="export_id""#,
        "User is Helena Prado; Newest first",
        "2 entries",
        "Excel",
        r#"name="all_columns" value="1""#,
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let html = page(&carla, "export=1").await;
    assert!(html.contains(r#"value="created_at,user,action,related_operation,source""#));
    assert!(!html.contains("all_columns"));
    assert!(!page(&ana, "").await.contains("export_id"));
    let id = Uuid::now_v7();
    begun(&app, &ana, id).await;
    let html = page(&ana, &format!("export={id}")).await;
    assert!(html.contains(&format!(r#"action="{}""#, cancel(&id.to_string()))), "{html}");
    assert!(page(&carla, &format!("export={id}")).await.contains("about to begin"));
    let unknown = "00000000-0000-4000-8000-000000000000";
    assert!(page(&ana, &format!("export={unknown}")).await.contains("no such export"));
}
