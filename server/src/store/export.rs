//! Exporting all that matches: from one snapshot, row by row, in flat memory.

use app::{
    log::{entry::LogColumn, query::LogQuery},
    query::Column,
};
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use sqlx::{Connection as _, Postgres, pool::PoolConnection};
use tokio::sync::mpsc;

use super::{
    Scope, Store, StoreError,
    order::{column_in_sql, order_in_sql},
    search::{self, Matches},
    sql::literal,
};

/// How texts that a spreadsheet would run as a formula are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formulas {
    /// With an apostrophe in front, which spreadsheets take as "this is text".
    Disarmed,
    /// As they are.
    Exact,
}

/// How much is gathered before it is handed on.
const CHUNK: usize = 64 * 1024;
/// How many chunks may wait for a slow client. The database then waits, too.
const CHUNKS_WAITING: usize = 4;

/// An export that has begun. Its rows come as CSV (RFC 4180) without the header. Dropping it ends the query,
/// and gives its connection back.
pub type Rows = mpsc::Receiver<Result<Bytes, StoreError>>;

/// The export's columns, in order: `seq` and the guide's.
pub fn header() -> Vec<&'static str> {
    ["seq"].into_iter().chain(LogColumn::ALL.iter().map(|column| column.name())).collect()
}

impl Store {
    /// Starts an export of all of `scope`'s log that matches `query`, in its order. Whoever calls has made
    /// sure that the log is there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer, or all of the exports' connections are
    /// taken.
    pub async fn export(
        &self,
        scope: &Scope,
        query: &LogQuery,
        formulas: Formulas,
    ) -> Result<Rows, StoreError> {
        let mut connection = self.exports.acquire().await?;
        let statement = match prepare(&mut connection, scope, query, formulas).await {
            Ok(statement) => statement,
            Err(error) => {
                // The snapshot may be open: such a connection is of no use to the next export.
                connection.close_on_drop();
                return Err(error);
            }
        };
        let (sender, rows) = mpsc::channel(CHUNKS_WAITING);
        tokio::spawn(async move {
            let mut connection = connection;
            let outcome = tokio::select! {
                outcome = copy(&mut connection, &statement, &sender) => outcome,
                // The client left while the database was still working on the next row.
                () = sender.closed() => Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
            };
            match outcome {
                Ok(()) => {}
                Err(error) => {
                    // Closing is what ends the query: Postgres looks every half second whether its
                    // client is still there (see the pool's settings). It cannot be asked to stop
                    // in a friendlier way while it is sending rows.
                    let _closed = connection.detach().close_hard().await;
                    // Nobody may be listening any more; that is why some exports end.
                    let _told = sender.send(Err(error)).await;
                }
            }
        });
        Ok(rows)
    }
}

/// Opens the snapshot, resolves the search in it, and writes the statement.
async fn prepare(
    connection: &mut PoolConnection<Postgres>,
    scope: &Scope,
    query: &LogQuery,
    formulas: Formulas,
) -> Result<String, StoreError> {
    sqlx::raw_sql(scope.snapshot()).execute(&mut **connection).await?;
    let matches = search::find(connection, scope, &query.search).await?;
    Ok(statement(scope, query, matches.as_ref(), formulas))
}

/// `COPY` takes no parameters: the customer and the values found in the dictionary stand in it as
/// literals. Served by the order's index (log_entry's primary key, log_entry_by_…).
fn statement(
    scope: &Scope,
    query: &LogQuery,
    matches: Option<&Matches>,
    formulas: Formulas,
) -> String {
    let mut columns = vec!["seq".to_owned()];
    columns.extend(LogColumn::ALL.iter().map(|&column| match column {
        LogColumn::CreatedAt => {
            r#"to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#.to_owned()
        }
        LogColumn::Source => "source".to_owned(),
        text => {
            let text = column_in_sql(text);
            match formulas {
                Formulas::Exact => text.to_owned(),
                Formulas::Disarmed => format!(
                    r"case when left({text}, 1) in ('=', '+', '-', '@', '＝', '＋', '－', '＠', E'\t', E'\r', E'\n') then '''' || {text} else {text} end"
                ),
            }
        }
    }));
    let filter = matches.map_or_else(String::new, |matches| {
        format!(
            " and value_seq = any('{{{}}}')",
            matches.values.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
        )
    });
    format!(
        "copy (select {} from log_entry where customer_id = {}{filter} order by {}) to stdout (format csv)",
        columns.join(", "),
        literal(scope.customer_id().as_str()),
        order_in_sql(query.listing.sort),
    )
}

async fn copy(
    connection: &mut PoolConnection<Postgres>,
    statement: &str,
    sender: &mpsc::Sender<Result<Bytes, StoreError>>,
) -> Result<(), StoreError> {
    let left = || StoreError::Unavailable(sqlx::Error::WorkerCrashed);
    let mut gathered = BytesMut::with_capacity(CHUNK + 4096);
    {
        let mut rows = connection.copy_out_raw(statement).await?;
        while let Some(row) = rows.try_next().await? {
            // Postgres sends a row at a time, ended by a line feed; RFC 4180 ends records with both.
            gathered.extend_from_slice(row.strip_suffix(b"\n").unwrap_or(&row));
            gathered.extend_from_slice(b"\r\n");
            if gathered.len() >= CHUNK {
                sender.send(Ok(gathered.split().freeze())).await.map_err(|_| left())?;
                gathered.reserve(CHUNK + 4096);
            }
        }
    }
    sqlx::raw_sql("commit").execute(&mut **connection).await?;
    if !gathered.is_empty() {
        sender.send(Ok(gathered.freeze())).await.map_err(|_| left())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Caller, Key},
        store::api_keys::KeyScope,
    };

    #[test]
    fn a_search_is_by_the_names_of_the_values_found() {
        let key = Key { key_id: 1, name: "k".into(), scope: KeyScope::Read };
        let scope = Scope::new(&Caller::Key(key), "20418".parse().unwrap());
        let matches = Matches { users: vec![], tables: vec![], values: vec![1, 7], entries: 2 };
        let statement = statement(&scope, &LogQuery::default(), Some(&matches), Formulas::Exact);
        assert!(statement.contains("value_seq = any('{1,7}')"), "{statement}");
        assert!(statement.contains("order by seq desc"), "{statement}");
    }
}
