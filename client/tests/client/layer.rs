//! The layer, in a service.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header, request::Parts},
    response::Response,
    routing::any,
};
use customer_logs_client::{Attribution, RecordLayer, Recorder, Source, User};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify};
use tower_layer::Layer;
use tower_service::Service;

use super::{act, fake_server::FakeServer, quick, soon};

fn attribute(request: &Parts) -> Option<Attribution> {
    let customer = request.uri.path().strip_prefix("/customers/")?.split('/').next()?;
    let attribution = Attribution::new(customer, User::new("Ana Prado").id("u-7"));
    Some(match request.headers.get("x-action") {
        None => attribution,
        Some(action) => attribution
            .action(action.to_str().unwrap())
            .related_operation("Card 4821")
            .impacted_table("cards"),
    })
}

fn layer(recorder: &Recorder) -> RecordLayer {
    RecordLayer::new(recorder.clone(), attribute).source(Source::Ui).app_instance("cards-1")
}

/// A service with the layer, that answers 201; where it is, and how often it was called.
async fn service(recorder: &Recorder) -> (String, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let handler = any(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        async { StatusCode::CREATED }
    });
    let app = Router::new().route("/{*path}", handler).layer(layer(recorder));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, calls)
}

fn without<const N: usize>(mut entry: Value, fields: [&str; N]) -> Value {
    for field in fields {
        assert!(entry.as_object_mut().unwrap().remove(field).is_some(), "{field}");
    }
    entry
}

#[tokio::test]
async fn a_request_that_changes_something_is_recorded_with_its_outcome() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    let (url, _) = service(&recorder).await;
    let client = reqwest::Client::new();
    let request = client.post(format!("{url}/customers/20401/cards?pin=1234"));
    let response = request.header("x-action", "Blocked the card").send().await.unwrap();
    assert_eq!(response.status(), 201);
    soon(recorder.flush()).await.unwrap();
    let entry = without(server.recorded().remove(0), ["id", "occurred_at"]);
    assert!(entry["detail"]["duration_ms"].is_u64(), "{entry}");
    assert_eq!(entry["detail"]["status"], 201);
    assert_eq!(
        without(entry, ["detail"]),
        json!({
            "customer_id": "20401",
            "user": { "id": "u-7", "name": "Ana Prado" },
            "action": "Blocked the card",
            "related_operation": "Card 4821",
            "impacted_table": "cards",
            "source": "UI",
            "app_instance": "cards-1",
            "request_path": "POST /customers/20401/cards",
        })
    );
}

#[tokio::test]
async fn only_what_changes_something_on_an_account_is_recorded() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    let (url, calls) = service(&recorder).await;
    let client = reqwest::Client::new();
    for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] {
        for path in ["/customers/1", "/elsewhere"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            client.request(method, format!("{url}{path}")).send().await.unwrap();
        }
    }
    soon(recorder.flush()).await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 14);
    assert_eq!(
        server.actions(),
        ["POST /customers/1", "PUT /customers/1", "PATCH /customers/1", "DELETE /customers/1"]
    );
}

#[tokio::test]
async fn without_a_place_for_its_entry_a_request_is_not_handled() {
    let server = FakeServer::start().await;
    server.hold();
    let recorder = Recorder::start(quick(&server.url).capacity(1)).unwrap();
    let (url, calls) = service(&recorder).await;
    let url = format!("{url}/customers/1");
    recorder.record(act(1)).unwrap();
    let client = reqwest::Client::new();
    let response = client.post(&url).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    // To look is always possible.
    assert_eq!(client.get(&url).send().await.unwrap().status(), 201);
    server.release();
    soon(recorder.flush()).await.unwrap();
    assert_eq!(client.post(&url).send().await.unwrap().status(), 201);
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.actions(), ["Act 1", "POST /customers/1"]);
}

/// Handles a request by the given function.
#[derive(Clone)]
struct Handler<F>(F);

impl<F, R, E> Service<Request<Body>> for Handler<F>
where
    F: Fn() -> R,
    R: Future<Output = Result<Response, E>>,
{
    type Response = Response;
    type Error = E;
    type Future = R;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> R {
        self.0()
    }
}

fn post(path: &str) -> Request<Body> {
    Request::post(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_request_that_is_given_up_is_recorded_as_cut_off() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    let began = Notify::new();
    let mut service = layer(&recorder).layer(Handler(async || {
        began.notify_one();
        std::future::pending::<()>().await;
        Ok::<_, Infallible>(Response::default())
    }));
    tokio::select! {
        _ = service.call(post("/customers/1")) => panic!("it never answers"),
        () = began.notified() => {}
    }
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.recorded()[0]["detail"]["outcome"], "cut off");
}

#[tokio::test]
async fn a_request_that_fails_without_a_response_is_recorded_as_failed() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    let mut service = layer(&recorder).layer(Handler(async || Err("no")));
    assert_eq!(service.call(post("/customers/1")).await.unwrap_err(), "no");
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.recorded()[0]["detail"]["outcome"], "failed");
}

#[tokio::test]
async fn a_path_that_the_server_would_reject_is_cut() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    let mut service =
        layer(&recorder).layer(Handler(async || Ok::<_, Infallible>(Response::default())));
    let path = format!("/customers/1/{}", "x".repeat(3000));
    service.call(post(&path)).await.unwrap();
    soon(recorder.flush()).await.unwrap();
    let entry = server.recorded().remove(0);
    for field in ["action", "request_path"] {
        assert_eq!(entry[field].as_str().unwrap(), &format!("POST {path}")[..2000]);
    }
}
