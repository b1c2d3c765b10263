//! The JSON API.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use server::store::recorder::NewEntry;

use super::harness::{App, entry};

async fn get(app: &App, path: &str) -> (StatusCode, Value) {
    let key = app.key().await;
    let answer = app.get(path).bearer_auth(key).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_page_has_the_entries_and_where_they_stand() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[
        entry(&customer),
        NewEntry { related_operation: None, ..entry(&customer) },
        NewEntry { related_operation: Some(String::new()), ..entry(&customer) },
    ])
    .await;
    // What the page shows beside the three is that it was looked at.
    let (status, mut page) = get(&app, "/api/v1/customers/1/logs?per_page=10&q=helena").await;
    assert_eq!(status, StatusCode::OK);
    let entries = page["entries"].as_array_mut().unwrap();
    for entry in entries.iter_mut() {
        let at = entry["created_at"].take();
        let at = at.as_str().unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(at).is_ok(), "{at}");
        assert_eq!(at.len(), "2026-03-12T14:22:31.006412Z".len());
    }
    assert_eq!(
        entries[2],
        json!({
            "seq": 1, "created_at": null, "user": "Helena Prado", "user_id": null,
            "user_kind": "operator", "action": "Approved withdrawal",
            "related_operation": "Withdrawal 7", "impacted_table": "withdrawals", "source": "UI",
            "app_instance": "web-1", "request_path": "POST /withdrawals/7/approve", "occurred_at": null, "api_key_id": null,
            "detail": null
        })
    );
    assert_eq!(entries[1]["related_operation"], Value::Null, "absent");
    assert_eq!(entries[0]["related_operation"], "", "empty");
    page["entries"].take();
    let around = json!({
        "entries": null, "page": 1, "per_page": 10, "pages": 1, "total": {"value": 3, "exact": true},
        // Looking is recorded, too.
        "as_of": 4, "newest": 4
    });
    assert_eq!(page, around);
}

#[tokio::test]
async fn a_page_past_the_end_has_no_entries_and_the_true_number_of_pages() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let twelve = vec![entry(&customer); 12];
    app.record(&twelve).await;
    for number in ["3", "99999", "18446744073709551615"] {
        let path = format!("/api/v1/customers/1/logs?per_page=10&page={number}");
        let (status, page) = get(&app, &path).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(page["entries"], json!([]));
        assert_eq!(page["pages"], 2);
        assert_eq!(page["page"], number.parse::<u64>().unwrap());
    }
}

#[tokio::test]
async fn what_is_not_taken_is_answered_with_a_problem_that_names_it() {
    let app = App::start().await;
    app.add_customer("1").await;
    for (query, parameter) in [
        ("page=0", "page"),
        ("per_page=11", "per_page"),
        ("sort=created", "sort"),
        ("dir=down", "dir"),
        ("in=all", "in"),
        ("limit=5", "limit"),
        ("page=1&page=2", "page"),
    ] {
        for path in ["logs", "logs/export"] {
            let path = format!("/api/v1/customers/1/{path}?{query}");
            let answer = app.get(&path).bearer_auth(app.key().await).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
            let problem: Value = answer.json().await.unwrap();
            assert_eq!(problem["status"], 400);
            assert_eq!(problem["title"], "Bad Request");
            assert_eq!(problem["parameters"][0]["parameter"], parameter, "{path}");
            assert!(problem["detail"].as_str().unwrap().starts_with(parameter), "{path}");
        }
    }
    let (status, problem) = get(&app, "/api/v1/customers/1/entries").await;
    assert_eq!((status, &problem["status"]), (StatusCode::NOT_FOUND, &json!(404)));
    let posted = app.post("/api/v1/customers/1/logs").send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_server_function_takes_the_same_parameters() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer), NewEntry { user: "Ana".into(), ..entry(&customer) }]).await;
    let session = app.session(app::session::viewer::Role::Auditor).await;
    let ask = async |query: &str| {
        let query = app::query::query_string([("customer_id", "1"), ("query", query)]);
        let path = format!("/fn/log?{query}");
        app.get(&path).header(header::COOKIE, &session).send().await.unwrap()
    };
    let page: Value =
        ask("q=ana&in=user&sort=action&dir=asc&per_page=50").await.json().await.unwrap();
    assert_eq!(page["entries"].as_array().unwrap().len(), 1);
    assert_eq!(page["entries"][0]["user"], "Ana");
    assert_eq!(ask("per_page=11").await.status(), StatusCode::BAD_REQUEST);
}
