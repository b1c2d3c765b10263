//! The log's tables by the month: coming from one table, many of them, and dropping the old.

use app::{
    customer::id::CustomerId,
    log::{
        entry::LogColumn,
        query::{LogQuery, Search},
    },
    query::{Column, Direction, Listing, Sort},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use server::{
    access::admit,
    origin::Origin,
    postgres::{MIGRATIONS, pool},
    store::{Store, entries::PastTheEnd, recorder::NewEntry, recorder::Recorder, retention},
};
use sqlx::{ConnectOptions, PgConnection, PgPool, migrate::Migrator};

use super::harness::{App, empty_database, entry, reader};

/// What stands in all logs, as a text to compare.
async fn everything(owner: &mut PgConnection) -> String {
    sqlx::query_scalar(
        r#"select string_agg(concat_ws('|', customer_id, seq, created_at, "user", user_id, user_kind, action,
                   related_operation, impacted_table, source, app_instance, request_path, occurred_at,
                   api_key_id, detail), e'\n' order by customer_id, seq) from log_entry"#,
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_log_in_one_table_comes_over_whole_and_goes_on() {
    let options = empty_database().await;
    let mut owner = options.connect().await.unwrap();
    let first = MIGRATIONS.iter().filter(|migration| migration.version < 5).cloned().collect();
    Migrator::with_migrations(first).run(&mut owner).await.unwrap();
    sqlx::raw_sql(
        r#"insert into customer (customer_id, name, name_folded, customer_type, status)
           select id, id, id, 'business', 'active' from unnest(array['a', 'b']) as id;
           insert into log_entry (customer_id, seq, created_at, "user", user_id, user_kind, action,
               related_operation, impacted_table, source, app_instance, request_path, occurred_at, detail)
           select id, seq, timestamptz '2024-01-31 23:00:00Z' + seq * interval '7 hours', 'User ' || seq % 7,
                  case when seq % 2 = 0 then 'id' end, 'operator', 'Did ' || seq % 5,
                  case when seq % 3 > 0 then 'operation #' || seq / 10 end, 'table_' || seq % 3, 'UI', 'web-1',
                  'POST /' || seq, case when seq % 4 = 0 then timestamptz '2024-01-01' end,
                  case when seq % 5 = 0 then '{"z": 1, "a": 1.50}'::json end
           from unnest(array['a', 'b']) as id, generate_series(1, 3000) as seq;
           insert into log_head select customer_id, count(*), max(created_at) from log_entry group by 1;
           insert into log_value select customer_id, "user", impacted_table, lower("user"), impacted_table, count(*)
           from log_entry group by 1, 2, 3;"#,
    )
    .execute(&mut owner)
    .await
    .unwrap();
    let before = everything(&mut owner).await;
    MIGRATIONS.run(&mut owner).await.unwrap();
    assert_eq!(everything(&mut owner).await, before);
    let others: i64 = sqlx::query_scalar("select count(*) from log_value where not staff")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(others, 0, "all of them were by staff");

    let store = pool::open(&options).await.unwrap();
    let customer: CustomerId = "a".parse().unwrap();
    let mut transaction = store.begin().await.unwrap();
    Recorder::new(&mut transaction).record(&[entry(&customer)]).await.unwrap();
    transaction.commit().await.unwrap();
    store.count_on(&customer).await.unwrap();
    let scope = admit(&reader(), "a").unwrap();
    let query = LogQuery {
        search: Search { text: "user 3".into(), ..Search::default() },
        ..LogQuery::default()
    };
    let page = store.log_page(&scope, &query, PastTheEnd::Empty).await.unwrap().unwrap();
    assert_eq!((page.total.value, page.newest), (429, 3001));
}

/// Entries of `customer_id`, evenly over the months before now.
fn over_months(customer_id: &CustomerId, months: u32, each: u32) -> Vec<(DateTime<Utc>, NewEntry)> {
    let now = Utc::now();
    (0..months * each)
        .map(|number| {
            let mut new = entry(customer_id);
            new.user = format!("User {}", number % 5);
            new.related_operation = (number % 3 > 0).then(|| format!("Operation {}", number % 97));
            (now - Months::new(months - 1 - number / each), new)
        })
        .collect()
}

async fn load(app: &App, id: &str, months: u32, each: u32) -> CustomerId {
    let customer = app.add_customer(id).await;
    let now = Utc::now().date_naive();
    app.store.make_months(now - Months::new(months), now).await.unwrap();
    let mut transaction = app.store.begin().await.unwrap();
    let entries = over_months(&customer, months, each);
    Recorder::new(&mut transaction).load(&entries).await.unwrap();
    transaction.commit().await.unwrap();
    app.store.count_on(&customer).await.unwrap();
    customer
}

async fn seqs(store: &Store, id: &str, query: &LogQuery) -> (Vec<u64>, u64) {
    let scope = admit(&reader(), id).unwrap();
    let page = store.log_page(&scope, query, PastTheEnd::Empty).await.unwrap().unwrap();
    (page.entries.iter().map(|entry| entry.seq).collect(), page.total.value)
}

fn sorted(by: LogColumn, page: u64, text: &str) -> LogQuery {
    let sort = Sort { by, direction: Direction::Ascending };
    LogQuery {
        search: Search { text: text.into(), ..Search::default() },
        as_of: None,
        listing: Listing { page, sort, ..Listing::default() },
        ..LogQuery::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_retention_drops_is_gone_from_every_order_count_and_search_and_the_rest_stands() {
    let app = App::start().await;
    let store = app.store.clone().with_milestones_every(256);
    load(&app, "1", 6, 1_000).await;
    load(&app, "held", 6, 1_000).await;
    let mut act = app.store.act(&Origin::of_command("test", "test-1")).await.unwrap();
    assert!(retention::hold(&mut act, &"held".parse().unwrap(), true).await.unwrap());
    act.commit().await.unwrap();
    let mut owner = app.owner().await;
    let today = Utc::now().date_naive();
    let keep = Months::new(2);
    let months = retention::expired(&mut owner, keep, today).await.unwrap();
    assert_eq!(months.iter().map(|month| month.entries().0).sum::<u64>(), 3_000);
    assert_eq!(months.iter().map(|month| month.entries().1).sum::<u64>(), 3_000);

    let pool = PgPool::connect_with(app.options.clone()).await.unwrap();
    let origin = Origin::of_command("retention", "test-1");
    for month in &months {
        let transaction = pool.begin().await.unwrap();
        retention::drop_month(transaction, month, &origin).await.unwrap();
    }
    for (id, first, extra) in [("1", 3_001, 3), ("held", 1, 1)] {
        // Each month that is dropped is recorded, and putting somebody under hold.
        let extra = if id == "1" { u64::try_from(months.len()).unwrap().min(extra) } else { extra };
        let whole = 6_000 - (first - 1) + extra;
        for &by in LogColumn::ALL {
            for (text, filter, total) in
                [("", "true", whole), ("user 3", r#""user" = 'User 3'"#, (6_000 - (first - 1)) / 5)]
            {
                for page in [1, 20, total / 25] {
                    let query = sorted(by, page, text);
                    let (seqs, counted) = seqs(&store, id, &query).await;
                    assert_eq!(counted, total, "{id} {query:?}");
                    let plain: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
                        r#"select seq from log_entry where customer_id = '{id}' and {filter}
                           order by "{}" asc, seq asc limit 25 offset {}"#,
                        by.name(),
                        query.listing.offset(),
                    )))
                    .fetch_all(&mut owner)
                    .await
                    .unwrap();
                    assert_eq!(seqs, plain.iter().map(|seq| *seq as u64).collect::<Vec<_>>());
                }
            }
        }
    }
    let told: i64 = sqlx::query_scalar(
        "select count(*) from log_entry where customer_id = 'platform' and action = 'Dropped a month of old entries'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(told, i64::try_from(months.len()).unwrap());
    // Once more: nothing is left to drop, and what is held is still there.
    let months = retention::expired(&mut owner, keep, today).await.unwrap();
    assert_eq!(months.iter().map(|month| month.entries().0).sum::<u64>(), 0);
    assert_eq!(months.iter().map(|month| month.entries().1).sum::<u64>(), 3_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_over_a_hundred_and_twenty_months_has_the_rows_of_the_plain_statement() {
    let app = App::start().await;
    load(&app, "1", 120, 150).await;
    let store = app.store.clone().with_milestones_every(256);
    let mut owner = app.owner().await;
    for by in [LogColumn::CreatedAt, LogColumn::User, LogColumn::RelatedOperation] {
        for page in [1, 300, 720] {
            let query = sorted(by, page, "");
            let (seqs, total) = seqs(&store, "1", &query).await;
            assert_eq!(total, 18_000);
            let plain: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
                r#"select seq from log_entry where customer_id = '1'
                   order by "{}", seq limit 25 offset {}"#,
                by.name(),
                query.listing.offset(),
            )))
            .fetch_all(&mut owner)
            .await
            .unwrap();
            assert_eq!(seqs, plain.iter().map(|seq| *seq as u64).collect::<Vec<_>>(), "{query:?}");
        }
    }
}

#[tokio::test]
async fn the_server_makes_months_and_nothing_else() {
    let app = App::start().await;
    let day = NaiveDate::from_ymd_opt(2019, 5, 17).unwrap();
    assert!(!app.store.has_month(day).await.unwrap());
    app.store.make_months(day, day).await.unwrap();
    app.store.make_months(day, day).await.unwrap();
    assert!(app.store.has_month(day).await.unwrap());
    let mut transaction = app.store.begin().await.unwrap();
    let refused = sqlx::query("drop table log_entry_2019_05").execute(&mut *transaction).await;
    assert!(refused.unwrap_err().to_string().contains("must be owner"));
    // Nor can entries of a month be changed behind the log's back.
    for statement in ["update log_entry_2019_05 set action = 'x'", "truncate log_entry_2019_05"] {
        let refused = sqlx::query(statement).execute(&mut app.owner().await).await.unwrap_err();
        assert!(refused.to_string().contains("never changed"), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn a_month_that_could_not_be_made_shows_while_there_is_time_and_is_made_when_it_can() {
    let app = App::start().await;
    let today = Utc::now().date_naive();
    let next = today + Months::new(1);
    let ready = async || {
        let answer = app.get("/readyz").send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(ready().await, (200, "ready\n".to_owned()));
    let mut owner = app.owner().await;
    for (month, status) in [(next, 200), (today, 503)] {
        let table = month.format("log_entry_%Y_%m");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop table {table}")))
            .execute(&mut owner)
            .await
            .unwrap();
        let (answered, words) = ready().await;
        assert_eq!(answered, status, "{words}");
        assert!(words.contains("no table for"), "{words}");
    }
    app.store.make_months(today, next).await.unwrap();
    assert_eq!(ready().await, (200, "ready\n".to_owned()));
}
