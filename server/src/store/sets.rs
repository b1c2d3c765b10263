//! Sets of entries: for each field with few values, which entries hold which of them; and the log's clock, which
//! says between which numbers a stretch of time lies.
//!
//! Entries do not change, and their numbers have no gaps, so a set of them is a bitmap that only grows at its end.
//! Whole blocks of entries are written down once (`log_block`); what came since is read from the log itself. Both
//! are kept in memory while they are used, and read on from where they were read to.

pub(super) mod block;
mod clock;
mod field;
mod kept;
pub(super) mod question;
pub(super) mod ranks;

use std::sync::Arc;

use app::log::filter::{Field, Pattern};
use roaring::RoaringBitmap;
use sqlx::{AssertSqlSafe, PgConnection};

pub(super) use clock::{Before, Clock, Span};
pub(super) use field::{FieldSets, Holders};
use kept::{Choice, Kept, Place};
use question::Question;
use ranks::Ranks;

use super::{Scope, Store, StoreError, order::column_in_sql};

/// How many entries a block has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockSize(u32);

impl BlockSize {
    pub(super) const fn entries(self) -> i64 {
        self.0 as i64
    }
}

impl Default for BlockSize {
    /// What was not written down yet is read from the log: some 15 ms for so many entries, once.
    fn default() -> Self {
        Self(16_384)
    }
}

impl Store {
    /// The same store with a block every `entries`, so that short logs have many: for tests. All stores of one database
    /// must have the same.
    #[must_use]
    pub fn with_blocks_of(mut self, entries: u32) -> Self {
        let block = BlockSize(entries.max(1));
        self.sets = Sets { block, kept: Kept::default(), ..self.sets };
        self
    }

    /// The same store, finding pages of a choice of more than `entries` entries by segments of the order, and short
    /// ones: for tests.
    #[must_use]
    pub fn with_at_most_gathered(mut self, entries: u64) -> Self {
        let kept = Kept::default();
        self.sets = Sets { most_gathered: entries, least_segment: 16, kept, ..self.sets };
        self
    }
}

/// What a clock may be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Whole blocks only.
    Blocks,
    /// And the entries after them.
    Entries,
}

/// The sets of all logs, as far as they are in use.
#[derive(Debug, Clone)]
pub(super) struct Sets {
    pub(super) block: BlockSize,
    /// So many chosen entries are gathered and put in order; of more, only those near the page.
    pub(super) most_gathered: u64,
    /// How many entries a segment of an order has at least, when the order is read.
    pub(super) least_segment: u32,
    kept: Kept,
}

impl Default for Sets {
    fn default() -> Self {
        Self {
            block: BlockSize::default(),
            most_gathered: 1_000,
            least_segment: 256,
            kept: Kept::default(),
        }
    }
}

/// A number of entries as sets have it.
///
/// # Errors
/// [`StoreError::Unreadable`] for more than four thousand million.
pub(super) fn number(seq: i64) -> Result<u32, StoreError> {
    u32::try_from(seq)
        .map_err(|_| StoreError::Unreadable(format!("entry {seq} in a set of entries")))
}

impl Sets {
    /// The sets of `field`, which has few values, up to the entry `head`; nothing where it turned out to have many.
    pub(super) async fn field(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        field: Field,
        head: i64,
    ) -> Result<Option<FieldSets>, StoreError> {
        if !field.has_few_values() {
            return Ok(None);
        }
        let head = number(head)?;
        let place = self.kept.field(scope.customer_id(), field);
        let mut kept = place.lock().await;
        if kept.through < head {
            let mut sets = kept.clone();
            self.bring_up(connection, scope, field, head, &mut sets).await?;
            let bytes = sets.bytes();
            *kept = sets;
            self.kept.weigh(&place, bytes);
        }
        Ok((!kept.varied).then(|| kept.clone()))
    }

    async fn bring_up(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        field: Field,
        head: u32,
        sets: &mut FieldSets,
    ) -> Result<(), StoreError> {
        let size = self.block.entries();
        if i64::from(head - sets.sealed_through) >= size {
            let first = i64::from(sets.sealed_through) / size;
            let blocks = block::read(connection, scope, field.name(), first).await?;
            if !blocks.is_empty() {
                let sealed = Arc::make_mut(&mut sets.sealed);
                for bytes in &blocks {
                    match bytes {
                        Some(bytes) => block::add_sets(bytes, sealed)?,
                        None => sets.varied = true,
                    }
                }
                sets.sealed_through = number((first + blocks.len() as i64) * size)?;
                sets.through = sets.through.max(sets.sealed_through);
                let tail = Arc::make_mut(&mut sets.tail);
                for set in tail.values_mut() {
                    set.remove_range(..=sets.sealed_through);
                }
                tail.retain(|_, set| !set.is_empty());
            }
        }
        if sets.varied {
            *sets = FieldSets { varied: true, through: u32::MAX, ..FieldSets::default() };
            return Ok(());
        }
        if sets.through < head {
            let rows = values_of(connection, scope, field, (sets.through, head)).await?;
            let tail = Arc::make_mut(&mut sets.tail);
            for (seq, value) in rows {
                let Some(value) = value else { continue };
                if let Some(set) = tail.get_mut(value.as_str()) {
                    set.insert(number(seq)?);
                } else {
                    tail.insert(value.into(), RoaringBitmap::from([number(seq)?]));
                }
            }
            sets.through = head;
        }
        Ok(())
    }

    /// The entries whose `field` is as `pattern` says, up to the entry `head`: for fields with many values. Not
    /// for [`Pattern::Has`], which no index serves.
    pub(super) async fn run(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        field: Field,
        pattern: &Pattern,
        head: i64,
    ) -> Result<RoaringBitmap, StoreError> {
        let head = number(head)?;
        let place = self.kept.run(scope.customer_id(), field, pattern);
        let mut kept = place.lock().await;
        if kept.through < head {
            let found = holders(connection, scope, field, pattern, (kept.through, head)).await?;
            let mut seqs = found.into_iter().map(number).collect::<Result<Vec<_>, _>>()?;
            seqs.sort_unstable();
            let mut set = RoaringBitmap::clone(&kept.set);
            for seq in seqs {
                set.insert(seq);
            }
            let bytes = set.serialized_size();
            kept.set = Arc::new(set);
            kept.through = head;
            self.kept.weigh(&place, bytes);
        }
        Ok(RoaringBitmap::clone(&kept.set))
    }

    /// The place of the order of a field with many values.
    pub(super) fn order(&self, scope: &Scope, field: Field) -> Arc<Place<Arc<Ranks>>> {
        self.kept.order(scope.customer_id(), field)
    }

    /// Notes how much an order weighs now.
    pub(super) fn weigh_order(&self, place: &Place<Arc<Ranks>>, ranks: &Ranks) {
        self.kept.weigh(place, ranks.bytes());
    }

    /// The place of what a question chooses.
    pub(super) fn choice(&self, question: Question) -> Arc<Place<Choice>> {
        self.kept.choice(question)
    }

    /// Notes how much a choice weighs.
    pub(super) fn weigh_choice(&self, place: &Place<Choice>, set: Option<&RoaringBitmap>) {
        self.kept.weigh(place, set.map_or(0, RoaringBitmap::serialized_size));
    }

    /// The log's clock, up to the entry `head`.
    pub(super) async fn clock(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        head: i64,
    ) -> Result<Clock, StoreError> {
        self.clock_by(connection, scope, head, By::Entries).await
    }

    /// The log's clock as far as it is known without looking at entries: it may end before `head`.
    pub(super) async fn clock_so_far(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        head: i64,
    ) -> Result<Clock, StoreError> {
        self.clock_by(connection, scope, head, By::Blocks).await
    }

    async fn clock_by(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        head: i64,
        by: By,
    ) -> Result<Clock, StoreError> {
        let head = number(head)?;
        let place = self.kept.clock(scope.customer_id());
        let mut kept = place.lock().await;
        let looked_at = match by {
            By::Blocks => kept.looked_at.max(kept.through()),
            By::Entries => kept.through(),
        };
        let has_blocks = i64::from(head) - i64::from(looked_at) >= self.block.entries();
        if !has_blocks && (by == By::Blocks || kept.through() >= head) {
            return Ok(kept.clone());
        }
        let mut clock = kept.clone();
        if has_blocks {
            self.read_blocks(connection, scope, &mut clock).await?;
            clock.looked_at = head;
        }
        if by == By::Entries && clock.through() < head {
            let quarters = clock::read(connection, scope, (clock.through(), head)).await?;
            clock.add(&quarters, head);
        }
        self.kept.weigh(&place, clock.bytes());
        kept.clone_from(&clock);
        Ok(clock)
    }

    /// Adds to `clock` what further whole blocks say.
    async fn read_blocks(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        clock: &mut Clock,
    ) -> Result<(), StoreError> {
        let size = self.block.entries();
        let first = i64::from(clock.through()) / size;
        let blocks = block::read(connection, scope, block::CLOCK, first).await?;
        for (nth, bytes) in (1..).zip(blocks) {
            let through = number((first + nth) * size)?;
            if through > clock.through() {
                clock.add(&block::quarters(&bytes.unwrap_or_default())?, through);
            }
        }
        Ok(())
    }
}

/// What the entries after the number `after` and up to `last` hold in `field`. Served by log_entry's primary key.
async fn values_of(
    connection: &mut PgConnection,
    scope: &Scope,
    field: Field,
    (after, last): (u32, u32),
) -> Result<Vec<(i64, Option<String>)>, StoreError> {
    let statement = format!(
        "select seq, {} from log_entry where customer_id = $1 and seq > $2 and seq <= $3",
        column_in_sql(field.column())
    );
    Ok(sqlx::query_as(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(i64::from(after))
        .bind(i64::from(last))
        .fetch_all(connection)
        .await?)
}

/// The numbers of the entries after `after` and up to `last` whose field is as `pattern` says. Served by the
/// field's index (log_entry_by_…), which holds all that is asked for.
async fn holders(
    connection: &mut PgConnection,
    scope: &Scope,
    field: Field,
    pattern: &Pattern,
    (after, last): (u32, u32),
) -> Result<Vec<i64>, StoreError> {
    let column = column_in_sql(field.column());
    let (condition, end) = match pattern {
        Pattern::Begins(start) => match after_all_that_begin(start) {
            Some(end) => (format!("{column} >= $2 and {column} < $5"), end),
            None => (format!("{column} >= $2 and $5::text is not null"), String::new()),
        },
        Pattern::Is(_) | Pattern::Has(_) => {
            (format!("{column} = $2 and $5::text is not null"), String::new())
        }
    };
    let statement = format!(
        "select seq from log_entry where customer_id = $1 and {condition} and seq > $3 and seq <= $4"
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(super::recorder::stored(pattern.text()))
        .bind(i64::from(after))
        .bind(i64::from(last))
        .bind(end)
        .fetch_all(connection)
        .await?)
}

/// The least text that comes after all that begin with `start`, by code point; nothing where there is none.
pub(super) fn after_all_that_begin(start: &str) -> Option<String> {
    let mut characters: Vec<char> = start.chars().collect();
    while let Some(last) = characters.pop() {
        // The code points of surrogates are no characters.
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            last => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_all_that_begin_alike() {
        for (start, end) in [
            ("PATCH /x", Some("PATCH /y")),
            ("a\u{d7ff}", Some("a\u{e000}")),
            ("a\u{10ffff}", Some("b")),
            ("\u{10ffff}", None),
            ("", None),
        ] {
            assert_eq!(after_all_that_begin(start).as_deref(), end, "{start}");
        }
    }
}
