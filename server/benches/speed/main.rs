//! How fast entries are recorded, against what plain Postgres does in the same run on the same machine:
//! see docs/performance.md. Ends with an error where a bound is missed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a measurement's helpers cannot do, fails the measurement"
)]

mod batches;
mod copy;
mod entries;
mod group_commit;
mod http;
mod lone_post;
mod place;
mod table;

use std::{path::Path, process::ExitCode};

use place::Place;
use table::Table;

// One thread: what is measured is the server and Postgres, and they need the processors.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let place = Place::make().await;
    let mut table = Table::default();
    lone_post::measure(&place, &mut table).await;
    group_commit::measure(&place, group_commit::Spread::OneCustomer, &mut table).await;
    group_commit::measure(&place, group_commit::Spread::EachTheirs, &mut table).await;
    batches::measure(&place, &mut table).await;
    place.clear().await;

    println!("\n{table}");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("speed.json");
    std::fs::write(&file, table.to_json()).unwrap();
    println!("The same is in {}.", file.display());
    if table.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
