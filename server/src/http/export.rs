//! The export: all that matches, as a file, straight from the database to the socket.

use app::{
    customer::id::CustomerId,
    log::query::LogQuery,
    query::{Parameters, UrlQuery},
};
use axum::{
    body::{Body, Bytes},
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};

use super::{caller::Asked, problem::Problem};
use crate::{
    access,
    store::{
        Store, StoreError,
        export::{Formulas, header as columns},
    },
};

/// `GET /api/v1/customers/{customer_id}/logs/export`
///
/// # Errors
/// A [`Problem`]; once the answer has begun, a failure breaks the transfer off instead.
pub async fn logs(
    State(store): State<Store>,
    asked: Asked,
    customer_id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let Path(customer_id) = customer_id?;
    let (caller, origin) = asked.reader()?;
    let scope = access::admit(caller, &customer_id)?;
    let (query, formulas) = parse(&query.unwrap_or_default())?;
    if store.customer(&scope).await?.is_none() {
        return Err(Problem::NotFound);
    }
    let mut rows = store.export(&scope, &query, formulas).await?;
    // Waits for the first rows: what fails before them is still a proper answer.
    let first = rows.recv().await.transpose()?;
    // After the snapshot, so that the file holds what the page showed; before the first byte leaves.
    store.note_export(&scope, &query, &origin).await.map_err(StoreError::from)?;
    let rows = stream::unfold(rows, async |mut rows| Some((rows.recv().await?, rows)));
    let head = stream::iter([Ok::<_, StoreError>(header_row()?)].into_iter().chain(first.map(Ok)));
    let body = head.chain(rows.inspect(|chunk| {
        if let Err(error) = chunk {
            crate::telemetry::store_failed(error);
        }
    }));
    let name = file_name(scope.customer_id(), Utc::now());
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|_| Problem::Internal)?;
    Ok((
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
            ),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        Body::from_stream(body),
    )
        .into_response())
}

fn parse(query: &str) -> Result<(LogQuery, Formulas), Problem> {
    let mut parameters = Parameters::read(query);
    parameters.take("format", (), "csv", |text| (text == "csv").then_some(()));
    let formulas = parameters.take("raw", Formulas::Disarmed, "0 or 1", |text| match text {
        "0" => Some(Formulas::Disarmed),
        "1" => Some(Formulas::Exact),
        _ => None,
    });
    let query = LogQuery::take(&mut parameters);
    let bad = parameters.finish();
    if bad.is_empty() { Ok((query, formulas)) } else { Err(Problem::Parameters(bad)) }
}

fn header_row() -> Result<Bytes, Problem> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns()).map_err(|_| Problem::Internal)?;
    writer.into_inner().map(Bytes::from).map_err(|_| Problem::Internal)
}

/// `customer-20418-logs-2026-03-12T142231Z.csv`. A colon may stand in an id, but not in every system's file
/// names.
fn file_name(customer_id: &CustomerId, at: DateTime<Utc>) -> String {
    let id = customer_id.as_str().replace(':', "_");
    format!("customer-{id}-logs-{}.csv", at.format("%Y-%m-%dT%H%M%SZ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_after_customer_and_time() {
        let at = DateTime::from_timestamp(1_773_325_351, 0).unwrap();
        let name = file_name(&"a:b".parse().unwrap(), at);
        assert_eq!(name, "customer-a_b-logs-2026-03-12T142231Z.csv");
    }

    #[test]
    fn what_an_export_takes_is_the_pages_parameters_and_two_more() {
        let (query, formulas) = parse("format=csv&q=ana&sort=user&page=7&raw=1").unwrap();
        assert_eq!(query.search.text, "ana");
        assert_eq!(formulas, Formulas::Exact);
        for bad in ["format=xls", "raw=yes", "colour=red"] {
            assert!(matches!(parse(bad), Err(Problem::Parameters(_))), "{bad}");
        }
    }
}
