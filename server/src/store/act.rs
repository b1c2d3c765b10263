//! An act: a transaction that changes something, and what is recorded of it. The two commit together, and
//! an act of which nothing is recorded does not commit.

use std::ops::{Deref, DerefMut};

use app::{customer::id::CustomerId, session::viewer::Role};
use serde_json::{Map, Value, json};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{
    Store, StoreError,
    followers::Followers,
    recorder::{NewEntry, RecordError, Recorded, Recorder},
};
use crate::origin::Origin;

/// The log of this installation itself: what concerns no customer stands there.
pub const PLATFORM: &str = "platform";

/// Why an act did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// It would have left no trace.
    #[error("an act of which nothing is recorded does not happen")]
    Silent,
    /// It could not be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database does not answer, or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ActError> for StoreError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Store(error) | ActError::Record(RecordError::Store(error)) => error,
            // What these say is a fault of this program's, not of anybody's who asked.
            other => Self::Unreadable(other.to_string()),
        }
    }
}

/// One thing that an act did: it becomes an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    action: String,
    table: &'static str,
    operation: Option<String>,
    detail: Option<Value>,
}

impl Step {
    /// `action` on `table`.
    pub fn new(action: impl Into<String>, table: &'static str) -> Self {
        Self { action: action.into(), table, operation: None, detail: None }
    }

    /// The operation that it belongs to.
    pub fn of(mut self, operation: impl ToString) -> Self {
        self.operation = Some(operation.to_string());
        self
    }

    /// What is to be known of it beyond that.
    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }
}

/// A transaction of somebody's, and what is recorded of it so far.
#[derive(Debug)]
pub struct Act {
    transaction: Transaction<'static, Postgres>,
    origin: Origin,
    entries: Vec<NewEntry>,
    followers: Followers,
}

impl Store {
    /// Begins an act of `origin`'s.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub async fn act(&self, origin: &Origin) -> Result<Act, StoreError> {
        // What an act may do was decided before; row-level security lets it at any customer's settings and
        // money, and still at no log.
        let transaction = self.pages.begin_with("begin; set local app.staff = 'on'").await?;
        Ok(Act {
            transaction,
            origin: origin.clone(),
            entries: Vec::new(),
            followers: self.followers.clone(),
        })
    }
}

impl Act {
    /// An act in a transaction that was begun elsewhere.
    pub(super) fn over(transaction: Transaction<'static, Postgres>, origin: &Origin) -> Self {
        let followers = Followers::default();
        Self { transaction, origin: origin.clone(), entries: Vec::new(), followers }
    }

    /// Notes a step on `customer_id`'s account.
    pub fn note(&mut self, customer_id: &CustomerId, step: Step) {
        let Origin { user, user_id, user_kind, way } = self.origin.clone();
        self.entries.push(NewEntry {
            customer_id: customer_id.clone(),
            user,
            user_id,
            user_kind,
            action: step.action,
            related_operation: step.operation,
            impacted_table: step.table.to_owned(),
            source: way.source,
            app_instance: way.app_instance,
            request_path: way.request_path,
            occurred_at: None,
            api_key_id: None,
            detail: step.detail,
        });
    }

    /// Notes a step that concerns no customer: it stands in the log of this installation.
    pub fn note_of_platform(&mut self, step: Step) {
        if let Ok(platform) = PLATFORM.parse() {
            self.note(&platform, step);
        }
    }

    /// Notes a step of, or about, somebody with this role: it stands in the log of the customer that they
    /// are, or of this installation.
    pub fn note_of(&mut self, role: &Role, step: Step) {
        match role {
            Role::Customer(id) => self.note(id, step),
            Role::Operator | Role::Auditor => self.note_of_platform(step),
        }
    }

    /// Records what was noted, and commits.
    ///
    /// # Errors
    /// [`ActError`]; nothing has happened then. Where the connection broke while committing, it cannot be
    /// known: what then comes again must find out.
    pub async fn commit(mut self) -> Result<Vec<Recorded>, ActError> {
        if self.entries.is_empty() {
            return Err(ActError::Silent);
        }
        let recorded = Recorder::new(&mut self.transaction).record(&self.entries).await?;
        self.transaction.commit().await.map_err(StoreError::from)?;
        self.followers.tell(&recorded);
        Ok(recorded)
    }
}

impl Deref for Act {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.transaction
    }
}

impl DerefMut for Act {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

/// What changed, as the log shows it: `before` and `after`, with the fields that differ and no others;
/// nothing where none does.
pub fn difference(before: &Value, after: &Value) -> Option<Value> {
    let empty = Map::new();
    let (old, new) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
    let differs = |key: &&String| old.get(*key) != new.get(*key);
    let pick = |from: &Map<String, Value>| -> Map<String, Value> {
        from.iter().filter(|(key, _)| differs(key)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let (before, after) = (pick(old), pick(new));
    (!before.is_empty() || !after.is_empty()).then(|| json!({ "before": before, "after": after }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_fields_that_changed_are_shown_before_and_after() {
        let before = json!({ "name": "Ana", "limit": 5, "tags": ["a"] });
        let after = json!({ "name": "Ana", "limit": null, "tags": ["a", "b"], "new": 1 });
        assert_eq!(
            difference(&before, &after),
            Some(json!({
                "before": { "limit": 5, "tags": ["a"] },
                "after": { "limit": null, "tags": ["a", "b"], "new": 1 },
            }))
        );
        assert_eq!(difference(&before, &before), None);
    }
}
