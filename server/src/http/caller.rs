//! Who sent a request: the session's cookie, or for the API a key.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::CookieJar;

use super::problem::Problem;
use crate::{access::Caller, store::Store, token::sha256};

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

/// Finds out who sent the request, and leaves it with the request.
pub async fn identify(State(store): State<Store>, mut request: Request, next: Next) -> Response {
    let found = match bearer(request.headers()) {
        Some(key) if request.uri().path().starts_with("/api/") => {
            store.key_may_read(key).await.map(|may| may.then_some(Caller::Key))
        }
        Some(_) => Ok(None),
        None => match CookieJar::from_headers(request.headers()).get(SESSION) {
            Some(cookie) => store
                .viewer_of_session(sha256(cookie.value()))
                .await
                .map(|viewer| viewer.map(Caller::Person)),
            None => Ok(None),
        },
    };
    let identity = Identity(found.map_err(|error| crate::telemetry::store_failed(&error)));
    request.extensions_mut().insert(identity);
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}
