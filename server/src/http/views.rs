//! The views that people keep of logs.

use app::{
    error::AppError,
    log::{
        query::LogQuery,
        saved::{LONGEST_NAME, kept},
    },
    query::{BadParameter, UrlQuery},
    ui::field::Fields,
};
use axum::{
    body::Bytes,
    extract::Path,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{plain::Plain, preferences::back, routes::Routes};
use crate::{
    origin::Origin,
    store::saved_views::{KeepError, NewView},
};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .post("/views", keep)
        .post("/views/{view_id}/delete", forget)
        .post("/views/{view_id}/default", choose)
        .post("/views/no-default", choose_none)
}

fn bad(parameter: &str, takes: String) -> AppError {
    AppError::Bad(BadParameter { parameter: parameter.into(), takes })
}

/// `POST /views`: keeps what the tab shows under a name, and goes back to it.
async fn keep(plain: Plain, headers: HeaderMap, body: Bytes) -> Response {
    plain
        .answer(async |plain| {
            let person = plain.person()?;
            let fields = Fields::read(&body);
            let name = fields.get("name").trim();
            if name.is_empty() || name.chars().count() > LONGEST_NAME {
                return Err(bad("name", format!("1 to {LONGEST_NAME} characters")));
            }
            let (query, faults) = LogQuery::read(fields.get("query"));
            if let Some(fault) = faults.into_iter().next() {
                return Err(AppError::Bad(fault));
            }
            let view = NewView {
                name: name.to_owned(),
                query: kept(&query),
                shared: fields.sent("shared").is_some(),
                default: fields.sent("default").is_some(),
            };
            let origin = Origin::of_person(&person, plain.asked.way.clone());
            match plain.store.keep_view(&person, &view, &origin).await {
                Ok(()) => Ok(Redirect::to(&back(&headers)).into_response()),
                Err(error @ KeepError::TooMany) => Err(bad("name", error.to_string())),
                Err(KeepError::Act(error)) => Err(plain.failure(error)),
            }
        })
        .await
}

async fn forget(plain: Plain, Path(view_id): Path<i64>, headers: HeaderMap) -> Response {
    plain
        .answer(async |plain| {
            let person = plain.person()?;
            let origin = Origin::of_person(&person, plain.asked.way.clone());
            let gone = plain.store.forget_view(&person, view_id, &origin).await;
            done(gone.map_err(|error| plain.failure(error))?, &headers)
        })
        .await
}

async fn choose(plain: Plain, Path(view_id): Path<i64>, headers: HeaderMap) -> Response {
    set_default(plain, Some(view_id), headers).await
}

async fn choose_none(plain: Plain, headers: HeaderMap) -> Response {
    set_default(plain, None, headers).await
}

async fn set_default(plain: Plain, view_id: Option<i64>, headers: HeaderMap) -> Response {
    plain
        .answer(async |plain| {
            let person = plain.person()?;
            let origin = Origin::of_person(&person, plain.asked.way.clone());
            let chosen = plain.store.choose_default_view(&person, view_id, &origin).await;
            done(chosen.map_err(|error| plain.failure(error))?, &headers)
        })
        .await
}

fn done(found: bool, headers: &HeaderMap) -> Result<Response, AppError> {
    if found { Ok(Redirect::to(&back(headers)).into_response()) } else { Err(AppError::NotFound) }
}
