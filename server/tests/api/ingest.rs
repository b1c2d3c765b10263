//! The ingest API.

use std::io::Write as _;

use async_compression::tokio::write::{GzipEncoder, ZstdEncoder};
use reqwest::{RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::harness::App;

fn entry(customer: &str, action: &str) -> Value {
    json!({ "customer_id": customer, "user": "Ana", "action": action })
}

fn with_id(customer: &str, id: &str) -> Value {
    json!({ "customer_id": customer, "user": "Ana", "action": "Did it", "id": id })
}

struct Sender {
    app: App,
    key: String,
}

impl Sender {
    async fn start() -> Self {
        let app = App::start().await;
        let key = app.write_key().await;
        Self { app, key }
    }

    fn post(&self, kind: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.app.post("/api/v1/logs").bearer_auth(&self.key);
        request.header(header::CONTENT_TYPE, kind).body(body)
    }

    async fn json(&self, body: &Value) -> (StatusCode, Value) {
        answer(self.post("application/json", body.to_string()).send().await.unwrap()).await
    }

    async fn text(&self, body: impl Into<reqwest::Body>) -> (StatusCode, Value) {
        answer(self.post("application/json", body).send().await.unwrap()).await
    }

    /// `customer_id` and `seq` of all entries, with their numbers' order checked.
    async fn entries(&self) -> Vec<(String, i64, String)> {
        let entries: Vec<(String, i64, String)> = sqlx::query_as(
            "select customer_id, seq, action from log_entry where customer_id <> 'platform'
             order by customer_id, seq",
        )
        .fetch_all(&mut self.app.owner().await)
        .await
        .unwrap();
        entries
    }
}

async fn answer(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

#[tokio::test]
async fn one_object_is_recorded_with_all_that_it_says() {
    let sender = Sender::start().await;
    let item = json!({
        "customer_id": "20401", "id": "e-1", "action": "Changed limit",
        "user": { "id": "u-7", "name": "Ana Leal", "kind": "operator" },
        "related_operation": "limit #3", "impacted_table": "limits", "source": "UI",
        "app_instance": "web-1", "request_path": "PATCH /limits/3",
        "occurred_at": "2026-03-12T11:22:31.5-03:00",
        "detail": { "before": { "limit": 1 }, "after": { "limit": 2.5 } },
    });
    let (status, answer) = sender.json(&item).await;
    assert_eq!(status, StatusCode::OK);
    let recorded = json!({ "status": "recorded", "customer_id": "20401", "seq": 1 });
    assert_eq!(
        answer,
        json!({ "recorded": 1, "duplicate": 0, "rejected": 0, "results": [recorded] })
    );

    let key = sender.app.key().await;
    let page =
        sender.app.get("/api/v1/customers/20401/logs?sort=created_at&dir=asc").bearer_auth(key);
    let page: Value = page.send().await.unwrap().json().await.unwrap();
    let entry = &page["entries"][0];
    for (name, value) in item.as_object().unwrap() {
        let shown = match name.as_str() {
            "customer_id" | "id" => continue,
            "user" => json!("Ana Leal"),
            "occurred_at" => json!("2026-03-12T14:22:31.500000Z"),
            _ => value.clone(),
        };
        assert_eq!(entry[name], shown, "{name}");
    }
    assert_eq!(entry["user_id"], "u-7");
    assert_eq!(entry["user_kind"], "operator");
    assert!(entry["api_key_id"].is_i64());
}

#[tokio::test]
async fn of_an_array_the_good_are_recorded_and_the_bad_are_pointed_at() {
    let sender = Sender::start().await;
    let bad = json!({ "customer_id": "1", "user": { "name": "" }, "action": "x" });
    let (status, answer) =
        sender.json(&json!([entry("1", "a"), bad, entry("2", "b"), 7, entry("1", "c")])).await;
    assert_eq!(status, StatusCode::MULTI_STATUS);
    let results = answer["results"].as_array().unwrap();
    let statuses: Vec<_> =
        results.iter().map(|result| result["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["recorded", "rejected", "recorded", "rejected", "recorded"]);
    assert_eq!(results[1]["pointer"], "/user/name");
    assert_eq!(results[3]["pointer"], "");
    assert_eq!(results[4]["seq"], 2);
    assert_eq!((&answer["recorded"], &answer["rejected"]), (&json!(3), &json!(2)));
    assert_eq!(sender.entries().await.len(), 3);
    let (status, _) = sender.json(&json!([bad])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn lines_are_answered_by_lines() {
    let sender = Sender::start().await;
    let body =
        format!("{}\n\n{}\r\nno json\n{}", entry("1", "a"), with_id("1", "x"), with_id("1", "x"));
    let response = sender.post("application/x-ndjson; charset=utf-8", body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::MULTI_STATUS);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/x-ndjson");
    let text = response.text().await.unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let statuses: Vec<_> = lines.iter().map(|line| line["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["recorded", "recorded", "rejected", "duplicate"]);
    assert_eq!(lines[3]["seq"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_stream_is_recorded_in_chunks_in_order_and_each_line_is_answered() {
    let sender = Sender::start().await;
    let lines: String = (0..5_500).map(|n| format!("{}\n", entry("1", &format!("{n}")))).collect();
    let response = sender.post("application/x-ndjson", lines).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::MULTI_STATUS);
    let text = response.text().await.unwrap();
    for (at, line) in text.lines().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["seq"], at + 1);
    }
    let entries = sender.entries().await;
    assert_eq!(entries.len(), 5_500);
    assert!(entries.iter().enumerate().all(|(at, (_, _, action))| *action == at.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_the_first_lines_comes_while_the_stream_is_still_open() {
    let sender = Sender::start().await;
    let (mut writer, reader) = tokio::io::duplex(64 * 1024);
    let body = reqwest::Body::wrap_stream(tokio_util::io::ReaderStream::new(reader));
    let first = format!("{}\n", entry("1", "a"));
    writer.write_all(first.as_bytes()).await.unwrap();
    let mut response = sender.post("application/x-ndjson", body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::MULTI_STATUS);
    let chunk = response.chunk().await.unwrap().unwrap();
    assert!(chunk.starts_with(br#"{"status":"recorded""#), "{chunk:?}");
    writer.write_all(format!("{}\n", entry("1", "b")).as_bytes()).await.unwrap();
    drop(writer);
    let chunk = response.chunk().await.unwrap().unwrap();
    assert!(chunk.ends_with(b"\"seq\":2}\n"), "{chunk:?}");
    assert_eq!(response.chunk().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_recorded_once_however_many_send_it_at_once() {
    let sender = std::sync::Arc::new(Sender::start().await);
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..12 {
        let sender = std::sync::Arc::clone(&sender);
        clients.spawn(async move {
            // The same ids, in another order.
            let ids = (0..40).map(|n| with_id("1", &format!("{}", (n * 7 + client) % 40)));
            sender.json(&Value::Array(ids.collect())).await
        });
    }
    let (mut recorded, mut seqs) = (0, std::collections::BTreeMap::new());
    while let Some(answered) = clients.join_next().await {
        let (status, answer) = answered.unwrap();
        assert_eq!(status, StatusCode::OK, "{answer}");
        recorded += answer["recorded"].as_u64().unwrap();
        assert_eq!(answer["rejected"], 0);
        let all = answer["results"].as_array().unwrap();
        *seqs
            .entry(
                all.iter()
                    .map(|r| r["seq"].as_u64().unwrap())
                    .collect::<std::collections::BTreeSet<_>>(),
            )
            .or_insert(0) += 1;
    }
    assert_eq!(recorded, 40);
    assert_eq!(seqs.len(), 1, "everybody is told the same numbers");
    assert_eq!(sender.entries().await.len(), 40);
}

#[tokio::test]
async fn another_entry_under_the_same_id_is_rejected_and_the_first_stays() {
    let sender = Sender::start().await;
    sender.json(&with_id("1", "x")).await;
    let (status, answer) = sender.json(&with_id("1", "x")).await;
    assert_eq!((status, &answer["results"][0]["status"]), (StatusCode::OK, &json!("duplicate")));
    let mut other = with_id("1", "x");
    other["action"] = json!("Did something else");
    let (status, answer) = sender.json(&other).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer["results"][0]["pointer"], "/id");
    // Another customer's ids are their own.
    let (_, answer) = sender.json(&with_id("2", "x")).await;
    assert_eq!(answer["results"][0]["status"], "recorded");
    let entries = sender.entries().await;
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].2, "Did it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_an_idempotency_key_does_its_work_once() {
    let sender = Sender::start().await;
    let send = |body: String, key: &str| {
        let request = sender.post("application/json", body).header("Idempotency-Key", key);
        async { request.send().await.unwrap() }
    };
    let body = json!([entry("1", "a"), entry("1", "b"), 7]).to_string();
    let (one, two) = tokio::join!(send(body.clone(), "k"), send(body.clone(), "k"));
    let replayed = [&one, &two].map(|answer| answer.headers().contains_key("idempotent-replayed"));
    assert_eq!(replayed.iter().filter(|replayed| **replayed).count(), 1);
    assert_eq!(answer(one).await, answer(two).await);
    assert_eq!(sender.entries().await.len(), 2);
    let (status, problem) = answer(send(entry("1", "c").to_string(), "k").await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["title"], "Unprocessable Entity");

    sqlx::query("update ingest_answer set created_at = now() - interval '25 hours'")
        .execute(&mut sender.app.owner().await)
        .await
        .unwrap();
    let (status, _) = answer(send(body, "k").await).await;
    assert_eq!(status, StatusCode::MULTI_STATUS);
    assert_eq!(sender.entries().await.len(), 4);
}

#[tokio::test]
async fn a_customer_nobody_knew_is_there_and_marked_until_somebody_describes_them() {
    let sender = Sender::start().await;
    sender.json(&entry("new.1", "a")).await;
    let session = sender.app.session(app::session::viewer::Role::Operator).await;
    let list = async || {
        let list = sender.app.get("/customers?q=new.1").header(header::COOKIE, &session);
        list.send().await.unwrap().text().await.unwrap()
    };
    assert!(list().await.contains("Not described yet"));
    let put = async |body: &str| {
        let put = sender.app.put("/api/v1/customers/new.1").bearer_auth(&sender.key);
        put.body(body.to_owned()).send().await.unwrap().status()
    };
    assert_eq!(put(r#"{"name":"Padaria Nova","type":"business"}"#).await, StatusCode::OK);
    assert!(!list().await.contains("Not described yet"));
    let entries = sender.entries().await.len();
    // The same again changes nothing, and leaves nothing.
    assert_eq!(put(r#"{"name":"Padaria Nova"}"#).await, StatusCode::OK);
    assert_eq!(sender.entries().await.len(), entries);
    for bad in [
        r#"{"name":" "}"#,
        r#"{}"#,
        r#"{"name":"a","name":"b"}"#,
        r#"{"name":"a","x":1}"#,
        "[]",
        "{",
    ] {
        assert_eq!(put(bad).await, StatusCode::BAD_REQUEST, "{bad}");
    }
    let other = sender.app.put("/api/v1/customers/brand-new").bearer_auth(&sender.key);
    let other = other.body(r#"{"name":"Brand New","daily_limit":500}"#).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn only_keys_that_may_write_record() {
    let sender = Sender::start().await;
    let body = entry("1", "a").to_string();
    let post = |key: Option<String>| {
        let post = sender.app.post("/api/v1/logs").body(body.clone());
        let post = post.header(header::CONTENT_TYPE, "application/json");
        match key {
            Some(key) => post.bearer_auth(key),
            None => post,
        }
    };
    let status = async |request: RequestBuilder| request.send().await.unwrap().status();
    assert_eq!(status(post(None)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(post(Some("cl_guess".into()))).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(post(Some(sender.app.key().await))).await, StatusCode::FORBIDDEN);
    let session = sender.app.session(app::session::viewer::Role::Operator).await;
    let by_session = post(None).header(header::COOKIE, session);
    assert_eq!(status(by_session).await, StatusCode::FORBIDDEN);
    let read = sender.app.get("/api/v1/customers/1/logs").bearer_auth(&sender.key);
    assert_eq!(status(read).await, StatusCode::FORBIDDEN);
    assert!(sender.entries().await.is_empty());
}

async fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(bytes).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

async fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZstdEncoder::new(Vec::new());
    encoder.write_all(bytes).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

#[tokio::test]
async fn bodies_come_compressed_too_and_a_bomb_is_turned_away() {
    let sender = Sender::start().await;
    let send = async |encoding: &str, body: Vec<u8>| {
        let request = sender.post("application/json", body);
        answer(request.header(header::CONTENT_ENCODING, encoding).send().await.unwrap()).await.0
    };
    let body = entry("1", "a").to_string();
    assert_eq!(send("gzip", gzip(body.as_bytes()).await).await, StatusCode::OK);
    assert_eq!(send("zstd", zstd(body.as_bytes()).await).await, StatusCode::OK);
    assert_eq!(send("br", vec![1]).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send("gzip", body.clone().into_bytes()).await, StatusCode::BAD_REQUEST);
    let mut cut_off = gzip(body.as_bytes()).await;
    cut_off.truncate(cut_off.len() - 9);
    assert_eq!(send("gzip", cut_off).await, StatusCode::BAD_REQUEST);
    // 256 MiB of spaces in some hundred thousand bytes, and in a few.
    let spaces = vec![b' '; 256 * 1024 * 1024];
    assert_eq!(send("gzip", gzip(&spaces).await).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send("zstd", zstd(&spaces).await).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(sender.entries().await.len(), 2);
}

#[tokio::test]
async fn what_is_malformed_is_a_clear_4xx_and_nothing_of_it_is_recorded() {
    let sender = Sender::start().await;
    let item = |field: &str| format!(r#"{{"customer_id":"1","user":"a","action":"b",{field}}}"#);
    let deep = format!(r#""detail":{{"a":{}1{}}}"#, "[".repeat(100), "]".repeat(100));
    let bodies: Vec<(Vec<u8>, StatusCode)> = vec![
        (b"".to_vec(), StatusCode::BAD_REQUEST),
        (b"{".to_vec(), StatusCode::BAD_REQUEST),
        (b"7".to_vec(), StatusCode::BAD_REQUEST),
        (br#"[{"customer_id":"1","user":"a","action":"b"}"#.to_vec(), StatusCode::BAD_REQUEST),
        (
            b"{\"customer_id\":\"1\",\"user\":\"a\x00\",\"action\":\"b\"}".to_vec(),
            StatusCode::BAD_REQUEST,
        ),
        (
            b"{\"customer_id\":\"1\",\"user\":\"\xff\",\"action\":\"b\"}".to_vec(),
            StatusCode::BAD_REQUEST,
        ),
        (vec![b'['; 1_000_000], StatusCode::BAD_REQUEST),
        (item(r#""user":"again""#).into_bytes(), StatusCode::UNPROCESSABLE_ENTITY),
        (
            item(r#""detail":{"n":9223372036854775808}"#).into_bytes(),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (item(r#""detail":{"n":1e999}"#).into_bytes(), StatusCode::UNPROCESSABLE_ENTITY),
        (item(&deep).into_bytes(), StatusCode::UNPROCESSABLE_ENTITY),
        (item(r#""id":7"#).into_bytes(), StatusCode::UNPROCESSABLE_ENTITY),
    ];
    for (body, expected) in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let (status, answer) = sender.text(body).await;
        assert_eq!(status, expected, "{shown}: {answer}");
    }
    let kind = sender.post("text/plain", entry("1", "a").to_string()).send().await.unwrap();
    assert_eq!(kind.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(sender.entries().await.is_empty());
}

#[tokio::test]
async fn a_body_that_stops_halfway_records_nothing_of_its_json() {
    let sender = Sender::start().await;
    let address = sender.app.base.strip_prefix("http://").unwrap();
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    let half = &entry("1", "a").to_string()[..20];
    let head = format!(
        "POST /api/v1/logs HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: 60\r\n\r\n{half}",
        sender.key
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.shutdown(std::net::Shutdown::Both).unwrap();
    // The next request is answered after it.
    assert_eq!(sender.json(&entry("2", "b")).await.0, StatusCode::OK);
    assert_eq!(sender.entries().await.len(), 1);
}

#[tokio::test]
async fn limits_are_told_and_kept() {
    let sender = Sender::start().await;
    let (status, problem) = sender.json(&Value::Array(vec![entry("1", "a"); 1_001])).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(problem["detail"].as_str().unwrap().contains("1,000 items or 8 MiB"), "{problem}");
    let large = vec![b' '; 8 * 1024 * 1024 + 1];
    assert_eq!(sender.text(large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(sender.json(&Value::Array(vec![entry("1", "a"); 1_000])).await.0, StatusCode::OK);
    let mut large = entry("1", "a");
    large["detail"] = json!({ "text": "x".repeat(65_536 - 11) });
    assert_eq!(sender.json(&large).await.0, StatusCode::OK);
    large["detail"] = json!({ "text": "x".repeat(65_536 - 10) });
    let (status, answer) = sender.json(&large).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer["results"][0]["pointer"], "/detail");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_is_taken_on_is_told_to_come_back_and_what_was_taken_on_is_recorded() {
    let sender = std::sync::Arc::new(Sender::start().await);
    sender.json(&entry("1", "first")).await;
    // The log's head is held: nothing of it can be recorded meanwhile.
    let mut owner = sender.app.owner().await;
    sqlx::raw_sql("begin; select from log_head where customer_id = '1' for update")
        .execute(&mut owner)
        .await
        .unwrap();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let sender = std::sync::Arc::clone(&sender);
        clients.spawn(async move {
            let batch = Value::Array(vec![entry("1", "a"); 1_000]);
            let response = sender.post("application/json", batch.to_string()).send().await.unwrap();
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                assert_eq!(response.headers()[header::RETRY_AFTER], "1");
            }
            response.status()
        });
    }
    let mut refused = 0;
    while refused < 10 {
        let status = clients.join_next().await.unwrap().unwrap();
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
        refused += 1;
    }
    sqlx::raw_sql("commit").execute(&mut owner).await.unwrap();
    while let Some(answered) = clients.join_next().await {
        assert_eq!(answered.unwrap(), StatusCode::OK);
    }
    assert_eq!(sender.entries().await.len(), 20_001);
}
