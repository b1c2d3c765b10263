//! How somebody wants the table of a log: kept for them, whichever browser they come with.

use std::str::FromStr;

use app::{log::layout::Layout, ui::field::Fields};
use axum::{
    body::Bytes,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{plain::Plain, preferences::back, routes::Routes};
use crate::{origin::Origin, store::layouts::Chosen};

/// The route.
pub fn routes() -> Routes {
    Routes::new().post("/layout", keep)
}

/// `POST /layout`: keeps what the form says, and goes back to the page that it was sent from. What is no part of a
/// layout is as if it had not been sent.
async fn keep(plain: Plain, headers: HeaderMap, body: Bytes) -> Response {
    plain
        .answer(async |plain| {
            let person = plain.person()?;
            let fields = Fields::read(&body);
            let chosen = if fields.sent("reset").is_some() {
                let Layout { columns, widths, .. } = Layout::default();
                Chosen { columns: Some(columns), widths: Some(widths), density: None }
            } else {
                Chosen {
                    columns: part(&fields, "columns"),
                    widths: part(&fields, "widths"),
                    density: part(&fields, "density"),
                }
            };
            let origin = Origin::of_person(&person, plain.asked.way.clone());
            let kept = plain.store.keep_layout(&person, chosen, &origin).await;
            kept.map_err(|error| plain.failure(error))?;
            Ok(Redirect::to(&back(&headers)).into_response())
        })
        .await
}

fn part<T: FromStr>(fields: &Fields, name: &str) -> Option<T> {
    fields.sent(name)?.parse().ok()
}
