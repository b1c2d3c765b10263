//! Whether the server lives, and whether it can work.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::problem::RETRY_AFTER;
use crate::{
    postgres::MIGRATIONS,
    store::{Store, StoreError},
};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: the database answers too, has every migration that this server knows, and a table for what is
/// recorded now. Where there is none for the next month, it says so while there is time.
pub async fn ready(State(store): State<Store>) -> Response {
    let known = MIGRATIONS.iter().count();
    let not_ready = match store.applied_migrations().await {
        Ok(applied) if usize::try_from(applied).is_ok_and(|applied| applied >= known) => {
            match months_to_come(&store).await {
                Ok((true, true)) => return "ready\n".into_response(),
                Ok((true, false)) => {
                    return "ready, but there is no table for the next month's entries: see the server's log\n"
                        .into_response();
                }
                Ok((false, _)) => "there is no table for this month's entries\n",
                Err(error) => {
                    crate::telemetry::store_failed(&error);
                    "the database does not answer\n"
                }
            }
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

/// Whether this month and the next have their tables.
async fn months_to_come(store: &Store) -> Result<(bool, bool), StoreError> {
    let today = chrono::Utc::now().date_naive();
    let next = today.checked_add_months(chrono::Months::new(1)).unwrap_or(today);
    Ok((store.has_month(today).await?, store.has_month(next).await?))
}
