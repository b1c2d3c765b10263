//! `kill -9` of Postgres, under a server that stays there.

use std::{sync::Arc, time::Duration};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use server::postgres::embedded::Embedded;
use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};

use crate::{
    audit,
    harness::{Installation, seed, signal, until, within},
    load::{self, ENTRIES, Load},
    operator::{self, Operator},
};

/// How often it is killed while entries come in.
const KILLS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn the_server_outlives_its_postgres_and_what_was_acknowledged_is_there_once() {
    let installation = Installation::new("postgres");
    installation.add_operator("first@example.com").await;
    let mut server = installation.serve_until_ready().await;
    installation.add_operator("second@example.com").await;
    let load = Load::new(installation.base(), installation.add_key().await, false);
    load.describe_customers().await;
    let operators = [
        Operator::sign_in(&load, "first@example.com").await,
        Operator::sign_in(&load, "second@example.com").await,
    ];
    // The server's own: it is running.
    let options = Embedded::start(installation.data()).await.unwrap().connect_options();

    let acting = tokio::spawn(operator::operate(Arc::clone(&load), operators, seed()));
    let (places, ()) = within(80, "all entries are acknowledged", async {
        tokio::join!(load::send_all(&load, seed()), kill_at_times(&installation, &options, &load))
    })
    .await;
    let operations = within(20, "the operator is done", acting).await.unwrap();
    assert!(server.try_wait().unwrap().is_none(), "the server ended");
    assert!(load.sent_away() > 0, "nobody noticed");

    audit::all_holds(&options, &places, &operations).await;
    server.start_kill().unwrap();
    server.wait().await.unwrap();
    installation.remove();
}

/// Kills all of Postgres and a process of it in turn, once in each part of the entries.
async fn kill_at_times(installation: &Installation, options: &PgConnectOptions, load: &Load) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed());
    let part = ENTRIES / (KILLS + 1);
    for number in 0..KILLS {
        let moment = number * part + rng.random_range(0..part);
        load.until_acknowledged(moment).await;
        tokio::time::sleep(Duration::from_micros(rng.random_range(0..20_000))).await;
        // What the kill before left may still be ending.
        until(20, "there is a process to kill", async || {
            let found = match number % 2 {
                0 => installation.postmaster(),
                _ => backend(options).await.ok().flatten(),
            };
            found.is_some_and(|pid| signal("-KILL", &pid))
        })
        .await;
        assert!(load.acknowledged() < ENTRIES, "Postgres was killed too late");
    }
}

/// The process behind one of the server's connections: one that works, where there is one.
async fn backend(options: &PgConnectOptions) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "select pid::text from pg_stat_activity where application_name = 'customer-logs'
         order by state = 'idle', random() limit 1",
    )
    .fetch_optional(&mut options.connect().await?)
    .await
}
