//! Short links to what somebody saw: they show the same rows for ever, to whoever may see them.

use app::{
    error::AppError,
    log::{link_page::LinkPage, query::LogQuery},
    query::UrlQuery,
    ui::field::Fields,
};
use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use chrono::Utc;
use leptos::prelude::{IntoAny, view};

use super::{plain::Plain, routes::Routes};
use crate::{access, origin::Origin, store::short_links::LinkError, zones};

/// The routes.
pub fn routes() -> Routes {
    Routes::new().post("/customers/{customer_id}/links", make).get("/l/{code}", follow)
}

/// `POST /customers/{customer_id}/links`: makes a link to what the form's `query` shows. The answer's `Location` is the
/// link; without a script, its page shows it.
async fn make(plain: Plain, Path(customer_id): Path<String>, body: Bytes) -> Response {
    plain
        .answer(async |plain| {
            let person = plain.person()?;
            let (_, scope) = plain.reader(&customer_id)?;
            let fields = Fields::read(&body);
            let (query, faults) = LogQuery::read(fields.get("query"));
            if let Some(fault) = faults.into_iter().next().or_else(|| zones::unknown(&query)) {
                return Err(AppError::Bad(fault));
            }
            let newest = plain.store.newest(&scope).await.map_err(|error| plain.failure(error))?;
            let newest = newest.ok_or(AppError::NotFound)?;
            let layout = plain.store.layout(person.user_id).await;
            let layout = layout.map_err(|error| plain.failure(error))?;
            let zone = query.zone.as_ref().and_then(zones::zone).unwrap_or_default();
            let fixed = LogQuery {
                range: query.range.fixed(Utc::now(), &zone),
                zone: Some(zone.name.clone()),
                as_of: Some(query.as_of.unwrap_or(newest).min(newest)),
                columns: Some(query.columns.unwrap_or(layout.columns)),
                ..query
            };
            let origin = Origin::of_person(&person, plain.asked.way.clone());
            let code = match plain.store.short_link(&scope, &fixed, &origin).await {
                Ok(code) => code,
                Err(LinkError::Act(error)) => return Err(plain.failure(error)),
                Err(error @ LinkError::Random(_)) => {
                    tracing::error!(%error, "no short link");
                    return Err(plain.internal());
                }
            };
            let path = format!("/l/{code}");
            let back = fixed.href(&scope.customer_id().logs_path());
            let location = HeaderValue::from_str(&path).map_err(|_| plain.internal())?;
            let address = plain.absolute(&path);
            let view = move || {
                let (address, back) = (address.clone(), back.clone());
                view! { <LinkPage address back /> }.into_any()
            };
            let title = plain.say().short_link();
            let mut response = plain.page(title, StatusCode::CREATED, view).await;
            response.headers_mut().insert(header::LOCATION, location);
            Ok(response)
        })
        .await
}

/// `GET /l/{code}`: leads to what it was made of. To whoever may not see that log, it is like a link that is not there.
async fn follow(plain: Plain, Path(code): Path<String>) -> Response {
    plain
        .answer(async |plain| {
            let person = plain.person()?;
            let target = plain.store.short_link_target(&code).await;
            let target = target.map_err(|error| plain.failure(error))?.ok_or(AppError::NotFound)?;
            let caller = access::Caller::Person(person);
            let scope = access::admit(&caller, target.customer_id.as_str())
                .map_err(|access::NotFound| AppError::NotFound)?;
            let to = format!("{}?{}", scope.customer_id().logs_path(), target.query);
            Ok(Redirect::to(&to).into_response())
        })
        .await
}
