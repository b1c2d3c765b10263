//! How filters and ranges read.

use crate::{
    log::{
        filter::{Filter, Pattern},
        moment::{Moment, Range, Unit},
    },
    query::Column,
};

/// `is`, `is not`, `contains` …
pub(super) const fn verb(filter: &Filter) -> &'static str {
    match (&filter.pattern, filter.not) {
        (Pattern::Is(_), false) => "is",
        (Pattern::Is(_), true) => "is not",
        (Pattern::Has(_), false) => "contains",
        (Pattern::Has(_), true) => "does not contain",
        (Pattern::Begins(_), false) => "begins with",
        (Pattern::Begins(_), true) => "does not begin with",
    }
}

/// `User is Ana Prado`
pub(super) fn of_filter(filter: &Filter) -> String {
    format!(
        "{} {} {}",
        filter.field.column().label(),
        verb(filter),
        of_value(filter.pattern.text())
    )
}

/// A value, or that it is empty.
pub(super) fn of_value(text: &str) -> &str {
    if text.is_empty() { "(empty)" } else { text }
}

/// The ranges that can be had with one press.
pub(super) const PRESETS: [(&str, Range); 7] = [
    ("Today", since(Moment::Today)),
    ("Last 24 hours", since(Moment::Ago(24, Unit::Hours))),
    ("Last 7 days", since(Moment::Ago(7, Unit::Days))),
    ("Last 30 days", since(Moment::Ago(30, Unit::Days))),
    ("Last 90 days", since(Moment::Ago(90, Unit::Days))),
    ("This month", since(Moment::Month)),
    ("The whole log", Range { from: None, to: None }),
];

const fn since(from: Moment) -> Range {
    Range { from: Some(from), to: None }
}

/// A range in words.
pub(super) fn of_range(range: &Range) -> String {
    if let Some((name, _)) = PRESETS.iter().find(|(_, preset)| preset == range) {
        return (*name).to_owned();
    }
    let shown = |moment: Moment| moment.to_string().replace('T', " ");
    match (range.from, range.to) {
        (Some(from), Some(to)) if from == to && matches!(from, Moment::Day(_)) => shown(from),
        (Some(from), Some(to)) => format!("{} – {}", shown(from), shown(to)),
        (Some(from), None) => format!("From {}", shown(from)),
        (None, Some(to)) => format!("Until {}", shown(to)),
        (None, None) => String::new(),
    }
}
