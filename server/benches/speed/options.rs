//! What is to be measured, from the command line: `make bench` hands its variables on.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Parser, ValueEnum};

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PartName {
    /// Pages of every order, against `OFFSET` and `count(*)`
    Pages,
    /// Searches in every order, against `ILIKE`
    Search,
    /// Filters and stretches of time, in every order, and the strip with them
    Filters,
    /// The same requests to logs of different size, by the clock and by buffers touched
    Growth,
    /// A hundred people who page at once
    Sessions,
    /// Exports, against psql's `\copy`, and pages while ten of them run
    Exports,
    /// Recording, against `INSERT` and `COPY`
    Writes,
}

/// How fast entries are read and recorded, against plain Postgres in the same run.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// How many entries the data set has; the largest customer has half of them
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) entries: u64,
    /// Measure these parts only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<PartName>,
    /// The folder for the results
    #[arg(long)]
    out: Option<PathBuf>,
    /// What `cargo bench` adds by itself
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    pub(crate) fn wants(&self, part: PartName) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// How often a search is asked for each page of each order, and for how long at most. A line has 48 of those.
    pub(crate) const fn each_search(&self) -> (usize, Duration) {
        if self.entries < 5_000_000 {
            (40, Duration::from_secs(1))
        } else {
            (60, Duration::from_secs(5))
        }
    }

    /// The folder for the results.
    pub(crate) fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| home().join("results"))
    }
}

/// The folder for what is kept from one run to the next.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench")
}
