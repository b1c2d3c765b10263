//! Eight clients that send entries until each is acknowledged, whatever happens to the server.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use reqwest::{
    Client, RequestBuilder, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use crate::{audit::Places, harness};

/// How many entries are sent in all.
pub(crate) const ENTRIES: usize = 20_000;
const CLIENTS: usize = 8;
/// The first three are described before they are acted on; the others come with their first entry.
pub(crate) const CUSTOMERS: [&str; 5] = ["1001", "1002", "1003", "acme:berlin", "acme:lisbon"];
const USERS: [&str; 4] = ["Helena Prado", "Zoë Álvares", "Nightly settlement", "ana"];
const TABLES: [&str; 4] = ["cards", "limits", "beneficiaries", ""];
/// How long a client that was sent away, or found nobody, is away.
const BREAK: Duration = Duration::from_millis(25);

/// What the clients have in common.
pub(crate) struct Load {
    client: Client,
    base: String,
    key: String,
    /// Whether the server itself may be away, and not only its database.
    server_may_be_away: bool,
    acknowledged: watch::Sender<usize>,
    sent_away: AtomicUsize,
}

/// An answer that is one.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// How a batch is sent.
#[derive(Debug)]
enum Way {
    Array,
    Lines,
    /// The same batch again has the same key.
    Keyed(String),
}

impl Load {
    pub(crate) fn new(base: String, key: String, server_may_be_away: bool) -> Arc<Self> {
        Arc::new(Self {
            client: harness::client(),
            base,
            key,
            server_may_be_away,
            acknowledged: watch::Sender::new(0),
            sent_away: AtomicUsize::new(0),
        })
    }

    /// How many entries are acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        *self.acknowledged.borrow()
    }

    /// Waits until so many are.
    pub(crate) async fn until_acknowledged(&self, entries: usize) {
        let mut acknowledged = self.acknowledged.subscribe();
        acknowledged.wait_for(|so_far| *so_far >= entries).await.unwrap();
    }

    /// How often somebody was told to come back later.
    pub(crate) fn sent_away(&self) -> usize {
        self.sent_away.load(Ordering::Relaxed)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    /// The answer; nothing where there is none, or it says to come back. That takes a while, then.
    pub(crate) async fn answer(&self, request: RequestBuilder) -> Option<Answer> {
        let answer = match self.try_answer(request).await {
            Ok(answer) => answer,
            Err(_) if self.server_may_be_away => None,
            Err(error) => panic!("the server has to stay there: {error:?}"),
        };
        if answer.is_none() {
            tokio::time::sleep(BREAK).await;
        }
        answer
    }

    async fn try_answer(&self, request: RequestBuilder) -> reqwest::Result<Option<Answer>> {
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.text().await?;
        if [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&status) {
            assert!(headers.contains_key(RETRY_AFTER), "{status} without Retry-After: {body}");
            self.sent_away.fetch_add(1, Ordering::Relaxed);
            return Ok(None);
        }
        assert!(!status.is_server_error(), "{status}: {body}");
        Ok(Some(Answer { status, headers, body }))
    }

    /// Adds the customers that are acted on, with a daily limit of 100.00.
    pub(crate) async fn describe_customers(&self) {
        for id in &CUSTOMERS[..3] {
            let described = json!({ "name": format!("Customer {id}"), "daily_limit": 10_000 });
            let request = self.client.put(format!("{}/api/v1/customers/{id}", self.base));
            let request = request.header(AUTHORIZATION, self.bearer()).json(&described);
            let answer = self.answer(request).await.expect("the server is there at first");
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        }
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.key)
    }

    /// Sends entries; gives what became of the first of them, which may be all or none.
    async fn send(&self, entries: &[Value], way: &Way) -> Vec<Value> {
        let request = self.post("/api/v1/logs").header(AUTHORIZATION, self.bearer());
        let request = match way {
            Way::Array => request.json(entries),
            Way::Keyed(key) => request.header("Idempotency-Key", key).json(entries),
            Way::Lines => {
                let lines: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
                request.header(CONTENT_TYPE, "application/x-ndjson").body(lines)
            }
        };
        let Some(answer) = self.answer(request).await else { return Vec::new() };
        // A stream says 200 only where all of it is answered at once.
        let taken = [200, 207].contains(&answer.status.as_u16());
        assert!(taken, "{}: {}", answer.status, answer.body);
        let results: Vec<Value> = match way {
            Way::Lines => {
                let lines = answer.body.lines().map(serde_json::from_str);
                lines.collect::<Result<_, _>>().unwrap()
            }
            Way::Array | Way::Keyed(_) => {
                let body: Value = serde_json::from_str(&answer.body).unwrap();
                body["results"].as_array().unwrap().clone()
            }
        };
        // The rest of a stream that broke off is not acknowledged.
        results.into_iter().take_while(|result| result["status"] != "failed").collect()
    }
}

/// Sends all entries from all clients; gives where each was said to stand.
pub(crate) async fn send_all(load: &Arc<Load>, seed: u64) -> Places {
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let rng = ChaCha8Rng::seed_from_u64(seed * 100 + number as u64);
        clients.spawn(send_as(Arc::clone(load), number, rng));
    }
    let mut places = Places::new();
    while let Some(of_client) = clients.join_next().await {
        places.extend(of_client.unwrap());
    }
    assert_eq!(places.len(), ENTRIES);
    places
}

async fn send_as(load: Arc<Load>, client: usize, mut rng: ChaCha8Rng) -> Places {
    let mut places = Places::new();
    let mut waiting: VecDeque<Value> =
        (0..ENTRIES / CLIENTS).map(|n| entry(&mut rng, format!("{client}-{n}"))).collect();
    while !waiting.is_empty() {
        let size = rng.random_range(1..=100).min(waiting.len());
        let batch: Vec<Value> = waiting.iter().take(size).cloned().collect();
        let way = match rng.random_range(0..4) {
            0 => Way::Lines,
            1 => Way::Keyed(Uuid::now_v7().to_string()),
            _ => Way::Array,
        };
        let mut results = load.send(&batch, &way).await;
        // Otherwise what comes again comes in another batch.
        while results.is_empty() && matches!(way, Way::Keyed(_)) {
            results = load.send(&batch, &way).await;
        }
        note(&mut places, &batch, &results);
        waiting.drain(..results.len());
        load.acknowledged.send_modify(|acknowledged| *acknowledged += results.len());
        // Some do not believe it.
        if rng.random_range(0..10) == 0 {
            let again = load.send(&batch[..results.len()], &Way::Array).await;
            assert!(again.iter().all(|result| result["status"] == "duplicate"), "{again:?}");
            note(&mut places, &batch, &again);
        }
    }
    places
}

/// Remembers where the first of the entries were said to stand, which is where they were said to stand before.
fn note(places: &mut Places, entries: &[Value], results: &[Value]) {
    for (entry, result) in entries.iter().zip(results) {
        assert!(["recorded", "duplicate"].map(Value::from).contains(&result["status"]), "{result}");
        assert_eq!(result["customer_id"], entry["customer_id"]);
        let id = entry["id"].as_str().unwrap();
        let customer_id = entry["customer_id"].as_str().unwrap();
        let place = (customer_id.to_owned(), result["seq"].as_i64().unwrap());
        let before = places.insert(id.to_owned(), place.clone());
        assert!(
            before.is_none_or(|before| before == place),
            "{id} stood elsewhere before {result}"
        );
    }
}

/// An entry whose action is its id: the log does not show the ids themselves.
fn entry(rng: &mut ChaCha8Rng, id: String) -> Value {
    json!({
        "id": id,
        "customer_id": CUSTOMERS.choose(rng),
        "user": { "name": USERS.choose(rng), "kind": "operator" },
        "action": id,
        "related_operation": format!("card #{}", rng.random_range(0..50)),
        "impacted_table": TABLES.choose(rng),
        "app_instance": "cards-1",
        "request_path": "POST /cards/1/block",
        "occurred_at": "2026-03-04T05:06:07.000008Z",
        "detail": { "before": null, "after": { "blocked": rng.random_range(0..2) } },
    })
}
