//! How filters and ranges read.

use crate::{
    log::{
        filter::{Filter, Pattern},
        moment::{Moment, Range, Unit},
    },
    query::Column,
    words::{HERE, Language, around},
};

/// `User is Ana Prado`, with `value` in place of the filter's own.
fn with_value(filter: &Filter, value: impl std::fmt::Display, say: Language) -> String {
    let field = filter.field.column().label(say);
    match (&filter.pattern, filter.not) {
        (Pattern::Is(_), false) => say.filter_is(field, value),
        (Pattern::Is(_), true) => say.filter_is_not(field, value),
        (Pattern::Has(_), false) => say.filter_has(field, value),
        (Pattern::Has(_), true) => say.filter_has_not(field, value),
        (Pattern::Begins(_), false) => say.filter_begins(field, value),
        (Pattern::Begins(_), true) => say.filter_begins_not(field, value),
    }
}

/// `User is Ana Prado`
pub(super) fn of_filter(filter: &Filter, say: Language) -> String {
    with_value(filter, of_value(filter.pattern.text(), say), say)
}

/// What stands before and after `ana` in `User contains “ana”`.
pub(super) fn around_part(filter: &Filter, say: Language) -> (String, String) {
    around(&with_value(filter, say.quoted(HERE), say))
}

/// What stands before and after the value in such a sentence.
pub(super) fn around_value(filter: &Filter, say: Language) -> (String, String) {
    around(&with_value(filter, HERE, say))
}

/// A value, or that it is empty.
pub(super) const fn of_value(text: &str, say: Language) -> &str {
    if text.is_empty() { say.empty_value() } else { text }
}

/// The ranges that can be had with one press.
pub(super) fn presets(say: Language) -> [(String, Range); 7] {
    [
        (say.range_today().to_owned(), since(Moment::Today)),
        (say.last_hours(24), since(Moment::Ago(24, Unit::Hours))),
        (say.last_days(7), since(Moment::Ago(7, Unit::Days))),
        (say.last_days(30), since(Moment::Ago(30, Unit::Days))),
        (say.last_days(90), since(Moment::Ago(90, Unit::Days))),
        (say.this_month().to_owned(), since(Moment::Month)),
        (say.whole_log().to_owned(), Range::default()),
    ]
}

const fn since(from: Moment) -> Range {
    Range { from: Some(from), to: None }
}

/// A range in words.
pub(super) fn of_range(range: &Range, say: Language) -> String {
    if let Some((name, _)) = presets(say).into_iter().find(|(_, preset)| preset == range) {
        return name;
    }
    let shown = |moment: Moment| moment.to_string().replace('T', " ");
    match (range.from, range.to) {
        (Some(from), Some(to)) if from == to && matches!(from, Moment::Day(_)) => shown(from),
        (Some(from), Some(to)) => format!("{} – {}", shown(from), shown(to)),
        (Some(from), None) => say.range_from(shown(from)),
        (None, Some(to)) => say.range_until(shown(to)),
        (None, None) => String::new(),
    }
}
