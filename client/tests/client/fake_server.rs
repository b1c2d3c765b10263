//! The ingest API, without a database behind it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Instant,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch};

pub(crate) const KEY: &str = "cl_test";

/// An entry with this action is rejected.
pub(crate) const BAD: &str = "Something bad";

pub(crate) struct FakeServer {
    pub(crate) url: String,
    log: Arc<Log>,
}

/// A request as it came.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) entries: usize,
}

struct Log {
    most_entries: usize,
    /// Answers to give before any is thought about.
    planned: Mutex<VecDeque<Response>>,
    seen: Mutex<Vec<Seen>>,
    recorded: Mutex<Recorded>,
    /// How many requests came.
    requests: watch::Sender<usize>,
    /// Whether requests are answered; until then they wait.
    open: watch::Sender<bool>,
}

#[derive(Default)]
struct Recorded {
    entries: Vec<Value>,
    /// Where in `entries` each id is.
    ids: HashMap<String, usize>,
}

impl FakeServer {
    pub(crate) async fn start() -> Self {
        Self::with_limit(1000).await
    }

    /// One that finds more entries than these too large.
    pub(crate) async fn with_limit(most_entries: usize) -> Self {
        let log = Arc::new(Log {
            most_entries,
            planned: Mutex::default(),
            seen: Mutex::default(),
            recorded: Mutex::default(),
            requests: watch::Sender::new(0),
            open: watch::Sender::new(true),
        });
        let app = Router::new()
            .route("/api/v1/logs", post(ingest))
            .layer(DefaultBodyLimit::max(8 << 20))
            .with_state(log.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, log }
    }

    /// Lets requests wait for their answers.
    pub(crate) fn hold(&self) {
        self.log.open.send_replace(false);
    }

    pub(crate) fn release(&self) {
        self.log.open.send_replace(true);
    }

    /// What to answer to the next request that has no answer planned.
    pub(crate) fn plan(&self, answer: impl IntoResponse) {
        self.log.planned.lock().unwrap().push_back(answer.into_response());
    }

    /// Waits until so many requests have come.
    pub(crate) async fn came(&self, requests: usize) {
        let mut count = self.log.requests.subscribe();
        super::soon(count.wait_for(|count| *count >= requests)).await.unwrap();
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.log.seen.lock().unwrap().clone()
    }

    /// How many entries each request had.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        self.seen().iter().map(|request| request.entries).collect()
    }

    pub(crate) fn recorded(&self) -> Vec<Value> {
        self.log.recorded.lock().unwrap().entries.clone()
    }

    pub(crate) fn actions(&self) -> Vec<String> {
        let recorded = self.recorded();
        recorded.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    }
}

async fn ingest(State(log): State<Arc<Log>>, headers: HeaderMap, body: Bytes) -> Response {
    let items: Vec<Value> = serde_json::from_slice(&body).unwrap();
    log.seen.lock().unwrap().push(Seen { at: Instant::now(), entries: items.len() });
    log.requests.send_modify(|count| *count += 1);
    log.open.subscribe().wait_for(|open| *open).await.unwrap();

    if let Some(answer) = log.planned.lock().unwrap().pop_front() {
        return answer;
    }
    if headers.get(header::AUTHORIZATION).unwrap() != &format!("Bearer {KEY}") {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "title": "No key" }))).into_response();
    }
    assert_eq!(headers[header::CONTENT_TYPE], "application/json");
    if items.len() > log.most_entries {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let results: Vec<Value> = items.into_iter().map(|item| log.record(item)).collect();
    let rejected = results.iter().filter(|result| result["status"] == "rejected").count();
    let status = match rejected {
        0 => StatusCode::OK,
        all if all == results.len() => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::MULTI_STATUS,
    };
    (status, Json(json!({ "results": results }))).into_response()
}

impl Log {
    fn record(&self, item: Value) -> Value {
        if item["action"] == BAD {
            return json!({ "status": "rejected", "pointer": "/action", "reason": "bad" });
        }
        let id = item["id"].as_str().unwrap().to_owned();
        let mut recorded = self.recorded.lock().unwrap();
        match recorded.ids.get(&id) {
            Some(&seq) if recorded.entries[seq] == item => {
                json!({ "status": "duplicate", "customer_id": item["customer_id"], "seq": seq + 1 })
            }
            Some(_) => json!({ "status": "rejected", "pointer": "/id", "reason": "another body" }),
            None => {
                let seq = recorded.entries.len();
                let result = json!({ "status": "recorded", "customer_id": item["customer_id"], "seq": seq + 1 });
                recorded.ids.insert(id, seq);
                recorded.entries.push(item);
                result
            }
        }
    }
}
