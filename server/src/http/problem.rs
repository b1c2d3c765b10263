//! The API's errors: RFC 9457 problem details.

use app::query::BadParameter;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{access::NotFound, store::StoreError};

/// When to try again where the database does not answer, in seconds.
pub const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Why a request was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Parameters that are not taken.
    Parameters(Vec<BadParameter>),
    /// Neither key nor session.
    SignedOut,
    /// Not there, or not for this caller.
    NotFound,
    /// Not with this method.
    Method,
    /// The request's body is too large.
    Body,
    /// The request's address is too long.
    Address,
    /// The database does not answer, or takes no more.
    Unavailable,
    /// A fault of the server's.
    Internal,
}

#[derive(Serialize)]
struct Details {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<BadParameter>,
}

impl Problem {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Parameters(_) => StatusCode::BAD_REQUEST,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Body => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Address => StatusCode::URI_TOO_LONG,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Parameters(bad) => {
                let bad: Vec<_> = bad.iter().map(ToString::to_string).collect();
                bad.join("; ")
            }
            Self::SignedOut => "Send a key as `Authorization: Bearer …`, or sign in.".into(),
            Self::NotFound => "There is nothing here, or nothing that you may see.".into(),
            Self::Method => "This address does not take this method.".into(),
            Self::Body => "The body is larger than what is taken here.".into(),
            Self::Address => "The address is longer than what is taken here.".into(),
            Self::Unavailable => "The server cannot do this at the moment. Try again later.".into(),
            Self::Internal => {
                "Something went wrong on the server. Its log knows more, under the request's id."
                    .into()
            }
        }
    }
}

impl From<NotFound> for Problem {
    fn from(NotFound: NotFound) -> Self {
        Self::NotFound
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        crate::telemetry::store_failed(&error);
        if matches!(error, StoreError::Unavailable(_)) { Self::Unavailable } else { Self::Internal }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let details = Details {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.detail(),
            parameters: if let Self::Parameters(bad) = &self { bad.clone() } else { Vec::new() },
        };
        let mut response = (status, axum::Json(details)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self == Self::Unavailable {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if self == Self::SignedOut {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
