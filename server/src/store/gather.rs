//! Gathering the few entries that a search finds.

use app::log::entry::LogColumn;
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, StoreError,
    order::{Key, key_in_sql},
    search::Matches,
};

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    key: Key,
    created_at: DateTime<Utc>,
}

/// All entries that match, up to the number `cut`, in the order of `column` upwards, each with its time. Its cost
/// grows with how many there are. Served by log_entry_by_user and log_entry_by_impacted_table.
pub(super) async fn gather(
    connection: &mut PgConnection,
    scope: &Scope,
    column: LogColumn,
    matches: &Matches,
    cut: i64,
) -> Result<Vec<(Key, DateTime<Utc>)>, StoreError> {
    let key = key_in_sql(column);
    let statement = format!(
        r#"select hit.* from unnest($3::text[]) as wanted
           cross join lateral (
               select {key}, created_at from log_entry
               where customer_id = $1 and "user" = wanted and seq <= $2
                     and (value_seq in (select unnest($5::bigint[]))) is true) as hit
           union all
           select hit.* from unnest($4::text[]) as wanted
           cross join lateral (
               select {key}, created_at from log_entry
               where customer_id = $1 and impacted_table = wanted and seq <= $2
                     and (value_seq in (select unnest($5::bigint[]))) is true) as hit"#,
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(cut)
        .bind(&matches.users)
        .bind(&matches.tables)
        .bind(&matches.values)
        .fetch_all(connection)
        .await?;
    let mut keys: Vec<_> = rows.into_iter().map(|row| (row.key, row.created_at)).collect();
    keys.sort_unstable();
    // One whose user and table both match was found twice.
    keys.dedup();
    Ok(keys)
}
