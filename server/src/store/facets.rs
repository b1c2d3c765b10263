//! Facets: which values a field holds among the entries that are found, and how often.

use std::{cmp::Reverse, collections::BTreeSet};

use app::{
    log::{
        facet::{FacetValue, MOST},
        filter::Field,
        query::LogQuery,
    },
    query::fold,
};
use chrono::Utc;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, Store, StoreError,
    chooser::Chooser,
    entries::{view, zone_of},
    order::column_in_sql,
    recorder::stored,
    sight::Names,
};

impl Store {
    /// The values of `field` that have `part` in them, among what `query` finds without what it asks of this field:
    /// the most frequent first. Of a field with many values, some that begin with `part`, uncounted. Nothing where
    /// there is no such log, or row-level security hides it.
    ///
    /// # Errors
    /// [`StoreError::Hidden`] where the caller does not see the field; else where the database does not answer or
    /// fails.
    pub async fn facet(
        &self,
        scope: &Scope,
        query: &LogQuery,
        field: Field,
        part: &str,
    ) -> Result<Option<Vec<FacetValue>>, StoreError> {
        let _before_exports = self.turns.page();
        scope.permit(query)?;
        scope.permit_field("facet", field)?;
        let mut snapshot = self.pages.begin_with(scope.log_snapshot()).await?;
        let names = Names::of(&mut snapshot, scope).await?;
        let Some(view) = view(&mut snapshot, (scope, &names), query, self).await? else {
            return Ok(None);
        };
        let zone = zone_of(query);
        let chooser = Chooser { sets: &self.sets, view, zone: &zone, now: Utc::now() };
        let values = if let Some(sets) = chooser.field(&mut snapshot, field).await? {
            let others = query.filtered(query.filters.without_field(field));
            let chosen = chooser.choose(&mut snapshot, &others).await?;
            let part = fold(part);
            let mut counted: Vec<_> = sets
                .iter()
                .filter(|(value, _)| fold(value).contains(&part))
                .map(|(value, holders)| (chosen.count_of(holders), value))
                .filter(|(entries, _)| *entries > 0)
                .collect();
            counted.sort_by_key(|(entries, value)| (Reverse(*entries), *value));
            counted.truncate(MOST);
            counted
                .into_iter()
                .map(|(entries, value)| FacetValue {
                    value: value.to_owned(),
                    entries: Some(entries),
                })
                .collect()
        } else {
            let values = if field == Field::User && !names.are_recorded() {
                called_beginning_with(&mut snapshot, &chooser, part).await?
            } else {
                beginning_with(&mut snapshot, scope, field, part).await?
            };
            values.into_iter().map(|value| FacetValue { value, entries: None }).collect()
        };
        snapshot.commit().await?;
        Ok(Some(values))
    }
}

/// So many values of a field with many are looked up.
const SOME: u8 = 12;

/// The first of what users are called that begins with `part`. No index knows them, so it takes a look at each entry.
async fn called_beginning_with(
    connection: &mut PgConnection,
    chooser: &Chooser<'_>,
    part: &str,
) -> Result<Vec<String>, StoreError> {
    let recorded = chooser.values(connection, Field::User).await?.unwrap_or_default();
    let called: BTreeSet<_> =
        recorded.iter().map(|user| chooser.called(Field::User, user)).collect();
    let called = called.into_iter().filter(|user| user.starts_with(part) && !user.is_empty());
    Ok(called.take(SOME.into()).map(str::to_owned).collect())
}

/// The first values of a field that begin with `part`, each found by one look into the field's index
/// (log_entry_by_…).
async fn beginning_with(
    connection: &mut PgConnection,
    scope: &Scope,
    field: Field,
    part: &str,
) -> Result<Vec<String>, StoreError> {
    let column = column_in_sql(field.column());
    let statement = format!(
        "with recursive found (value, nth) as (
             (select {column}, 1 from log_entry where customer_id = $1 and {column} >= $2
              order by {column}, seq limit 1)
             union all
             select next.value, found.nth + 1 from found
             cross join lateral (
                 select {column} as value from log_entry where customer_id = $1 and {column} > found.value
                 order by {column}, seq limit 1
             ) as next
             where found.nth < $3 and starts_with(found.value, $2)
         )
         select value from found where starts_with(value, $2) and value <> '' order by value"
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(stored(part))
        .bind(i32::from(SOME))
        .fetch_all(connection)
        .await?)
}
