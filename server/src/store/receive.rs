//! Recording what others sent, in one round trip where it can be. A lone entry's time is mostly that of the
//! round trips, and a log is locked for as long as they take.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::{
    Store, StoreError,
    recorder::{Receipt, Received, RecordError, Recorder, Writing, numbers, write},
};

impl Store {
    /// Records what others sent, as [`Recorder::receive`] does it, in a transaction of its own.
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn receive(&self, received: &[Received]) -> Result<Vec<Receipt>, RecordError> {
        {
            let mut connection = self.recording.acquire().await.map_err(StoreError::from)?;
            match at_once(&mut connection, received).await {
                Ok(Some(receipts)) => return Ok(receipts),
                Ok(None) => {}
                Err(RecordError::Store(StoreError::Failed(error))) if is_taken(&error) => {}
                Err(error) => return Err(error),
            }
        }
        let mut transaction = self.begin_recording().await?;
        let receipts = Recorder::new(&mut transaction).receive(received).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(receipts)
    }
}

/// Whether somebody recorded the same id in the same moment.
fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Records entries that are all new, of customers who are all known; records none where one is not.
async fn at_once(
    connection: &mut PgConnection,
    received: &[Received],
) -> Result<Option<Vec<Receipt>>, RecordError> {
    let mut ids = BTreeSet::new();
    let twice = received
        .iter()
        .any(|item| item.id.as_ref().is_some_and(|id| !ids.insert((&item.entry.customer_id, id))));
    if twice {
        return Ok(None);
    }
    let writing: Vec<Writing<'_>> = received.iter().map(Writing::from).collect();
    let Some(logs) = write(connection, &writing).await? else { return Ok(None) };
    let numbers = numbers(&writing, &logs)?;
    Ok(Some(numbers.into_iter().map(Receipt::Recorded).collect()))
}
