//! The export: all that matches, as a file, straight from the database to the socket.

mod csv;
mod digits;
mod encoding;
mod field;
mod file;
mod format;
mod ndjson;
mod scribe;
mod seal;
pub mod size;
mod watch;
mod written;
mod xlsx;

use std::sync::Arc;

use app::{
    customer::id::CustomerId,
    log::{csv::Formulas, query::LogQuery},
    query::{BadParameter, Parameters, Takes, UrlQuery},
    zone::Zone,
};
use axum::{
    Extension,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use self::{
    encoding::Encoding,
    file::{Broken, File, Plan},
    format::Format,
    scribe::Scribe,
    seal::TRAILERS,
    xlsx::Subject,
};
use super::{caller::Asked, problem::Problem};
use crate::{
    access,
    store::{
        Store, StoreError,
        export::{Extent, Request},
    },
    zones,
};

/// Stands in an answer whose body is to travel as it is.
#[derive(Debug, Clone, Copy)]
pub struct AsItIs;

/// `GET /api/v1/customers/{customer_id}/logs/export`
///
/// # Errors
/// A [`Problem`]; once the answer has begun, a failure ends the file with a line that says so and breaks the
/// transfer off instead.
pub async fn logs(
    State(store): State<Store>,
    asked: Asked,
    customer_id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let Path(customer_id) = customer_id?;
    let (caller, origin) = asked.reader()?;
    let scope = access::admit(caller, &customer_id)?;
    let sight = scope.sight();
    let address = query.unwrap_or_default();
    let Wanted { id, query, format, zone, end } = Wanted::parse(&address)?;
    let encoding = match format {
        Format::Csv(_) | Format::Ndjson => Encoding::asked_for(&request),
        // Compressed in itself.
        Format::Xlsx => Encoding::Identity,
    };
    if store.customer(&scope).await?.is_none() {
        return Err(Problem::NotFound);
    }
    let expected = store.count(&scope, &query).await?.unwrap_or_default();
    let extent = match query.columns {
        // They are all of the guide's.
        Some(_) => Extent::Guide,
        None => format.extent(sight.sees_particulars()),
    };
    let export = store.export(&scope, &query, extent).await?;
    let subject =
        Subject { customer: scope.customer_id().as_str().to_owned(), asked: without_id(&address) };
    let scribe = Scribe::new(format, (query.columns.clone(), sight), zone, subject);
    let mut file =
        File::write(export, Plan { scribe, encoding, end }).map_err(|_| Problem::Internal)?;
    file.begun().await?;
    // After the snapshot, so that the file holds what the page showed; before the first byte leaves.
    let asked_for = Request { id, kind: format.kind(), query: &query, expected };
    let registered = store.register_export(&scope, asked_for, &origin).await;
    let registered = registered.map_err(StoreError::from)?;

    let name = file_name(scope.customer_id(), Utc::now(), format);
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|_| Problem::Internal)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, format.content_type());
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::VARY, header::ACCEPT_ENCODING.into());
    if let Some(encoding) = encoding.header() {
        headers.insert(header::CONTENT_ENCODING, encoding);
    }
    if takes_trailers(&request) {
        headers.insert(header::TRAILER, TRAILERS);
    }
    Ok((headers, Extension(AsItIs), file.into_body(registered)).into_response())
}

impl From<Broken> for Problem {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Store(error) => error.into(),
            Broken::Writing(_) | Broken::Left | Broken::Cancelled | Broken::Stopped => {
                Self::Internal
            }
        }
    }
}

/// Whether the client says that it does not drop trailers. They are sent to no other.
fn takes_trailers(request: &HeaderMap) -> bool {
    request
        .get_all(header::TE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim().eq_ignore_ascii_case("trailers"))
}

/// What was asked, but for the name that the export goes by in the register: that says nothing of the file.
fn without_id(address: &str) -> String {
    let pairs = address.split('&').filter(|pair| !pair.starts_with("export_id="));
    pairs.collect::<Vec<_>>().join("&")
}

/// What the address asks for.
#[derive(Debug)]
struct Wanted {
    /// The id that the export is to have in the register.
    id: Uuid,
    query: LogQuery,
    format: Format,
    /// UTC where the address names none. A file is to be the same whoever takes it.
    zone: Arc<Zone>,
    end: bool,
}

impl Wanted {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut parameters = Parameters::read(query);
        let format = Format::Csv(Formulas::Disarmed);
        let mut format = parameters.take(
            "format",
            format,
            || Takes::OneOf(vec!["csv", "ndjson", "xlsx"]),
            |text| match text {
                "csv" => Some(format),
                "ndjson" => Some(Format::Ndjson),
                "xlsx" => Some(Format::Xlsx),
                _ => None,
            },
        );
        let mut switch = |name| {
            parameters.take(
                name,
                false,
                || Takes::OneOf(vec!["0", "1"]),
                |text| match text {
                    "0" => Some(false),
                    "1" => Some(true),
                    _ => None,
                },
            )
        };
        if switch("raw") && format == Format::Csv(Formulas::Disarmed) {
            format = Format::Csv(Formulas::Exact);
        }
        let end = switch("end");
        let (whole, all_columns) = (switch("whole"), switch("all_columns"));
        let id = parameters.take(
            "export_id",
            None,
            || Takes::ExportId,
            |text| text.parse().ok().map(Some),
        );
        let query = LogQuery::take(&mut parameters);
        let mut query = if whole { query.unfiltered() } else { query };
        let zone = query.zone.as_ref().map_or_else(|| Some(Arc::default()), zones::zone);
        if zone.is_none() {
            parameters.note(BadParameter { parameter: "tz".into(), takes: Takes::Zone });
        }
        let zone = zone.unwrap_or_default();
        let bad = parameters.finish();
        if !bad.is_empty() {
            return Err(Problem::Parameters(bad));
        }
        if all_columns {
            query.columns = None;
        }
        let id = id.unwrap_or_else(Uuid::now_v7);
        Ok(Self { id, query, format, zone, end })
    }
}

/// `customer-20418-logs-2026-03-12T142231Z.csv`. A colon may stand in an id, but not in every system's file
/// names.
fn file_name(customer_id: &CustomerId, at: DateTime<Utc>, format: Format) -> String {
    let id = customer_id.as_str().replace(':', "_");
    format!("customer-{id}-logs-{}.{}", at.format("%Y-%m-%dT%H%M%SZ"), format.kind().name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_after_customer_and_time() {
        let at = DateTime::from_timestamp(1_773_325_351, 0).unwrap();
        let name = file_name(&"a:b".parse().unwrap(), at, Format::Csv(Formulas::Disarmed));
        assert_eq!(name, "customer-a_b-logs-2026-03-12T142231Z.csv");
        let name = file_name(&"7".parse().unwrap(), at, Format::Ndjson);
        assert_eq!(name, "customer-7-logs-2026-03-12T142231Z.ndjson");
        let name = file_name(&"7".parse().unwrap(), at, Format::Xlsx);
        assert_eq!(name, "customer-7-logs-2026-03-12T142231Z.xlsx");
    }

    #[test]
    fn what_an_export_takes_is_the_pages_parameters_and_some_more() {
        let wanted =
            Wanted::parse("format=csv&q=ana&sort=user&page=7&raw=1&as_of=9&end=1").unwrap();
        assert_eq!((wanted.query.search.text.as_str(), wanted.query.as_of), ("ana", Some(9)));
        assert_eq!((wanted.format, wanted.end), (Format::Csv(Formulas::Exact), true));
        let wanted = Wanted::parse("format=ndjson").unwrap();
        assert_eq!((wanted.format, wanted.end), (Format::Ndjson, false));
        let wanted = Wanted::parse("").unwrap();
        assert_eq!((wanted.format, wanted.end), (Format::Csv(Formulas::Disarmed), false));
        let wanted = Wanted::parse("format=xlsx&columns=user,action&tz=Europe/Lisbon").unwrap();
        assert_eq!((wanted.format, wanted.zone.name.as_str()), (Format::Xlsx, "Europe/Lisbon"));
        assert_eq!(wanted.query.columns, "user,action".parse().ok());
        let wanted =
            Wanted::parse("columns=user&all_columns=1&q=ana&sort=user&as_of=9&whole=1").unwrap();
        assert_eq!(wanted.query.to_query_string(), "sort=user&as_of=9");
        let id = "01981c2e-7a50-7000-8000-000000000001";
        let wanted = Wanted::parse(&format!("export_id={id}")).unwrap();
        assert_eq!(wanted.id.to_string(), id);
        assert_eq!(without_id(&format!("q=a&export_id={id}&end=1")), "q=a&end=1");
        for bad in [
            "format=xls",
            "format=jsonl",
            "raw=yes",
            "end=true",
            "colour=red",
            "columns=",
            "columns=user,user",
            "columns=all",
            "all_columns=yes",
            "export_id=7",
            "whole=yes",
            "columns=user&columns=action",
            "tz=Europe/Atlantis",
        ] {
            assert!(matches!(Wanted::parse(bad), Err(Problem::Parameters(_))), "{bad}");
        }
    }
}
