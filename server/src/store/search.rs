//! Searching a log: through its dictionary first, which is small, then by the values found there.

use app::{
    log::query::{Search, SearchIn},
    query::fold,
};
use sqlx::PgConnection;

use super::{Scope, StoreError, rows::count};

/// What a search comes to in one log. A value is a user acting on a table, by its name: the number of the first
/// entry that had it (`log_value.first_seq`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matches {
    /// The users whose entries match, whatever their table.
    pub(super) users: Vec<String>,
    /// The tables whose entries match, whoever acted.
    pub(super) tables: Vec<String>,
    /// The values whose entries match, sorted.
    pub(super) values: Vec<i64>,
    /// How many entries match, of all that the log has now. Exact.
    pub(super) entries: u64,
}

/// Looks `search` up in the dictionary of the scope's log; nothing where every entry matches.
pub(super) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    search: &Search,
) -> Result<Option<Matches>, StoreError> {
    if search.text.is_empty() {
        return Ok(None);
    }
    let (in_user, in_table) = match search.within {
        SearchIn::UserOrTable => (true, true),
        SearchIn::User => (true, false),
        SearchIn::Table => (false, true),
    };
    // Served by log_value's primary key, of which it reads this customer's part.
    let (users, tables, values, entries, all): (Vec<String>, Vec<String>, Vec<i64>, i64, bool) =
        sqlx::query_as(
            r#"
        with value as (
            select "user", impacted_table, entries, first_seq,
                   $3 and strpos(user_folded, $2) > 0 as user_hit,
                   $4 and strpos(impacted_table_folded, $2) > 0 as table_hit
            from log_value
            where customer_id = $1
        )
        select coalesce(array_agg(distinct "user") filter (where user_hit), '{}'),
               coalesce(array_agg(distinct impacted_table) filter (where table_hit), '{}'),
               coalesce(array_agg(first_seq order by first_seq) filter (where user_hit or table_hit), '{}'),
               coalesce(sum(entries) filter (where user_hit or table_hit), 0)::bigint,
               coalesce(bool_and(user_hit or table_hit), false)
        from value
        "#,
        )
        .bind(scope.customer_id().as_str())
        .bind(fold(&search.text))
        .bind(in_user)
        .bind(in_table)
        .fetch_one(connection)
        .await?;
    Ok((!all).then_some(Matches { users, tables, values, entries: count(entries)? }))
}
