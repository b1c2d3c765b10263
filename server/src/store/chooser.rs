//! Choosing entries: what filters, a search and a stretch of time come to.
//!
//! A query that filters by user and table alone does not come here: the dictionary and the milestones answer it, in
//! every order and at any depth (`search.rs`, `paging.rs`).

use std::sync::Arc;

use app::{
    log::{
        entry::LogColumn,
        filter::{Field, Pattern},
        query::{LogQuery, Search},
    },
    query::fold,
    zone::Zone,
};
use chrono::{DateTime, Utc};
use roaring::RoaringBitmap;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, StoreError,
    chosen::{Chosen, Parts},
    order::column_in_sql,
    paging::View,
    sets::{Before, Clock, FieldSets, Sets, number, question::Question},
};

/// What a choice is made with.
pub(super) struct Chooser<'c> {
    pub(super) sets: &'c Sets,
    pub(super) view: View<'c>,
    /// The zone that days and clocks are meant in.
    pub(super) zone: &'c Zone,
    /// What “ago” counts from.
    pub(super) now: DateTime<Utc>,
}

/// Whether `query` needs sets: it filters by something that the dictionary does not know, or by time; or it orders
/// users by what they are called, which no index does.
pub(super) fn needs_sets(view: &View<'_>, query: &LogQuery) -> bool {
    let known = [Field::User, Field::ImpactedTable];
    let called = query.listing.sort.by == LogColumn::User && !view.names.are_recorded();
    called
        || !query.range.is_all()
        || query.filters.fields().iter().any(|field| !known.contains(field))
}

impl Chooser<'_> {
    const fn scope(&self) -> &Scope {
        self.view.scope
    }

    /// The sets of a field, where it has few values; of users by what they are called.
    pub(super) async fn field(
        &self,
        connection: &mut PgConnection,
        field: Field,
    ) -> Result<Option<FieldSets>, StoreError> {
        let sets = self.sets.field(connection, self.scope(), field, self.view.head).await?;
        if field != Field::User || self.view.names.are_recorded() {
            return Ok(sets);
        }
        Ok(sets.map(|sets| sets.called(self.view.names)))
    }

    /// The values of a field that can be searched for a part: of one that turned out to have many, too, though that
    /// takes a look at each entry. Nothing for fields that have many by their nature. Users are as recorded here, see
    /// [`Self::called`].
    pub(super) async fn values(
        &self,
        connection: &mut PgConnection,
        field: Field,
    ) -> Result<Option<Vec<String>>, StoreError> {
        if !field.has_few_values() {
            return Ok(None);
        }
        if let Some(sets) = self.sets.field(connection, self.scope(), field, self.view.head).await?
        {
            return Ok(Some(sets.iter().map(|(value, _)| value.to_owned()).collect()));
        }
        // Served by the field's index.
        let statement = format!(
            "select distinct {} from log_entry where customer_id = $1 and seq <= $2",
            column_in_sql(field.column())
        );
        let values = sqlx::query_scalar(AssertSqlSafe(statement))
            .bind(self.scope().customer_id().as_str())
            .bind(self.view.head)
            .fetch_all(connection)
            .await?;
        Ok(Some(values))
    }

    /// What a value of `field` is called where it is shown.
    pub(super) fn called<'v>(&'v self, field: Field, value: &'v str) -> &'v str {
        if field == Field::User { self.view.names.called(value) } else { value }
    }

    /// What `query` chooses of the log that is seen.
    pub(super) async fn choose(
        &self,
        connection: &mut PgConnection,
        query: &LogQuery,
    ) -> Result<Chosen, StoreError> {
        let clock = self.sets.clock(connection, self.scope(), self.view.head).await?;
        let (mut after, mut last) = (number(self.view.dropped)?, number(self.view.cut)?);
        let (from, to) = query.range.instants(self.now, self.zone);
        if let Some(from) = from {
            after = after.max(self.before(connection, &clock, from).await?);
        }
        if let Some(to) = to {
            last = last.min(self.before(connection, &clock, to).await?);
        }
        let last = last.max(after);
        let set = self.set(connection, query, (after, last)).await?;
        Ok(Chosen { after, last, set, clock })
    }

    /// Those that `query` chooses of the entries after `after` and up to `last`; all of them where this is nothing.
    /// Sets that were put together of late are kept: a page and the strip above it, and page after page, ask the same.
    async fn set(
        &self,
        connection: &mut PgConnection,
        query: &LogQuery,
        range: (u32, u32),
    ) -> Result<Option<Arc<RoaringBitmap>>, StoreError> {
        let Some(question) = Question::of(self.scope(), self.view.names, query, range) else {
            return Ok(None);
        };
        let place = self.sets.choice(question);
        let mut kept = place.lock().await;
        if let Some(set) = &*kept {
            return Ok(set.clone());
        }
        let mut parts = Parts::default();
        for field in query.filters.fields() {
            self.filter(connection, query, (field, range), &mut parts).await?;
        }
        if !query.search.text.is_empty() {
            parts.of.push(self.found(connection, &query.search).await?);
        }
        let set = parts.together(range);
        *kept = Some(set.clone());
        self.sets.weigh_choice(&place, set.as_deref());
        Ok(set)
    }

    /// How many entries are older than `at`.
    pub(super) async fn before(
        &self,
        connection: &mut PgConnection,
        clock: &Clock,
        at: DateTime<Utc>,
    ) -> Result<u32, StoreError> {
        let (least, most) = match clock.before(at) {
            Before::Exactly(older) => return Ok(older),
            Before::Between(least, most) => (least, most),
        };
        // Served by log_entry's primary key, which holds all that is asked for: the entries of a quarter of an hour
        // at most.
        let older: i64 = sqlx::query_scalar(
            "select count(*) from log_entry
             where customer_id = $1 and seq > $2 and seq <= $3 and created_at < $4",
        )
        .bind(self.scope().customer_id().as_str())
        .bind(i64::from(least))
        .bind(i64::from(most))
        .bind(at)
        .fetch_one(connection)
        .await?;
        // Some may have been dropped: those are older, too.
        let dropped = number(self.view.dropped)?.clamp(least, most) - least;
        Ok(least + dropped + number(older)?)
    }

    /// Adds to `parts` what `query` asks of a field; whichever is less: those that pass, or those that do not.
    async fn filter(
        &self,
        connection: &mut PgConnection,
        query: &LogQuery,
        (field, (after, last)): (Field, (u32, u32)),
        parts: &mut Parts,
    ) -> Result<(), StoreError> {
        let asked = query.filters.of(field);
        if let Some(sets) = self.field(connection, field).await? {
            let passes = |value: &str| asked.pass(value);
            let (mut with, mut without) = (0, 0);
            for (value, holders) in sets.iter() {
                let entries = holders.count(after, last);
                *if passes(value) { &mut with } else { &mut without } += entries;
            }
            if with <= without {
                parts.of.push(sets.union(passes));
            } else if without > 0 {
                parts.but.push(sets.union(|value| !passes(value)));
            }
            return Ok(());
        }
        if let Some(values) = self.values(connection, field).await? {
            let mut passing = RoaringBitmap::new();
            for value in values.into_iter().filter(|value| asked.pass(self.called(field, value))) {
                passing |= self.runs(connection, field, &[&Pattern::Is(value)]).await?;
            }
            parts.of.push(passing);
            return Ok(());
        }
        if !asked.one_of.is_empty() {
            parts.of.push(self.runs(connection, field, &asked.one_of).await?);
        }
        if !asked.none_of.is_empty() {
            parts.but.push(self.runs(connection, field, &asked.none_of).await?);
        }
        Ok(())
    }

    /// The entries that are as one of `patterns` says, by the field's index.
    async fn runs(
        &self,
        connection: &mut PgConnection,
        field: Field,
        patterns: &[&Pattern],
    ) -> Result<RoaringBitmap, StoreError> {
        let mut all = RoaringBitmap::new();
        for pattern in patterns {
            all |= self.sets.run(connection, self.scope(), field, pattern, self.view.head).await?;
        }
        Ok(all)
    }

    /// What a search for a part of a user's or a table's name finds.
    async fn found(
        &self,
        connection: &mut PgConnection,
        search: &Search,
    ) -> Result<RoaringBitmap, StoreError> {
        let part = fold(&search.text);
        let mut found = RoaringBitmap::new();
        for &field in self.scope().sight().searched(search.within) {
            if let Some(sets) = self.field(connection, field).await? {
                found |= sets.union(|value| fold(value).contains(&part));
                continue;
            }
            for value in self.values(connection, field).await?.unwrap_or_default() {
                if fold(self.called(field, &value)).contains(&part) {
                    found |= self.runs(connection, field, &[&Pattern::Is(value)]).await?;
                }
            }
        }
        Ok(found)
    }
}
