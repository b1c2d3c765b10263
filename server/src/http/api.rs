//! The JSON API.

use app::{
    log::{
        entry::{Entry, LogPage, Source},
        query::LogQuery,
    },
    query::{Total, UrlQuery},
    ui::time::rfc3339,
};
use axum::{
    Extension, Json,
    extract::{Path, RawQuery, State},
};
use serde::Serialize;

use super::{caller::Identity, problem::Problem};
use crate::{
    access,
    store::{Store, entries::PastTheEnd},
};

/// An entry as the API shows it.
#[derive(Debug, Serialize)]
pub struct ApiEntry {
    seq: u64,
    created_at: String,
    user: String,
    action: String,
    related_operation: Option<String>,
    impacted_table: String,
    source: Source,
    app_instance: String,
    request_path: String,
}

impl From<Entry> for ApiEntry {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            created_at: rfc3339(entry.created_at),
            user: entry.user,
            action: entry.action,
            related_operation: entry.related_operation,
            impacted_table: entry.impacted_table,
            source: entry.source,
            app_instance: entry.app_instance,
            request_path: entry.request_path,
        }
    }
}

/// A page as the API shows it.
#[derive(Debug, Serialize)]
pub struct ApiPage {
    entries: Vec<ApiEntry>,
    page: u64,
    per_page: u64,
    pages: u64,
    total: Total,
}

/// `GET /api/v1/customers/{customer_id}/logs`
///
/// # Errors
/// A [`Problem`].
pub async fn logs(
    State(store): State<Store>,
    Extension(identity): Extension<Identity>,
    Path(customer_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<ApiPage>, Problem> {
    let scope = access::admit(identity.caller()?, &customer_id)?;
    let (query, bad) = LogQuery::read(&query.unwrap_or_default());
    if !bad.is_empty() {
        return Err(Problem::Parameters(bad));
    }
    let page = store.log_page(&scope, &query, PastTheEnd::Empty).await?;
    let LogPage { entries, page, pages, total, .. } = page.ok_or(Problem::NotFound)?;
    Ok(Json(ApiPage {
        entries: entries.into_iter().map(ApiEntry::from).collect(),
        page,
        per_page: query.listing.per_page.rows(),
        pages,
        total,
    }))
}

/// What is not there.
pub async fn nothing_here() -> Problem {
    Problem::NotFound
}

/// What is there, but not for this method.
pub async fn wrong_method() -> Problem {
    Problem::Method
}
