//! What others do, in plain SQL by the log's owner: `OFFSET` for the page and `count(*)` for the number of
//! pages, `ILIKE` for a search.

use std::time::{Duration, Instant};

use app::log::query::{Search, SearchIn};
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::{dataset::Log, shapes::ROWS, table::Times};

/// How often it is asked: it takes long.
const OFTEN: usize = 3;
const COLUMNS: &str = r#"seq, created_at, "user", user_kind, action, related_operation, impacted_table, source,
    app_instance, request_path"#;
/// Two ways to say the same: which one an index serves is a matter of the table's keys.
const ORDERS: [&str; 2] = ["seq desc", "created_at desc, seq desc"];

/// A page of the default order and the number of all entries.
pub(crate) async fn page(owner: &mut PgConnection, log: &Log, page: u64) -> Times {
    let statements = ORDERS.map(|order| {
        format!(
            "select {COLUMNS} from log_entry where customer_id = $1 order by {order}
             limit {ROWS} offset {}",
            (page - 1) * ROWS
        )
    });
    // The cheaper one is what they would use.
    let mut costs = Vec::new();
    for statement in &statements {
        costs.push(cost(owner, statement, &log.id).await);
    }
    let [one, other] = &statements;
    let statement = if costs[0] <= costs[1] { one } else { other };
    let mut times = Times::default();
    for _ in 0..OFTEN {
        let page = time(owner, statement, &log.id, None).await;
        let count = "select count(*) from log_entry where customer_id = $1";
        times.push(page + time(owner, count, &log.id, None).await);
    }
    times
}

/// How many entries match, and how long it took to count them.
pub(crate) async fn count(owner: &mut PgConnection, log: &Log, search: &Search) -> (u64, Duration) {
    let statement = format!("select count(*) from log_entry where {}", filter(search));
    let began = Instant::now();
    let count: i64 = sqlx::query(AssertSqlSafe(statement))
        .bind(&log.id)
        .bind(pattern(search))
        .fetch_one(owner)
        .await
        .unwrap()
        .get(0);
    (count.try_into().unwrap(), began.elapsed())
}

/// How many entries are as `conditions` say.
pub(crate) async fn count_where(
    owner: &mut PgConnection,
    log: &Log,
    conditions: &str,
) -> (u64, Duration) {
    let began = Instant::now();
    let statement =
        format!("select count(*) from log_entry where customer_id = $1 and {conditions}");
    let count = sqlx::query_scalar::<_, i64>(AssertSqlSafe(statement))
        .bind(&log.id)
        .fetch_one(owner)
        .await
        .unwrap();
    (count.try_into().unwrap(), began.elapsed())
}

/// The middle page of what matches.
pub(crate) async fn found(
    owner: &mut PgConnection,
    log: &Log,
    search: &Search,
    matches: u64,
) -> Duration {
    let statement = format!(
        "select {COLUMNS} from log_entry where {} order by seq desc limit {ROWS} offset {}",
        filter(search),
        matches / 2
    );
    time(owner, &statement, &log.id, Some(pattern(search))).await
}

fn filter(search: &Search) -> &'static str {
    match search.within {
        SearchIn::UserOrTable => {
            r#"customer_id = $1 and ("user" ilike $2 or impacted_table ilike $2)"#
        }
        SearchIn::User => r#"customer_id = $1 and "user" ilike $2"#,
        SearchIn::Table => "customer_id = $1 and impacted_table ilike $2",
    }
}

/// Every character stands for itself.
fn pattern(search: &Search) -> String {
    let text = search.text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{text}%")
}

/// What Postgres thinks that it costs.
async fn cost(owner: &mut PgConnection, statement: &str, customer_id: &str) -> f64 {
    let explain = statement.replace("$1", &format!("'{customer_id}'"));
    let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("explain {explain}")))
        .fetch_all(owner)
        .await
        .unwrap();
    let (_, cost) = plan[0].split_once("..").unwrap();
    cost.split(' ').next().unwrap().parse().unwrap()
}

async fn time(
    owner: &mut PgConnection,
    statement: &str,
    customer_id: &str,
    pattern: Option<String>,
) -> Duration {
    let began = Instant::now();
    let mut query = sqlx::query(AssertSqlSafe(statement)).bind(customer_id);
    if let Some(pattern) = pattern {
        query = query.bind(pattern);
    }
    query.fetch_all(owner).await.unwrap();
    began.elapsed()
}
