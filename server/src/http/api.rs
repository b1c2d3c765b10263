//! The JSON API.

use app::{
    log::{
        entry::{Entry, LogPage, Source, UserKind},
        query::LogQuery,
    },
    query::{Total, UrlQuery},
    ui::time::rfc3339,
};
use axum::{
    Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{caller::Asked, problem::Problem};
use crate::{
    access,
    store::{
        Store,
        entries::{Particulars, PastTheEnd},
    },
};

/// An entry as the API shows it.
#[derive(Debug, Serialize)]
pub struct ApiEntry {
    seq: u64,
    created_at: String,
    user: String,
    user_id: Option<String>,
    user_kind: UserKind,
    action: String,
    related_operation: Option<String>,
    impacted_table: String,
    source: Source,
    app_instance: String,
    request_path: String,
    occurred_at: Option<String>,
    api_key_id: Option<i64>,
    detail: Option<Box<RawValue>>,
}

impl ApiEntry {
    fn of(entry: Entry, particulars: Option<Particulars>) -> Self {
        let (user_id, occurred_at, api_key_id, detail) = particulars
            .map(|more| (more.user_id, more.occurred_at, more.api_key_id, more.detail))
            .unwrap_or_default();
        Self {
            seq: entry.seq,
            created_at: rfc3339(entry.created_at),
            user: entry.user,
            user_id,
            user_kind: entry.user_kind,
            action: entry.action,
            related_operation: entry.related_operation,
            impacted_table: entry.impacted_table,
            source: entry.source,
            app_instance: entry.app_instance,
            request_path: entry.request_path,
            occurred_at: occurred_at.map(rfc3339),
            api_key_id,
            // As it was recorded: the store takes nothing that is no JSON.
            detail: detail.and_then(|detail| RawValue::from_string(detail).ok()),
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
    asked: Asked,
    customer_id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Json<ApiPage>, Problem> {
    let Path(customer_id) = customer_id?;
    let (caller, origin) = asked.reader()?;
    let scope = access::admit(caller, &customer_id)?;
    let (query, bad) = LogQuery::read(&query.unwrap_or_default());
    if !bad.is_empty() {
        return Err(Problem::Parameters(bad));
    }
    store.note_view(caller, &scope, &origin).await?;
    let page = store.log_page(&scope, &query, PastTheEnd::Empty).await?;
    let LogPage { entries, page, pages, total, .. } = page.ok_or(Problem::NotFound)?;
    // What stands there is written for staff and auditors: which of it customers see is not decided yet.
    let for_whom = caller.own_customer().is_none();
    let seqs = entries.iter().filter(|_| for_whom).map(|entry| entry.seq);
    let mut known = store.particulars(&scope, seqs).await?;
    let entries = entries.into_iter().map(|entry| {
        let particulars = known.remove(&entry.seq);
        ApiEntry::of(entry, particulars)
    });
    Ok(Json(ApiPage {
        entries: entries.collect(),
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
