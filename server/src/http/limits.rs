//! How large a request may be.

use axum::{
    extract::Request,
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;

/// The largest body that is taken, in bytes, but for what is to be recorded: see [`super::body`].
pub const BODY: usize = 64 * 1024;
/// The longest address that is taken, in bytes. The longest search, percent-encoded, is a third of it.
pub const ADDRESS: usize = 8 * 1024;

/// Turns away what is too large before anything is read of it.
pub async fn check(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > ADDRESS {
        return Problem::Address.into_response();
    }
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let recorded = request.uri().path() == "/api/v1/logs";
    if !recorded && declared.is_some_and(|length| length > BODY) {
        return Problem::Body.into_response();
    }
    next.run(request).await
}
