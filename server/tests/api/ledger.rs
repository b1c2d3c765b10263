//! The ledger under many operators at once: it balances, nobody overdraws, and no operation is lost.

use std::sync::Arc;

use app::{
    customer::id::CustomerId,
    operation::{OperationKind, form::NewOperation},
    session::viewer::Role,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use server::store::{
    Store,
    operations::{self, Decider, Decision, OperationError},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::harness::{App, by_test};

const CUSTOMERS: [&str; 3] = ["a", "b", "c"];

/// What somebody tries.
#[derive(Debug, Clone)]
enum Try {
    Perform(OperationKind, usize, usize, i64),
    Decide(usize, bool),
    Reverse(usize),
}

fn anything() -> impl Strategy<Value = Try> {
    let kind = prop_oneof![
        Just(OperationKind::Deposit),
        Just(OperationKind::Withdrawal),
        Just(OperationKind::Transfer),
    ];
    prop_oneof![
        6 => (kind, 0..3_usize, 1..3_usize, 1..400_i64)
            .prop_map(|(kind, from, to, amount)| Try::Perform(kind, from, (from + to) % 3, amount)),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(which, yes)| Try::Decide(which, yes)),
        1 => any::<usize>().prop_map(Try::Reverse),
    ]
}

fn id(which: usize) -> CustomerId {
    CUSTOMERS[which].parse().unwrap()
}

/// Some operation that is there.
async fn some_operation(store: &Store, which: usize, waiting: bool) -> Option<(CustomerId, i64)> {
    let mut transaction = store.begin().await.unwrap();
    sqlx::query("set local app.staff = 'on'").execute(&mut *transaction).await.unwrap();
    let all: Vec<(String, i64)> = sqlx::query_as(
        "select customer_id, operation_no from operation where $1 = (status = 'requested')
         order by customer_id, operation_no",
    )
    .bind(waiting)
    .fetch_all(&mut *transaction)
    .await
    .unwrap();
    let (customer, number) = all.get(which.checked_rem(all.len())?)?;
    Some((customer.parse().unwrap(), *number))
}

async fn attempt(store: &Store, what: Try, user: (i64, &str)) {
    let mut act = store.act(&by_test()).await.unwrap();
    let outcome = match what {
        Try::Perform(kind, from, to, amount) => {
            let counterparty = (kind == OperationKind::Transfer).then(|| id(to));
            let new = NewOperation { kind, amount, counterparty, note: String::new() };
            let key = Uuid::now_v7();
            operations::perform(&mut act, &id(from), &new, key, user).await.map(|_| ())
        }
        Try::Decide(which, yes) => {
            let Some((customer, number)) = some_operation(store, which, true).await else { return };
            let decision = if yes { Decision::Approve } else { Decision::Reject };
            let decider = Decider { user_id: None, name: "somebody else" };
            operations::decide(&mut act, &customer, number, decision, &decider).await
        }
        Try::Reverse(which) => {
            let Some((customer, number)) = some_operation(store, which, false).await else {
                return;
            };
            operations::reverse(&mut act, &customer, number, user).await.map(|_| ())
        }
    };
    match outcome {
        Ok(()) => {
            act.commit().await.unwrap();
        }
        Err(OperationError::Store(error)) => panic!("{error:?}"),
        Err(OperationError::Act(error)) => panic!("{error:?}"),
        // Not enough money, decided already, reversed already: nothing has happened.
        Err(_) => {}
    }
}

/// Fails where the books are not in order.
async fn check(owner: &mut PgConnection) {
    let wrong: Vec<String> = sqlx::query_scalar(
        "with moved as (
             select customer_id, kind, sum(amount) as balance
             from (select customer_id, to_account as kind, amount from ledger_line
                   union all
                   select customer_id, from_account, -amount from ledger_line) side
             group by customer_id, kind
         )
         select 'balance of ' || customer_id || ' ' || kind from account full join moved using (customer_id, kind)
         where account.balance is distinct from moved.balance
         union all
         select 'sum of ' || customer_id from account group by customer_id having sum(balance) <> 0
         union all
         select 'overdrawn ' || customer_id from account
         where kind in ('available', 'reserved') and balance < 0
         union all
         select 'transit' from account where kind = 'transit' having sum(balance) <> 0
         union all
         select 'lines of ' || customer_id from ledger_line group by customer_id
         having max(line) <> count(*)
         union all
         select 'reserved of ' || account.customer_id from account
         where kind = 'reserved' and balance <> (
             select coalesce(sum(amount), 0) from operation
             where operation.customer_id = account.customer_id and status = 'requested')
         union all
         select 'line without its entries: ' || customer_id || ' ' || line from ledger_line line
         where 1 <> (select count(*) from log_entry entry
                     where entry.customer_id = line.customer_id and impacted_table = 'ledger_line'
                       and (detail -> 'after' ->> 'line')::bigint = line.line)",
    )
    .fetch_all(owner)
    .await
    .unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_eight_operators_do_at_once_the_ledger_balances_and_every_line_is_in_the_log() {
    let app = App::start().await;
    for customer in CUSTOMERS {
        app.add_customer(customer).await;
    }
    // Half of the withdrawals wait for somebody else.
    sqlx::query("update customer set daily_limit = 1500 where customer_id <> 'platform'")
        .execute(&mut app.owner().await)
        .await
        .unwrap();
    app.add_user("ana@example.com", Role::Operator).await;
    let ana = app.store.credentials("ana@example.com").await.unwrap().unwrap().user_id;
    let mut runner = TestRunner::deterministic();
    let plans = proptest::collection::vec(anything(), 8 * 40);
    for _ in 0..3 {
        let plan = Arc::new(plans.new_tree(&mut runner).unwrap().current());
        let mut operators = tokio::task::JoinSet::new();
        for operator in 0..8 {
            let (store, plan) = (app.store.clone(), Arc::clone(&plan));
            operators.spawn(async move {
                for what in plan.iter().skip(operator).step_by(8) {
                    attempt(&store, what.clone(), (ana, "Ana")).await;
                }
            });
        }
        while let Some(done) = operators.join_next().await {
            done.unwrap();
        }
        check(&mut app.owner().await).await;
    }
    let done: i64 = sqlx::query_scalar("select count(*) from operation")
        .fetch_one(&mut app.owner().await)
        .await
        .unwrap();
    assert!(done > 300, "hardly anything was done: {done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_withdrawals_of_all_there_is_one_succeeds() {
    let app = App::start().await;
    app.add_customer("a").await;
    app.add_user("ana@example.com", Role::Operator).await;
    let ana = app.store.credentials("ana@example.com").await.unwrap().unwrap().user_id;
    attempt(&app.store, Try::Perform(OperationKind::Deposit, 0, 1, 100), (ana, "Ana")).await;
    let mut withdrawals = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let store = app.store.clone();
        withdrawals.spawn(async move {
            attempt(&store, Try::Perform(OperationKind::Withdrawal, 0, 1, 100), (ana, "Ana")).await;
        });
    }
    while let Some(done) = withdrawals.join_next().await {
        done.unwrap();
    }
    let mut owner = app.owner().await;
    check(&mut owner).await;
    let taken: i64 = sqlx::query_scalar("select count(*) from operation where kind = 'withdrawal'")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(taken, 1);
}
