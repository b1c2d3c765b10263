//! Who sent a request, and by which way: the session's cookie, or for the API a key.

use std::sync::Arc;

use app::log::api::{FetchExports, FetchNewest};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::CookieJar;
use leptos::server_fn::ServerFn;

use super::{problem::Problem, tail};
use crate::{
    access::{Caller, Key},
    origin::{Origin, Way},
    store::{Store, api_keys::KeyScope},
    token::sha256,
};

/// The session's cookie.
pub const SESSION: &str = "session";

/// Who sent the request. `Err` where that cannot be told, because the database does not answer.
#[derive(Debug, Clone)]
pub struct Identity(pub Result<Option<Caller>, ()>);

impl Identity {
    /// The caller, for the API.
    ///
    /// # Errors
    /// The problem to answer with, where there is none.
    pub fn caller(&self) -> Result<&Caller, Problem> {
        match &self.0 {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => Err(Problem::SignedOut),
            Err(()) => Err(Problem::Unavailable),
        }
    }
}

/// Who asks, and by which way: what every handler that does something takes.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who.
    pub identity: Identity,
    /// By which way.
    pub way: Way,
}

impl Asked {
    /// A caller who may read logs, and where their acts come from.
    ///
    /// # Errors
    /// The problem to answer with.
    pub fn reader(&self) -> Result<(&Caller, Origin), Problem> {
        match self.identity.caller()? {
            Caller::Key(Key { scope: KeyScope::Write, .. }) => Err(Problem::Scope(KeyScope::Read)),
            caller => Ok((caller, Origin::of(caller, self.way.clone()))),
        }
    }

    /// A key that may record, and where its acts come from.
    ///
    /// # Errors
    /// The problem to answer with.
    pub fn writer(&self) -> Result<(&Key, Origin), Problem> {
        match self.identity.caller()? {
            caller @ Caller::Key(key @ Key { scope: KeyScope::Write, .. }) => {
                Ok((key, Origin::of(caller, self.way.clone())))
            }
            _ => Err(Problem::Scope(KeyScope::Write)),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Each route lies behind `identify`, which leaves it here.
        parts.extensions.get::<Self>().cloned().ok_or(Problem::Internal)
    }
}

/// What [`identify`] needs to know.
#[derive(Debug, Clone)]
pub struct Identifying {
    /// The data.
    pub store: Store,
    /// The name of this instance.
    pub instance: Arc<str>,
}

/// Finds out who sent the request and by which way, and leaves both with the request.
pub async fn identify(
    State(Identifying { store, instance }): State<Identifying>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let key = bearer(request.headers());
    let way = Way::of_request(request.method().as_str(), path, key.is_some(), &instance);
    let found = match key {
        Some(key) if path.starts_with("/api/") => {
            store.key(key).await.map(|key| key.map(Caller::Key))
        }
        Some(_) => Ok(None),
        None => match CookieJar::from_headers(request.headers()).get(SESSION) {
            Some(cookie) => store
                .person_of_session(sha256(cookie.value()), by_hand(path))
                .await
                .map(|person| person.map(Caller::Person)),
            None => Ok(None),
        },
    };
    let identity = Identity(found.map_err(|error| crate::telemetry::store_failed(&error)));
    request.extensions_mut().insert(Asked { identity, way });
    next.run(request).await
}

/// Whether somebody pressed something to send a request to `path`. What a page that was left open asks by
/// itself must not keep its session alive.
fn by_hand(path: &str) -> bool {
    ![FetchNewest::PATH, FetchExports::PATH, tail::PATH].contains(&path)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}
