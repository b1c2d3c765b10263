//! Whether the server lives, and whether it can work.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::problem::RETRY_AFTER;
use crate::{postgres::MIGRATIONS, store::Store};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: the database answers too, and has every migration that this server knows.
pub async fn ready(State(store): State<Store>) -> Response {
    let known = MIGRATIONS.iter().count();
    let not_ready = match store.applied_migrations().await {
        Ok(applied) if usize::try_from(applied).is_ok_and(|applied| applied >= known) => {
            return "ready\n".into_response();
        }
        Ok(_) => "the database is not migrated\n",
        Err(error) => {
            crate::telemetry::store_failed(&error);
            "the database does not answer\n"
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER)], not_ready)
        .into_response()
}
