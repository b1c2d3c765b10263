//! Large requests, against `COPY` into the same table: the fastest way in that Postgres has.

use std::time::Instant;

use tokio::task::JoinSet;

use crate::{
    copy::{self, Numbers},
    entries::{self, Entries},
    http::{Connection, Post},
    place::Place,
    table::{Bound, Rates, Table},
};

const CONNECTIONS: usize = 4;
/// How many entries a request has.
const BATCH: usize = 500;
/// How many requests each connection sends in a round.
const EACH: usize = 10;
/// How many rows `COPY` brings in a transaction, and how many of those in a round.
const COPIED: usize = 10_000;
const COPIES: usize = 2;
const ROUNDS: usize = 7;
const CUSTOMERS: usize = 8;

pub(crate) async fn measure(place: &Place, table: &mut Table) {
    eprintln!("Batches …");
    let subject = place.subject().await;
    let mut owner = subject.owner().await;
    let mut posted = Entries::new(20_001, CUSTOMERS);
    // Customers of their own: in the others' logs the server gives out the numbers.
    let mut copied = Entries::new(30_001, CUSTOMERS);
    let mut numbers = Numbers::default();
    let (mut over_http, mut by_copy) = <(Rates, Rates)>::default();
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Connection::open(&subject).await);
    }
    let mut sent = 0;
    // The first round fills caches and pools, and does not count.
    for round in 0..=ROUNDS {
        let posts: Vec<Vec<Post>> = (0..CONNECTIONS)
            .map(|_| (0..EACH).map(|_| Post::of_many(&subject, &posted.many(BATCH))).collect())
            .collect();
        let began = Instant::now();
        connections = connections
            .into_iter()
            .zip(posts)
            .map(async |(mut connection, posts)| {
                for post in &posts {
                    connection.send(post).await;
                }
                connection
            })
            .collect::<JoinSet<_>>()
            .join_all()
            .await;
        let rate = (CONNECTIONS * EACH * BATCH) as f64 / began.elapsed().as_secs_f64();

        let rows: Vec<_> = (0..COPIES)
            .map(|_| {
                copied.many(COPIED).iter().map(|entry| entries::read(entry)).collect::<Vec<_>>()
            })
            .map(|received| numbers.rows(&received))
            .collect();
        let began = Instant::now();
        for rows in rows {
            copy::copy(&mut owner, rows).await;
        }
        let rate_of_copy = (COPIES * COPIED) as f64 / began.elapsed().as_secs_f64();

        sent += CONNECTIONS * EACH * BATCH + COPIES * COPIED;
        if round > 0 {
            over_http.push(rate);
            by_copy.push(rate_of_copy);
        }
    }
    subject.check(sent).await;

    let part = table.part("Batches, for 8 customers: rows/s".into());
    part.rate("4 connections, 500 entries a request", &over_http);
    part.rate("COPY, 10,000 rows a transaction", &by_copy);
    part.ratio("requests ÷ COPY", over_http.over(&by_copy), Bound::AtLeast(0.5));
}
