//! Acting on accounts: what is done, who may, and what the logs say of it.

use app::{customer::id::CustomerId, session::viewer::Role};
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};
use server::schedule;

use super::harness::{App, PASSWORD, location};

/// An entry as its log has it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Said {
    pub(crate) user: String,
    pub(crate) action: String,
    pub(crate) related_operation: Option<String>,
    pub(crate) impacted_table: String,
    pub(crate) source: String,
    pub(crate) app_instance: String,
    pub(crate) request_path: String,
    pub(crate) detail: Option<sqlx::types::Json<Value>>,
}

/// What a log says after its first `seen` entries.
pub(crate) async fn said(app: &App, customer_id: &str, seen: usize) -> Vec<Said> {
    sqlx::query_as(
        r#"select "user", action, related_operation, impacted_table, source, app_instance,
                  request_path, detail
           from log_entry where customer_id = $1 and seq > $2 order by seq"#,
    )
    .bind(customer_id)
    .bind(seen as i64)
    .fetch_all(&mut app.owner().await)
    .await
    .unwrap()
}

fn actions(said: &[Said]) -> Vec<(&str, &str)> {
    said.iter().map(|said| (said.action.as_str(), said.impacted_table.as_str())).collect()
}

/// Sends a form as the owner of `session`.
pub(crate) async fn send(app: &App, session: &str, path: &str, form: &[(&str, &str)]) -> Response {
    app.post(path)
        .header(header::COOKIE, session)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(app::query::query_string(form.iter().copied()))
        .send()
        .await
        .unwrap()
}

/// Sends a form that is taken, and gives the address that it leads to.
pub(crate) async fn done(app: &App, session: &str, path: &str, form: &[(&str, &str)]) -> String {
    let answer = send(app, session, path, form).await;
    let status = answer.status();
    if status != StatusCode::SEE_OTHER {
        panic!("{path} {form:?}: {status}: {}", answer.text().await.unwrap());
    }
    location(&answer).to_owned()
}

/// Performs an operation, and gives its number.
pub(crate) async fn perform(
    app: &App,
    session: &str,
    id: &CustomerId,
    kind: &str,
    amount: &str,
    to: &str,
) -> i64 {
    let form = [("kind", kind), ("amount", amount), ("counterparty", to), ("note", "")];
    let path = done(app, session, &format!("/customers/{id}/operations"), &form).await;
    path.rsplit('/').next().unwrap().parse().unwrap()
}

const ANA: [(&str, &str); 9] = [
    ("customer_id", "77"),
    ("currency", "EUR"),
    ("name", "Ana Leal"),
    ("customer_type", "person"),
    ("status", "active"),
    ("email", "ana@example.com"),
    ("document", "123"),
    ("daily_limit", "1,000.00"),
    ("tags", "vip"),
];

fn ana_but(field: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    ANA.into_iter().map(|(name, was)| (name, if name == field { value } else { was })).collect()
}

#[tokio::test]
async fn a_customer_is_added_once_and_their_log_begins_with_it() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    assert_eq!(done(&app, &session, "/new-customer", &ANA).await, "/customers/77");
    let again = send(&app, &session, "/new-customer", &ANA).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(again.text().await.unwrap().contains("There is a customer with this number already."));

    let said = said(&app, "77", 0).await;
    assert_eq!(actions(&said), [("Added customer", "customer")]);
    assert_eq!(said[0].source, "UI");
    assert_eq!(said[0].app_instance, "test-1");
    assert_eq!(said[0].request_path, "POST /new-customer");
    let detail = said[0].detail.as_ref().unwrap();
    assert_eq!(detail["before"], Value::Null);
    assert_eq!(detail["after"]["daily_limit"], "1,000.00 EUR");
}

#[tokio::test]
async fn a_change_is_recorded_with_the_fields_that_changed_and_no_others() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    done(&app, &session, "/new-customer", &ANA).await;
    let limit = ana_but("daily_limit", "250.50");
    done(&app, &session, "/customers/77/settings", &limit).await;
    // The same again changes nothing, and says nothing.
    done(&app, &session, "/customers/77/settings", &limit).await;
    done(&app, &session, "/customers/77/block", &[]).await;
    done(&app, &session, "/customers/77/unblock", &[]).await;

    let said = said(&app, "77", 1).await;
    let expected = ["Changed daily limit", "Blocked customer", "Unblocked customer"];
    assert_eq!(actions(&said), expected.map(|action| (action, "customer")));
    let detail = &said[0].detail.as_ref().unwrap().0;
    let only = json!({
        "before": { "daily_limit": "1,000.00 EUR" },
        "after": { "daily_limit": "250.50 EUR" },
    });
    assert_eq!(*detail, only);
}

#[tokio::test]
async fn a_form_with_faults_is_shown_again_with_what_was_typed_and_nothing_is_recorded() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    let bad = send(&app, &session, "/new-customer", &ana_but("email", "<ana>")).await;
    assert_eq!(bad.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = bad.text().await.unwrap();
    assert!(page.contains("Write an address such as name@example.com"));
    assert!(page.contains(r#"value="&lt;ana&gt;""#) && page.contains(r#"value="Ana Leal""#));
    assert!(said(&app, "77", 0).await.is_empty());
}

#[tokio::test]
async fn only_operators_act_and_customers_see_nothing_of_it() {
    let app = App::start().await;
    let id = app.add_customer("1").await;
    let auditor = app.session(Role::Auditor).await;
    let own = app.session(Role::Customer(id.clone())).await;
    let before = said(&app, "1", 0).await.len();
    let form = [("kind", "deposit"), ("amount", "1")];
    for session in [&auditor, &own] {
        for path in [
            "/new-customer",
            "/customers/1/settings",
            "/customers/1/block",
            "/customers/1/operations",
        ] {
            let refused = send(&app, session, path, &form).await;
            assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
    for path in ["/customers/1/settings", "/customers/1/operations", "/customers/1/financial"] {
        let get = async |session: &str| {
            app.get(path).header(header::COOKIE, session).send().await.unwrap().status()
        };
        assert_eq!(get(&auditor).await, StatusCode::OK, "{path}");
        assert_eq!(get(&own).await, StatusCode::NOT_FOUND, "{path}");
    }
    let out = send(&app, "session=none", "/customers/1/operations", &form).await;
    assert_eq!(location(&out), "/sign-in?next=%2F");
    assert_eq!(said(&app, "1", before).await.len(), 0);
}

#[tokio::test]
async fn an_operation_leaves_one_entry_for_each_table_under_one_related_operation() {
    let app = App::start().await;
    let (a, b) = (app.add_customer("a").await, app.add_customer("b").await);
    let session = app.session(Role::Operator).await;
    let deposit = perform(&app, &session, &a, "deposit", "100.00", "").await;
    let of = |number: i64, kind: &str| Some(format!("{kind} #{number}"));

    let first = said(&app, "a", 0).await;
    assert_eq!(
        actions(&first),
        [
            ("Performed deposit", "operation"),
            ("Posted ledger line", "ledger_line"),
            ("Changed balances", "account")
        ]
    );
    assert!(first.iter().all(|said| said.related_operation == of(deposit, "deposit")));
    assert!(first.iter().all(|said| said.request_path == "POST /customers/a/operations"));
    let balances = &first[2].detail.as_ref().unwrap().0;
    assert_eq!(balances["after"], json!({ "available": 10_000, "outside": -10_000 }));

    let transfer = perform(&app, &session, &a, "transfer", "30", "b").await;
    let (sent, received) = (said(&app, "a", 3).await, said(&app, "b", 0).await);
    assert_eq!(sent[0].action, "Performed transfer");
    assert_eq!(received[0].action, "Received transfer");
    for said in sent.iter().chain(&received) {
        assert_eq!(said.related_operation, of(transfer, "transfer"));
    }

    let path = format!("/customers/a/operations/{transfer}/reverse");
    done(&app, &session, &path, &[]).await;
    let undone = said(&app, "b", 3).await;
    assert_eq!(undone[0].action, "Reversed transfer");
    assert_eq!(undone[0].request_path, format!("POST {path}"));
    assert_eq!(undone.len(), 4);
    let again = send(&app, &session, &path, &[]).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(again.text().await.unwrap().contains("was reversed already"));
    for (id, available) in [(&a, "100.00"), (&b, "0.00")] {
        let page = app.get(&format!("/customers/{id}/financial")).header(header::COOKIE, &session);
        let page = page.send().await.unwrap().text().await.unwrap();
        assert!(page.contains(&format!("<dd>{available}")), "{id}: {page}");
    }
}

#[tokio::test]
async fn a_withdrawal_over_the_daily_limit_takes_a_second_operator() {
    let app = App::start().await;
    let ana = app.session(Role::Operator).await;
    let bea = app.session(Role::Operator).await;
    done(&app, &ana, "/new-customer", &ANA).await;
    let id: CustomerId = "77".parse().unwrap();
    perform(&app, &ana, &id, "deposit", "5000", "").await;
    perform(&app, &ana, &id, "withdrawal", "900", "").await;
    // 900 are used of the day's 1,000.
    let number = perform(&app, &ana, &id, "withdrawal", "200", "").await;
    let path = format!("/customers/77/operations/{number}");
    let own = send(&app, &ana, &format!("{path}/approve"), &[]).await;
    assert_eq!(own.status(), StatusCode::CONFLICT);
    assert!(own.text().await.unwrap().contains("Another operator than the one"));
    let seen = said(&app, "77", 0).await.len();
    done(&app, &bea, &format!("{path}/approve"), &[]).await;
    let approved = said(&app, "77", seen).await;
    assert_eq!(approved[0].action, "Approved withdrawal");
    assert_eq!(
        approved[0].detail.as_ref().unwrap().0,
        json!({ "before": { "status": "requested" }, "after": { "status": "completed" } })
    );
    let late = send(&app, &bea, &format!("{path}/reject"), &[]).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);

    let other = perform(&app, &ana, &id, "withdrawal", "300", "").await;
    done(&app, &bea, &format!("/customers/77/operations/{other}/reject"), &[]).await;
    let page = app.get("/customers/77/financial").header(header::COOKIE, &ana);
    let page = page.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<dd>3,900.00"), "{page}");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_in_a_sentence_and_leaves_no_trace() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    done(&app, &session, "/new-customer", &ANA).await;
    let yen: Vec<_> = ana_but("currency", "JPY")
        .into_iter()
        .map(|(name, value)| match name {
            "customer_id" => (name, "yen"),
            "daily_limit" => (name, ""),
            _ => (name, value),
        })
        .collect();
    done(&app, &session, "/new-customer", &yen).await;
    app.add_customer("shut").await;
    done(&app, &session, "/customers/shut/block", &[]).await;
    let refusals = [
        ("77", "withdrawal", "", "There is not enough money available."),
        ("77", "transfer", "nobody", "There is no customer nobody."),
        ("77", "transfer", "yen", "is kept in another currency"),
        ("77", "transfer", "shut", "customer shut is not active"),
        ("77", "transfer", "platform", "There is no customer platform."),
        ("shut", "deposit", "", "customer shut is not active"),
    ];
    for (id, kind, to, sentence) in refusals {
        let form = [("kind", kind), ("amount", "5"), ("counterparty", to)];
        let path = format!("/customers/{id}/operations");
        let refused = send(&app, &session, &path, &form).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{kind} {to}");
        let page = refused.text().await.unwrap();
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
    assert_eq!(said(&app, "77", 1).await.len(), 0);
}

#[tokio::test]
async fn a_form_sent_twice_does_one_thing() {
    let app = App::start().await;
    let id = app.add_customer("1").await;
    let session = app.session(Role::Operator).await;
    let key = "0197a000-0000-7000-8000-000000000001";
    let form = [("kind", "deposit"), ("amount", "10"), ("form_key", key)];
    let path = format!("/customers/{id}/operations");
    let (first, second) =
        tokio::join!(done(&app, &session, &path, &form), done(&app, &session, &path, &form));
    assert_eq!(first, second);
    assert_eq!(said(&app, "1", 0).await.len(), 3);
}

#[tokio::test]
async fn looking_at_anothers_log_is_recorded_once_a_session_and_ones_own_is_not() {
    let app = App::start().await;
    let id = app.add_customer("1").await;
    let own = app.session(Role::Customer(id)).await;
    let seen = said(&app, "1", 0).await.len();
    let look = async |session: &str, path: &str| {
        let answer = app.get(path).header(header::COOKIE, session).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    };
    look(&own, "/customers/1/logs").await;
    assert_eq!(said(&app, "1", seen).await.len(), 0);
    for role in [Role::Operator, Role::Auditor] {
        let seen = said(&app, "1", 0).await.len();
        let session = app.session(role).await;
        for path in ["/customers/1/logs", "/customers/1/logs?page=2", "/fn/log?customer_id=1"] {
            look(&session, path).await;
        }
        let views = said(&app, "1", seen).await;
        assert_eq!(actions(&views), [("Viewed log", "log_entry")]);
        assert_eq!(views[0].request_path, "GET /customers/1/logs");
    }
}

#[tokio::test]
async fn signing_in_failing_to_and_exporting_stand_in_the_log() {
    let app = App::start().await;
    let id = app.add_customer("1").await;
    app.add_user("ana@example.com", Role::Customer(id)).await;
    app.add_user("eva@example.com", Role::Operator).await;
    app.sign_in("ana@example.com", "wrong").await;
    app.sign_in("nobody@example.com", "wrong").await;
    let session = super::harness::cookie(&app.sign_in("ana@example.com", PASSWORD).await).unwrap();
    let export = "/api/v1/customers/1/logs/export?q=ana";
    app.get(export).header(header::COOKIE, &session).send().await.unwrap();
    send(&app, &session, "/sign-out", &[]).await;
    app.sign_in("eva@example.com", PASSWORD).await;

    let own = said(&app, "1", 0).await;
    assert_eq!(
        actions(&own),
        [
            ("Added user", "app_user"),
            ("Failed to sign in", "session"),
            ("Signed in", "session"),
            ("Exported log", "log_entry"),
            ("Signed out", "session"),
        ]
    );
    assert_eq!(own[3].detail.as_ref().unwrap().0, json!({ "format": "csv", "query": "q=ana" }));
    assert_eq!(own[3].source, "UI");
    let everything = format!("{own:?}");
    assert!(!everything.contains(PASSWORD) && !everything.contains("argon2"), "{everything}");
    let platform = said(&app, "platform", 0).await;
    let expected =
        [("Added user", "app_user"), ("Failed to sign in", "session"), ("Signed in", "session")];
    assert_eq!(actions(&platform), expected);
    assert_eq!(platform[1].user, "nobody@example.com");
}

#[tokio::test]
async fn scheduled_work_is_recorded_as_the_systems() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    done(&app, &session, "/new-customer", &ANA).await;
    let id: CustomerId = "77".parse().unwrap();
    perform(&app, &session, &id, "deposit", "5000", "").await;
    let number = perform(&app, &session, &id, "withdrawal", "2000", "").await;
    let seen = said(&app, "77", 0).await.len();
    schedule::once(&app.store, "test-1").await.unwrap();
    assert_eq!(said(&app, "77", seen).await.len(), 0);

    sqlx::query("update operation set requested_at = now() - interval '8 days'")
        .execute(&mut app.owner().await)
        .await
        .unwrap();
    schedule::once(&app.store, "test-1").await.unwrap();
    let expired = said(&app, "77", seen).await;
    assert_eq!(expired[0].action, "Rejected withdrawal");
    assert_eq!(expired[0].related_operation, Some(format!("withdrawal #{number}")));
    assert!(
        expired.iter().all(|said| said.source == "System" && said.user == "Expiry of requests")
    );

    sqlx::query("update session set last_seen_at = now() - interval '2 hours'")
        .execute(&mut app.owner().await)
        .await
        .unwrap();
    let seen = said(&app, "platform", 0).await.len();
    schedule::once(&app.store, "test-1").await.unwrap();
    schedule::once(&app.store, "test-1").await.unwrap();
    let tidied = said(&app, "platform", seen).await;
    assert_eq!(actions(&tidied), [("Removed what is over", "session")]);
}
