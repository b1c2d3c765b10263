//! Gathering the few entries that a search finds.

use app::log::entry::LogColumn;
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    StoreError,
    order::{Key, key_in_sql},
    paging::View,
    search::Matches,
};

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    key: Key,
    created_at: DateTime<Utc>,
}

/// All entries that match, in the order of `column` upwards, each with its time. Its cost grows with how many there
/// are. Served by log_entry_by_user and log_entry_by_impacted_table.
pub(super) async fn all(
    connection: &mut PgConnection,
    view: &View<'_>,
    column: LogColumn,
    matches: &Matches,
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
    let rows = sqlx::query_as(AssertSqlSafe(statement))
        .bind(view.scope.customer_id().as_str())
        .bind(view.cut)
        .bind(&matches.users)
        .bind(&matches.tables)
        .bind(&matches.values);
    Ok(in_order(rows.fetch_all(connection).await?))
}

/// The same for those with numbers in `spans`: after the first, and up to the last of each. Served by log_entry_by_user
/// and log_entry_by_impacted_table, which hold all that says whether an entry matches, and by log_entry's primary key
/// for those that do. Each stays by itself (`offset 0`, `limit 1`): put together, numbers and times look so choosy that
/// the planner reads every entry between them.
pub(super) async fn between(
    connection: &mut PgConnection,
    view: &View<'_>,
    column: LogColumn,
    matches: &Matches,
    spans: &[(i64, i64)],
) -> Result<Vec<(Key, DateTime<Utc>)>, StoreError> {
    let of = |name: &str, wanted: &str| {
        format!(
            "select hit.seq, hit.created_at from unnest({wanted}::text[]) as wanted
             cross join lateral (
                 select seq, created_at from log_entry
                 where customer_id = $1 and {name} = wanted and seq > $2 and seq <= $3
                       and created_at >= $7 and created_at < $8
                       and (value_seq in (select unnest($6::bigint[]))) is true
                 offset 0
             ) as hit"
        )
    };
    let (users, tables) = (of(r#""user""#, "$4"), of("impacted_table", "$5"));
    let key = key_in_sql(column);
    let keys = match column {
        LogColumn::CreatedAt => format!("select {key}, created_at from hit"),
        _ => format!(
            "select entry.* from hit
             cross join lateral (
                 select {key}, created_at from log_entry
                 where customer_id = $1 and seq = hit.seq and created_at = hit.created_at
                       and created_at >= $7 and created_at < $8
                 limit 1
             ) as entry"
        ),
    };
    let statement = format!("with hit as ({users} union all {tables}) {keys}");
    let mut all = Vec::new();
    for &(after, last) in spans {
        let span = view.clock.span(after + 1, last);
        let rows = sqlx::query_as(AssertSqlSafe(statement.clone()))
            .bind(view.scope.customer_id().as_str())
            .bind(after)
            .bind(last)
            .bind(&matches.users)
            .bind(&matches.tables)
            .bind(&matches.values)
            .bind(span.from)
            .bind(span.until);
        all.extend(rows.fetch_all(&mut *connection).await?);
    }
    Ok(in_order(all))
}

fn in_order(rows: Vec<Row>) -> Vec<(Key, DateTime<Utc>)> {
    let mut keys: Vec<_> = rows.into_iter().map(|row| (row.key, row.created_at)).collect();
    keys.sort_unstable();
    // One whose user and table both match was found twice, and so was one that two spans have.
    keys.dedup();
    keys
}
