//! Exporting all that matches: from one snapshot, row by row, in flat memory.

mod register;
mod row;
mod sample;
pub(super) mod turns;

use app::log::{entry::LogColumn, query::LogQuery};
use bytes::{Bytes, BytesMut};
use chrono::Utc;
use futures_util::{TryStreamExt, stream::BoxStream};
use sqlx::{Connection as _, Postgres, pool::PoolConnection};

pub use super::entries::Extent;
use super::{
    Scope, Store, StoreError,
    chooser::Chooser,
    conditions::conditions,
    entries::{view, zone_of},
    order::order_in_sql,
    sight::Names,
    sql::literal,
};
pub use register::{MOST_LISTED, Reached, Registered, Request, forget};
pub use row::{Row, Rows};
pub use sample::Sample;
use turns::{Turn, Turns};

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
    /// [`StoreError::Hidden`] where the question asks of what the caller does not see; [`StoreError::Unavailable`]
    /// where the database does not answer, or all of the exports' connections are taken and none came back in time.
    pub async fn export(
        &self,
        scope: &Scope,
        query: &LogQuery,
        extent: Extent,
    ) -> Result<Export, StoreError> {
        scope.permit(query)?;
        let mut connection = self.exports.acquire().await?;
        match self.prepare(&mut connection, scope, query, extent).await {
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
        if let Some(turn) = &mut self.turn {
            turn.let_pages_go_first().await;
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

impl Store {
    /// Opens the snapshot, resolves in it what is asked, and writes the statement.
    async fn prepare(
        &self,
        connection: &mut PoolConnection<Postgres>,
        scope: &Scope,
        query: &LogQuery,
        extent: Extent,
    ) -> Result<String, StoreError> {
        sqlx::raw_sql(scope.snapshot()).execute(&mut **connection).await?;
        let names = Names::of(connection, scope).await?;
        let view = view(connection, (scope, &names), query, self).await?;
        let Some(view) = view else {
            return Ok(statement((scope, &names), query, " and false", extent));
        };
        let zone = zone_of(query);
        let chooser = Chooser { sets: &self.sets, view, zone: &zone, now: Utc::now() };
        let conditions = conditions(connection, &chooser, query).await?;
        Ok(statement((scope, &names), query, &conditions, extent))
    }
}

/// `COPY` takes no parameters: the customer and the values found in the dictionary stand in it as
/// literals. Served by the order's index (log_entry's primary key, log_entry_by_…).
///
/// In binary, because writing the rows down is then up to this server, where it costs a fraction: Postgres
/// itself takes twice as long for CSV, and five times as long for JSON (docs/performance.md).
fn statement(
    (scope, names): (&Scope, &Names),
    query: &LogQuery,
    conditions: &str,
    extent: Extent,
) -> String {
    let particulars = match extent {
        Extent::Particulars if scope.sight().sees_particulars() => row::PARTICULARS,
        Extent::Particulars | Extent::Guide => row::NO_PARTICULARS,
    };
    let sort = query.listing.sort;
    let order = match sort.by {
        // What users are called no index has in order: Postgres sorts.
        LogColumn::User if !names.are_recorded() => {
            format!(
                "{} {direction}, seq {direction}",
                names.in_sql(),
                direction = sort.direction.name()
            )
        }
        _ => order_in_sql(sort),
    };
    format!(
        "copy (select {}, {particulars} from log_entry where customer_id = {}{conditions} order by {order}) \
         to stdout (format binary)",
        row::columns(scope.sight(), names),
        literal(scope.customer_id().as_str()),
    )
}
