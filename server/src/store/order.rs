//! The orders of a log, in SQL: by a column, and by number where that is the same.

use app::{
    log::entry::LogColumn,
    query::{Direction, Sort},
};

/// The column's name in the log, quoted where SQL needs it.
pub(super) const fn column_in_sql(column: LogColumn) -> &'static str {
    match column {
        // created_at never decreases as seq grows, and seq is unique: the orders are the same.
        LogColumn::CreatedAt => "seq",
        LogColumn::User => "\"user\"",
        LogColumn::Action => "action",
        LogColumn::RelatedOperation => "related_operation",
        LogColumn::ImpactedTable => "impacted_table",
        LogColumn::Source => "source",
        LogColumn::AppInstance => "app_instance",
        LogColumn::RequestPath => "request_path",
    }
}

/// A total order: `seq` breaks ties, in the same direction. Absent values come last ascending, and first
/// descending, as Postgres has it by itself.
pub(super) fn order_in_sql(sort: Sort<LogColumn>) -> String {
    let direction = sort.direction.name();
    match sort.by {
        LogColumn::CreatedAt => format!("seq {direction}"),
        by => format!("{} {direction}, seq {direction}", column_in_sql(by)),
    }
}

/// What the column holds, as a [`Key`] has it: never null.
pub(super) fn value_in_sql(column: LogColumn) -> String {
    match column {
        LogColumn::CreatedAt => "''".to_owned(),
        LogColumn::RelatedOperation => "coalesce(related_operation, '')".to_owned(),
        column => column_in_sql(column).to_owned(),
    }
}

/// Whether the column holds nothing.
pub(super) const fn absence_in_sql(column: LogColumn) -> &'static str {
    match column {
        LogColumn::RelatedOperation => "related_operation is null",
        _ => "false",
    }
}

/// What is selected for a [`Key`].
pub(super) fn key_in_sql(column: LogColumn) -> String {
    format!("{} as absent, {} as value, seq", absence_in_sql(column), value_in_sql(column))
}

/// Where an entry stands in an order. Compares as the order does: texts by code point, which for Rust's
/// texts and for Postgres's "C" is by their bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub(super) struct Key {
    /// Whether the column holds nothing; such entries come last.
    pub(super) absent: bool,
    /// What it holds; empty where nothing, and where the order is that of the numbers.
    pub(super) value: String,
    /// The entry's number.
    pub(super) seq: i64,
}

impl Key {
    /// Before all entries whose column holds something, or all whose column holds nothing.
    pub(super) const fn start(absent: bool) -> Self {
        Self { absent, value: String::new(), seq: 0 }
    }

    /// After all entries.
    pub(super) const fn end() -> Self {
        Self { absent: true, value: String::new(), seq: i64::MAX }
    }

    /// How much memory it takes.
    pub(super) const fn bytes(&self) -> usize {
        size_of::<Self>() + self.value.len()
    }
}

/// The entries at `key` and after it, or those before it, that hold something or nothing as `key` does; further
/// ones of the other kind are another part of the way. `value` and `seq` name the parameters.
pub(super) fn beside(column: LogColumn, key: &Key, after: bool, value: &str, seq: &str) -> String {
    let compared = if after { ">=" } else { "<" };
    match column {
        LogColumn::CreatedAt => format!("seq {compared} {seq}"),
        column if key.absent => {
            format!("{} is null and seq {compared} {seq}", column_in_sql(column))
        }
        column => format!("({}, seq) {compared} ({value}, {seq})", column_in_sql(column)),
    }
}

/// The way from one place of an order to another, up or down, in parts: each a condition that an index scan
/// begins and ends by. A comparison of rows, `(value, seq) < (…)`, begins one but does not end it before the
/// value changes; so the last value stands by itself. Without `from` it begins at the order's own end. The names
/// are those of the parameters.
pub(super) fn parts(
    column: LogColumn,
    (from, until): (Option<&Key>, Option<&Key>),
    upwards: bool,
    ([from_value, from_seq], [until_value, until_seq]): ([&str; 2], [&str; 2]),
) -> Vec<String> {
    let name = column_in_sql(column);
    let nullable = column == LogColumn::RelatedOperation;
    let ends = |until: &Key| beside(column, until, !upwards, until_value, until_seq);
    let (before, compared) = if upwards { ("<", "<") } else { (">", ">=") };
    let last_value = || format!("{name} = {until_value} and seq {compared} {until_seq}");
    let Some(from) = from else {
        return match until {
            None => vec!["true".to_owned()],
            Some(until) if column == LogColumn::CreatedAt => vec![ends(until)],
            Some(_) => vec![format!("{name} {before} {until_value}"), last_value()],
        };
    };
    let start = beside(column, from, upwards, from_value, from_seq);
    let mut parts = Vec::new();
    // Going down from where those that hold nothing begin, all that is passed holds something.
    let passes_its_kind = upwards || *from != Key::start(true);
    match until {
        Some(until) if column == LogColumn::CreatedAt => {
            parts.push(format!("{start} and {}", ends(until)));
        }
        Some(until) if until.absent && from.absent => {
            parts.push(format!("{start} and {}", ends(until)));
        }
        Some(until) if until.absent == from.absent && until.value == from.value => {
            let (least, below) =
                if upwards { (from_seq, until_seq) } else { (until_seq, from_seq) };
            parts.push(format!("{name} = {from_value} and seq >= {least} and seq < {below}"));
        }
        Some(until) => {
            if until.absent == from.absent {
                parts.push(format!("{start} and {name} {before} {until_value}"));
            } else {
                if passes_its_kind {
                    parts.push(start);
                }
                if !until.absent {
                    parts.push(format!("{name} {before} {until_value}"));
                }
            }
            parts.push(if until.absent { ends(until) } else { last_value() });
        }
        None => {
            if passes_its_kind {
                parts.push(start);
            }
            if nullable && from.absent != upwards {
                let kind = if upwards { "is null" } else { "is not null" };
                parts.push(format!("{name} {kind}"));
            }
        }
    }
    parts
}

/// Which way a walk goes.
pub(super) const fn direction(upwards: bool) -> Direction {
    if upwards { Direction::Ascending } else { Direction::Descending }
}
