//! What is asked for: every order, some searches, and pages from all over a log.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use app::{
    log::{
        entry::LogColumn,
        query::{LogQuery, Search, SearchIn},
    },
    query::{Column, Direction, Listing, Sort, UrlQuery},
};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::{dataset::Log, reader::Reader, table::Times};

/// Rows of a page where nothing is said of it.
pub(crate) const ROWS: u64 = 25;
/// How many requests come first, and do not count: the server works with up to twelve connections in turns, and each
/// of them plans a statement the first time. What the first requests of all take is measured by itself.
const WARMING: usize = 20;
/// What a request counts as that was not answered properly: no bound holds then.
pub(crate) const FAILED: Duration = Duration::from_secs(60);

/// Where in a list a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    First,
    Thousandth,
    Middle,
    Last,
}

impl Depth {
    /// What every list has.
    pub(crate) const EVERY: [Self; 3] = [Self::First, Self::Middle, Self::Last];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::First => "first page",
            Self::Thousandth => "page 1,000",
            Self::Middle => "middle",
            Self::Last => "last page",
        }
    }

    /// A page's number. In the middle it is another one each time: no cache of a page shall flatter.
    fn page(self, pages: u64, rng: &mut ChaCha8Rng) -> u64 {
        match self {
            Self::First => 1,
            Self::Thousandth => 1_000,
            Self::Middle => rng.random_range(pages / 4 + 1..=(pages * 3 / 4).max(pages / 4 + 1)),
            Self::Last => pages,
        }
    }
}

/// Every order there is, the default first.
pub(crate) fn orders() -> Vec<Sort<LogColumn>> {
    let default = LogColumn::DEFAULT.by;
    let both = |&by: &LogColumn| {
        let first = by.first_direction();
        [first, first.reversed()].map(|direction| Sort { by, direction })
    };
    let columns = LogColumn::ALL.iter().filter(|by| **by != default);
    [default].iter().chain(columns).flat_map(both).collect()
}

/// Every order but the default column's.
pub(crate) fn other_orders() -> Vec<Sort<LogColumn>> {
    orders().into_iter().filter(|sort| sort.by != LogColumn::DEFAULT.by).collect()
}

/// As a line of the table calls it.
pub(crate) fn order_name(sort: Sort<LogColumn>) -> String {
    let way = if sort.direction == Direction::Ascending { "asc" } else { "desc" };
    format!("{} {way}", sort.by.name())
}

pub(crate) fn in_order(sort: Sort<LogColumn>) -> LogQuery {
    LogQuery::default().sorted(sort)
}

pub(crate) fn search(text: &str, within: SearchIn) -> Search {
    Search { text: text.to_owned(), within }
}

/// What is searched for in `log`: 1 to 20 letters, in nearly all of it, in some, in next to nothing of it,
/// in nothing, and the character that SQL would take for any text.
pub(crate) fn searches(log: &Log) -> Vec<Search> {
    let own: String = log.name.chars().take(20).collect();
    [
        ("a", SearchIn::UserOrTable),
        ("er", SearchIn::UserOrTable),
        ("pay", SearchIn::UserOrTable),
        ("bench", SearchIn::UserOrTable), // who measures: their looks at the log stand in it
        ("balances", SearchIn::UserOrTable),
        ("balances", SearchIn::Table),
        ("Helena Prado", SearchIn::UserOrTable),
        ("prado", SearchIn::User),
        ("webhook_endpoints", SearchIn::UserOrTable),
        (&own, SearchIn::UserOrTable),
        ("zzzzzzzzzzzzzzzzzzzz", SearchIn::UserOrTable),
        ("%", SearchIn::UserOrTable),
    ]
    .map(|(text, within)| search(text, within))
    .into()
}

/// Somebody who asks for pages of a log, and knows how many it has.
pub(crate) struct Asker {
    reader: Reader,
    rng: ChaCha8Rng,
    totals: HashMap<String, Total>,
}

/// How many entries match, as the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Total {
    pub(crate) entries: u64,
    pub(crate) exact: bool,
}

impl Asker {
    pub(crate) fn new(reader: Reader, seed: u64) -> Self {
        Self { reader, rng: ChaCha8Rng::seed_from_u64(seed), totals: HashMap::new() }
    }

    /// How much of `log` matches; the same in every order.
    pub(crate) fn total(&mut self, log: &Log, query: &LogQuery) -> Total {
        let path = log.api(&query.with_listing(Listing::default()));
        if let Some(known) = self.totals.get(&path) {
            return *known;
        }
        let body = self.reader.get(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let page: Value = serde_json::from_slice(body).unwrap();
        let total = Total {
            entries: page["total"]["value"].as_u64().unwrap(),
            exact: page["total"]["exact"].as_bool().unwrap(),
        };
        self.totals.insert(path, total);
        total
    }

    /// How many full pages there are. The last one counts only when it is full: what few rows cost says
    /// nothing beside what 25 cost elsewhere.
    pub(crate) fn pages(&mut self, log: &Log, query: &LogQuery) -> u64 {
        (self.total(log, query).entries / ROWS).max(1)
    }

    /// `query` at a page there.
    pub(crate) fn at(&mut self, log: &Log, query: &LogQuery, depth: Depth) -> LogQuery {
        let pages = self.pages(log, query);
        query.at_page(depth.page(pages, &mut self.rng))
    }

    /// Any page of `log`, in any order.
    pub(crate) fn anywhere(&mut self, log: &Log) -> LogQuery {
        let pages = self.pages(log, &LogQuery::default());
        let page = self.rng.random_range(1..=pages);
        in_order(self.one_of(&orders())).at_page(page)
    }

    pub(crate) fn one_of<T: Clone>(&mut self, from: &[T]) -> T {
        from.choose(&mut self.rng).unwrap().clone()
    }

    /// Up to a second.
    pub(crate) fn pause(&mut self) -> Duration {
        Duration::from_millis(self.rng.random_range(0..1_000))
    }

    /// How long one request takes.
    pub(crate) fn time(&mut self, path: &str) -> Duration {
        self.reader.time(path).unwrap_or_else(|error| {
            eprintln!("{path}: {error}");
            FAILED
        })
    }

    /// How long the first requests take that a server gets: the very first, and those that follow.
    pub(crate) fn first_times(&mut self, path: &str) -> (Times, Times) {
        let mut first = Times::default();
        first.push(self.time(path));
        let mut following = Times::default();
        for _ in 1..WARMING {
            following.push(self.time(path));
        }
        (first, following)
    }

    /// Asks `often`, and for no longer than `longest` where that gives an idea already. `path` makes an
    /// address of a query.
    pub(crate) fn times(
        &mut self,
        log: &Log,
        query: &LogQuery,
        depth: Depth,
        path: impl Fn(&LogQuery) -> String,
        each: (usize, Duration),
    ) -> Times {
        self.times_by(|asker| path(&asker.at(log, query, depth)), each)
    }

    /// The same for two queries in turns, so that both have the same of whatever else goes on.
    pub(crate) fn times_in_turns(
        &mut self,
        log: &Log,
        queries: [&LogQuery; 2],
        depth: Depth,
        path: impl Fn(&LogQuery) -> String,
        (often, longest): (usize, Duration),
    ) -> [Times; 2] {
        let mut both = [Times::default(), Times::default()];
        let began = Instant::now();
        for round in 0..WARMING + often {
            for (query, times) in queries.iter().zip(&mut both) {
                let path = path(&self.at(log, query, depth));
                let time = self.time(&path);
                if round >= WARMING {
                    times.push(time);
                }
            }
            if both[1].len() >= 10 && began.elapsed() > longest * 2 {
                break;
            }
        }
        both
    }

    /// The same for what has no pages.
    pub(crate) fn times_of(
        &mut self,
        query: &LogQuery,
        path: impl Fn(&LogQuery) -> String,
        each: (usize, Duration),
    ) -> Times {
        self.times_by(|_| path(query), each)
    }

    fn times_by(
        &mut self,
        path: impl Fn(&mut Self) -> String,
        (often, longest): (usize, Duration),
    ) -> Times {
        let mut times = Times::default();
        let mut began = Instant::now();
        for number in 0..WARMING + often {
            let path = path(self);
            let time = self.time(&path);
            if number >= WARMING {
                times.push(time);
            } else if number + 1 == WARMING {
                began = Instant::now();
            }
            if times.len() >= 10 && began.elapsed() > longest {
                break;
            }
        }
        times
    }
}
