//! A service that blocks cards, and has what it does recorded in Customer Logs.
//!
//! ```sh
//! CUSTOMER_LOGS_URL=http://127.0.0.1:3000 CUSTOMER_LOGS_KEY=cl_… SPOOL=spool \
//!     cargo run --release -p customer-logs-client --example service
//! curl -X POST -H 'x-user: Ana Prado' http://127.0.0.1:4000/customers/20401/cards
//! ```
//!
//! | variable | meaning |
//! | --- | --- |
//! | `CUSTOMER_LOGS_URL` | where Customer Logs is |
//! | `CUSTOMER_LOGS_KEY` | a key of it with the scope `write` |
//! | `LISTEN` | where the service listens; `127.0.0.1:4000` if there is none |
//! | `SPOOL` | the folder that keeps entries over a restart; in memory alone if there is none |

use std::{env, error::Error, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    routing::{get, post},
};
use customer_logs_client::{
    Attribution, Config, Entry, RecordLayer, Recorder, Source, User, UserKind,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let mut config = Config::new(variable("CUSTOMER_LOGS_URL")?, variable("CUSTOMER_LOGS_KEY")?);
    if let Ok(folder) = env::var("SPOOL") {
        config = config.spool(folder);
    }
    let recorder = Recorder::start(config)?;

    let address = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:4000".to_owned());
    let listener = TcpListener::bind(&address).await?;
    let instance = format!("cards@{}", listener.local_addr()?);
    println!("http://{}", listener.local_addr()?);

    // What the layer does not see, the service records by itself.
    let looks = Router::new()
        .route("/customers/{customer}/cards", get(cards))
        .with_state((recorder.clone(), instance.clone()));
    let acts = Router::new().route("/customers/{customer}/cards", post(block_card)).layer(
        RecordLayer::new(recorder.clone(), attribute).source(Source::Ui).app_instance(instance),
    );
    axum::serve(listener, acts.merge(looks)).with_graceful_shutdown(interrupt()).await?;

    recorder.shutdown(Duration::from_secs(10)).await?;
    println!("{:?}", recorder.stats());
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}

/// A service with a log-in takes the user from there.
fn attribute(request: &Parts) -> Option<Attribution> {
    let customer = request.uri.path().strip_prefix("/customers/")?.split('/').next()?;
    Some(Attribution::new(customer, user(request)).action("Blocked a card").impacted_table("cards"))
}

fn user(request: &Parts) -> User {
    match request.headers.get("x-user").and_then(|user| user.to_str().ok()) {
        Some(name) => User::new(name).kind(UserKind::Operator),
        None => User::new("Somebody").kind(UserKind::Unknown),
    }
}

async fn block_card(Path(customer): Path<String>) -> (StatusCode, Json<Value>) {
    (StatusCode::CREATED, Json(json!({ "customer": customer, "card": "4821", "blocked": true })))
}

async fn cards(
    State((recorder, instance)): State<(Recorder, String)>,
    Path(customer): Path<String>,
    request: axum::extract::Request,
) -> Result<Json<Value>, StatusCode> {
    let (parts, _) = request.into_parts();
    let entry = Entry::new(&customer, user(&parts), "Looked at the cards").app_instance(instance);
    recorder.record(entry).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(Json(json!([{ "card": "4821" }])))
}

/// Ctrl-C, or the signal by which a service is asked to end.
async fn interrupt() {
    let ctrl_c = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}
