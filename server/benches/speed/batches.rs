//! Large requests, against `COPY` into the same table: the fastest way in that Postgres has.

use std::time::Instant;

use tokio::task::JoinSet;

use crate::{
    copy::Owner,
    entries::{self, Entries},
    http::{Connection, Post},
    place::Place,
    table::{Bound, Rates, Table},
};

/// How many entries a request has.
const BATCH: usize = 500;
/// How many requests all connections send in a round, together.
const REQUESTS: usize = 40;
/// How many rows `COPY` brings in a transaction, and how many of those in a round.
const COPIED: usize = 10_000;
const COPIES: usize = 2;
const ROUNDS: usize = 15;

/// Who writes, and for whom.
#[derive(Clone, Copy)]
pub(crate) enum Spread {
    /// A few connections, whose batches have entries for any of these.
    Shared { connections: usize, customers: usize },
    /// So many connections, all for one.
    OneCustomer(usize),
    /// So many connections, each for one of its own.
    EachTheirs(usize),
}

pub(crate) async fn measure(place: &Place, spread: Spread, table: &mut Table) {
    let (writers, customers, words) = match spread {
        Spread::Shared { connections, customers } => (
            connections,
            customers,
            format!("{connections} writers, all for {customers} customers"),
        ),
        Spread::OneCustomer(writers) => (writers, 1, format!("{writers} writers to one customer")),
        Spread::EachTheirs(writers) => {
            (writers, writers, format!("{writers} writers to {writers} customers"))
        }
    };
    eprintln!("Batches, {words} …");
    let subject = place.subject().await;
    let mut owner = Owner::of(&subject).await;
    let mut posted = Entries::new(20_001, customers);
    // Customers of their own: in the others' logs the server gives out the numbers.
    let mut copied = Entries::new(30_001, customers);
    let (mut over_http, mut by_copy) = <(Rates, Rates)>::default();
    let mut connections = Vec::new();
    for _ in 0..writers {
        connections.push(Connection::open(&subject).await);
    }
    let mut sent = 0;
    // The first round fills caches and pools, and does not count.
    for round in 0..=ROUNDS {
        let mut batch = |writer| match spread {
            Spread::EachTheirs(_) => (0..BATCH).map(|_| posted.entry_of(writer)).collect(),
            _ => posted.many(BATCH),
        };
        let posts: Vec<Vec<Post>> = (0..writers)
            .map(|writer| {
                let batches = (0..REQUESTS / writers).map(|_| batch(writer));
                batches.map(|batch| Post::of_many(&subject, &batch)).collect()
            })
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
        let rate = (REQUESTS * BATCH) as f64 / began.elapsed().as_secs_f64();

        let rows: Vec<_> = (0..COPIES)
            .map(|_| copied.many(COPIED).iter().map(|entry| entries::read(entry)).collect())
            .map(|received: Vec<_>| owner.rows(&received))
            .collect();
        let began = Instant::now();
        for rows in rows {
            owner.copy(rows).await;
        }
        let rate_of_copy = (COPIES * COPIED) as f64 / began.elapsed().as_secs_f64();

        sent += REQUESTS * BATCH + COPIES * COPIED;
        if round > 0 {
            over_http.push(rate);
            by_copy.push(rate_of_copy);
        }
    }
    subject.check(sent).await;

    let part = table.part(format!("Batches, {words}: rows/s"));
    part.rate("500 entries a request", &over_http);
    part.rate("COPY, 10,000 rows a transaction", &by_copy);
    part.ratio("requests ÷ COPY", over_http.over(&by_copy), Bound::AtLeast(0.5));
}
