//! Records each state-changing request of a service.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use chrono::{SubsecRound, Utc};
use http::{
    HeaderValue, Method, Request, Response, StatusCode, header::RETRY_AFTER, request::Parts,
};
use pin_project_lite::pin_project;
use serde_json::{Value, json};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    entry::{Entry, Source, User},
    recorder::{Recorder, Slot},
};

/// The most bytes of an action and of a request path that the server takes.
const LONGEST_TEXT: usize = 2000;

/// Whose account a request concerns, and who makes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attribution {
    /// Whose account it is; see [`Entry::customer_id`].
    pub customer_id: String,
    /// Who makes the request.
    pub user: User,
    /// What is done, in words for people; `METHOD /path` if there is none.
    pub action: Option<String>,
    /// See [`Entry::related_operation`].
    pub related_operation: Option<String>,
    /// See [`Entry::impacted_table`].
    pub impacted_table: Option<String>,
}

impl Attribution {
    /// An attribution with what each must have.
    pub fn new(customer_id: impl Into<String>, user: impl Into<User>) -> Self {
        Self {
            customer_id: customer_id.into(),
            user: user.into(),
            action: None,
            related_operation: None,
            impacted_table: None,
        }
    }

    /// Sets [`action`](Self::action).
    #[must_use]
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Sets [`related_operation`](Self::related_operation).
    #[must_use]
    pub fn related_operation(mut self, operation: impl Into<String>) -> Self {
        self.related_operation = Some(operation.into());
        self
    }

    /// Sets [`impacted_table`](Self::impacted_table).
    #[must_use]
    pub fn impacted_table(mut self, table: impl Into<String>) -> Self {
        self.impacted_table = Some(table.into());
        self
    }
}

type Attribute = Arc<dyn Fn(&Parts) -> Option<Attribution> + Send + Sync>;

/// Records each `POST`, `PUT`, `PATCH` and `DELETE` on a customer's account, with its outcome.
///
/// The place in the recorder's queue is taken before the request is handled. When there is none, the
/// answer is `503 Service Unavailable` with `Retry-After: 1` and the request is not handled: nothing
/// happens unrecorded.
///
/// The entry is recorded when the response's head is there, whatever its status: `detail` is
/// `{"status": 201, "duration_ms": 12}`. Where there is no response, `detail` has an `outcome`
/// instead of the status: `failed` if the inner service gave an error, `cut off` if the handling
/// began and was given up, as when the client goes away or the handler panics. `occurred_at` is when
/// the handling began; `request_path` is the method and the path as this layer sees it, without the
/// query, and at most 2,000 bytes of it.
///
/// Put it inside of what authenticates, so that the attribution can say who it is.
///
/// ```no_run
/// use customer_logs_client::{Attribution, Config, RecordLayer, Recorder};
///
/// # fn service() -> Result<(), Box<dyn std::error::Error>> {
/// let recorder = Recorder::start(Config::new("https://logs.example.com", "cl_…"))?;
/// let layer = RecordLayer::new(recorder, |request| {
///     let customer = request.uri.path().strip_prefix("/customers/")?.split('/').next()?;
///     let user = request.headers.get("x-user")?.to_str().ok()?;
///     Some(Attribution::new(customer, user))
/// })
/// .app_instance("cards-1");
/// # let _ = layer;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RecordLayer {
    recorder: Recorder,
    attribute: Attribute,
    source: Option<Source>,
    app_instance: Option<Arc<str>>,
}

impl RecordLayer {
    /// A layer that records by this recorder. `attribute` is asked for each state-changing request,
    /// before it is handled; none means that the request is not on a customer's account, and it is
    /// not recorded.
    pub fn new(
        recorder: Recorder,
        attribute: impl Fn(&Parts) -> Option<Attribution> + Send + Sync + 'static,
    ) -> Self {
        Self { recorder, attribute: Arc::new(attribute), source: None, app_instance: None }
    }

    /// Sets the [`source`](Entry::source) of the entries.
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// Sets the [`app_instance`](Entry::app_instance) of the entries.
    #[must_use]
    pub fn app_instance(mut self, instance: impl Into<String>) -> Self {
        self.app_instance = Some(instance.into().into());
        self
    }

    /// The entry for a request, but for its outcome; none if it is not to be recorded.
    fn entry(&self, request: &Parts) -> Option<Entry> {
        let changes =
            [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&request.method);
        let attribution = if changes { (self.attribute)(request)? } else { return None };
        let mut path = format!("{} {}", request.method, request.uri.path());
        path.truncate(path.floor_char_boundary(LONGEST_TEXT));
        let action = attribution.action.unwrap_or_else(|| path.clone());
        let mut entry = Entry::new(attribution.customer_id, attribution.user, action)
            .request_path(path)
            .occurred_at(Utc::now().trunc_subsecs(6));
        entry.related_operation = attribution.related_operation;
        entry.impacted_table = attribution.impacted_table;
        entry.source = self.source;
        entry.app_instance = self.app_instance.as_deref().map(str::to_owned);
        Some(entry)
    }
}

impl<S> Layer<S> for RecordLayer {
    type Service = RecordService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RecordService { inner, layer: self.clone() }
    }
}

/// The service that [`RecordLayer`] makes of another.
#[derive(Clone)]
pub struct RecordService<S> {
    inner: S,
    layer: RecordLayer,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for RecordService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RecordFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let pending = match self.layer.entry(&parts) {
            None => None,
            Some(entry) => match self.layer.recorder.reserve() {
                Ok(slot) => Some(Pending { recording: Some((slot, entry)), since: Instant::now() }),
                Err(_) => return RecordFuture { inner: None, pending: None },
            },
        };
        let request = Request::from_parts(parts, body);
        RecordFuture { inner: Some(self.inner.call(request)), pending }
    }
}

pin_project! {
    /// The response of [`RecordService`].
    pub struct RecordFuture<F> {
        // None when there was no place in the queue.
        #[pin]
        inner: Option<F>,
        pending: Option<Pending>,
    }
}

impl<F, ResBody, E> Future for RecordFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
    ResBody: Default,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Ready(Ok(unavailable()));
        };
        let outcome = ready!(inner.poll(cx));
        if let Some(pending) = this.pending.take() {
            pending.finish(match &outcome {
                Ok(response) => ("status", response.status().as_u16().into()),
                Err(_) => ("outcome", "failed".into()),
            });
        }
        Poll::Ready(outcome)
    }
}

/// A request that is being handled. It is recorded even if it is dropped.
struct Pending {
    recording: Option<(Slot, Entry)>,
    since: Instant,
}

impl Pending {
    fn finish(mut self, outcome: (&str, Value)) {
        self.record(outcome);
    }

    fn record(&mut self, (name, outcome): (&str, Value)) {
        if let Some((slot, entry)) = self.recording.take() {
            let duration = self.since.elapsed().as_millis() as u64;
            slot.record(entry.detail(json!({ name: outcome, "duration_ms": duration })));
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.record(("outcome", "cut off".into()));
    }
}

fn unavailable<B: Default>() -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
