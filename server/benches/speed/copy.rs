//! What Postgres takes in when nothing but Postgres is asked: the same entries straight into the table, by
//! its owner, with `COPY` or a bare `INSERT`.

use std::{collections::HashMap, fmt::Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use server::store::{receive::Received, recorder::NewEntry};
use sqlx::{Connection as _, PgConnection};

const COPY: &str = r#"copy log_entry (customer_id, seq, created_at, "user", user_id, user_kind, action,
    related_operation, impacted_table, source, app_instance, request_path, occurred_at, api_key_id, detail)
    from stdin"#;
const INSERT: &str = r#"insert into log_entry (customer_id, seq, created_at, "user", user_id, user_kind, action,
    related_operation, impacted_table, source, app_instance, request_path, occurred_at, api_key_id, detail)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::json)"#;

/// Gives out each log's numbers, which the server would find in the log's head.
#[derive(Default)]
pub(crate) struct Numbers(HashMap<String, i64>);

impl Numbers {
    fn next(&mut self, entry: &NewEntry) -> i64 {
        let last = self.0.entry(entry.customer_id.to_string()).or_default();
        *last += 1;
        *last
    }

    /// Entries as `COPY` takes them.
    pub(crate) fn rows(&mut self, received: &[Received]) -> Vec<u8> {
        let mut rows = String::new();
        for Received { entry, .. } in received {
            let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
            let columns = [
                Some(entry.customer_id.to_string()),
                Some(self.next(entry).to_string()),
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
            ];
            let columns =
                columns.map(|text| text.map_or_else(|| r"\N".to_owned(), |text| escaped(&text)));
            writeln!(rows, "{}", columns.join("\t")).unwrap();
        }
        rows.into_bytes()
    }

    /// A transaction with one row in it.
    pub(crate) async fn insert(&mut self, connection: &mut PgConnection, entry: &NewEntry) {
        let mut transaction = connection.begin().await.unwrap();
        sqlx::query(INSERT)
            .bind(entry.customer_id.as_str())
            .bind(self.next(entry))
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
            .bind(entry.detail.as_ref().map(ToString::to_string))
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
}

/// A transaction with all of `rows` in it.
pub(crate) async fn copy(connection: &mut PgConnection, rows: Vec<u8>) {
    let mut copying = connection.copy_in_raw(COPY).await.unwrap();
    copying.send(rows).await.unwrap();
    copying.finish().await.unwrap();
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('\t', r"\t").replace('\n', r"\n").replace('\r', r"\r")
}
