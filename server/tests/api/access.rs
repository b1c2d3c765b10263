//! Who may see what.

use app::{
    log::{
        query::{LogQuery, Search},
        sight::Sight,
    },
    session::viewer::{Role, Viewer},
};
use reqwest::{StatusCode, header};
use serde_json::json;
use server::{
    access::{Caller, Person},
    store::{Scope, entries::PastTheEnd, export::Extent, recorder::NewEntry},
};

use super::harness::{App, entry};

const PATHS: [&str; 11] = [
    "/customers/{}",
    "/customers/{}/logs",
    "/fn/log?customer_id={}",
    "/fn/log-tail?customer_id={}",
    "/fn/log-around?customer_id={}&view=facet%3Duser",
    "/fn/log-entry?customer_id={}&view=entry%3D1",
    "/fn/log-exports?customer_id={}&view=export%3D1",
    "/fn/log-completions?customer_id={}&text=user%3A&caret=5",
    "/fn/customer?customer_id={}",
    "/api/v1/customers/{}/logs",
    "/api/v1/customers/{}/logs/export?format=csv",
];

#[tokio::test]
async fn somebody_elses_customer_answers_exactly_like_one_that_does_not_exist() {
    let app = App::start().await;
    let (own, other) = (app.add_customer("1").await, app.add_customer("2").await);
    app.record(&[entry(&own), entry(&other)]).await;
    let session = app.session(Role::Customer(own)).await;
    for path in PATHS {
        let mut answers = Vec::new();
        for id in ["2", "9", "not'an'id"] {
            let answer = app
                .get(&path.replace("{}", id))
                .header(header::COOKIE, &session)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path} for {id}");
            let kind = answer.headers()[header::CONTENT_TYPE].clone();
            // A page names its own scripts with a fresh nonce each time.
            let text = answer.text().await.unwrap();
            let nonce = text.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
            let text = nonce.map_or(text.clone(), |nonce| text.replace(nonce, ""));
            answers.push((kind, text));
        }
        assert_eq!(answers[0], answers[1], "{path}");
        assert_eq!(answers[0], answers[2], "{path}");
    }
}

#[tokio::test]
async fn customers_see_their_own_log_and_are_led_to_it() {
    let app = App::start().await;
    let own = app.add_customer("1").await;
    app.record(&[entry(&own)]).await;
    let session = app.session(Role::Customer(own)).await;
    for path in &PATHS[1..] {
        let answer = app
            .get(&path.replace("{}", "1"))
            .header(header::COOKIE, &session)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
    // What the log says beyond its columns is for staff.
    app.record(&[NewEntry {
        detail: Some(json!({ "secret": 1 })),
        ..entry(&"1".parse().unwrap())
    }])
    .await;
    let page = app.get("/api/v1/customers/1/logs").header(header::COOKIE, &session);
    assert!(!page.send().await.unwrap().text().await.unwrap().contains("secret"));
    for path in ["/", "/customers", "/customers/1", "/sign-in"] {
        let answer = app.get(path).header(header::COOKIE, &session).send().await.unwrap();
        assert_eq!(super::harness::location(&answer), "/customers/1/logs", "{path}");
    }
    let list = app.get("/fn/customers").header(header::COOKIE, &session).send().await.unwrap();
    assert_eq!(list.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn staff_and_keys_see_every_log() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer)]).await;
    for role in [Role::Operator, Role::Auditor] {
        let session = app.session(role).await;
        for path in PATHS.iter().chain(&["/customers", "/fn/customers"]) {
            let path = path.replace("{}", "1");
            let answer = app.get(&path).header(header::COOKIE, &session).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
        }
    }
    let key = app.key().await;
    let answer = app.get("/api/v1/customers/1/logs").bearer_auth(&key).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn without_session_or_key_pages_lead_to_sign_in_and_the_api_says_401() {
    let app = App::start().await;
    app.add_customer("1").await;
    let page = app.get("/customers/1/logs?sort=user").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        super::harness::location(&page),
        "/sign-in?next=%2Fcustomers%2F1%2Flogs%3Fsort%3Duser"
    );
    for path in
        ["/fn/log?customer_id=1", "/api/v1/customers/1/logs", "/api/v1/customers/1/logs/export"]
    {
        let answer = app.get(path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    for request in [
        app.get("/api/v1/customers/1/logs").bearer_auth("cl_guess"),
        app.get("/api/v1/customers/1/logs").header(header::COOKIE, "session=guess"),
        // A key opens the API, and no page.
        app.get("/fn/log?customer_id=1").bearer_auth(app.key().await),
    ] {
        assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn with_the_check_removed_row_level_security_still_hides_other_customers() {
    let app = App::start().await;
    let (own, other) = (app.add_customer("1").await, app.add_customer("2").await);
    app.record(&[entry(&own), entry(&other)]).await;
    let viewer = Viewer { name: "A".into(), role: Role::Customer(own.clone()) };
    let caller = Caller::Person(Person { user_id: 1, viewer, sight: Sight::OWN, session: [0; 32] });
    // What access::admit would have refused.
    let scope = Scope::new(&caller, other.clone());
    let found = LogQuery {
        search: Search { text: "helena".into(), ..Search::default() },
        ..LogQuery::default()
    };
    for query in [LogQuery::default(), found] {
        assert_eq!(app.store.log_page(&scope, &query, PastTheEnd::Empty).await.unwrap(), None);
        let mut export = app.store.export(&scope, &query, Extent::Particulars).await.unwrap();
        let mut reading = export.read().await.unwrap();
        assert!(reading.next().await.unwrap().is_none(), "an export has a row");
    }
    assert_eq!(app.store.customer(&scope).await.unwrap(), None);

    // And behind those functions: no table shows a row of anybody else.
    for table in ["customer", "log_head", "log_entry", "log_value"] {
        let mut transaction = app.store.begin().await.unwrap();
        sqlx::query("set local app.customer = '1'").execute(&mut *transaction).await.unwrap();
        let statement =
            format!("select count(*), count(*) filter (where customer_id = '1') from {table}");
        let (all, mine): (i64, i64) = sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        assert_eq!((all, mine), (1, 1), "{table}");
    }
}
