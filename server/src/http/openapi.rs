//! The API's description: for programs as OpenAPI, for people as a page made of the same document.

use std::sync::LazyLock;

use app::{
    api_docs::{ApiDocs, ApiDocsPage},
    error::AppError,
};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use leptos::prelude::{IntoAny, view};

use super::{plain::Plain, routes::Routes};

/// OpenAPI 3.1.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// What the page shows of it; nothing where it cannot be read, which a test rules out.
static DOCS: LazyLock<Option<ApiDocs>> = LazyLock::new(|| ApiDocs::read(DOCUMENT).ok());

/// The routes. Nobody needs a key to read what the API is.
pub fn routes() -> Routes {
    Routes::new().get("/api/v1/openapi.json", document).get("/api/docs", page)
}

/// `GET /api/v1/openapi.json`
async fn document() -> ([(HeaderName, HeaderValue); 1], &'static str) {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], DOCUMENT)
}

/// `GET /api/docs`
async fn page(plain: Plain) -> Response {
    plain
        .answer(async |plain| {
            let docs = DOCS.as_ref().ok_or(AppError::NotFound)?;
            let view = || view! { <ApiDocsPage docs=docs.clone() /> }.into_any();
            Ok(plain.page("API", StatusCode::OK, view).await)
        })
        .await
}
