//! What was measured: as a table to read, and as JSON.

use std::{fmt, time::Duration};

use serde_json::{Value, json};

/// Work a second, round by round.
#[derive(Default)]
pub(crate) struct Rates(Vec<f64>);

impl Rates {
    pub(crate) fn push(&mut self, rate: f64) {
        self.0.push(rate);
    }

    fn median(&self) -> f64 {
        quantile(&self.0, 0.5)
    }

    /// The median of the rounds' ratios: the two of a round were measured within seconds, so what else the
    /// machine did in the meantime weighs on both.
    pub(crate) fn over(&self, other: &Self) -> f64 {
        let ratios: Vec<f64> =
            self.0.iter().zip(&other.0).map(|(one, other)| one / other).collect();
        quantile(&ratios, 0.5)
    }
}

/// Times, one by one, in milliseconds.
#[derive(Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }

    pub(crate) fn median(&self) -> f64 {
        quantile(&self.0, 0.5)
    }
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let at = (values.len() - 1) as f64 * share;
    values[at.round() as usize]
}

/// What a ratio has to be.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    AtLeast(f64),
    Below(f64),
}

impl Bound {
    fn holds(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(bound) => ratio >= bound,
            Self::Below(bound) => ratio < bound,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
            Self::Below(bound) => write!(f, "< {bound}"),
        }
    }
}

/// A line of the table.
struct Line {
    name: &'static str,
    median: String,
    rest: String,
    json: Value,
}

/// What belongs together: what was measured, and how it compares.
pub(crate) struct Part {
    title: String,
    lines: Vec<Line>,
    holds: bool,
}

impl Part {
    pub(crate) fn rate(&mut self, name: &'static str, rates: &Rates) {
        let (least, most) = (quantile(&rates.0, 0.0), quantile(&rates.0, 1.0));
        self.lines.push(Line {
            name,
            median: format!("{:.0}", rates.median()),
            rest: format!("{least:.0} to {most:.0}"),
            json: json!({ "median": rates.median(), "rounds": rates.0 }),
        });
    }

    pub(crate) fn time(&mut self, name: &'static str, times: &Times) {
        let p95 = quantile(&times.0, 0.95);
        self.lines.push(Line {
            name,
            median: format!("{:.2}", times.median()),
            rest: format!("p95 {p95:.2}"),
            json: json!({ "median": times.median(), "p95": p95, "times": times.0.len() }),
        });
    }

    pub(crate) fn ratio(&mut self, name: &'static str, ratio: f64, bound: Bound) {
        let holds = bound.holds(ratio);
        self.holds &= holds;
        self.lines.push(Line {
            name,
            median: format!("**{ratio:.2}**"),
            rest: format!("{bound}: {}", if holds { "holds" } else { "MISSED" }),
            json: json!({ "ratio": ratio, "bound": bound.to_string(), "holds": holds }),
        });
    }
}

/// All of it.
#[derive(Default)]
pub(crate) struct Table(Vec<Part>);

impl Table {
    pub(crate) fn part(&mut self, title: String) -> &mut Part {
        self.0.push_mut(Part { title, lines: Vec::new(), holds: true })
    }

    pub(crate) fn holds(&self) -> bool {
        self.0.iter().all(|part| part.holds)
    }

    pub(crate) fn to_json(&self) -> String {
        let parts = self.0.iter().map(|part| {
            let lines = part.lines.iter().map(|line| (line.name.to_owned(), line.json.clone()));
            (part.title.clone(), Value::Object(lines.collect()))
        });
        format!("{:#}\n", Value::Object(parts.collect()))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let empty = String::new;
        let mut lines = vec![[empty(), "median".into(), "spread".into()]];
        for part in &self.0 {
            lines.push([format!("**{}**", part.title), empty(), empty()]);
            for line in &part.lines {
                lines.push([line.name.into(), line.median.clone(), line.rest.clone()]);
            }
        }
        let width =
            |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default();
        let (name, median, rest) = (width(0), width(1), width(2));
        for (number, line) in lines.iter().enumerate() {
            writeln!(f, "| {:name$} | {:>median$} | {:rest$} |", line[0], line[1], line[2])?;
            if number == 0 {
                let dashes = |width: usize| "-".repeat(width);
                writeln!(f, "| {} | {}: | {} |", dashes(name), dashes(median - 1), dashes(rest))?;
            }
        }
        Ok(())
    }
}
