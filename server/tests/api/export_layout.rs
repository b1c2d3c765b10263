//! The export's columns, and the zone of its clocks.

use chrono::{DateTime, NaiveDate, Utc};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::store::recorder::{NewEntry, Recorder};

use super::{
    export::{export, records},
    harness::{App, entry},
};

/// A log with an entry on each side of a jump of Lisbon's clocks.
pub(super) async fn around_a_jump() -> App {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let day = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
    app.store.make_months(day, Utc::now().date_naive()).await.unwrap();
    let entries = ["2026-03-29T00:59:59.999999Z", "2026-03-29T01:00:00.000001Z"]
        .map(|at| (at.parse::<DateTime<Utc>>().unwrap(), entry(&customer)));
    let mut transaction = app.store.begin().await.unwrap();
    Recorder::new(&mut transaction).load(&entries).await.unwrap();
    transaction.commit().await.unwrap();
    app.store.count_on(&customer).await.unwrap();
    app
}

async fn times(app: &App, zone: &str) -> Vec<String> {
    let csv = export(app, &format!("&as_of=2&dir=asc&columns=created_at{zone}")).await;
    records(&csv).iter().map(|record| record[1].to_owned()).collect()
}

#[tokio::test]
async fn a_csv_has_the_clocks_of_the_zone_asked_for_and_how_far_they_are_from_utc_then() {
    let app = around_a_jump().await;
    let utc = ["2026-03-29T00:59:59.999999Z", "2026-03-29T01:00:00.000001Z"];
    assert_eq!(times(&app, "").await, utc);
    assert_eq!(times(&app, "&tz=UTC").await, utc);
    assert_eq!(
        times(&app, "&tz=Europe/Lisbon").await,
        ["2026-03-29T00:59:59.999999+00:00", "2026-03-29T02:00:00.000001+01:00"]
    );
    assert_eq!(
        times(&app, "&tz=America/Sao_Paulo").await,
        ["2026-03-28T21:59:59.999999-03:00", "2026-03-28T22:00:00.000001-03:00"]
    );
    // Lines of JSON are for programs.
    let path = "/api/v1/customers/1/logs/export?format=ndjson&as_of=2&tz=Europe/Lisbon&dir=asc";
    let answer = app.get(path).bearer_auth(app.key().await).send().await.unwrap();
    let lines = answer.text().await.unwrap();
    assert!(lines.lines().next().unwrap().contains("\"2026-03-29T00:59:59.999999Z\""), "{lines}");
}

#[tokio::test]
async fn a_file_has_the_columns_asked_for_in_their_order_after_the_number() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[
        NewEntry { user: "=1".into(), related_operation: None, ..entry(&customer) },
        NewEntry { user: String::new(), related_operation: Some("x,y".into()), ..entry(&customer) },
    ])
    .await;
    assert_eq!(
        export(&app, "&as_of=2&dir=asc&columns=source,user,related_operation").await,
        "seq,source,user,related_operation\r\n1,UI,'=1,\r\n2,UI,\"\",\"x,y\"\r\n"
    );
    let all =
        "created_at,user,action,related_operation,impacted_table,source,app_instance,request_path";
    let with_all = export(&app, &format!("&as_of=2&columns={all}&end=1")).await;
    assert_eq!(with_all, export(&app, "&as_of=2&end=1").await);

    // The last line has as many fields as the others, or the three that it needs.
    let last = async |columns: &str| {
        let csv = export(&app, &format!("&as_of=2&end=1&columns={columns}")).await;
        csv.lines().last().unwrap().split(',').map(str::len).collect::<Vec<_>>()
    };
    assert_eq!(last("user,action,source").await, [4, 1, 64, 0]);
    assert_eq!(last("user,action").await, [4, 1, 64]);
    assert_eq!(last("user").await, [4, 1, 64]);

    let path = "/api/v1/customers/1/logs/export?format=ndjson&as_of=2&dir=asc&columns=related_operation,user";
    let answer = app.get(path).bearer_auth(app.key().await).send().await.unwrap();
    assert_eq!(
        answer.text().await.unwrap(),
        "{\"seq\":1,\"related_operation\":null,\"user\":\"=1\"}\n\
         {\"seq\":2,\"related_operation\":\"x,y\",\"user\":\"\"}\n"
    );
}

#[tokio::test]
async fn the_log_says_in_which_format_and_columns_it_was_taken_away() {
    let app = App::start().await;
    app.add_customer("1").await;
    for query in
        ["format=xlsx&columns=user,action&tz=Europe/Lisbon&q=ana", "format=ndjson", "columns=user"]
    {
        let path = format!("/api/v1/customers/1/logs/export?{query}");
        let answer = app.get(&path).bearer_auth(app.key().await).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.bytes().await.unwrap();
    }
    let said: Vec<Value> = sqlx::query_scalar::<_, String>(
        "select detail::text from log_entry where action = 'Exported log' order by seq",
    )
    .fetch_all(&mut app.owner().await)
    .await
    .unwrap()
    .iter()
    .map(|detail| serde_json::from_str(detail).unwrap())
    .collect();
    let columns = json!(["user", "action"]);
    assert_eq!(
        said,
        [
            json!({ "format": "xlsx", "columns": columns, "query": "q=ana&tz=Europe%2FLisbon" }),
            json!({ "format": "ndjson", "query": "" }),
            json!({ "format": "csv", "columns": ["user"], "query": "" }),
        ]
    );
}
