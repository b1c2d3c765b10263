//! The ingest API: `POST /api/v1/logs`. Every item is answered for, in order, once it is durable.

use std::{fmt::Write as _, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    body::{Budget, Incoming},
    caller::Asked,
    problem::Problem,
    routes::Routes,
};
use crate::{
    ingest::{
        item,
        json::Fault,
        queue::{Queue, QueueError},
    },
    store::{
        Store, StoreError,
        ingest_answers::{self, Answer, Known},
        receive::{Receipt, Received},
        recorder::{RecordError, Recorder},
    },
    token::sha256_of,
};

/// The most items of a request, and the most lines of a stream that are recorded together.
pub const MOST: usize = 1_000;
/// How long lines of a stream wait for more to be recorded with.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest `Idempotency-Key`, in characters.
const LONGEST_KEY: usize = 255;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const LINES: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// The routes.
pub fn routes() -> Routes {
    Routes::new().post("/api/v1/logs", logs)
}

/// What items are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Lines,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum Outcome {
    Recorded { customer_id: String, seq: u64 },
    Duplicate { customer_id: String, seq: u64 },
    Rejected { pointer: String, reason: String },
}

/// What became of a request's items, in order.
#[derive(Debug, Serialize)]
struct Outcomes {
    recorded: usize,
    duplicate: usize,
    rejected: usize,
    results: Vec<Outcome>,
}

/// An item as it was read: to be recorded, or at fault.
type Read = Result<Received, Fault>;

/// `POST /api/v1/logs`
async fn logs(
    State(store): State<Store>,
    State(queue): State<Queue>,
    State(budget): State<Budget>,
    asked: Asked,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (key, _) = asked.writer()?;
    let key = key.key_id;
    let format = format(&headers)?;
    let mut incoming = Incoming::new(&headers, body, budget)?;
    if let Some(idempotency_key) = idempotency_key(&headers)? {
        let body = incoming.whole().await?;
        let items = match format {
            Format::Json => items_of_json(&body, key)?,
            Format::Lines => items_of_lines(&body, key)?,
        };
        return once(&store, key, idempotency_key, &body, format, items).await;
    }
    match format {
        Format::Json => {
            let body = incoming.whole().await?;
            let outcomes = record(&queue, items_of_json(&body, key)?).await?;
            Ok(answer(Format::Json, &outcomes))
        }
        Format::Lines => stream_of_lines(queue, incoming, key).await,
    }
}

fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/json" => Ok(Format::Json),
        "application/x-ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            Ok(Format::Lines)
        }
        _ => Err(Problem::MediaType),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let malformed = || {
        let takes = format!("Idempotency-Key takes 1 to {LONGEST_KEY} visible ASCII characters.");
        Problem::Malformed(takes)
    };
    key.map(Some).ok_or_else(malformed)
}

/// The items of an object, or of an array.
fn items_of_json(body: &[u8], key: i64) -> Result<Vec<Read>, Problem> {
    let malformed =
        |error: serde_json::Error| Problem::Malformed(format!("The body is no JSON: {error}."));
    let text = std::str::from_utf8(body)
        .map_err(|_| Problem::Malformed("The body is not UTF-8.".into()))?;
    match text.trim_start().chars().next() {
        Some('[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(malformed)?;
            if items.len() > MOST {
                return Err(Problem::Body);
            }
            Ok(items.into_iter().map(|item| item::read(item.get(), key)).collect())
        }
        Some('{') => {
            let item: &RawValue = serde_json::from_str(text).map_err(malformed)?;
            Ok(vec![item::read(item.get(), key)])
        }
        _ => Err(Problem::Malformed("The body takes an object or an array of objects.".into())),
    }
}

fn items_of_lines(body: &[u8], key: i64) -> Result<Vec<Read>, Problem> {
    let lines: Vec<_> = body
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .map(|line| read_line(String::from_utf8(line.to_vec()).ok(), key))
        .collect();
    match lines.len() {
        0 => Err(Problem::Malformed("The body has no lines.".into())),
        1..=MOST => Ok(lines),
        _ => Err(Problem::Body),
    }
}

fn read_line(line: Option<String>, key: i64) -> Read {
    let line = line.ok_or_else(|| Fault::new("", "the line is too long, or not UTF-8"))?;
    item::read(&line, key)
}

/// Records what can be recorded, and answers for each item.
async fn record(queue: &Queue, items: Vec<Read>) -> Result<Outcomes, QueueError> {
    let (good, places) = sort_out(items);
    let customers = customers(&good);
    let receipts = queue.record(good).await?;
    Ok(Outcomes::of(places, customers, receipts))
}

/// The items that can be recorded; and for each item its fault, if it has one.
fn sort_out(items: Vec<Read>) -> (Vec<Received>, Vec<Option<Fault>>) {
    let mut good = Vec::with_capacity(items.len());
    let places = items
        .into_iter()
        .map(|item| match item {
            Ok(received) => {
                good.push(received);
                None
            }
            Err(fault) => Some(fault),
        })
        .collect();
    (good, places)
}

fn customers(items: &[Received]) -> Vec<String> {
    items.iter().map(|item| item.entry.customer_id.to_string()).collect()
}

impl Outcomes {
    fn of(places: Vec<Option<Fault>>, customers: Vec<String>, receipts: Vec<Receipt>) -> Self {
        let mut receipts = customers.into_iter().zip(receipts);
        let results: Vec<Outcome> = places
            .into_iter()
            .map(|fault| match fault {
                Some(Fault { pointer, reason }) => Outcome::Rejected { pointer, reason },
                None => match receipts.next() {
                    Some((customer_id, Receipt::Recorded(seq))) => {
                        Outcome::Recorded { customer_id, seq }
                    }
                    Some((customer_id, Receipt::Duplicate(seq))) => {
                        Outcome::Duplicate { customer_id, seq }
                    }
                    Some((_, Receipt::IdTaken)) | None => Outcome::Rejected {
                        pointer: "/id".into(),
                        reason: "another entry was recorded under this id, and stays".into(),
                    },
                },
            })
            .collect();
        let number = |is: fn(&Outcome) -> bool| results.iter().filter(|result| is(result)).count();
        Self {
            recorded: number(|result| matches!(result, Outcome::Recorded { .. })),
            duplicate: number(|result| matches!(result, Outcome::Duplicate { .. })),
            rejected: number(|result| matches!(result, Outcome::Rejected { .. })),
            results,
        }
    }

    const fn status(&self) -> StatusCode {
        match (self.rejected, self.recorded + self.duplicate) {
            (0, _) => StatusCode::OK,
            (_, 0) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::MULTI_STATUS,
        }
    }

    fn lines(&self) -> String {
        let mut lines = String::new();
        for result in &self.results {
            lines.push_str(&serde_json::to_string(result).unwrap_or_default());
            lines.push('\n');
        }
        lines
    }

    fn body(&self, format: Format) -> String {
        match format {
            Format::Json => serde_json::to_string(self).unwrap_or_default(),
            Format::Lines => self.lines(),
        }
    }
}

fn content_type(format: Format) -> HeaderValue {
    match format {
        Format::Json => HeaderValue::from_static("application/json"),
        Format::Lines => LINES,
    }
}

fn answer(format: Format, outcomes: &Outcomes) -> Response {
    let kind = [(header::CONTENT_TYPE, content_type(format))];
    (outcomes.status(), kind, outcomes.body(format)).into_response()
}

/// Lines without a limit: each chunk is answered as it is durable. Where the first chunk is all of it, the
/// status tells how it went; otherwise it is 207, and the lines tell.
async fn stream_of_lines(
    queue: Queue,
    mut incoming: Incoming,
    key: i64,
) -> Result<Response, Problem> {
    let first = incoming.lines(MOST, PATIENCE).await?;
    if first.lines.is_empty() {
        return Err(Problem::Malformed("The body has no lines.".into()));
    }
    let items = first.lines.into_iter().map(|line| read_line(line, key)).collect();
    let outcomes = record(&queue, items).await?;
    if first.ended {
        return Ok(answer(Format::Lines, &outcomes));
    }
    let rest = stream::unfold(Some((queue, incoming, key)), async |state| {
        let (queue, mut incoming, key) = state?;
        match next_chunk(&queue, &mut incoming, key).await {
            Ok(None) => None,
            Ok(Some(outcomes)) => Some((outcomes.lines(), Some((queue, incoming, key)))),
            // Nothing of this chunk is acknowledged, and the answer says that it ends here.
            Err(problem) => Some((problem.as_line(), None)),
        }
    });
    let lines = stream::once(async move { outcomes.lines() }).chain(rest);
    let body =
        Body::from_stream(lines.map(|text| Ok::<_, std::convert::Infallible>(Bytes::from(text))));
    Ok((StatusCode::MULTI_STATUS, [(header::CONTENT_TYPE, LINES)], body).into_response())
}

async fn next_chunk(
    queue: &Queue,
    incoming: &mut Incoming,
    key: i64,
) -> Result<Option<Outcomes>, Problem> {
    let chunk = incoming.lines(MOST, PATIENCE).await?;
    if chunk.lines.is_empty() {
        return Ok(None);
    }
    let items = chunk.lines.into_iter().map(|line| read_line(line, key)).collect();
    let (good, places) = sort_out(items);
    let customers = customers(&good);
    let receipts = queue.record_in_turn(good).await?;
    Ok(Some(Outcomes::of(places, customers, receipts)))
}

/// A whole request under an `Idempotency-Key`: in a transaction of its own, together with its answer.
async fn once(
    store: &Store,
    key: i64,
    idempotency_key: &str,
    body: &[u8],
    format: Format,
    items: Vec<Read>,
) -> Result<Response, Problem> {
    let (good, places) = sort_out(items);
    let customers = customers(&good);
    let mut transaction = store.begin_recording().await?;
    // The answer is written as the items were: the same bytes in another format are another request.
    let kind: &[u8] = if format == Format::Json { b"json\n" } else { b"lines\n" };
    let hash = sha256_of(&[kind, body].concat());
    let known = ingest_answers::take(&mut transaction, key, idempotency_key, &hash).await?;
    let (answered, replayed) = match known {
        Known::Another => return Err(Problem::KeyReused),
        Known::Answered(answered) => (answered, true),
        Known::New => {
            let receipts = Recorder::new(&mut transaction).receive(&good).await;
            let (receipts, recorded) = receipts.map_err(|error| match error {
                RecordError::Store(error) => Problem::from(error),
                _ => Problem::Internal,
            })?;
            let outcomes = Outcomes::of(places, customers, receipts);
            let status = i16::try_from(outcomes.status().as_u16()).unwrap_or(500);
            let answered = Answer { status, body: outcomes.body(format) };
            ingest_answers::keep(&mut transaction, key, idempotency_key, &answered).await?;
            transaction.commit().await.map_err(StoreError::from)?;
            store.committed(&recorded);
            (answered, false)
        }
    };
    let status = u16::try_from(answered.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let kind = [(header::CONTENT_TYPE, content_type(format))];
    let status = status.ok_or(Problem::Internal)?;
    let mut response = (status, kind, answered.body).into_response();
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Busy => Self::Busy,
            QueueError::Unavailable => Self::Unavailable,
            QueueError::Failed => Self::Internal,
        }
    }
}

impl Problem {
    /// The last line of a stream that could not be taken to its end.
    fn as_line(&self) -> String {
        let mut line = String::from(r#"{"status":"failed","problem":"#);
        // Writing to a String cannot fail.
        let _infallible = writeln!(line, "{}}}", self.to_json());
        line
    }
}
