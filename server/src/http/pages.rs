//! The screen: Leptos, with what each request may know.

use std::sync::Arc;

use app::{
    App,
    backend::Backend,
    session::viewer::{Looker, Role, Viewer},
    shell::document,
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use tower_http::request_id::RequestId;

use super::{
    caller::Identity,
    headers::page_policy,
    preferences::{DENSITY, THEME},
    router::AppState,
};
use crate::{access::Caller, backend::RequestBackend};

/// The pages and their server functions; whatever else is asked for is answered by the page that says so.
pub fn routes(state: &AppState) -> Router<AppState> {
    let context = {
        let state = state.clone();
        move || provide(&state)
    };
    let options = state.leptos.clone();
    let shell = move || document(options.clone());
    let fallback = leptos_axum::render_app_async_with_context(context.clone(), shell.clone());
    let fallback = move |request: Request| {
        let page = fallback.clone();
        async move {
            let mut response = page(request).await.into_response();
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::NOT_FOUND;
            }
            response
        }
    };
    Router::new()
        .leptos_routes_with_context(state, generate_route_list(App), context, shell)
        .fallback(fallback)
        .layer(middleware::from_fn(send_on))
}

/// Gives the request that is being rendered its backend, its viewer, and its content security policy.
fn provide(state: &AppState) {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>())
    else {
        return;
    };
    let identity = parts.extensions.get::<Identity>().map_or(Ok(None), |identity| identity.0.clone());
    let jar = CookieJar::from_headers(&parts.headers);
    let chosen = |name: &str, known: &[&str]| {
        jar.get(name).map(|cookie| cookie.value().to_owned()).filter(|v| known.contains(&v.as_str()))
    };
    provide_context(Looker {
        viewer: identity.as_ref().ok().cloned().flatten().and_then(|c| c.viewer().cloned()),
        theme: chosen(THEME, &["light", "dark"]),
        density: chosen(DENSITY, &["compact", "relaxed"]),
    });
    if let Some(nonce) = leptos::nonce::use_nonce()
        && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    let backend: Arc<dyn Backend> = Arc::new(RequestBackend {
        store: state.store.clone(),
        caller: identity,
        request_id: request_id(&parts),
        response,
    });
    provide_context(backend);
}

fn request_id(parts: &Parts) -> String {
    parts
        .extensions
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Sends the signed-out to sign in, the signed-in to where their work begins, and customers to their log.
async fn send_on(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let identity = request.extensions().get::<Identity>().map_or(Ok(None), |identity| identity.0.clone());
    if path.starts_with("/fn/") {
        return next.run(request).await;
    }
    let to = match identity {
        Ok(Some(Caller::Person(viewer))) => onward(path, &viewer),
        Ok(_) if path == "/sign-in" => None,
        Ok(_) => {
            let here = request.uri().path_and_query().map_or(path, |here| here.as_str());
            let query = app::query::query_string([("next", here)]);
            Some(if path == "/" { "/sign-in".into() } else { format!("/sign-in?{query}") })
        }
        // Who it is cannot be told now: the page says so.
        Err(()) if path == "/" => Some("/customers".into()),
        Err(()) => None,
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
