//! How fast entries are read, taken away and recorded, against what plain Postgres does in the same run on the
//! same machine: see docs/performance.md. Ends with an error where a bound is missed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a measurement's helpers cannot do, fails the measurement"
)]

mod batches;
mod buffers;
mod chart;
mod copy;
mod dataset;
mod entries;
mod exports;
mod filters;
mod group_commit;
mod growth;
mod http;
mod lone_post;
mod machine;
mod options;
mod pages;
mod peers;
mod place;
mod program;
mod psql;
mod reader;
mod report;
mod searches;
mod sessions;
mod shapes;
mod table;

use std::process::ExitCode;

use clap::Parser;

use batches::Spread as Writers;
use dataset::Dataset;
use group_commit::Spread;
use options::{Options, PartName};
use place::Place;
use report::Report;

// One thread: what is measured is the server and Postgres, and they need the processors.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Options::parse();
    let mut report = Report::new(&options, machine::facts());
    read(&options, &mut report).await;
    write(&options, &mut report).await;

    println!("\n{}\n\n{}", report.machine(), report.table);
    println!("The same, with charts and every figure, is in {}.", options.out().display());
    match report.table.missed() {
        0 => ExitCode::SUCCESS,
        missed => {
            println!("{missed} bounds are missed.");
            ExitCode::FAILURE
        }
    }
}

/// What reads from the data set that is kept.
async fn read(options: &Options, report: &mut Report) {
    use PartName::{Exports, Filters, Growth, Pages, Search, Sessions};
    let parts = [Pages, Search, Filters, Growth, Sessions, Exports];
    let wanted: Vec<_> = parts.into_iter().filter(|part| options.wants(*part)).collect();
    if wanted.is_empty() {
        return;
    }
    let mut dataset = Dataset::ready(options.entries, &mut report.table).await;
    report.note("postgres", place::version(&mut dataset.owner().await).await);
    for part in wanted {
        match part {
            Pages => pages::measure(&dataset, report).await,
            Search => searches::measure(&dataset, options.each_search(), report).await,
            Filters => filters::measure(&dataset, options.each_search(), report).await,
            Growth => growth::measure(&dataset, report).await,
            Sessions => sessions::measure(&dataset, report),
            _ => exports::measure(&mut dataset, report),
        }
        report.write(&options.out());
    }
    dataset.stop().await;
}

/// What records, each time into a fresh database.
async fn write(options: &Options, report: &mut Report) {
    if !options.wants(PartName::Writes) {
        return;
    }
    let place = Place::make().await;
    report.note("postgres", place.version().await);
    let table = &mut report.table;
    lone_post::measure(&place, table).await;
    group_commit::measure(&place, Spread::OneCustomer, table).await;
    group_commit::measure(&place, Spread::EachTheirs, table).await;
    batches::measure(&place, Writers::Shared { connections: 4, customers: 8 }, table).await;
    batches::measure(&place, Writers::OneCustomer(10), table).await;
    batches::measure(&place, Writers::EachTheirs(10), table).await;
    place.clear().await;
    report.write(&options.out());
}
