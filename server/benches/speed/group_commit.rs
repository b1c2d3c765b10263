//! Many clients, each with one entry at a time: recorded together, against a transaction for each entry.

use std::time::Instant;

use server::store::{Store, receive::Received, recorder::Recorder};
use tokio::task::JoinSet;

use crate::{
    entries::{self, Entries},
    http::{Connection, Post},
    place::{Place, Subject},
    table::{Bound, Rates, Table},
};

const CLIENTS: usize = 64;
/// How many entries each client posts, one after another.
const EACH: usize = 50;
/// How many entries are recorded a transaction each.
const ALONE: usize = 600;
/// How many connections record so at once, for comparison.
const AT_ONCE: usize = 4;
const ROUNDS: usize = 7;

/// Whose entries they are.
#[derive(Clone, Copy)]
pub(crate) enum Spread {
    OneCustomer,
    EachTheirs,
}

pub(crate) async fn measure(place: &Place, spread: Spread, table: &mut Table) {
    let (customers, words) = match spread {
        Spread::OneCustomer => (1, "one customer"),
        Spread::EachTheirs => (CLIENTS, "64 customers"),
    };
    eprintln!("Group commit, {words} …");
    let subject = place.subject().await;
    let mut entries = Entries::new(20_001, customers);
    let (mut together, mut alone, mut at_once) = <(Rates, Rates, Rates)>::default();
    let mut connections = Vec::new();
    for _ in 0..CLIENTS {
        connections.push(Connection::open(&subject).await);
    }
    let mut sent = 0;
    // The first round fills caches and pools, and does not count.
    for round in 0..=ROUNDS {
        let posts = posts(&subject, &mut entries);
        let began = Instant::now();
        connections = clients(connections, posts).await;
        let rate = (CLIENTS * EACH) as f64 / began.elapsed().as_secs_f64();

        let received = read(&mut entries, ALONE);
        let began = Instant::now();
        one_by_one(subject.store.clone(), received).await;
        let rate_alone = ALONE as f64 / began.elapsed().as_secs_f64();

        let shares: Vec<_> = (0..AT_ONCE).map(|_| read(&mut entries, ALONE / AT_ONCE)).collect();
        let began = Instant::now();
        shares
            .into_iter()
            .map(|share| one_by_one(subject.store.clone(), share))
            .collect::<JoinSet<_>>()
            .join_all()
            .await;
        let rate_at_once = ALONE as f64 / began.elapsed().as_secs_f64();

        sent += CLIENTS * EACH + 2 * ALONE;
        if round > 0 {
            together.push(rate);
            alone.push(rate_alone);
            at_once.push(rate_at_once);
        }
    }
    subject.check(sent).await;

    let part = table.part(format!("Group commit, all for {words}: entries/s"));
    part.rate("64 clients, one entry a request", &together);
    part.rate("a transaction an entry, 1 connection", &alone);
    part.rate("a transaction an entry, 4 connections", &at_once);
    part.ratio("64 clients ÷ 1 connection", together.over(&alone), Bound::AtLeast(5.0));
}

/// What each client posts. Where there is a customer for each, each posts for theirs.
fn posts(subject: &Subject, entries: &mut Entries) -> Vec<Vec<Post>> {
    let customers = entries.customers();
    (0..CLIENTS)
        .map(|client| {
            let entry = |_| entries.entry_of(client % customers);
            (0..EACH).map(entry).map(|entry| Post::of_one(subject, &entry)).collect()
        })
        .collect()
}

async fn clients(connections: Vec<Connection>, posts: Vec<Vec<Post>>) -> Vec<Connection> {
    connections
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
        .await
}

fn read(entries: &mut Entries, number: usize) -> Vec<Received> {
    entries.many(number).iter().map(|entry| entries::read(entry)).collect()
}

/// What the server would do if it did not wait for company: the same code, for each entry by itself.
async fn one_by_one(store: Store, received: Vec<Received>) {
    for one in &received {
        let mut transaction = store.begin_recording().await.unwrap();
        Recorder::new(&mut transaction).receive(std::slice::from_ref(one)).await.unwrap();
        transaction.commit().await.unwrap();
    }
}
