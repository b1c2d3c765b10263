//! Which of the guide's columns are shown or exported, and in which order.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{entry::LogColumn, sight::Sight};
use crate::query::Column as _;

/// Columns, each at most once, and at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Columns(Vec<LogColumn>);

impl Columns {
    /// All that are seen, in the guide's order.
    pub fn seen(sight: Sight) -> Self {
        Self(sight.columns().collect())
    }

    /// What the parameter takes of somebody who sees this, in words.
    pub fn takes(sight: Sight) -> String {
        let names: Vec<_> = sight.columns().map(LogColumn::name).collect();
        format!("each at most once and with commas between them, some of {}", names.join(", "))
    }

    /// Whether these are all of them, in the guide's order.
    pub fn are_the_guides(&self) -> bool {
        self.0 == LogColumn::ALL
    }

    /// In their order.
    pub fn as_slice(&self) -> &[LogColumn] {
        &self.0
    }

    /// Whether `column` is among them.
    pub fn has(&self, column: LogColumn) -> bool {
        self.0.contains(&column)
    }

    /// Those of them that are seen. Where none is left, all that are seen.
    pub fn among(&self, sight: Sight) -> Self {
        let left: Vec<_> = self.0.iter().copied().filter(|column| sight.sees(*column)).collect();
        if left.is_empty() { Self::seen(sight) } else { Self(left) }
    }

    /// The same with `column` shown, at its place in the guide's order as far as the others keep to that; or without
    /// it. Action is what a row is named by: it stays.
    pub fn toggled(&self, column: LogColumn) -> Self {
        let mut columns = self.0.clone();
        if let Some(at) = columns.iter().position(|one| *one == column) {
            if column != LogColumn::Action {
                columns.remove(at);
            }
        } else {
            let place = |column: LogColumn| LogColumn::ALL.iter().position(|one| *one == column);
            let before =
                columns.iter().rposition(|one| place(*one) < place(column)).map_or(0, |at| at + 1);
            columns.insert(before, column);
        }
        Self(columns)
    }

    /// The same with `column` one place nearer to the start or the end; nothing where it is there already, or not
    /// among them.
    pub fn moved(&self, column: LogColumn, to_start: bool) -> Option<Self> {
        let at = self.0.iter().position(|one| *one == column)?;
        let to = if to_start { at.checked_sub(1)? } else { at + 1 };
        let mut columns = self.0.clone();
        if to >= columns.len() {
            return None;
        }
        columns.swap(at, to);
        Some(Self(columns))
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self(LogColumn::ALL.to_vec())
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, column) in self.0.iter().enumerate() {
            f.write_str(if nth == 0 { "" } else { "," })?;
            f.write_str(column.name())?;
        }
        Ok(())
    }
}

/// Not names of columns with commas between them, each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not columns, each at most once and with commas between them")]
pub struct NotColumns;

impl FromStr for Columns {
    type Err = NotColumns;

    fn from_str(text: &str) -> Result<Self, NotColumns> {
        let mut columns = Vec::new();
        for name in text.split(',') {
            let column = LogColumn::named(name).ok_or(NotColumns)?;
            if columns.contains(&column) {
                return Err(NotColumns);
            }
            columns.push(column);
        }
        Ok(Self(columns))
    }
}

impl TryFrom<String> for Columns {
    type Error = NotColumns;

    fn try_from(text: String) -> Result<Self, NotColumns> {
        text.parse()
    }
}

impl From<Columns> for String {
    fn from(columns: Columns) -> Self {
        columns.to_string()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn any_columns() -> impl Strategy<Value = Columns> {
        proptest::sample::subsequence(LogColumn::ALL, 1..=LogColumn::ALL.len())
            .prop_shuffle()
            .prop_map(Columns)
    }

    fn columns(text: &str) -> Columns {
        text.parse().unwrap()
    }

    #[test]
    fn columns_are_known_names_each_once() {
        assert_eq!(columns("user,created_at").as_slice(), [LogColumn::User, LogColumn::CreatedAt]);
        assert!(!columns("user,created_at").are_the_guides());
        assert!(columns(&Columns::default().to_string()).are_the_guides());
        for bad in ["", "user,", "user,user", "seq", "User", "user, action", "user_id"] {
            assert_eq!(bad.parse::<Columns>(), Err(NotColumns), "{bad}");
        }
    }

    #[test]
    fn a_column_comes_back_where_it_was_and_action_stays() {
        let all = Columns::default();
        assert_eq!(all.toggled(LogColumn::Action), all);
        let without = all.toggled(LogColumn::User).toggled(LogColumn::CreatedAt);
        assert!(!without.has(LogColumn::User) && !without.has(LogColumn::CreatedAt));
        assert_eq!(without.toggled(LogColumn::CreatedAt).toggled(LogColumn::User), all);
        let mixed = columns("source,action,user");
        assert_eq!(
            mixed.toggled(LogColumn::CreatedAt).to_string(),
            "created_at,source,action,user"
        );
        assert_eq!(
            mixed.toggled(LogColumn::RequestPath).to_string(),
            "source,action,user,request_path"
        );
    }

    #[test]
    fn columns_move_one_place_and_not_over_an_end() {
        let few = columns("user,action,source");
        assert_eq!(few.moved(LogColumn::Action, true), Some(columns("action,user,source")));
        assert_eq!(few.moved(LogColumn::Action, false), Some(columns("user,source,action")));
        assert_eq!(few.moved(LogColumn::User, true), None);
        assert_eq!(few.moved(LogColumn::Source, false), None);
        assert_eq!(few.moved(LogColumn::RequestPath, true), None);
    }

    #[test]
    fn what_is_not_seen_is_not_among_them() {
        let sight = "user".parse().unwrap();
        assert_eq!(columns("source,action,user").among(sight), columns("action,user"));
        assert_eq!(columns("source").among(sight), columns("created_at,user,action"));
    }

    proptest! {
        #[test]
        fn columns_read_back_as_they_were_written(columns in any_columns()) {
            prop_assert_eq!(columns.to_string().parse(), Ok(columns));
        }
    }
}
