//! Whose log was shown to whom: recorded once for each session, or for each key and day.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use app::customer::id::CustomerId;

use super::{
    Scope, Store, StoreError,
    act::{Act, ActError, Step},
    recorder::RecordError,
};
use crate::{access::Caller, origin::Origin};

/// Views that are known to have been recorded. What is not among them is looked up: it only saves asking again with each
/// page.
#[derive(Debug, Clone, Default)]
pub(super) struct NotedViews(Arc<Mutex<HashSet<(CustomerId, String)>>>);

/// So many are remembered: some 1 MB.
const MOST_REMEMBERED: usize = 10_000;

impl NotedViews {
    fn has(&self, view: &(CustomerId, String)) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(view)
    }

    fn remember(&self, view: (CustomerId, String)) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if views.len() >= MOST_REMEMBERED {
            views.clear();
        }
        views.insert(view);
    }
}

impl Store {
    /// Records that `caller` looks at the log of `scope`, where it is another's and they have not done so
    /// before in this session. Nothing is shown that could not be recorded.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn note_view(
        &self,
        caller: &Caller,
        scope: &Scope,
        origin: &Origin,
    ) -> Result<(), StoreError> {
        let viewer = match caller {
            Caller::Person(person) if person.viewer.is_customer() => return Ok(()),
            Caller::Person(person) => hex(&person.session),
            Caller::Key(key) => format!("key {} {}", key.key_id, chrono::Utc::now().date_naive()),
        };
        let view = (scope.customer_id().clone(), viewer);
        if self.noted_views.has(&view) {
            return Ok(());
        }
        let (id, viewer) = &view;
        // Served by log_view's primary key.
        let known: bool = sqlx::query_scalar(
            "select exists (select from log_view where customer_id = $1 and viewer = $2)",
        )
        .bind(id.as_str())
        .bind(viewer)
        .fetch_one(&self.pages)
        .await?;
        if known {
            self.noted_views.remember(view);
            return Ok(());
        }
        let mut act = self.act(origin).await?;
        let first = sqlx::query(
            "insert into log_view (customer_id, viewer) values ($1, $2) on conflict do nothing",
        )
        .bind(id.as_str())
        .bind(viewer)
        .execute(&mut *act)
        .await?;
        // Two requests at once: the other one has recorded it.
        if first.rows_affected() == 0 {
            return Ok(());
        }
        act.note(id, Step::new("Viewed log", "log_entry"));
        match act.commit().await {
            Ok(_) => {
                self.noted_views.remember(view);
                Ok(())
            }
            // A log that is not there is not shown, either.
            Err(ActError::Record(RecordError::NoSuchCustomer(_))) => Ok(()),
            Err(error) => Err(StoreError::from(error)),
        }
    }
}

/// Forgets views by sessions and keys that cannot come again; says how many.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn forget(act: &mut Act) -> Result<u64, StoreError> {
    // Longer than any session, and than a key's day.
    let forgotten = sqlx::query("delete from log_view where viewed_at < now() - interval '2 days'")
        .execute(&mut **act)
        .await?;
    Ok(forgotten.rows_affected())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
