//! One entry while nothing else is going on, against the least that Postgres can do for it.

use std::time::Instant;

use crate::{
    copy::Owner,
    entries::{self, Entries},
    http::{Connection, Post},
    place::Place,
    table::{Bound, Table, Times},
};

const POSTS: usize = 500;
/// How many come first, and do not count.
const WARMING: usize = 50;

pub(crate) async fn measure(place: &Place, table: &mut Table) {
    eprintln!("Lone posts …");
    let subject = place.subject().await;
    let mut owner = Owner::of(&subject).await;
    let mut connection = Connection::open(&subject).await;
    let (mut posted, mut inserted) = (Entries::new(20_001, 1), Entries::new(30_001, 1));
    let (mut over_http, mut bare) = <(Times, Times)>::default();
    for number in 0..WARMING + POSTS {
        let post = Post::of_one(&subject, &posted.entry());
        let began = Instant::now();
        connection.send(&post).await;
        let time = began.elapsed();

        let entry = entries::read(&inserted.entry()).entry;
        let began = Instant::now();
        owner.insert(&entry).await;
        let time_bare = began.elapsed();

        if number >= WARMING {
            over_http.push(time);
            bare.push(time_bare);
        }
    }
    subject.check(2 * (WARMING + POSTS)).await;

    let part = table.part("A lone post: milliseconds".into());
    part.time("one entry over HTTP", &over_http);
    part.time("begin; insert; commit", &bare);
    part.ratio("post ÷ insert", over_http.median() / bare.median(), Bound::Below(3.0));
}
