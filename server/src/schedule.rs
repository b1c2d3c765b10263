//! Work that nobody asks for: what the server does by itself, every hour. It is recorded like anybody's.

use std::{sync::Arc, time::Duration};

use chrono::Months;
use serde_json::json;

use crate::{
    origin::Origin,
    store::{
        Store, StoreError, act::Step, export, ingest_answers, months, operations::OperationError,
        sessions, views,
    },
};

const HOUR: Duration = Duration::from_secs(3600);

/// Does the work now and every hour, until it is dropped.
pub async fn run(store: Store, instance: Arc<str>) {
    let mut hours = tokio::time::interval(HOUR);
    loop {
        hours.tick().await;
        look_ahead(&store).await;
        if let Err(error) = once(&store, &instance).await {
            tracing::error!(%error, "scheduled work failed; it is tried again in an hour");
        }
    }
}

/// Makes the tables of the months to come, and finds the logs that nobody counted. Neither does anything to an
/// account.
async fn look_ahead(store: &Store) {
    let today = chrono::Utc::now().date_naive();
    let last = today.checked_add_months(Months::new(months::AHEAD)).unwrap_or(today);
    if let Err(error) = store.make_months(today, last).await {
        tracing::error!(
            %error,
            "the tables for the months until {last} could not be made: when the last one ends, nothing can be recorded"
        );
    }
    if let Err(error) = store.find_uncounted().await {
        tracing::warn!(%error, "logs that nobody counted could not be found");
    }
}

/// Does the work once.
///
/// # Errors
/// [`OperationError`] where the database does not answer or fails.
pub async fn once(store: &Store, instance: &str) -> Result<(), OperationError> {
    store.expire_requests(&Origin::of_schedule("Expiry of requests", instance)).await?;
    tidy(store, &Origin::of_schedule("Housekeeping", instance)).await?;
    Ok(())
}

/// Forgets what is over. Where nothing is, nothing was done, and nothing is recorded.
async fn tidy(store: &Store, origin: &Origin) -> Result<(), StoreError> {
    let mut act = store.act(origin).await?;
    let forgotten = [
        ("session", sessions::forget_ended(&mut act).await?),
        ("log_view", views::forget(&mut act).await?),
        ("ingest_answer", ingest_answers::forget(&mut act).await?),
        ("log_export", export::forget(&mut act).await?),
    ];
    for (table, rows) in forgotten {
        if rows > 0 {
            act.note_of_platform(
                Step::new("Removed what is over", table).detail(json!({ "rows": rows })),
            );
        }
    }
    if forgotten.iter().any(|(_, rows)| *rows > 0) {
        act.commit().await?;
    }
    Ok(())
}
