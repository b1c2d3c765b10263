//! `kill -9` of the server, whose Postgres dies with it.

use std::{sync::Arc, time::Duration};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use server::postgres::embedded::Embedded;
use tokio::process::Child;

use crate::{
    audit,
    harness::{Installation, seed, until, within},
    load::{self, ENTRIES, Load},
    operator::{self, Operator},
};

/// How often it is killed while entries come in.
const KILLS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_once_however_often_the_server_was_killed() {
    let installation = Installation::new("server");
    installation.add_operator("first@example.com").await;
    let server = installation.serve_until_ready().await;
    installation.add_operator("second@example.com").await;
    let load = Load::new(installation.base(), installation.add_key().await, true);
    load.describe_customers().await;
    let operators = [
        Operator::sign_in(&load, "first@example.com").await,
        Operator::sign_in(&load, "second@example.com").await,
    ];

    let acting = tokio::spawn(operator::operate(Arc::clone(&load), operators, seed()));
    let (places, mut server) = within(80, "all entries are acknowledged", async {
        tokio::join!(load::send_all(&load, seed()), kill_at_times(&installation, &load, server))
    })
    .await;
    let operations = within(20, "the operator is done", acting).await.unwrap();
    kill(&mut server).await;

    let postgres = Embedded::start(installation.data()).await.unwrap();
    audit::all_holds(&postgres.connect_options(), &places, &operations).await;
    postgres.stop().await;
    installation.remove();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_outlives_the_one_that_started_their_postgres() {
    let first = Installation::new("beside");
    let second = first.beside();
    let mut starter = first.serve_until_ready().await;
    let mut server = second.serve_until_ready().await;
    let postgres = first.postmaster();
    kill(&mut starter).await;
    let another = async || first.postmaster().is_some_and(|pid| postgres.as_ref() != Some(&pid));
    until(30, "there is another Postgres", another).await;
    until(30, "the server is ready again", async || second.is_ready().await).await;
    kill(&mut server).await;
    first.remove();
}

async fn kill(server: &mut Child) {
    server.start_kill().unwrap();
    server.wait().await.unwrap();
}

/// Kills the server in each part of the entries, some of the time also while it starts.
async fn kill_at_times(installation: &Installation, load: &Load, mut server: Child) -> Child {
    let mut rng = ChaCha8Rng::seed_from_u64(seed());
    let part = ENTRIES / (KILLS + 1);
    for number in 0..KILLS {
        let moment = number * part + rng.random_range(0..part);
        tokio::select! {
            () = load.until_acknowledged(moment) => {}
            ended = server.wait() => panic!("the server ended by itself: {ended:?}"),
        }
        tokio::time::sleep(Duration::from_micros(rng.random_range(0..20_000))).await;
        kill(&mut server).await;
        assert!(load.acknowledged() < ENTRIES, "the server was killed too late");
        server = installation.serve();
        if number % 2 == 1 {
            tokio::time::sleep(Duration::from_millis(rng.random_range(0..2_000))).await;
            kill(&mut server).await;
            server = installation.serve();
        }
    }
    server
}
