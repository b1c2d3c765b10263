//! The register of exports: a row for each, made with the entry that says that a log was taken away. Whoever writes
//! the file notes there how far it is; whoever takes it sees that, and may end it.

use app::{
    log::{
        query::LogQuery,
        taken::{FileKind, Taken, TakenState},
    },
    query::{Column as _, UrlQuery as _},
};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    origin::Origin,
    store::{
        Scope, Store, StoreError,
        act::{Act, ActError, Step},
        rows::{count, known},
        walk::in_sql,
    },
};

/// So many of one's exports are listed.
pub const MOST_LISTED: i64 = 10;

/// What is taken away.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// The id that was asked for; where it is taken already, the export gets another.
    pub id: Uuid,
    /// The kind of file.
    pub kind: FileKind,
    /// What of the log; without columns, all of them.
    pub query: &'r LogQuery,
    /// How many entries match.
    pub expected: u64,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    /// How many entries are in the file.
    pub entries: u64,
    /// How large it is, in bytes.
    pub bytes: u64,
}

/// An export's place in the register, for whoever writes its file.
#[derive(Debug)]
pub struct Registered {
    store: Store,
    scope: Scope,
    id: Uuid,
}

impl Store {
    /// Records that a log is taken away, and makes the export's place in the register.
    ///
    /// # Errors
    /// [`ActError`] where the database does not answer or fails.
    pub async fn register_export(
        &self,
        scope: &Scope,
        request: Request<'_>,
        origin: &Origin,
    ) -> Result<Registered, ActError> {
        let mut act = self.act(origin).await?;
        let mut id = request.id;
        if !enter(&mut act, scope, &request, id, origin).await? {
            // A browser that lost the connection comes again by itself, with the same address.
            id = Uuid::now_v7();
            enter(&mut act, scope, &request, id, origin).await?;
        }
        // The columns stand by themselves.
        let query = LogQuery { columns: None, ..request.query.clone() }.to_query_string();
        let mut detail = json!({ "format": request.kind.name(), "query": query });
        if let Some(columns) = &request.query.columns {
            detail["columns"] = columns.as_slice().iter().map(|column| column.name()).collect();
        }
        act.note(scope.customer_id(), Step::new("Exported log", "log_entry").detail(detail));
        act.commit().await?;
        Ok(Registered { store: self.clone(), scope: scope.clone(), id })
    }
}

/// Says whether the id was free.
async fn enter(
    act: &mut Act,
    scope: &Scope,
    request: &Request<'_>,
    id: Uuid,
    origin: &Origin,
) -> Result<bool, StoreError> {
    let entered = sqlx::query(
        "insert into log_export (customer_id, export_id, taken_by, format, query, expected)
         values ($1, $2::uuid, $3, $4, $5, $6) on conflict do nothing",
    )
    .bind(scope.customer_id().as_str())
    .bind(id.to_string())
    .bind(origin.user_id.as_deref().unwrap_or_default())
    .bind(request.kind.name())
    .bind(request.query.to_query_string())
    .bind(in_sql(request.expected))
    .execute(&mut **act)
    .await?;
    Ok(entered.rows_affected() > 0)
}

impl Registered {
    /// Notes how far the export is; says whether it is still wanted. Served by log_export's primary key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn note(&self, reached: Reached) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let noted = sqlx::query(
            "update log_export set entries = $3, bytes = $4, noted_at = now()
             where customer_id = $1 and export_id = $2::uuid and state = 'running'",
        )
        .bind(self.scope.customer_id().as_str())
        .bind(self.id.to_string())
        .bind(in_sql(reached.entries))
        .bind(in_sql(reached.bytes))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(noted.rows_affected() > 0)
    }

    /// Notes that all of it is in the file, and the file's SHA-256; or, without that, that it broke off. One that was
    /// cancelled and is whole all the same is whole. Served by log_export's primary key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn end(&self, reached: Reached, sha256: Option<[u8; 32]>) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "update log_export set entries = $3, bytes = $4, noted_at = now(), sha256 = $5,
                    state = case when $5 is not null then 'done'
                                 when state = 'cancelled' then state
                                 else 'broken' end
             where customer_id = $1 and export_id = $2::uuid",
        )
        .bind(self.scope.customer_id().as_str())
        .bind(self.id.to_string())
        .bind(in_sql(reached.entries))
        .bind(in_sql(reached.bytes))
        .bind(sha256.map(|sha256| sha256.to_vec()))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, StoreError> {
        Ok(self.store.pages.begin_with(self.scope.noting()).await?)
    }
}

/// A row of the register.
#[derive(sqlx::FromRow)]
struct Row {
    export_id: String,
    format: String,
    query: String,
    expected: i64,
    entries: i64,
    bytes: i64,
    state: String,
    sha256: Option<Vec<u8>>,
    started_at: DateTime<Utc>,
    noted_at: DateTime<Utc>,
}

/// Whoever wrote a file that was not heard of for so long is gone.
const COLUMNS: &str = "export_id::text, format, query, expected, entries, bytes,
    case when state = 'running' and noted_at < now() - interval '20 seconds' then 'broken' else state end as state,
    sha256, started_at, noted_at";

impl TryFrom<Row> for Taken {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.export_id,
            kind: known(&FileKind::ALL, FileKind::name, &row.format)?,
            query: LogQuery::read(&row.query).0,
            expected: count(row.expected)?,
            entries: count(row.entries)?,
            bytes: count(row.bytes)?,
            state: known(&TakenState::ALL, TakenState::name, &row.state)?,
            sha256: row.sha256.map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect()),
            started_at: row.started_at,
            noted_at: row.noted_at,
        })
    }
}

impl Store {
    /// The exports of `scope`'s log that `taken_by` began last, the newest first. Served by log_export_recent.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn recent_exports(
        &self,
        scope: &Scope,
        taken_by: &str,
    ) -> Result<Vec<Taken>, StoreError> {
        let mut snapshot = self.pages.begin_with(scope.snapshot()).await?;
        let statement = format!(
            "select {COLUMNS} from log_export where customer_id = $1 and taken_by = $2
             order by started_at desc limit {MOST_LISTED}"
        );
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(scope.customer_id().as_str())
            .bind(taken_by)
            .fetch_all(&mut *snapshot)
            .await?;
        snapshot.commit().await?;
        rows.into_iter().map(Taken::try_from).collect()
    }

    /// Ends the export `id` of `scope`'s log, where `origin` began it; whoever writes the file learns of it within a
    /// second. Says whether there is such an export: one that is over stays as it is, and nothing is recorded. Served
    /// by log_export's primary key.
    ///
    /// # Errors
    /// [`ActError`] where the database does not answer or fails.
    pub async fn cancel_export(
        &self,
        scope: &Scope,
        id: Uuid,
        origin: &Origin,
    ) -> Result<bool, ActError> {
        let mut act = self.act(origin).await?;
        let own: Option<String> = sqlx::query_scalar(
            "select state from log_export
             where customer_id = $1 and export_id = $2::uuid and taken_by = $3 for update",
        )
        .bind(scope.customer_id().as_str())
        .bind(id.to_string())
        .bind(origin.user_id.as_deref().unwrap_or_default())
        .fetch_optional(&mut *act)
        .await
        .map_err(StoreError::from)?;
        if own.as_deref() != Some(TakenState::Running.name()) {
            return Ok(own.is_some());
        }
        let entries: i64 = sqlx::query_scalar(
            "update log_export set state = 'cancelled', noted_at = now()
             where customer_id = $1 and export_id = $2::uuid returning entries",
        )
        .bind(scope.customer_id().as_str())
        .bind(id.to_string())
        .fetch_one(&mut *act)
        .await
        .map_err(StoreError::from)?;
        let detail = json!({ "export_id": id.to_string(), "entries": entries });
        act.note(scope.customer_id(), Step::new("Cancelled export", "log_export").detail(detail));
        act.commit().await?;
        Ok(true)
    }
}

/// Forgets exports that began long ago; says how many. Served by log_export_by_age.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn forget(act: &mut Act) -> Result<u64, StoreError> {
    let forgotten =
        sqlx::query("delete from log_export where started_at < now() - interval '90 days'")
            .execute(&mut **act)
            .await?;
    Ok(forgotten.rows_affected())
}
