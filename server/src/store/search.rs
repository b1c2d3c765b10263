//! Searching a log: through its dictionary first, which is small, then by the values found there.

use app::{
    log::{
        entry::LogColumn,
        filter::{Field, Filters, Pattern},
        query::{LogQuery, Search},
    },
    query::fold,
};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{StoreError, order::Key, paging::View, recorder::stored, rows::count};

/// What a search comes to in one log. A value is a user acting on a table, by its name: the number of the first
/// entry that had it (`log_value.first_seq`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matches {
    /// The users whose entries match, whatever their table; as recorded.
    pub(super) users: Vec<String>,
    /// The tables whose entries match, whoever acted.
    pub(super) tables: Vec<String>,
    /// The values whose entries match, sorted.
    pub(super) values: Vec<i64>,
    /// How many entries match, of all that the log has now. Exact.
    pub(super) entries: u64,
}

impl Matches {
    /// Between which places of the order of `column` all of them lie, where it is the order of the names that they are
    /// found by.
    pub(super) fn reach(&self, column: LogColumn) -> Option<(Key, Key)> {
        let names = match column {
            LogColumn::User if self.tables.is_empty() => &self.users,
            LogColumn::ImpactedTable if self.users.is_empty() => &self.tables,
            _ => return None,
        };
        let at = |name: &String, seq| Key { absent: false, value: name.clone(), seq };
        Some((at(names.iter().min()?, 0), at(names.iter().max()?, i64::MAX)))
    }
}

/// What is asked of a column, in pieces that SQL compares: exact values, and folded parts.
#[derive(Debug, Default)]
struct Pieces {
    is: Vec<String>,
    has: Vec<String>,
    is_not: Vec<String>,
    has_not: Vec<String>,
}

impl Pieces {
    fn of(filters: &Filters, field: Field) -> Self {
        let mut pieces = Self::default();
        for filter in filters.iter().filter(|filter| filter.field == field) {
            let text = filter.pattern.text();
            match (&filter.pattern, filter.not) {
                (Pattern::Has(_), false) => pieces.has.push(fold(text)),
                (Pattern::Has(_), true) => pieces.has_not.push(fold(text)),
                (_, false) => pieces.is.push(stored(text)),
                (_, true) => pieces.is_not.push(stored(text)),
            }
        }
        pieces
    }

    /// Whether only some values are let through by name.
    fn chooses(&self) -> bool {
        !(self.is.is_empty() && self.has.is_empty())
    }
}

/// Looks the search and the filters by user and table up in the dictionary of the log; nothing where every
/// entry matches.
pub(super) async fn find(
    connection: &mut PgConnection,
    view: &View<'_>,
    query: &LogQuery,
) -> Result<Option<Matches>, StoreError> {
    let Search { text, within } = &query.search;
    let (user, table) =
        (Pieces::of(&query.filters, Field::User), Pieces::of(&query.filters, Field::ImpactedTable));
    let filtered = query
        .filters
        .iter()
        .any(|filter| matches!(filter.field, Field::User | Field::ImpactedTable));
    if text.is_empty() && !filtered {
        return Ok(None);
    }
    let searched = view.scope.sight().searched(*within);
    let (in_user, in_table) =
        (searched.contains(&Field::User), searched.contains(&Field::ImpactedTable));
    // By which of the two all that matches is found: where names of one are asked for, by those.
    let by = match (user.chooses(), table.chooses(), text.is_empty()) {
        (true, ..) | (false, false, true) => "user",
        (false, true, _) => "table",
        (false, false, false) => "either",
    };
    // Where users are called otherwise than recorded, it is what they are called that is compared.
    let [called, called_folded] = match view.names.are_recorded() {
        true => [r#""user""#, "user_folded"].map(str::to_owned),
        false => [(r#""user""#, "$15"), ("user_folded", "$16")].map(|(recorded, called)| {
            format!(
                r#"coalesce(({called}::text[])[array_position($14::text[], "user")], {recorded})"#
            )
        }),
    };
    // Served by log_value's primary key, of which it reads this customer's part.
    let statement = format!(
        r#"
        with value as (
            select "user", impacted_table, entries, first_seq,
                   $3 and strpos({called_folded}, $2) > 0 as user_hit,
                   $4 and strpos(impacted_table_folded, $2) > 0 as table_hit,
                   ({called} = any($5) or {called_folded} like any($6) or $5 || $6 = '{{}}')
                   and not ({called} = any($7) or {called_folded} like any($8))
                   and (impacted_table = any($9) or impacted_table_folded like any($10) or $9 || $10 = '{{}}')
                   and not (impacted_table = any($11) or impacted_table_folded like any($12)) as passes
            from log_value
            where customer_id = $1
        ),
        hit as (
            select *, passes and (user_hit or table_hit) as hit from value
        )
        select coalesce(array_agg(distinct "user")
                            filter (where hit and ($13 = 'user' or $13 = 'either' and user_hit)), '{{}}'),
               coalesce(array_agg(distinct impacted_table)
                            filter (where hit and ($13 = 'table' or $13 = 'either' and table_hit)), '{{}}'),
               coalesce(array_agg(first_seq order by first_seq) filter (where hit), '{{}}'),
               coalesce(sum(entries) filter (where hit), 0)::bigint,
               coalesce(bool_and(hit), false)
        from hit
        "#
    );
    let mut found = sqlx::query_as(AssertSqlSafe(statement))
        .bind(view.scope.customer_id().as_str())
        .bind(fold(text))
        .bind(in_user)
        .bind(in_table)
        .bind(&user.is)
        .bind(anywhere(&user.has))
        .bind(&user.is_not)
        .bind(anywhere(&user.has_not))
        .bind(&table.is)
        .bind(anywhere(&table.has))
        .bind(&table.is_not)
        .bind(anywhere(&table.has_not))
        .bind(by);
    if !view.names.are_recorded() {
        let (recorded, called): (Vec<_>, Vec<_>) = view.names.iter().unzip();
        let folded: Vec<_> = called.iter().map(|called| fold(called)).collect();
        found = found.bind(recorded).bind(called).bind(folded);
    }
    let (users, tables, values, entries, all): (_, _, _, i64, bool) =
        found.fetch_one(connection).await?;
    Ok((!all).then_some(Matches { users, tables, values, entries: count(entries)? }))
}

/// Folded parts as patterns of `like`, in which every character stands for itself.
fn anywhere(parts: &[String]) -> Vec<String> {
    let escape = |part: &String| part.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    parts.iter().map(|part| format!("%{}%", escape(part))).collect()
}
