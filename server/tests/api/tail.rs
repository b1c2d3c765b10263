//! The live tail: who is told of new entries, and when no longer.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use app::{customer::id::CustomerId, session::viewer::Role};
use futures_util::future::join_all;
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};
use server::{http::router::Settings, postgres::pool, startup, store::tail::CHANNEL};
use sqlx::{PgConnection, postgres::PgListener};
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    acts::perform,
    harness::{App, entry},
};

/// It is the test's fault where something does not happen in this time.
async fn soon<T>(what: &str, happens: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), happens)
        .await
        .unwrap_or_else(|_| panic!("{what}: it did not happen"))
}

/// An open tail.
struct Tail {
    response: Response,
    text: String,
}

impl Tail {
    async fn open(app: &App, session: &str, id: &str) -> Self {
        let response = ask(app, session, id).await;
        assert_eq!(response.status(), StatusCode::OK);
        Self { response, text: String::new() }
    }

    /// What the next event says; nothing where the stream has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                // A comment keeps the connection alive.
                if event.starts_with(':') {
                    continue;
                }
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned()
                };
                assert_eq!(field("event: "), "newest");
                let data: Value = serde_json::from_str(&field("data: ")).unwrap();
                assert_eq!(field("id: "), data["newest"].to_string());
                return Some(data);
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Waits until it says `newest`, or more; nothing before is more than that.
    async fn says(&mut self, newest: u64) -> Value {
        soon(&format!("entry {newest} is told"), async {
            loop {
                let said = self.next().await.expect("the tail goes on");
                if said["newest"].as_u64().unwrap() >= newest {
                    return said;
                }
            }
        })
        .await
    }

    async fn ends(&mut self) {
        soon("the tail ends", async { while self.next().await.is_some() {} }).await;
    }
}

async fn ask(app: &App, session: &str, id: &str) -> Response {
    app.get(&format!("/fn/log-tail?customer_id={id}"))
        .header(header::COOKIE, session)
        .header(header::ACCEPT_ENCODING, "gzip")
        .send()
        .await
        .unwrap()
}

/// Records an entry through the API.
async fn post(app: &App, key: &str) -> u64 {
    let item = json!({ "customer_id": "1", "user": "Ana", "action": "Blocked card" });
    let answer = app.post("/api/v1/logs").bearer_auth(key).json(&item).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    answer["results"][0]["seq"].as_u64().unwrap()
}

/// A server with a customer, an operator's session, and a key that records.
async fn stage() -> (App, CustomerId, String, String) {
    let app = App::start().await;
    let id = app.add_customer("1").await;
    let (session, key) = (app.session(Role::Operator).await, app.write_key().await);
    (app, id, session, key)
}

/// How many connections listen.
async fn listening(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "select count(*) from pg_stat_activity
         where datname = current_database() and query ilike 'listen %'",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

async fn listens(owner: &mut PgConnection) {
    soon("the server listens", async { while listening(owner).await == 0 {} }).await;
}

#[tokio::test]
async fn the_newest_entry_is_told_at_once() {
    let (app, id, session, _) = stage().await;
    let mut tail = Tail::open(&app, &session, "1").await;
    assert_eq!(tail.next().await, Some(json!({ "newest": 0, "at": null })));
    let header = |name: &str| tail.response.headers().get(name).map(|v| v.to_str().unwrap());
    assert_eq!(header("content-type"), Some("text/event-stream"));
    assert_eq!(header("cache-control"), Some("no-store"));
    assert_eq!(header("x-accel-buffering"), Some("no"));
    // It would be held back until there is enough to compress.
    assert_eq!(header("content-encoding"), None);

    app.record(&[entry(&id), entry(&id)]).await;
    let at: String = sqlx::query_scalar(
        r#"select to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
           from log_entry where customer_id = '1' and seq = 2"#,
    )
    .fetch_one(&mut app.owner().await)
    .await
    .unwrap();
    let newest = json!({ "newest": 2, "at": at });
    // Whoever comes again learns the number, and knows the one that they have.
    let again = app
        .get("/fn/log-tail?customer_id=1")
        .header(header::COOKIE, &session)
        .header("Last-Event-ID", "0");
    let mut again = Tail { response: again.send().await.unwrap(), text: String::new() };
    assert_eq!(again.next().await, Some(newest.clone()));
    // Those of whom nobody told this server are found by asking the database.
    assert_eq!(tail.says(2).await, newest);
}

#[tokio::test]
async fn what_is_recorded_through_the_api_and_by_acts_of_this_system_is_told() {
    let (app, id, session, key) = stage().await;
    let mut tail = Tail::open(&app, &session, "1").await;
    assert_eq!(tail.says(0).await["newest"], 0);
    assert_eq!(post(&app, &key).await, 1);
    let said = tail.says(1).await;
    assert_eq!(said["newest"], 1);
    assert!(said["at"].is_string(), "{said}");

    let item = json!({ "customer_id": "1", "user": "Ana", "action": "Blocked card" });
    let once = app.post("/api/v1/logs").bearer_auth(&key).header("Idempotency-Key", "a");
    assert!(once.json(&item).send().await.unwrap().status().is_success());
    assert_eq!(tail.says(2).await["newest"], 2);

    perform(&app, &session, &id, "deposit", "5", "").await;
    assert!(tail.says(3).await["newest"].as_u64().unwrap() >= 3);
}

#[tokio::test]
async fn other_logs_entries_are_not_told() {
    let (app, _, session, key) = stage().await;
    app.add_customer("2").await;
    let mut tail = Tail::open(&app, &session, "2").await;
    assert_eq!(tail.says(0).await["newest"], 0);
    post(&app, &key).await;
    let item = json!({ "customer_id": "2", "user": "Ana", "action": "Blocked card" });
    app.post("/api/v1/logs").bearer_auth(&key).json(&item).send().await.unwrap();
    assert_eq!(tail.next().await.unwrap()["newest"], 1);
}

#[tokio::test]
async fn what_another_server_on_the_same_database_records_is_told() {
    let (app, _, session, key) = stage().await;
    let other = App::start_on(&app.options).await;
    let mut tail = Tail::open(&app, &session, "1").await;
    for seq in 1..=3 {
        assert_eq!(post(&other, &key).await, seq);
        assert_eq!(tail.says(seq).await["newest"], seq);
    }
}

#[tokio::test]
async fn servers_notify_each_other_outside_of_the_transactions_that_record() {
    let (app, _, session, key) = stage().await;
    let mut owner = app.owner().await;
    listens(&mut owner).await;
    let mut tail = Tail::open(&app, &session, "1").await;
    // Nothing is in the log: that it is said shows that it was heard.
    sqlx::query("select pg_notify($1, '7 1773325351006412 1')")
        .bind(CHANNEL)
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(tail.says(7).await, json!({ "newest": 7, "at": "2026-03-12T14:22:31.006412Z" }));

    let database = sqlx::PgPool::connect_with(app.options.clone()).await.unwrap();
    let mut listener = PgListener::connect_with(&database).await.unwrap();
    listener.listen(CHANNEL).await.unwrap();
    post(&app, &key).await;
    let told = soon("the other servers are told", listener.recv()).await.unwrap();
    let told: Vec<_> = told.payload().split(' ').collect();
    assert_eq!((told[0], told[2]), ("1", "1"));
}

#[tokio::test]
async fn entries_are_told_after_the_listening_connection_is_lost_too() {
    let (app, _, session, key) = stage().await;
    let other = App::start_on(&app.options).await;
    let mut owner = app.owner().await;
    soon("both servers listen", async { while listening(&mut owner).await < 2 {} }).await;
    let mut tail = Tail::open(&app, &session, "1").await;
    let killed: Vec<bool> = sqlx::query_scalar(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query ilike 'listen %'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(killed, [true, true]);
    assert_eq!(post(&other, &key).await, 1);
    tail.says(1).await;
    // Opened again, it is heard again.
    soon("both servers listen again", async { while listening(&mut owner).await < 2 {} }).await;
    sqlx::query("select pg_notify($1, '7 - 1')").bind(CHANNEL).execute(&mut owner).await.unwrap();
    tail.says(7).await;
}

#[tokio::test]
async fn a_burst_is_told_in_few_events_and_to_its_end() {
    let (app, _, session, key) = stage().await;
    let mut tail = Tail::open(&app, &session, "1").await;
    tail.says(0).await;
    let start = Instant::now();
    let burst = async { join_all((0..300).map(|_| post(&app, &key))).await };
    let (_, told) = tokio::join!(burst, async {
        let mut told = Vec::new();
        while told.last() != Some(&300) {
            told.push(soon("more is told", tail.next()).await.unwrap()["newest"].as_u64().unwrap());
        }
        told
    });
    let most = start.elapsed().as_millis() / 100 + 1;
    assert!(told.len() as u128 <= most, "{told:?} in {:?}", start.elapsed());
    assert!(told.is_sorted_by(|one, next| one < next), "{told:?}");
}

#[tokio::test]
async fn only_who_may_see_the_log_is_told() {
    let (app, own, operator, _) = stage().await;
    app.add_customer("2").await;
    let customer = app.session(Role::Customer(own)).await;
    for (session, id, status) in [
        ("", "1", StatusCode::UNAUTHORIZED),
        ("session=guess", "1", StatusCode::UNAUTHORIZED),
        (&customer, "2", StatusCode::NOT_FOUND),
        (&customer, "9", StatusCode::NOT_FOUND),
        (&operator, "9", StatusCode::NOT_FOUND),
        (&operator, "not'an'id", StatusCode::NOT_FOUND),
        (&customer, "1", StatusCode::OK),
        (&operator, "1", StatusCode::OK),
    ] {
        assert_eq!(ask(&app, session, id).await.status(), status, "{session} {id}");
    }
    let by_key = app.get("/fn/log-tail?customer_id=1").bearer_auth(app.key().await);
    assert_eq!(by_key.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    // Whoever leaves makes room.
    soon("all are closed", async {
        while app.store.tails().count() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_tail_ends_with_its_session() {
    let (app, _, session, _) = stage().await;
    let (stays, gone) = (app.session(Role::Operator).await, app.session(Role::Auditor).await);
    let mut tail = Tail::open(&app, &session, "1").await;
    let mut other = Tail::open(&app, &stays, "1").await;
    tail.says(0).await;
    app.post("/sign-out").header(header::COOKIE, &session).send().await.unwrap();
    tail.ends().await;
    assert_eq!(ask(&app, &session, "1").await.status(), StatusCode::UNAUTHORIZED);

    // One that ended where this server did not hear of it is found out when it is next asked for.
    let mut tail = Tail::open(&app, &gone, "1").await;
    tail.says(0).await;
    let deleted = "delete from session using app_user
        where app_user.user_id = session.user_id and role = 'auditor'";
    sqlx::raw_sql(deleted).execute(&mut app.owner().await).await.unwrap();
    // So many ends at once that it cannot know whether its own was among them.
    for _ in 0..1_000 {
        app.store.tails().end_session([0; 32]);
    }
    tail.ends().await;
    app.record(&[entry(&"1".parse().unwrap())]).await;
    other.says(1).await;
}

#[tokio::test]
async fn a_server_that_stops_ends_its_tails_and_opens_no_more() {
    let (app, _, session, _) = stage().await;
    let store = pool::open(&app.options).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = Settings {
        site_root: "target/site".into(),
        address,
        https: false,
        instance: "test-2".into(),
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn({
        let store = store.clone();
        async move {
            let told_to_stop = async { stopped.await.unwrap() };
            startup::run(listener, &store, &settings, told_to_stop).await.unwrap();
        }
    });
    let stopping = app.at(format!("http://{address}"), store);
    let mut tails = Vec::new();
    for _ in 0..3 {
        tails.push(Tail::open(&stopping, &session, "1").await);
    }
    stop.send(()).unwrap();
    for tail in &mut tails {
        tail.ends().await;
    }
    soon("the server ends", serving).await.unwrap();
    soon("its connections are closed", stopping.store.close()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_tails_are_told_within_a_second_over_one_listening_connection() {
    let (app, _, session, key) = stage().await;
    let mut owner = app.owner().await;
    let mut tails = join_all((0..500).map(async |_| Tail::open(&app, &session, "1").await)).await;
    join_all(tails.iter_mut().map(|tail| tail.says(0))).await;
    listens(&mut owner).await;
    assert_eq!(app.store.tails().count(), 500);
    assert_eq!(listening(&mut owner).await, 1);

    let start = Instant::now();
    post(&app, &key).await;
    let recorded = start.elapsed();
    join_all(tails.iter_mut().map(|tail| tail.says(1))).await;
    let told = start.elapsed();
    println!("recorded after {recorded:?}, all 500 told after {told:?}");
    // A second, and generously: other tests may keep the machine busy.
    assert!(told - recorded < Duration::from_secs(5), "{told:?}");
    assert_eq!(listening(&mut owner).await, 1);
    // The pools' connections, and this test's own.
    let all: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity where datname = current_database()",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!(all <= 16 + 12 + 4 + 1 + 1, "{all} connections");
}
