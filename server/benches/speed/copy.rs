//! What Postgres takes in when nothing but Postgres is asked: the same entries straight into the table, by
//! its owner, with `COPY` or a bare `INSERT`.

use std::{collections::HashMap, fmt::Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use server::store::{receive::Received, recorder::NewEntry};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::place::Subject;

/// The log's columns, in the order in which they are filled here. Those that the table does not have are
/// left out, from the end.
const COLUMNS: [&str; 16] = [
    "customer_id",
    "seq",
    "created_at",
    "user",
    "user_id",
    "user_kind",
    "action",
    "related_operation",
    "impacted_table",
    "source",
    "app_instance",
    "request_path",
    "occurred_at",
    "api_key_id",
    "detail",
    "value_seq",
];

/// The owner of the log, who gives out the numbers that the server would find in its tables.
pub(crate) struct Owner {
    connection: PgConnection,
    /// How many of the columns there are.
    columns: usize,
    copy: String,
    insert: String,
    entries: HashMap<String, i64>,
    values: HashMap<[String; 3], i64>,
}

impl Owner {
    pub(crate) async fn of(subject: &Subject) -> Self {
        let mut connection = subject.owner().await;
        let there: Vec<String> = sqlx::query_scalar(
            "select column_name::text from information_schema.columns where table_name = 'log_entry'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        let columns = COLUMNS.iter().take_while(|name| there.iter().any(|it| it == *name)).count();
        let names: Vec<_> = COLUMNS[..columns].iter().map(|name| format!("\"{name}\"")).collect();
        let names = names.join(", ");
        let values: Vec<_> = (1..=columns)
            .map(|number| {
                if COLUMNS[number - 1] == "detail" {
                    format!("${number}::json")
                } else {
                    format!("${number}")
                }
            })
            .collect();
        Self {
            connection,
            columns,
            copy: format!("copy log_entry ({names}) from stdin"),
            insert: format!("insert into log_entry ({names}) values ({})", values.join(", ")),
            entries: HashMap::new(),
            values: HashMap::new(),
        }
    }

    /// The entry's number in its log, and that of the first one there with its user and table.
    fn numbers(&mut self, entry: &NewEntry) -> (i64, i64) {
        let customer = entry.customer_id.to_string();
        let value = [customer.clone(), entry.user.clone(), entry.impacted_table.clone()];
        let last = self.entries.entry(customer).or_default();
        *last += 1;
        (*last, *self.values.entry(value).or_insert(*last))
    }

    /// Entries as `COPY` takes them.
    pub(crate) fn rows(&mut self, received: &[Received]) -> Vec<u8> {
        let mut rows = String::new();
        for Received { entry, .. } in received {
            let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
            let (seq, value_seq) = self.numbers(entry);
            let columns = [
                Some(entry.customer_id.to_string()),
                Some(seq.to_string()),
                Some(instant(Utc::now())),
                Some(entry.user.clone()),
                entry.user_id.clone(),
                Some(entry.user_kind.name().to_owned()),
                Some(entry.action.clone()),
                entry.related_operation.clone(),
                Some(entry.impacted_table.clone()),
                Some(entry.source.name().to_owned()),
                Some(entry.app_instance.clone()),
                Some(entry.request_path.clone()),
                entry.occurred_at.map(instant),
                entry.api_key_id.map(|id| id.to_string()),
                entry.detail.as_ref().map(ToString::to_string),
                Some(value_seq.to_string()),
            ];
            let columns =
                columns.map(|text| text.map_or_else(|| r"\N".to_owned(), |text| escaped(&text)));
            writeln!(rows, "{}", columns[..self.columns].join("\t")).unwrap();
        }
        rows.into_bytes()
    }

    /// A transaction with all of `rows` in it.
    pub(crate) async fn copy(&mut self, rows: Vec<u8>) {
        let mut copying = self.connection.copy_in_raw(&self.copy).await.unwrap();
        copying.send(rows).await.unwrap();
        copying.finish().await.unwrap();
    }

    /// A transaction with one row in it.
    pub(crate) async fn insert(&mut self, entry: &NewEntry) {
        let (seq, value_seq) = self.numbers(entry);
        let mut transaction = self.connection.begin().await.unwrap();
        let mut insert = sqlx::query(AssertSqlSafe(self.insert.as_str()))
            .bind(entry.customer_id.as_str())
            .bind(seq)
            .bind(Utc::now())
            .bind(&entry.user)
            .bind(&entry.user_id)
            .bind(entry.user_kind.name())
            .bind(&entry.action)
            .bind(&entry.related_operation)
            .bind(&entry.impacted_table)
            .bind(entry.source.name())
            .bind(&entry.app_instance)
            .bind(&entry.request_path)
            .bind(entry.occurred_at)
            .bind(entry.api_key_id)
            .bind(entry.detail.as_ref().map(ToString::to_string));
        if self.columns == COLUMNS.len() {
            insert = insert.bind(value_seq);
        }
        insert.execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('\t', r"\t").replace('\n', r"\n").replace('\r', r"\r")
}
