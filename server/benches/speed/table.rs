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

    pub(crate) fn median(&self) -> f64 {
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
#[derive(Clone, Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn median(&self) -> f64 {
        quantile(&self.0, 0.5)
    }

    pub(crate) fn p95(&self) -> f64 {
        quantile(&self.0, 0.95)
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "median": self.median(), "p95": self.p95(), "times": self.len() })
    }
}

/// Nothing has no quantile: it shows as NaN, and holds to no bound.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let at = values.len().saturating_sub(1) as f64 * share;
    values.get(at.round() as usize).copied().unwrap_or(f64::NAN)
}

/// What a figure has to be.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
    Below(f64),
}

impl Bound {
    fn holds(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(bound) => figure >= bound,
            Self::AtMost(bound) => figure <= bound,
            Self::Below(bound) => figure < bound,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "≥ {}", grouped(*bound)),
            Self::AtMost(bound) => write!(f, "≤ {}", grouped(*bound)),
            Self::Below(bound) => write!(f, "< {}", grouped(*bound)),
        }
    }
}

/// What a line has to be, and whether it is.
struct Verdict {
    bound: String,
    holds: bool,
}

/// A line of the table.
struct Line {
    name: String,
    median: String,
    spread: String,
    verdict: Option<Verdict>,
    json: Value,
}

/// What belongs together: what was measured, and how it compares.
pub(crate) struct Part {
    title: String,
    lines: Vec<Line>,
    details: Vec<Value>,
}

impl Part {
    pub(crate) fn rate(&mut self, name: impl Into<String>, rates: &Rates) {
        let (least, most) = (quantile(&rates.0, 0.0), quantile(&rates.0, 1.0));
        self.line(
            name,
            grouped(rates.median().round()),
            format!("{} to {}", grouped(least.round()), grouped(most.round())),
            json!({ "median": rates.median(), "rounds": rates.0 }),
        );
    }

    pub(crate) fn time(&mut self, name: impl Into<String>, times: &Times) {
        self.line(name, figure(times.median()), p95(times), times.to_json());
    }

    /// Times of which 95 in 100 have to be as `bound` says.
    pub(crate) fn time_within(&mut self, name: impl Into<String>, times: &Times, bound: Bound) {
        self.time(name, times);
        self.judge(&format!("p95 {bound} ms"), bound.holds(times.p95()));
    }

    pub(crate) fn ratio(&mut self, name: impl Into<String>, ratio: f64, bound: Bound) {
        self.line(name, format!("**{}**", figure(ratio)), String::new(), json!({ "ratio": ratio }));
        self.judge(&bound.to_string(), bound.holds(ratio));
    }

    /// A ratio, and what it is made of.
    pub(crate) fn ratio_of(
        &mut self,
        name: impl Into<String>,
        ratio: f64,
        of: impl Into<String>,
        bound: Bound,
    ) {
        self.line(name, format!("**{}**", figure(ratio)), of.into(), json!({ "ratio": ratio }));
        self.judge(&bound.to_string(), bound.holds(ratio));
    }

    /// Any other figure.
    pub(crate) fn says(
        &mut self,
        name: impl Into<String>,
        value: f64,
        spread: impl Into<String>,
        bound: Option<Bound>,
    ) {
        self.line(name, figure(value), spread.into(), json!({ "value": value }));
        if let Some(bound) = bound {
            self.judge(&bound.to_string(), bound.holds(value));
        }
    }

    /// What either is so or not.
    pub(crate) fn fact(&mut self, name: impl Into<String>, holds: bool, words: impl Into<String>) {
        self.line(name, String::new(), words.into(), json!({}));
        self.judge("", holds);
    }

    /// What stands in the JSON only: too much to read.
    pub(crate) fn detail(&mut self, detail: Value) {
        self.details.push(detail);
    }

    fn line(&mut self, name: impl Into<String>, median: String, spread: String, json: Value) {
        self.lines.push(Line { name: name.into(), median, spread, verdict: None, json });
    }

    /// About the line that was added last.
    fn judge(&mut self, bound: &str, holds: bool) {
        if let Some(line) = self.lines.last_mut() {
            line.json["bound"] = json!(bound);
            line.json["holds"] = json!(holds);
            line.verdict = Some(Verdict { bound: bound.to_owned(), holds });
        }
    }

    fn to_json(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            let mut json = line.json.clone();
            json["name"] = json!(line.name);
            json
        });
        let mut part = json!({ "title": self.title, "lines": lines.collect::<Value>() });
        if !self.details.is_empty() {
            part["details"] = json!(self.details);
        }
        part
    }
}

/// All of it.
#[derive(Default)]
pub(crate) struct Table(Vec<Part>);

impl Table {
    pub(crate) fn part(&mut self, title: String) -> &mut Part {
        self.0.push_mut(Part { title, lines: Vec::new(), details: Vec::new() })
    }

    /// The lines that are not as they have to be.
    pub(crate) fn missed(&self) -> usize {
        let verdicts =
            self.0.iter().flat_map(|part| &part.lines).filter_map(|l| l.verdict.as_ref());
        verdicts.filter(|verdict| !verdict.holds).count()
    }

    pub(crate) fn to_json(&self) -> Value {
        self.0.iter().map(Part::to_json).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![["", "median", "spread", "bound", ""].map(str::to_owned)];
        for part in &self.0 {
            let mut title: [String; 5] = Default::default();
            title[0] = format!("**{}**", part.title);
            rows.push(title);
            for line in &part.lines {
                let (bound, outcome) = match &line.verdict {
                    None => (String::new(), ""),
                    Some(Verdict { bound, holds: true }) => (bound.clone(), "holds"),
                    Some(Verdict { bound, holds: false }) => (bound.clone(), "**MISSED**"),
                };
                rows.push([
                    line.name.replace('|', "\\|"),
                    line.median.clone(),
                    line.spread.clone(),
                    bound,
                    outcome.to_owned(),
                ]);
            }
        }
        let width =
            |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
        let widths = [width(0), width(1), width(2), width(3), width(4)];
        for (number, row) in rows.iter().enumerate() {
            let [name, median, spread, bound, outcome] = widths;
            writeln!(
                f,
                "| {:name$} | {:>median$} | {:spread$} | {:bound$} | {:outcome$} |",
                row[0], row[1], row[2], row[3], row[4]
            )?;
            if number == 0 {
                let dashes = widths.map(|width| "-".repeat(width));
                let [name, median, spread, bound, outcome] = &dashes;
                let median = median.split_at(1).1;
                writeln!(f, "| {name} | {median}: | {spread} | {bound} | {outcome} |")?;
            }
        }
        Ok(())
    }
}

/// As many digits as say something.
pub(crate) fn figure(value: f64) -> String {
    if value.abs() < 100.0 { format!("{value:.2}") } else { grouped(value.round()) }
}

fn p95(times: &Times) -> String {
    format!("p95 {}", figure(times.p95()))
}

/// `12,345,678`; what is no whole number stays as it is.
pub(crate) fn grouped(value: f64) -> String {
    if value.fract() == 0.0 && value >= 0.0 {
        app::ui::number::grouped(value as u64, app::words::Language::English)
    } else {
        value.to_string()
    }
}
