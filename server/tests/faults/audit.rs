//! What holds in every database at every moment, read as its owner, past the server.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{PgConnection, postgres::PgConnectOptions};

use crate::operator::Done;

/// Where entries stand, by their ids: customer and seq.
pub(crate) type Places = BTreeMap<String, (String, i64)>;

/// What is nowhere to be found, and how to look for it.
const NEVER: [(&str, &str); 17] = [
    (
        "logs with gaps, or with a head that is not theirs",
        "select customer_id from log_head
         full join (select customer_id, count(*) as n, min(seq) as lowest, max(seq) as highest,
                           max(created_at) as latest
                    from log_entry group by customer_id) log using (customer_id)
         where entries is distinct from coalesce(n, 0)
            or (n > 0 and (lowest <> 1 or highest <> n or latest <> last_created_at))",
    ),
    (
        "entries earlier than the ones before them",
        "select customer_id || ' ' || seq
         from (select customer_id, seq, created_at,
                      lag(created_at) over (partition by customer_id order by seq) as before
               from log_entry) log
         where created_at < before",
    ),
    (
        "users and tables counted wrongly",
        r#"select customer_id || ' ' || "user" || ' ' || impacted_table from log_value
           full join (select customer_id, "user", impacted_table, count(*) as n
                      from log_entry group by 1, 2, 3) log
               using (customer_id, "user", impacted_table)
           where entries is distinct from n"#,
    ),
    (
        "values that are not named by their first entry, or entries that name another value",
        r#"select customer_id || ' ' || seq from log_entry
           join log_value using (customer_id, "user", impacted_table)
           group by customer_id, first_seq, seq, value_seq
           having value_seq <> first_seq or first_seq > seq"#,
    ),
    (
        "milestones that do not add up to what they have counted",
        "select customer_id || ' ' || sort
         from log_milestone join log_counted using (customer_id) join log_head using (customer_id)
         group by customer_id, sort, through_seq, dropped
         having sum(log_milestone.entries) <> through_seq - dropped",
    ),
    (
        "logs of which more was counted than there is",
        "select customer_id from log_counted join log_head using (customer_id)
         where through_seq > log_head.entries",
    ),
    (
        "receipts without their entries, or the other way round (actions are ids here)",
        "select coalesce(id, action) from log_receipt
         full join (select customer_id, seq, action from log_entry where api_key_id is not null) entry
             using (customer_id, seq)
         where action is distinct from id",
    ),
    (
        "balances that the ledger does not say",
        "select customer_id || ' ' || kind from account
         full join (select customer_id, kind, sum(amount)::bigint as moved
                    from (select customer_id, to_account as kind, amount from ledger_line
                          union all
                          select customer_id, from_account, -amount from ledger_line) line
                    group by 1, 2) ledger
             using (customer_id, kind)
         where balance is distinct from moved",
    ),
    (
        "customers whose four accounts do not add up to zero",
        "select customer_id from account group by customer_id having sum(balance) <> 0",
    ),
    (
        "overdrafts",
        "select customer_id || ' ' || kind from account
         where kind in ('available', 'reserved') and balance < 0",
    ),
    (
        "money between customers",
        "select sum(balance)::text from account where kind = 'transit' having sum(balance) <> 0",
    ),
    (
        "ledgers with gaps",
        "select customer_id from ledger_line group by customer_id
         having min(line) <> 1 or max(line) <> count(*)",
    ),
    (
        "lines with balances that were none",
        "select customer_id || ' ' || line
         from (select customer_id, line, available_after, reserved_after,
                      sum(case 'available' when to_account then amount when from_account then -amount
                          else 0 end) over so_far as available,
                      sum(case 'reserved' when to_account then amount when from_account then -amount
                          else 0 end) over so_far as reserved
               from ledger_line window so_far as (partition by customer_id order by line)) line
         where available <> available_after or reserved <> reserved_after",
    ),
    (
        "operations whose beginning is not in the log once, or the other way round",
        "select customer_id || ' ' || name
         from (select customer_id, kind || ' #' || operation_no as name, 1::bigint as n
               from operation) operation
         full join (select customer_id, related_operation as name, count(*) as n
                    from log_entry
                    where api_key_id is null and impacted_table = 'operation'
                      and detail ->> 'before' is null
                    group by 1, 2) entry using (customer_id, name)
         where operation.n is distinct from entry.n",
    ),
    (
        "ledger lines that are not in the log once, or the other way round",
        "select customer_id || ' ' || name
         from (select customer_id, kind || ' #' || operation_no as name, count(*) as n
               from ledger_line join operation using (customer_id, operation_no)
               group by 1, 2) line
         full join (select customer_id, related_operation as name,
                           count(*) filter (where impacted_table = 'ledger_line') as lines,
                           count(*) filter (where impacted_table = 'account') as changes
                    from log_entry
                    where api_key_id is null and impacted_table in ('ledger_line', 'account')
                    group by 1, 2) entry using (customer_id, name)
         where n is distinct from lines or n is distinct from changes",
    ),
    (
        "operations that moved more or less than they should",
        "select customer_id || ' ' || operation_no
         from operation left join ledger_line using (customer_id, operation_no)
         group by customer_id, operation_no
         having count(line) <> 1 + count(distinct operation.decided_at)
             or bool_or(operation.amount is distinct from ledger_line.amount)",
    ),
    (
        "transfers with one side",
        "select operation_no::text from operation where counterparty_id is not null
         group by operation_no having count(*) <> 2 or count(*) filter (where incoming) <> 1",
    ),
];

/// Fails where something is found that must not be.
pub(crate) async fn nothing_is_wrong(connection: &mut PgConnection) {
    for (what, query) in NEVER {
        let found: Vec<String> =
            sqlx::query_scalar(query).fetch_all(&mut *connection).await.unwrap();
        assert!(found.is_empty(), "{what}: {found:?}");
    }
}

/// Fails unless exactly these entries, whose actions are their ids, came in over the API.
pub(crate) async fn entries_are(connection: &mut PgConnection, expected: &Places) {
    let found = places(connection).await;
    let lost: Vec<_> = expected.iter().filter(|(id, at)| found.get(*id) != Some(at)).collect();
    assert!(
        lost.is_empty(),
        "{} were acknowledged and are not there, such as {:?}",
        lost.len(),
        lost[0]
    );
    let more: Vec<_> = found.keys().filter(|id| !expected.contains_key(*id)).collect();
    assert!(more.is_empty(), "nobody was told of {more:?}");
}

/// Where the entries that came in over the API stand; each is there once.
pub(crate) async fn places(connection: &mut PgConnection) -> Places {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select action, customer_id, seq from log_entry where api_key_id is not null",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let mut places = Places::new();
    for (id, customer_id, seq) in rows {
        let other = places.insert(id.clone(), (customer_id, seq));
        assert!(other.is_none(), "{id} is there twice");
    }
    places
}

/// Fails unless exactly these operations were performed, but for reversals, which have no form.
pub(crate) async fn operations_are(connection: &mut PgConnection, expected: &[Done]) {
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "select customer_id, operation_no, form_key::text from operation
         where kind <> 'reversal' and not (kind = 'transfer' and incoming)",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let found: BTreeSet<Done> = rows
        .into_iter()
        .map(|(customer_id, number, form_key)| Done { customer_id, number, form_key })
        .collect();
    let expected: BTreeSet<Done> = expected.iter().cloned().collect();
    let differ: Vec<_> = found.symmetric_difference(&expected).collect();
    assert!(differ.is_empty(), "done and told, but not both: {differ:?}");
}

/// Fails unless everything holds, and exactly what was acknowledged is there.
pub(crate) async fn all_holds(options: &PgConnectOptions, entries: &Places, operations: &[Done]) {
    use sqlx::{ConnectOptions as _, Connection as _};
    let mut connection = options.connect().await.unwrap();
    nothing_is_wrong(&mut connection).await;
    entries_are(&mut connection, entries).await;
    operations_are(&mut connection, operations).await;
    connection.close().await.unwrap();
}
