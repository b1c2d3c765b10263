//! Recording.

use app::log::query::LogQuery;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use server::{
    access::admit,
    store::{
        entries::PastTheEnd,
        recorder::{NewEntry, RecordError, Recorder},
    },
};
use sqlx::Row;

use super::harness::{App, entry, reader};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_recordings_at_once_leave_no_gap_no_double_and_no_step_back_in_time() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let mut recordings = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let (store, entry) = (app.store.clone(), entry(&customer));
        recordings.spawn(async move {
            // As many as there are connections record at once; the others wait for one.
            loop {
                let Ok(mut transaction) = store.begin().await else { continue };
                Recorder::new(&mut transaction).record(&[entry.clone(), entry]).await.unwrap();
                transaction.commit().await.unwrap();
                return;
            }
        });
    }
    while let Some(recorded) = recordings.join_next().await {
        recorded.unwrap();
    }
    let row = sqlx::query(
        "select count(*), count(distinct seq), min(seq), max(seq),
                bool_and(created_at >= before), (select entries from log_head where customer_id = '1')
         from (select seq, created_at, lag(created_at, 1, '-infinity') over (order by seq) as before
               from log_entry) entry",
    )
    .fetch_one(&mut app.owner().await)
    .await
    .unwrap();
    for column in [0, 1, 3, 5] {
        assert_eq!(row.get::<i64, _>(column), 400, "column {column}");
    }
    assert_eq!(row.get::<i64, _>(2), 1);
    assert!(row.get::<bool, _>(4), "created_at never decreases");
}

#[tokio::test]
async fn a_transaction_rolled_back_leaves_no_trace_and_no_gap() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer)]).await;
    let mut transaction = app.store.begin().await.unwrap();
    Recorder::new(&mut transaction).record(&[entry(&customer), entry(&customer)]).await.unwrap();
    transaction.rollback().await.unwrap();
    app.record(&[entry(&customer)]).await;

    let mut owner = app.owner().await;
    let seqs: Vec<i64> = sqlx::query_scalar("select seq from log_entry order by seq")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    assert_eq!(seqs, [1, 2]);
    let counted: i64 = sqlx::query_scalar("select sum(entries)::bigint from log_value")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(counted, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_on_the_same_two_customers_do_not_wait_for_each_other_for_ever() {
    let app = App::start().await;
    let (a, b) = (app.add_customer("a").await, app.add_customer("b").await);
    let mut acts = tokio::task::JoinSet::new();
    for turn in 0..40 {
        let (store, a, b) = (app.store.clone(), entry(&a), entry(&b));
        acts.spawn(async move {
            let both = if turn % 2 == 0 { [a, b] } else { [b, a] };
            let mut transaction = store.begin().await.unwrap();
            let recorded = Recorder::new(&mut transaction).record(&both).await.unwrap();
            assert_eq!(recorded.len(), 2);
            transaction.commit().await.unwrap();
        });
    }
    while let Some(act) = acts.join_next().await {
        act.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_recorded_is_told_and_nothing_is_recorded() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let mut transaction = app.store.begin().await.unwrap();
    let stranger = entry(&"nobody".parse().unwrap());
    let outcome = Recorder::new(&mut transaction).record(&[stranger]).await;
    assert!(matches!(outcome, Err(RecordError::NoSuchCustomer(_))));

    let long = NewEntry { user: "é".repeat(501), ..entry(&customer) };
    let outcome = Recorder::new(&mut transaction).record(&[entry(&customer), long]).await;
    assert_eq!(outcome.unwrap_err().to_string(), "user takes at most 1000 bytes");
    transaction.commit().await.unwrap();
    let entries: i64 = sqlx::query_scalar("select count(*) from log_entry")
        .fetch_one(&mut app.owner().await)
        .await
        .unwrap();
    assert_eq!(entries, 0);
}

#[tokio::test]
async fn the_longest_texts_fit_their_indexes() {
    let app = App::start().await;
    let customer = app.add_customer(&"x".repeat(64)).await;
    // Text that does not compress, so that its index rows are as long as they can be.
    let noise = |bytes: usize| -> String {
        (0_u32..)
            .map(|n| char::from(33 + (n.wrapping_mul(2_654_435_761) >> 24) as u8 % 90))
            .take(bytes)
            .collect()
    };
    app.record(&[NewEntry {
        user: noise(1000),
        action: noise(2000),
        related_operation: Some(noise(2000)),
        impacted_table: noise(1000),
        app_instance: noise(2000),
        request_path: noise(2000),
        ..entry(&customer)
    }])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_column_gives_back_any_unicode_text() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let text = || proptest::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter);
    let texts = (text(), text(), proptest::option::of(text()), text(), text(), text());
    let mut runner = TestRunner::deterministic();
    let scope = admit(&reader(), "1").unwrap();
    for _ in 0..64 {
        let (user, action, related_operation, impacted_table, app_instance, request_path) =
            texts.new_tree(&mut runner).unwrap().current();
        let new = NewEntry {
            user,
            action,
            related_operation,
            impacted_table,
            app_instance,
            request_path,
            ..entry(&customer)
        };
        app.record(std::slice::from_ref(&new)).await;
        let page = app.store.log_page(&scope, &LogQuery::default(), PastTheEnd::Empty).await;
        let read = page.unwrap().unwrap().entries.remove(0);
        // The one character that Postgres cannot hold comes back as its picture.
        let kept = |text: &str| text.replace('\0', "\u{2400}");
        assert_eq!(read.user, kept(&new.user));
        assert_eq!(read.action, kept(&new.action));
        assert_eq!(read.related_operation, new.related_operation.as_deref().map(kept));
        assert_eq!(read.impacted_table, kept(&new.impacted_table));
        assert_eq!(read.app_instance, kept(&new.app_instance));
        assert_eq!(read.request_path, kept(&new.request_path));
    }
}

#[tokio::test]
async fn entries_cannot_be_changed_removed_or_truncated_by_the_server_nor_by_the_owner() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer)]).await;
    for statement in
        ["update log_entry set action = 'x'", "delete from log_entry", "truncate log_entry"]
    {
        let mut transaction = app.store.begin().await.unwrap();
        let refused = sqlx::query(statement).execute(&mut *transaction).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{statement}: {refused}");
        let refused = sqlx::query(statement).execute(&mut app.owner().await).await.unwrap_err();
        assert!(refused.to_string().contains("never changed"), "{statement}: {refused}");
    }
    // Nor can the server put an entry under another customer's name than it works for.
    let mut transaction = app.store.begin().await.unwrap();
    sqlx::query("set local app.customer = '2'").execute(&mut *transaction).await.unwrap();
    let refused = sqlx::query(
        r#"insert into log_entry (customer_id, seq, created_at, value_seq, "user", user_kind, action,
               impacted_table, source, app_instance, request_path)
           values ('1', 2, now(), 1, '', 'system', '', '', 'System', '', '')"#,
    )
    .execute(&mut *transaction)
    .await
    .unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
}
