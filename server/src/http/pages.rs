//! The screen: for each page its answers first, then Leptos, then the page as a whole.

use std::sync::Arc;

use app::{
    answer::{First, provide_first},
    backend::Backend,
    customer::query::CustomerQuery,
    error::AppError,
    log::{layout::Layout, sight::Sight, view::LogView},
    place::{Page, Place, Tab},
    query::UrlQuery,
    session::viewer::{Looker, Role, Viewer},
    shell::{document, sign_in_document},
    zone::ZoneName,
};
use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use axum_extra::extract::CookieJar;
use leptos::{
    config::LeptosOptions,
    prelude::{IntoView, provide_context, use_context},
};
use leptos_axum::{ResponseOptions, handle_server_fns_with_context, render_app_async_with_context};
use tower_http::request_id::RequestId;

use super::{
    caller::{Asked, Identity},
    headers::page_policy,
    language::spoken,
    preferences::{THEME, ZONE, cookie},
    problem::RETRY_AFTER,
    router::AppState,
    routes::Routes,
};
use crate::{
    access::Caller,
    backend::{RequestBackend, status},
    store::Store,
    zones,
};

/// The pages and their server functions; whatever else is asked for is answered by the page that says so.
pub fn routes() -> Routes {
    // Leptos asks for it where it lists its own routes, which here it has none of.
    let _started = any_spawner::Executor::init_tokio();
    Routes::new().get("/sign-in", sign_in).get("/fn/{*name}", server_function).around(|router| {
        router
            .fallback(get(page).fallback(super::api::wrong_method))
            .layer(middleware::from_fn(send_on))
    })
}

/// `GET` of any page.
async fn page(
    State(state): State<AppState>,
    asked: Asked,
    Extension(id): Extension<RequestId>,
    jar: CookieJar,
    request: Request,
) -> Response {
    let backend = RequestBackend {
        store: state.store.clone(),
        identity: asked.identity,
        way: asked.way,
        request_id: text_of(&id),
        language: spoken(request.headers(), &jar),
        response: None,
    };
    let place =
        (request.uri().path().to_owned(), request.uri().query().unwrap_or_default().to_owned());
    let looker = looker(&backend.identity, request.headers(), &jar);
    let looker = with_choices(looker, &backend.store, &backend.identity).await;
    if let Some(default) = opens_with(&looker, &place.0, &place.1) {
        return Redirect::to(&default).into_response();
    }
    let (first, answered) =
        answer(&backend, &place.0, &place.1, (looker.sight, looker.zone.clone())).await;

    let asked_for = place.1.clone();
    let mut response = render(&state, request, looker, first, place, document).await;
    *response.status_mut() = answered;
    // A zone that was chosen is remembered; where there is a script, it sees to that itself.
    if let Some(zone) = chosen_zone(&asked_for)
        .filter(|zone| jar.get(ZONE).is_none_or(|kept| kept.value() != zone.as_str()))
        && let Ok(kept) = HeaderValue::from_str(&cookie(ZONE, String::from(zone)).to_string())
    {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    if answered == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    response
}

/// Where a log that is opened without saying what of it is to be seen leads, for whoever chose a view for that.
fn opens_with(looker: &Looker, path: &str, query: &str) -> Option<String> {
    let default = looker.default_view.as_deref().filter(|view| !view.is_empty())?;
    let is_log = matches!(Page::at(path), Page::Profile(_, Tab::Logs));
    (is_log && query.is_empty()).then(|| format!("{path}?{default}"))
}

/// The zone that a query string names, where there is one of this name.
fn chosen_zone(query: &str) -> Option<ZoneName> {
    LogView::read(query).0.query.zone.filter(|name| zones::zone(name).is_some())
}

/// `GET /sign-in`
async fn sign_in(
    State(state): State<AppState>,
    asked: Asked,
    jar: CookieJar,
    request: Request,
) -> Response {
    let place =
        (request.uri().path().to_owned(), request.uri().query().unwrap_or_default().to_owned());
    let looker = looker(&asked.identity, request.headers(), &jar);
    render(&state, request, looker, First::default(), place, sign_in_document).await
}

/// What the page at `path` shows, and the status that it is to be answered with.
async fn answer(
    backend: &RequestBackend,
    path: &str,
    query: &str,
    (sight, zone): (Sight, Option<ZoneName>),
) -> (First, StatusCode) {
    fn of<T>(result: &Result<T, AppError>) -> StatusCode {
        result.as_ref().err().map_or(StatusCode::OK, status)
    }
    match Page::at(path) {
        Page::Customers => {
            let page = backend.customer_page(&CustomerQuery::read(query).0).await;
            let status = of(&page);
            (First { customers: Some(page), ..First::default() }, status)
        }
        Page::Profile(id, Tab::Logs) => {
            // What is asked of hidden columns the page leaves out, and names.
            let (mut view, _) = sight.narrow_view(LogView::read(query).0);
            view.query.zone = view.query.zone.take().or(zone);
            let (customer, page) =
                tokio::join!(backend.customer(&id), backend.log_page(&id, &view.query));
            let status = of(&page);
            let (mut around, mut entry, mut exports) = (None, None, None);
            if let Ok(page) = &page {
                // What stands around the rows is of the log as the rows are.
                view.query = view.query.pinned(page.as_of);
                around = Some(backend.around(&id, &view).await);
                if view.open.entry.is_some() {
                    entry = Some(backend.entry(&id, &view).await);
                }
                if view.open.export.is_some() {
                    exports = Some(backend.exports(&id, &view, "").await);
                }
            }
            let (customer, log) = (Some(customer), Some(page));
            (First { customer, log, around, entry, exports, ..First::default() }, status)
        }
        // The other tabs have routes of their own.
        Page::Profile(id, _) => {
            let customer = backend.customer(&id).await;
            let status = of(&customer);
            (First { customer: Some(customer), ..First::default() }, status)
        }
        Page::Unknown => (First::default(), StatusCode::NOT_FOUND),
    }
}

/// Renders a document with what it may know, and the content security policy for its own scripts.
pub(super) async fn render<V: IntoView + 'static>(
    state: &AppState,
    request: Request,
    looker: Looker,
    first: First,
    (path, query): (String, String),
    document: impl Fn(LeptosOptions) -> V + Clone + Send + Sync + 'static,
) -> Response {
    let context = move || {
        provide_context(looker.clone());
        provide_first(first.clone());
        provide_context(Place::new(path.clone(), query.clone()));
        if let (Some(nonce), Some(response)) =
            (leptos::nonce::use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce))
        {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    let options = state.leptos.clone();
    render_app_async_with_context(context, move || document(options.clone()))(request)
        .await
        .into_response()
}

/// `GET /fn/…`: a server function.
async fn server_function(
    State(state): State<AppState>,
    asked: Asked,
    Extension(id): Extension<RequestId>,
    jar: CookieJar,
    request: Request,
) -> Response {
    let language = spoken(request.headers(), &jar);
    let context = move || {
        let response = use_context::<ResponseOptions>();
        if let Some(response) = &response {
            // It stays so where the arguments cannot be read, and the backend is never asked.
            response.set_status(StatusCode::BAD_REQUEST);
        }
        let backend: Arc<dyn Backend> = Arc::new(RequestBackend {
            store: state.store.clone(),
            identity: asked.identity.clone(),
            way: asked.way.clone(),
            request_id: text_of(&id),
            language,
            response,
        });
        provide_context(backend);
    };
    handle_server_fns_with_context(context, request).await.into_response()
}

pub(super) fn looker(identity: &Identity, headers: &HeaderMap, jar: &CookieJar) -> Looker {
    let chosen = |name: &str, known: &[&str]| {
        let cookie = jar.get(name)?.value();
        known.contains(&cookie).then(|| cookie.to_owned())
    };
    let caller = identity.0.as_ref().ok().and_then(Option::as_ref);
    Looker {
        viewer: caller.and_then(Caller::viewer).cloned(),
        sight: caller.map(Caller::sight).unwrap_or_default(),
        theme: chosen(THEME, &["light", "dark"]),
        zone: jar
            .get(ZONE)
            .and_then(|cookie| cookie.value().parse().ok())
            .filter(|name| zones::zone(name).is_some()),
        language: spoken(headers, jar),
        layout: Layout::default(),
        default_view: None,
    }
}

/// The same with what the viewer keeps here: how they want the table, and what logs open with.
pub(super) async fn with_choices(looker: Looker, store: &Store, identity: &Identity) -> Looker {
    let Ok(Some(Caller::Person(person))) = &identity.0 else { return looker };
    let (layout, default_view) =
        tokio::join!(store.layout(person.user_id), store.default_query(person));
    // Where the database does not answer, the page says so elsewhere.
    Looker {
        layout: layout.unwrap_or_default(),
        default_view: default_view.ok().flatten(),
        ..looker
    }
}

pub(super) fn text_of(id: &RequestId) -> String {
    id.header_value().to_str().unwrap_or_default().to_owned()
}

/// Sends the signed-out to sign in, the signed-in to where their work begins, and customers to their log.
async fn send_on(asked: Asked, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/fn/") {
        return next.run(request).await;
    }
    let to = match asked.identity.0 {
        Ok(Some(Caller::Person(person))) => onward(path, &person.viewer),
        Ok(_) if path == "/sign-in" => None,
        Ok(_) if path == "/" => Some("/sign-in".into()),
        Ok(_) => {
            let here = request.uri().path_and_query().map_or(path, |here| here.as_str());
            Some(format!("/sign-in?{}", app::query::query_string([("next", here)])))
        }
        // Who it is cannot be told now: the page says so.
        Err(()) => (path == "/").then(|| "/customers".into()),
    };
    match to {
        Some(to) => Redirect::to(&to).into_response(),
        None => next.run(request).await,
    }
}

fn onward(path: &str, viewer: &Viewer) -> Option<String> {
    let home = viewer.role.home();
    match &viewer.role {
        Role::Customer(id) if path == "/customers" || path == id.profile_path() => Some(home),
        _ if path == "/" || path == "/sign-in" => Some(home),
        _ => None,
    }
}
