//! How many buffers Postgres touches for requests, as its own statistics have it.

use std::time::Duration;

use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};

use crate::{
    program::Program,
    reader::{Identity, Reader},
};

/// A connection of the server's tells what it touched when it works, at most once a second.
const UNTIL_TOLD: Duration = Duration::from_millis(1_050);
/// So many small requests reach each of the few connections that a quiet server has: they take turns.
const REMINDERS: usize = 8;

/// Counts the buffers that are touched in a database.
pub(crate) struct Counter {
    /// In another database: what it touches itself does not count.
    beside: PgConnection,
    database: String,
    reminder: Reader,
    /// What the reminders touch.
    idle: f64,
}

impl Counter {
    pub(crate) async fn new(options: &PgConnectOptions, program: &Program) -> Self {
        let beside = options.clone().database("postgres").connect().await.unwrap();
        let database = options.get_database().unwrap().to_owned();
        let reminder = Reader::open(&program.address, &Identity::Nobody);
        let mut counter = Self { beside, database, reminder, idle: 0.0 };
        counter.read().await;
        let mut idle = f64::INFINITY;
        for _ in 0..3 {
            idle = idle.min(counter.touched(|| {}).await);
        }
        counter.idle = idle;
        counter
    }

    /// How many `work` touches.
    pub(crate) async fn touched(&mut self, work: impl FnOnce()) -> f64 {
        let before = self.read().await;
        work();
        self.read().await - before - self.idle
    }

    /// How many were touched until now.
    async fn read(&mut self) -> f64 {
        tokio::time::sleep(UNTIL_TOLD).await;
        for _ in 0..REMINDERS {
            self.reminder.get("/readyz").unwrap();
        }
        let touched: i64 = sqlx::query_scalar(
            "select blks_hit + blks_read from pg_stat_database where datname = $1",
        )
        .bind(&self.database)
        .fetch_one(&mut self.beside)
        .await
        .unwrap();
        touched as f64
    }
}
