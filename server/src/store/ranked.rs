//! Pages among chosen entries in the order of a field with many values: as deep as one likes, by segments of the order
//! (`sets/ranks.rs`).

use std::sync::Arc;

use app::log::filter::Field;
use chrono::Datelike as _;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    StoreError,
    chosen::{Chooser, Chosen},
    order::{Key, key_in_sql, order_in_sql, parts},
    paging::Rows,
    sets::{
        number,
        ranks::{Ranks, Read},
    },
};
use app::query::{Direction, Sort};

/// How many entries of an order one statement reads.
const LOOK: i64 = 262_144;
/// Where so many entries came since an order was read, it is read anew.
const MANY: u32 = 262_144;

impl Chooser<'_> {
    /// The `rows` of the order of `field` among the chosen: all of them are read, and put in order.
    pub(super) async fn gathered(
        &self,
        connection: &mut PgConnection,
        field: Field,
        chosen: &Chosen,
        rows: Rows,
    ) -> Result<Vec<u32>, StoreError> {
        let all = chosen.some(0, chosen.count());
        let mut keys = self.keys_of(connection, field, chosen, &all).await?;
        for key in &mut keys {
            key.value = self.called(field, &key.value).to_owned();
        }
        Ok(page_of(keys, rows.first, rows.number()))
    }

    /// The same for many chosen: only those near the page are read.
    pub(super) async fn ranked(
        &self,
        connection: &mut PgConnection,
        field: Field,
        chosen: &Chosen,
        rows: Rows,
    ) -> Result<Vec<u32>, StoreError> {
        let ranks = self.ranks(connection, field, chosen).await?;
        let (first, number) = (rows.first, rows.number());
        let mut near = ranks.near(chosen, Rows { first, end: rows.end });
        near.seqs.sort_unstable();
        let keys = self.keys_of(connection, field, chosen, &near.seqs).await?;
        Ok(page_of(keys, near.before, number))
    }

    /// The segments of the order, up to the log's head. The first time all of the order is read; whoever comes
    /// meanwhile waits for that. Where it is broken off, it goes on from there the next time.
    async fn ranks(
        &self,
        connection: &mut PgConnection,
        field: Field,
        chosen: &Chosen,
    ) -> Result<Arc<Ranks>, StoreError> {
        let head = number(self.view.head)?;
        let place = self.sets.order(self.view.scope, field);
        let mut kept = place.lock().await;
        if kept.read == Read::All && kept.through.saturating_add(MANY) < head {
            *kept = Arc::default();
        }
        while kept.read != Read::All {
            if kept.read == Read::None {
                *kept = Arc::new(Ranks::of_log(head, self.sets.least_segment));
            }
            let from = match &kept.read {
                Read::To(last) => Some(Key { seq: last.seq + 1, ..last.clone() }),
                Read::None | Read::All => None,
            };
            let through = kept.through;
            let keys = self.look(connection, field, from.as_ref(), through).await?;
            let ranks = Arc::make_mut(&mut kept);
            for key in &keys {
                ranks.push(key, number(key.seq)?);
            }
            ranks.read = match keys.last() {
                Some(last) if keys.len() as i64 == LOOK => Read::To(last.clone()),
                _ => Read::All,
            };
            self.sets.weigh_order(&place, &kept);
        }
        if kept.through < head {
            let since: Vec<u32> = (kept.through + 1..=head).collect();
            let keys = self.keys_of(connection, field, chosen, &since).await?;
            let ranks = Arc::make_mut(&mut kept);
            ranks.add(&numbered(keys)?, head);
            while let Some(long) = ranks.too_long() {
                let keys = self.keys_of(connection, field, chosen, &long).await?;
                ranks.cut(numbered(keys)?);
                if ranks.read != Read::All {
                    break;
                }
            }
            self.sets.weigh_order(&place, &kept);
        }
        Ok(Arc::clone(&kept))
    }

    /// The keys of these entries, whose numbers ascend. Month by month: each statement then looks into one month's
    /// table. Served by log_entry's primary key.
    async fn keys_of(
        &self,
        connection: &mut PgConnection,
        field: Field,
        chosen: &Chosen,
        seqs: &[u32],
    ) -> Result<Vec<Key>, StoreError> {
        let mut keys: Vec<Key> = Vec::with_capacity(seqs.len());
        let statement = format!(
            "select {} from log_entry
             where customer_id = $1 and seq = any($2) and created_at >= $3 and created_at < $4",
            key_in_sql(field.column())
        );
        for month in by_month(chosen, seqs) {
            let (Some(first), Some(last)) = (month.first(), month.last()) else { continue };
            let (from, until) = (chosen.place(*first).from, chosen.place(*last).until);
            let found: Vec<Key> = sqlx::query_as(AssertSqlSafe(statement.as_str()))
                .bind(self.view.scope.customer_id().as_str())
                .bind(month.iter().copied().map(i64::from).collect::<Vec<_>>())
                .bind(from)
                .bind(until)
                .fetch_all(&mut *connection)
                .await?;
            keys.extend(found);
        }
        Ok(keys)
    }

    /// The next entries of an order, from `from` on, of those up to the entry `last`. Served by the order's index
    /// (log_entry_by_…), which holds all that is asked for.
    async fn look(
        &self,
        connection: &mut PgConnection,
        field: Field,
        from: Option<&Key>,
        last: u32,
    ) -> Result<Vec<Key>, StoreError> {
        let column = field.column();
        let names = (["$4", "$5"], ["$4", "$5"]);
        let order = order_in_sql(Sort { by: column, direction: Direction::Ascending });
        let mut keys = Vec::new();
        for part in parts(column, (from, None), true, names) {
            let missing = LOOK - i64::try_from(keys.len()).unwrap_or(LOOK);
            if missing == 0 {
                break;
            }
            let statement = format!(
                "select {} from log_entry
                 where customer_id = $1 and seq <= $2 and {part}
                       and ($4::text is null or $5::bigint is not null)
                 order by {order} limit $3",
                key_in_sql(column),
            );
            let more: Vec<Key> = sqlx::query_as(AssertSqlSafe(statement))
                .bind(self.view.scope.customer_id().as_str())
                .bind(i64::from(last))
                .bind(missing)
                .bind(from.map(|key| key.value.as_str()))
                .bind(from.map(|key| key.seq))
                .fetch_all(&mut *connection)
                .await?;
            keys.extend(more);
        }
        Ok(keys)
    }
}

/// The numbers of so many of `keys` in their order, after so many others.
fn page_of(mut keys: Vec<Key>, before: u64, wanted: u64) -> Vec<u32> {
    keys.sort_unstable();
    let before = usize::try_from(before).unwrap_or(usize::MAX);
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let page = keys.iter().skip(before).take(wanted);
    page.filter_map(|key| u32::try_from(key.seq).ok()).collect()
}

fn numbered(keys: Vec<Key>) -> Result<Vec<(Key, u32)>, StoreError> {
    keys.into_iter().map(|key| Ok((key.clone(), number(key.seq)?))).collect()
}

/// Numbers in order, apart by the month of their entries.
fn by_month<'s>(chosen: &'s Chosen, seqs: &'s [u32]) -> impl Iterator<Item = &'s [u32]> {
    let month = |seq: &u32| {
        let (start, _) = chosen.clock.quarter_of(*seq);
        (start.year(), start.month())
    };
    seqs.chunk_by(move |a, b| month(a) == month(b))
}
