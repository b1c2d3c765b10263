//! Exporting all that matches: from one snapshot, row by row, in flat memory.

mod recorded;
mod row;
pub(super) mod turns;

use std::fmt::Write as _;

use app::log::query::LogQuery;
use bytes::{Bytes, BytesMut};
use futures_util::{TryStreamExt, stream::BoxStream};
use sqlx::{Connection as _, Postgres, pool::PoolConnection};

use super::{
    Scope, Store, StoreError,
    order::order_in_sql,
    search::{self, Matches},
    sql::literal,
};
pub use recorded::Kind;
pub use row::{Row, Rows};
use turns::{Turn, Turns};

/// How much of each entry is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The guide's columns, the number and the user's kind.
    Guide,
    /// The particulars, too.
    Particulars,
}

/// How much is read before it is handed on, in bytes.
const CHUNK: usize = 64 * 1024;

/// An export with a connection of its own, on which its snapshot is open.
pub struct Export {
    connection: PoolConnection<Postgres>,
    statement: String,
    turns: Turns,
}

impl Store {
    /// Opens an export of all of `scope`'s log that matches `query`, in its order. Whoever calls has made
    /// sure that the log is there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer, or all of the exports' connections are
    /// taken and none came back in time.
    pub async fn export(
        &self,
        scope: &Scope,
        query: &LogQuery,
        extent: Extent,
    ) -> Result<Export, StoreError> {
        let mut connection = self.exports.acquire().await?;
        match prepare(&mut connection, scope, query, extent).await {
            Ok(statement) => Ok(Export { connection, statement, turns: self.turns.clone() }),
            Err(error) => {
                // The snapshot may be open: such a connection is of no use to the next export.
                connection.close_on_drop();
                Err(error)
            }
        }
    }
}

impl Export {
    /// Starts the query. When all was read comes [`Self::finish`], and in every other case [`Self::abandon`].
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn read(&mut self) -> Result<Reading<'_>, StoreError> {
        let rows = self.connection.copy_out_raw(&self.statement).await?;
        let gathered = BytesMut::with_capacity(CHUNK + CHUNK / 4);
        Ok(Reading { rows, gathered, turns: self.turns.clone(), turn: None, ended: false })
    }

    /// Ends the snapshot, and gives the connection back.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn finish(&mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("commit").execute(&mut *self.connection).await?;
        Ok(())
    }

    /// Ends the query, wherever it is.
    pub async fn abandon(self) {
        // Closing is what ends it: Postgres looks every half second whether its client is still there (see the
        // pool's settings). It cannot be asked to stop in a friendlier way while it is sending rows.
        let _closed = self.connection.detach().close_hard().await;
    }
}

/// An export that is being read.
pub struct Reading<'e> {
    rows: BoxStream<'e, Result<Bytes, sqlx::Error>>,
    gathered: BytesMut,
    turns: Turns,
    turn: Option<Turn>,
    ended: bool,
}

impl Reading<'_> {
    /// The next rows: some 64 kB of them, or fewer where they come slowly. Nothing where there are no more.
    /// Waits for this export's turn, and keeps it until it is over or [`Self::rest`] gives it up.
    ///
    /// # Errors
    /// [`StoreError`] where the database breaks off.
    pub async fn next(&mut self) -> Result<Option<Rows>, StoreError> {
        if self.ended {
            return Ok(None);
        }
        if self.turn.as_ref().is_none_or(Turn::is_over) {
            self.turn = None;
            self.turn = Some(self.turns.take().await);
        }
        while self.gathered.len() < CHUNK {
            let row = match &mut self.turn {
                None => self.rows.try_next().await?,
                Some(turn) => {
                    tokio::select! {
                        biased;
                        row = self.rows.try_next() => row?,
                        () = turn.end() => {
                            // The database searches or sorts. Others work in the meantime.
                            self.turn = None;
                            if self.gathered.is_empty() { continue } else { break }
                        }
                    }
                }
            };
            match row {
                Some(row) => self.gathered.extend_from_slice(row::within(&row)),
                None => {
                    self.ended = true;
                    break;
                }
            }
        }
        let rows = self.gathered.split().freeze();
        self.gathered.reserve(CHUNK + CHUNK / 4);
        Ok((!rows.is_empty()).then(|| Rows::new(rows)))
    }

    /// Gives the turn up: what was read has to wait for its reader, and others may work.
    pub fn rest(&mut self) {
        self.turn = None;
    }
}

/// Opens the snapshot, resolves the search in it, and writes the statement.
async fn prepare(
    connection: &mut PoolConnection<Postgres>,
    scope: &Scope,
    query: &LogQuery,
    extent: Extent,
) -> Result<String, StoreError> {
    sqlx::raw_sql(scope.snapshot()).execute(&mut **connection).await?;
    let matches = search::find(connection, scope, &query.search).await?;
    Ok(statement(scope, query, matches.as_ref(), extent))
}

/// `COPY` takes no parameters: the customer and the values found in the dictionary stand in it as
/// literals. Served by the order's index (log_entry's primary key, log_entry_by_…).
///
/// In binary, because writing the rows down is then up to this server, where it costs a fraction: Postgres
/// itself takes twice as long for CSV, and five times as long for JSON (docs/performance.md).
fn statement(scope: &Scope, query: &LogQuery, matches: Option<&Matches>, extent: Extent) -> String {
    let particulars = match extent {
        Extent::Guide => row::NO_PARTICULARS,
        Extent::Particulars => row::PARTICULARS,
    };
    let mut filter = matches.map_or_else(String::new, filter);
    if let Some(as_of) = query.as_of {
        let _infallible =
            write!(filter, " and seq <= {}", i64::try_from(as_of).unwrap_or(i64::MAX));
    }
    format!(
        "copy (select {}, {particulars} from log_entry where customer_id = {}{filter} order by {}) \
         to stdout (format binary)",
        row::COLUMNS,
        literal(scope.customer_id().as_str()),
        order_in_sql(query.listing.sort),
    )
}

/// What a search found, by the names of its values: whole numbers.
fn filter(matches: &Matches) -> String {
    let values: Vec<_> = matches.values.iter().map(i64::to_string).collect();
    format!(" and value_seq = any('{{{}}}')", values.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Caller, Key},
        store::api_keys::KeyScope,
    };

    fn statement_of(query: &LogQuery, matches: Option<&Matches>) -> String {
        let key = Key { key_id: 1, name: "k".into(), scope: KeyScope::Read };
        let scope = Scope::new(&Caller::Key(key), "20418".parse().unwrap());
        statement(&scope, query, matches, Extent::Guide)
    }

    #[test]
    fn a_search_is_by_the_names_of_the_values_found() {
        let matches = Matches { users: vec![], tables: vec![], values: vec![1, 7], entries: 2 };
        let statement = statement_of(&LogQuery::default(), Some(&matches));
        assert!(statement.contains("value_seq = any('{1,7}')"), "{statement}");
        assert!(statement.contains("order by seq desc"), "{statement}");
    }

    #[test]
    fn a_pinned_log_ends_at_its_entry() {
        let statement = statement_of(&LogQuery::default().pinned(7), None);
        assert!(statement.contains(" and seq <= 7 order by"), "{statement}");
        let statement = statement_of(&LogQuery::default().pinned(u64::MAX), None);
        assert!(statement.contains(&format!(" and seq <= {} ", i64::MAX)), "{statement}");
    }
}
