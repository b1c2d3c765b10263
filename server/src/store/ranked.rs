//! Pages among chosen entries in the order of a field with many values: as deep as one likes, by segments of the order
//! (`sets/ranks.rs`).

use std::sync::Arc;

use app::log::filter::Field;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    StoreError,
    chooser::Chooser,
    chosen::Chosen,
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
        let near = ranks.near(chosen, rows);
        let keys = self.keys_of(connection, field, chosen, &near.seqs).await?;
        Ok(page_of(keys, near.before, rows.number()))
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
            match keys.last() {
                Some(last) if keys.len() as i64 == LOOK => ranks.read = Read::To(last.clone()),
                _ => ranks.end(),
            }
            self.sets.weigh_order(&place, &kept);
        }
        if kept.through < head {
            let keys = self.keys_since(connection, field, kept.through, head).await?;
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

    /// The keys of these entries, in no order. Each one's time tells in which month's table to look. Served by
    /// log_entry's primary key; without the limit, planned for entries nobody knows, it might read whole months.
    async fn keys_of(
        &self,
        connection: &mut PgConnection,
        field: Field,
        chosen: &Chosen,
        seqs: &[u32],
    ) -> Result<Vec<Key>, StoreError> {
        let statement = format!(
            "select entry.* from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[])
                                 as place (seq, from_time, until_time)
             cross join lateral (
                 select {} from log_entry
                 where customer_id = $1 and seq = place.seq
                       and created_at >= place.from_time and created_at < place.until_time
                 limit 1
             ) as entry",
            key_in_sql(field.column())
        );
        let places: Vec<_> = seqs.iter().map(|seq| chosen.place(*seq)).collect();
        Ok(sqlx::query_as(AssertSqlSafe(statement))
            .bind(self.view.scope.customer_id().as_str())
            .bind(places.iter().map(|place| place.seq).collect::<Vec<_>>())
            .bind(places.iter().map(|place| place.from).collect::<Vec<_>>())
            .bind(places.iter().map(|place| place.until).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?)
    }

    /// The keys of the entries after `after` and up to `last`. Served by log_entry's primary key.
    async fn keys_since(
        &self,
        connection: &mut PgConnection,
        field: Field,
        after: u32,
        last: u32,
    ) -> Result<Vec<Key>, StoreError> {
        let statement = format!(
            "select {} from log_entry where customer_id = $1 and seq > $2 and seq <= $3",
            key_in_sql(field.column())
        );
        Ok(sqlx::query_as(AssertSqlSafe(statement))
            .bind(self.view.scope.customer_id().as_str())
            .bind(i64::from(after))
            .bind(i64::from(last))
            .fetch_all(connection)
            .await?)
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
