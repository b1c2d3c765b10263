//! Which address is answered by what, and what lies around all of it.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::{Extensions, HeaderMap, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use leptos::config::LeptosOptions;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::DefaultPredicate},
    csrf::CsrfLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::TraceLayer,
};

use super::{
    api, assets,
    body::Budget,
    caller::{self, Identifying},
    customers_api, export, exports, headers, health, ingest, layout, limits, links, openapi,
    operations, pages, preferences,
    problem::Problem,
    routes::Routes,
    settings, sign_in, tail, views,
};
use crate::{ingest::queue::Queue, store::Store};

/// An answer that has not begun after this time does not come.
const PATIENCE: Duration = Duration::from_secs(35);

/// What the router needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder with what the browser loads.
    pub site_root: PathBuf,
    /// Where the server listens.
    pub address: SocketAddr,
    /// Whether users reach it through https.
    pub https: bool,
    /// The name of this instance, as entries have it.
    pub instance: Arc<str>,
}

/// Whether users reach the server through https.
#[derive(Debug, Clone, Copy)]
pub struct Https(pub bool);

/// What handlers take from.
#[derive(Debug, Clone, FromRef)]
pub struct AppState {
    pub(super) store: Store,
    pub(super) leptos: LeptosOptions,
    pub(super) https: Https,
    pub(super) queue: Queue,
    pub(super) budget: Budget,
}

/// Time-ordered, so that requests are found where their time says.
#[derive(Clone, Copy)]
struct Uuid7;

impl MakeRequestId for Uuid7 {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        uuid::Uuid::now_v7().to_string().parse().ok().map(RequestId::new)
    }
}

/// Every route that lies behind [`caller::identify`].
pub fn routes() -> Routes {
    let api = Routes::new()
        .get("/api/v1/customers/{customer_id}/logs", api::logs)
        .get("/api/v1/customers/{customer_id}/logs/export", export::logs)
        .merge(ingest::routes())
        .merge(customers_api::routes())
        .merge(openapi::routes())
        .around(|router| {
            router
                .method_not_allowed_fallback(api::wrong_method)
                .route("/api/{*rest}", any(api::nothing_here))
        });
    let forms = Routes::new()
        .post("/sign-in", sign_in::sign_in)
        .post("/sign-out", sign_in::sign_out)
        .post("/preferences", preferences::keep);
    let acts = settings::routes()
        .merge(operations::routes())
        .merge(exports::routes())
        .merge(layout::routes())
        .merge(views::routes())
        .merge(links::routes());
    pages::routes().merge(tail::routes()).merge(forms).merge(acts).merge(api)
}

/// The whole server.
pub fn router(store: Store, settings: &Settings) -> Router {
    let state = AppState {
        store: store.clone(),
        leptos: leptos_options(settings),
        https: Https(settings.https),
        queue: Queue::start(&store),
        budget: Budget::default(),
    };
    let identifying = Identifying { store, instance: Arc::clone(&settings.instance) };
    let health =
        Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready));

    let around_all = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(Uuid7))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(from_fn_with_state(settings.https, headers::add))
        .layer(from_fn(limits::check))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(
            // An export sees to its encoding itself.
            |_, _, _: &HeaderMap, extensions: &Extensions| {
                extensions.get::<export::AsItIs>().is_none()
            },
        )))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(in_time))
        .layer(CsrfLayer::new())
        .layer(DefaultBodyLimit::max(limits::BODY));

    routes()
        .into_router()
        .layer(from_fn_with_state(identifying, caller::identify))
        .merge(health)
        .merge(assets::routes(&settings.site_root))
        .layer(around_all)
        .with_state(state)
}

/// Names of the files that the browser loads carry a hash where the build left `hash.txt` beside this program.
fn leptos_options(settings: &Settings) -> LeptosOptions {
    let hashed = std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join("hash.txt")))
        .is_some_and(|hashes| hashes.exists());
    LeptosOptions::builder()
        .output_name("customer-logs")
        .site_root(settings.site_root.to_string_lossy().as_ref())
        .site_addr(settings.address)
        .hash_files(hashed)
        .build()
}

/// What a request's lines in the server's own log start with. Not its query: people search for people.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

/// An answer that does not begin in time is given up.
async fn in_time(request: axum::extract::Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::Unavailable.into_response(),
    }
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Problem::Internal.into_response()
}
