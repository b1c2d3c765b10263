//! The JSON API.

use app::{
    log::{entry::LogPage, query::LogQuery},
    query::{BadParameter, Total, UrlQuery},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State, rejection::PathRejection},
};
use serde::Serialize;

use super::{api_entry::ApiEntry, caller::Asked, problem::Problem};
use crate::{
    access,
    store::{Store, entries::PastTheEnd},
    zones,
};

/// A page as the API shows it.
#[derive(Debug, Serialize)]
pub struct ApiPage {
    entries: Vec<ApiEntry<'static>>,
    page: u64,
    per_page: u64,
    pages: u64,
    total: Total,
    as_of: u64,
    newest: u64,
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
    let (query, mut bad) = LogQuery::read(&query.unwrap_or_default());
    bad.extend(zones::unknown(&query));
    // Each entry comes whole. An export takes columns.
    bad.extend(query.columns.as_ref().map(|_| BadParameter {
        parameter: "columns".into(),
        takes: "nothing here".to_owned().into(),
    }));
    if !bad.is_empty() {
        return Err(Problem::Parameters(bad));
    }
    store.note_view(caller, &scope, &origin).await?;
    let found = store.log_page_in_full(&scope, &query, PastTheEnd::Empty).await?;
    let (page, particulars) = found.ok_or(Problem::NotFound)?;
    let LogPage { entries, page, pages, total, as_of, newest, .. } = page;
    let entries = entries
        .into_iter()
        .zip(particulars)
        .map(|(entry, particulars)| ApiEntry::new(entry, particulars, scope.sight()));
    Ok(Json(ApiPage {
        entries: entries.collect(),
        page,
        per_page: query.listing.per_page.rows(),
        pages,
        total,
        as_of,
        newest,
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
