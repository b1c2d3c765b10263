//! Which entries a query chooses, as a set of their numbers: what filters and time ranges come to.
//!
//! A query that filters by user and table alone does not come here: the dictionary and the milestones answer it, in
//! every order and at any depth (`search.rs`, `paging.rs`).

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
    order::column_in_sql,
    paging::View,
    sets::{Before, Clock, FieldSets, Holders, Sets, number},
};

/// The entries that a query chooses.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// The number before the first that may be chosen.
    pub(super) after: u32,
    /// The last that may be.
    pub(super) last: u32,
    /// Those that are chosen; all of them where this is nothing.
    pub(super) set: Option<RoaringBitmap>,
    /// The log's clock.
    pub(super) clock: Clock,
}

impl Chosen {
    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        match &self.set {
            Some(set) => set.len(),
            None => u64::from(self.last.saturating_sub(self.after)),
        }
    }

    /// How many have a number after `after` and up to `last`.
    pub(super) fn count_between(&self, after: u32, last: u32) -> u64 {
        let (after, last) = (after.max(self.after), last.min(self.last));
        if after >= last {
            return 0;
        }
        match &self.set {
            Some(set) => set.range_cardinality(after + 1..=last),
            None => u64::from(last - after),
        }
    }

    /// How many of them `others` has.
    pub(super) fn count_among(&self, others: &RoaringBitmap) -> u64 {
        match &self.set {
            Some(set) => set.intersection_len(others),
            None if self.after < self.last => others.range_cardinality(self.after + 1..=self.last),
            None => 0,
        }
    }

    /// Those of them that `but` has not and `of` has; all of them where it is nothing.
    pub(super) fn those_between(
        &self,
        but: Option<&RoaringBitmap>,
        of: Option<&RoaringBitmap>,
    ) -> RoaringBitmap {
        let mut those = match (&self.set, of) {
            (Some(set), Some(of)) => set & of,
            (Some(set), None) => set.clone(),
            (None, Some(of)) => {
                let mut those = of.clone();
                self.keep_range(&mut those);
                those
            }
            (None, None) => self.all(),
        };
        if let Some(but) = but {
            those -= but;
        }
        those
    }

    /// All that may be chosen.
    fn all(&self) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        if self.after < self.last {
            all.insert_range(self.after + 1..=self.last);
        }
        all
    }

    /// How many of them `holders` are.
    pub(super) fn count_of(&self, holders: Holders<'_>) -> u64 {
        match &self.set {
            Some(set) => holders.count_in(set),
            None => holders.count(self.after, self.last),
        }
    }

    /// Those of them that `holders` are.
    pub(super) fn those_of(&self, holders: Holders<'_>) -> RoaringBitmap {
        match &self.set {
            Some(set) => holders.within(set),
            None => {
                let mut set = holders.all();
                self.keep_range(&mut set);
                set
            }
        }
    }

    /// The `number` of them from the `first` on, in the order of their numbers.
    pub(super) fn some(&self, first: u64, number: u64) -> Vec<u32> {
        let Ok(first) = u32::try_from(first) else { return Vec::new() };
        match &self.set {
            Some(set) => {
                let Some(least) = set.select(first) else { return Vec::new() };
                set.range(least..).take(usize::try_from(number).unwrap_or(usize::MAX)).collect()
            }
            None => {
                let from = u64::from(self.after) + u64::from(first) + 1;
                let until = (from + number).min(u64::from(self.last) + 1);
                (from..until).filter_map(|seq| u32::try_from(seq).ok()).collect()
            }
        }
    }

    /// Leaves out of `set` what lies outside.
    fn keep_range(&self, set: &mut RoaringBitmap) {
        set.remove_range(..=self.after);
        if self.last < u32::MAX {
            set.remove_range(self.last + 1..);
        }
    }

    /// Keeps those that `set` has, too.
    fn keep(&mut self, mut set: RoaringBitmap) {
        match &mut self.set {
            Some(chosen) => *chosen &= set,
            None => {
                self.keep_range(&mut set);
                self.set = Some(set);
            }
        }
    }

    /// Leaves out those that `set` has.
    fn leave_out(&mut self, set: &RoaringBitmap) {
        let mut chosen = self.set.take().unwrap_or_else(|| self.all());
        chosen -= set;
        self.set = Some(chosen);
    }
}

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
        let mut chosen = Chosen { after, last: last.max(after), set: None, clock };
        for field in query.filters.fields() {
            self.filter(connection, query, field, &mut chosen).await?;
        }
        if !query.search.text.is_empty() {
            self.search(connection, &query.search, &mut chosen).await?;
        }
        Ok(chosen)
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

    async fn filter(
        &self,
        connection: &mut PgConnection,
        query: &LogQuery,
        field: Field,
        chosen: &mut Chosen,
    ) -> Result<(), StoreError> {
        let asked = query.filters.of(field);
        if let Some(sets) = self.field(connection, field).await? {
            // Whichever is less is put together: those that pass, or those that do not.
            let passes = |value: &str| asked.pass(value);
            let (mut with, mut without) = (0, 0);
            for (value, holders) in sets.iter() {
                let entries = holders.count(chosen.after, chosen.last);
                *if passes(value) { &mut with } else { &mut without } += entries;
            }
            if with <= without {
                chosen.keep(sets.union(passes));
            } else if without > 0 {
                chosen.leave_out(&sets.union(|value| !passes(value)));
            }
            return Ok(());
        }
        if let Some(values) = self.values(connection, field).await? {
            let mut passing = RoaringBitmap::new();
            for value in values.into_iter().filter(|value| asked.pass(self.called(field, value))) {
                passing |= self.runs(connection, field, &[&Pattern::Is(value)]).await?;
            }
            chosen.keep(passing);
            return Ok(());
        }
        if !asked.one_of.is_empty() {
            let one_of = self.runs(connection, field, &asked.one_of).await?;
            chosen.keep(one_of);
        }
        if !asked.none_of.is_empty() {
            let none_of = self.runs(connection, field, &asked.none_of).await?;
            chosen.leave_out(&none_of);
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

    /// Keeps what a search for a part of a user's or a table's name finds.
    async fn search(
        &self,
        connection: &mut PgConnection,
        search: &Search,
        chosen: &mut Chosen,
    ) -> Result<(), StoreError> {
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
        chosen.keep(found);
        Ok(())
    }
}
