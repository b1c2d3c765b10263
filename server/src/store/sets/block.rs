//! Blocks: the sets and the clock of so many entries, as they are written down.

use std::{collections::BTreeMap, io::Read as _};

use app::{customer::id::CustomerId, log::filter::Field};
use roaring::RoaringBitmap;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{BlockSize, clock::Quarter, field::ByValue, number};
use crate::store::{PLANS, Scope, Store, StoreError, sql::literal};

/// The name under which the clock stands among the fields.
pub(super) const CLOCK: &str = "created_at";
/// A field with more values than this in a block is served by its index instead.
const MOST_VALUES: usize = 2_000;

/// The blocks of a field (or the clock) from number `first` on, in order, without a gap. Served by log_block's
/// primary key.
pub(super) async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    field: &str,
    first: i64,
) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    Ok(sqlx::query_scalar(
        "select sets from log_block where customer_id = $1 and field = $2 and block >= $3 order by block",
    )
    .bind(scope.customer_id().as_str())
    .bind(field)
    .bind(first)
    .fetch_all(connection)
    .await?)
}

/// Sets as bytes: for each value its length, its text, and its set as Roaring's format has it.
fn to_bytes(sets: &ByValue) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    for (value, set) in sets {
        bytes.extend(u32::try_from(value.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(value.as_bytes());
        set.serialize_into(&mut bytes).map_err(|error| unreadable(&error))?;
    }
    Ok(bytes)
}

fn unreadable(what: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("a block of sets: {what}"))
}

/// Adds the sets that `bytes` are.
///
/// # Errors
/// [`StoreError::Unreadable`] where nothing here wrote them.
pub(super) fn add_sets(mut bytes: &[u8], sets: &mut ByValue) -> Result<(), StoreError> {
    while !bytes.is_empty() {
        let mut length = [0; 4];
        bytes.read_exact(&mut length).map_err(|error| unreadable(&error))?;
        let length = u32::from_le_bytes(length) as usize;
        let (text, rest) =
            bytes.split_at_checked(length).ok_or_else(|| unreadable(&"too short"))?;
        bytes = rest;
        let value = str::from_utf8(text).map_err(|error| unreadable(&error))?;
        let set =
            RoaringBitmap::deserialize_from(&mut bytes).map_err(|error| unreadable(&error))?;
        if let Some(known) = sets.get_mut(value) {
            *known |= set;
        } else {
            sets.insert(value.into(), set);
        }
    }
    Ok(())
}

fn clock_to_bytes(quarters: &BTreeMap<i64, u32>) -> Vec<u8> {
    let pairs = quarters.iter();
    pairs
        .flat_map(|(quarter, first)| [&quarter.to_le_bytes()[..], &first.to_le_bytes()].concat())
        .collect()
}

/// The quarters that `bytes` are.
///
/// # Errors
/// [`StoreError::Unreadable`] where nothing here wrote them.
pub(super) fn quarters(bytes: &[u8]) -> Result<Vec<Quarter>, StoreError> {
    let (pairs, rest) = bytes.as_chunks::<12>();
    if !rest.is_empty() {
        return Err(unreadable(&"half a quarter"));
    }
    let read = |pair: &[u8; 12]| {
        let (quarter, first) = pair.split_at(8);
        let quarter = quarter.try_into().map(i64::from_le_bytes).unwrap_or_default();
        (quarter, first.try_into().map(u32::from_le_bytes).unwrap_or_default())
    };
    Ok(pairs.iter().map(read).collect())
}

impl Store {
    /// Writes down all whole blocks of `customer_id`'s log that are not written down yet.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails; what was written stays.
    pub async fn seal_on(&self, customer_id: &CustomerId) -> Result<(), StoreError> {
        while self.seal_a_block(customer_id).await? {}
        Ok(())
    }

    /// Says whether there may be more.
    async fn seal_a_block(&self, customer_id: &CustomerId) -> Result<bool, StoreError> {
        let begin =
            format!("begin; set local app.customer = {}; {PLANS}", literal(customer_id.as_str()));
        let mut pass = self.pages.begin_with(AssertSqlSafe(begin)).await?;
        // Served by the primary keys of log_head and log_block.
        let state: Option<(i64, Option<i64>)> = sqlx::query_as(
            "select entries, (select max(block) from log_block where customer_id = $1 and field = $2)
             from log_head where customer_id = $1",
        )
        .bind(customer_id.as_str())
        .bind(CLOCK)
        .fetch_optional(&mut *pass)
        .await?;
        let Some((entries, last)) = state else { return Ok(false) };
        let block = last.map_or(0, |last| last + 1);
        if (block + 1) * self.sets.block.entries() > entries {
            return Ok(false);
        }
        let fresh = seal(&mut pass, customer_id, block, self.sets.block).await?;
        pass.commit().await?;
        Ok(fresh)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    quarter: i64,
    user: String,
    action: String,
    impacted_table: String,
    source: String,
    app_instance: String,
}

impl Row {
    /// What it holds in a field with few values; there are no sets of the others.
    fn text(&self, field: Field) -> &str {
        match field {
            Field::User => &self.user,
            Field::Action => &self.action,
            Field::ImpactedTable => &self.impacted_table,
            Field::Source => &self.source,
            Field::AppInstance => &self.app_instance,
            Field::RelatedOperation | Field::RequestPath => "",
        }
    }
}

/// Writes a block down; says whether nobody else did. Its entries are read by log_entry's primary key.
async fn seal(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
    block: i64,
    size: BlockSize,
) -> Result<bool, StoreError> {
    let first = block * size.entries();
    let rows: Vec<Row> = sqlx::query_as(
        r#"select seq, floor(extract(epoch from created_at) / 900)::bigint as quarter, "user", action,
                  impacted_table, source, app_instance
           from log_entry where customer_id = $1 and seq > $2 and seq <= $3 order by seq"#,
    )
    .bind(customer_id.as_str())
    .bind(first)
    .bind(first + size.entries())
    .fetch_all(&mut *connection)
    .await?;
    let few = Field::ALL.into_iter().filter(|field| field.has_few_values());
    let mut clock = BTreeMap::<i64, u32>::new();
    let mut fields: Vec<(Field, ByValue)> = few.map(|field| (field, ByValue::new())).collect();
    for row in &rows {
        clock.entry(row.quarter).or_insert(number(row.seq)?);
    }
    for (field, sets) in &mut fields {
        for row in &rows {
            let seq = number(row.seq)?;
            let value = row.text(*field);
            match sets.get_mut(value) {
                Some(set) => {
                    set.insert(seq);
                }
                None => {
                    sets.insert(value.into(), RoaringBitmap::from([seq]));
                }
            }
        }
    }
    let mut names = vec![CLOCK];
    let mut bytes = vec![Some(clock_to_bytes(&clock))];
    for (field, sets) in &mut fields {
        names.push(field.name());
        bytes.push(if sets.len() > MOST_VALUES { None } else { Some(to_bytes(sets)?) });
    }
    let written = sqlx::query(
        "insert into log_block (customer_id, field, block, sets)
         select $1, field, $2, sets from unnest($3::text[], $4::bytea[]) as fresh (field, sets)
         on conflict do nothing",
    )
    .bind(customer_id.as_str())
    .bind(block)
    .bind(&names)
    .bind(&bytes)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_come_back_from_their_bytes(
            pairs in prop::collection::btree_map(".{0,8}", prop::collection::btree_set(any::<u32>(), 1..50), 0..20),
        ) {
            let sets: ByValue = pairs
                .into_iter()
                .map(|(value, seqs)| (value.into(), seqs.into_iter().collect::<RoaringBitmap>()))
                .collect();
            let mut back = ByValue::new();
            add_sets(&to_bytes(&sets).unwrap(), &mut back).unwrap();
            prop_assert_eq!(back, sets);
        }

        #[test]
        fn bytes_that_nothing_here_wrote_are_an_error_and_no_panic(bytes: Vec<u8>) {
            let _ = add_sets(&bytes, &mut ByValue::new());
            let _ = quarters(&bytes);
        }
    }
}
