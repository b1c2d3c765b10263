//! The entry that says that a log was taken away.

use app::{
    log::{entry::LogColumn, query::LogQuery},
    query::{Column as _, UrlQuery as _},
};
use serde_json::json;

use crate::{
    origin::Origin,
    store::{
        Scope, Store,
        act::{ActError, Step},
    },
};

/// What kind of file it was.
#[derive(Debug, Clone, Copy)]
pub struct Kind<'k> {
    /// The format's name.
    pub format: &'k str,
    /// The columns that were asked for; nothing for all.
    pub columns: Option<&'k [LogColumn]>,
}

impl Store {
    /// Records that all of `scope`'s log that matches `query` is taken away, as such a file.
    ///
    /// # Errors
    /// [`ActError`] where the database does not answer or fails.
    pub async fn record_export(
        &self,
        scope: &Scope,
        query: &LogQuery,
        kind: Kind<'_>,
        origin: &Origin,
    ) -> Result<(), ActError> {
        let mut act = self.act(origin).await?;
        let mut detail = json!({ "format": kind.format, "query": query.to_query_string() });
        if let Some(columns) = kind.columns {
            detail["columns"] = columns.iter().map(|column| column.name()).collect();
        }
        act.note(scope.customer_id(), Step::new("Exported log", "log_entry").detail(detail));
        act.commit().await?;
        Ok(())
    }
}
