//! The API's errors: RFC 9457 problem details.

use app::query::BadParameter;
use axum::{
    extract::rejection::{BytesRejection, PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    access::NotFound,
    store::{StoreError, api_keys::KeyScope},
};

/// When to try again where the database does not answer, in seconds.
pub const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Why a request was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Parameters that are not taken.
    Parameters(Vec<BadParameter>),
    /// Neither key nor session.
    SignedOut,
    /// A key that may not do this; it would take this scope.
    Scope(KeyScope),
    /// The body cannot be read, in a sentence.
    Malformed(String),
    /// The body is of a type, or an encoding, that is not taken.
    MediaType,
    /// The same `Idempotency-Key` came with another body.
    KeyReused,
    /// The sender was silent for too long.
    Silent,
    /// Something changed in this moment, or cannot be changed.
    Conflict,
    /// There is more to do than the server takes on.
    Busy,
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
            Self::Scope(_) => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Silent => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
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
            Self::Scope(scope) => {
                format!("This takes a key with the scope `{}`.", scope.name())
            }
            Self::Malformed(why) => why.clone(),
            Self::MediaType => "The body is taken as application/json or application/x-ndjson, \
                with Content-Encoding gzip, zstd or none."
                .into(),
            Self::KeyReused => {
                "This Idempotency-Key came with another body before. Nothing was recorded.".into()
            }
            Self::Silent => "The rest of the body did not come in time.".into(),
            Self::Conflict => {
                "This was changed in this moment, or cannot be changed. Look again, then try again."
                    .into()
            }
            Self::Busy => "The server has more to do than it takes on. Try again later.".into(),
            Self::NotFound => "There is nothing here, or nothing that you may see.".into(),
            Self::Method => "This address does not take this method.".into(),
            Self::Body => "The body is larger than what is taken here: 64 KiB; for recording, \
                1,000 items or 8 MiB (decoded) a request, and streams of lines without a limit."
                .into(),
            Self::Address => "The address is longer than what is taken here.".into(),
            Self::Unavailable => "The server cannot do this at the moment. Try again later.".into(),
            Self::Internal => {
                "Something went wrong on the server. Its log knows more, under the request's id."
                    .into()
            }
        }
    }
}

impl Problem {
    /// The details as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.details()).unwrap_or_default()
    }

    fn details(&self) -> Details {
        let status = self.status();
        Details {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.detail(),
            parameters: if let Self::Parameters(bad) = self { bad.clone() } else { Vec::new() },
        }
    }
}

impl From<NotFound> for Problem {
    fn from(NotFound: NotFound) -> Self {
        Self::NotFound
    }
}

/// An address that is no text names nothing.
impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::Body
        } else {
            Self::Malformed("The body could not be read to its end.".into())
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if let StoreError::Hidden(bad) = error {
            return Self::Parameters(vec![bad]);
        }
        crate::telemetry::store_failed(&error);
        if matches!(error, StoreError::Unavailable(_)) { Self::Unavailable } else { Self::Internal }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let signed_out = self == Self::SignedOut;
        let mut response = (status, axum::Json(self.details())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::Unavailable => headers.insert(header::RETRY_AFTER, RETRY_AFTER),
            Self::Busy => headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1")),
            _ => None,
        };
        if signed_out {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
