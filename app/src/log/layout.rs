//! How somebody wants the table of a log: which columns, in which order and how wide, and how close its rows stand.
//! It is theirs, in whichever browser: the server keeps it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{columns::Columns, entry::LogColumn};
use crate::query::Column as _;

/// A layout.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The columns that are shown.
    pub columns: Columns,
    /// How wide those are whose width was chosen.
    pub widths: Widths,
    /// How close the rows stand.
    pub density: Density,
}

/// How close rows stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// 28 px a row.
    Compact,
    /// 32 px a row.
    #[default]
    Regular,
    /// 42 px a row.
    Relaxed,
}

impl Density {
    /// All of them, the closest first.
    pub const ALL: [Self; 3] = [Self::Compact, Self::Regular, Self::Relaxed];

    /// As it is stored, and as the style sheets know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Regular => "regular",
            Self::Relaxed => "relaxed",
        }
    }
}

/// Not what it should be a name or a list of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a part of a layout")]
pub struct NotOfLayout;

impl FromStr for Density {
    type Err = NotOfLayout;

    fn from_str(name: &str) -> Result<Self, NotOfLayout> {
        Self::ALL.into_iter().find(|density| density.name() == name).ok_or(NotOfLayout)
    }
}

/// The least and the most that a column may be wide, in CSS pixels.
pub const WIDTHS: (u16, u16) = (56, 1_200);
/// What one step of narrower and wider is, in CSS pixels.
pub const STEP: i32 = 24;

/// Chosen widths of columns, in CSS pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Widths([Option<u16>; LogColumn::ALL.len()]);

impl Widths {
    /// The chosen width of `column`; nothing where it is as wide as usual.
    pub fn of(&self, column: LogColumn) -> Option<u16> {
        self.0[column as usize]
    }

    /// The same with `column` so wide, or as near to it as may be.
    pub fn with(mut self, column: LogColumn, width: i32) -> Self {
        let width = width.clamp(WIDTHS.0.into(), WIDTHS.1.into());
        self.0[column as usize] = u16::try_from(width).ok();
        self
    }

    /// The same with `column` a step wider or narrower.
    pub fn stepped(self, column: LogColumn, wider: bool) -> Self {
        let now = i32::from(self.of(column).unwrap_or_else(|| usual(column)));
        self.with(column, now + if wider { STEP } else { -STEP })
    }
}

/// How wide a column usually is in a window of 1440, in CSS pixels: where steps begin.
const fn usual(column: LogColumn) -> u16 {
    match column {
        LogColumn::CreatedAt => 204,
        LogColumn::User => 172,
        LogColumn::Action => 256,
        LogColumn::RelatedOperation => 160,
        LogColumn::ImpactedTable => 156,
        LogColumn::Source => 80,
        LogColumn::AppInstance => 120,
        LogColumn::RequestPath => 296,
    }
}

impl fmt::Display for Widths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chosen =
            LogColumn::ALL.iter().filter_map(|column| Some((column.name(), self.of(*column)?)));
        for (nth, (name, width)) in chosen.enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            write!(f, "{comma}{name}:{width}")?;
        }
        Ok(())
    }
}

impl FromStr for Widths {
    type Err = NotOfLayout;

    fn from_str(text: &str) -> Result<Self, NotOfLayout> {
        let mut widths = Self::default();
        for part in text.split(',').filter(|_| !text.is_empty()) {
            let (name, width) = part.split_once(':').ok_or(NotOfLayout)?;
            let column = LogColumn::named(name).ok_or(NotOfLayout)?;
            let width = width.parse().map_err(|_| NotOfLayout)?;
            if widths.of(column).is_some() || !(WIDTHS.0..=WIDTHS.1).contains(&width) {
                return Err(NotOfLayout);
            }
            widths.0[column as usize] = Some(width);
        }
        Ok(widths)
    }
}

impl TryFrom<String> for Widths {
    type Error = NotOfLayout;

    fn try_from(text: String) -> Result<Self, NotOfLayout> {
        text.parse()
    }
}

impl From<Widths> for String {
    fn from(widths: Widths) -> Self {
        widths.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn widths_read_back_as_they_were_written(
            chosen in proptest::collection::vec(proptest::option::of(56_u16..=1_200), 8),
        ) {
            let widths = Widths(chosen.try_into().unwrap());
            prop_assert_eq!(widths.to_string().parse(), Ok(widths));
        }

        #[test]
        fn no_text_makes_reading_fail_otherwise_than_it_should(text in "\\PC*") {
            let _ = (text.parse::<Widths>(), text.parse::<Density>());
        }
    }

    #[test]
    fn columns_become_wider_by_steps_and_stay_within_bounds() {
        let widths = Widths::default().stepped(LogColumn::User, true);
        assert_eq!(widths.to_string(), "user:196");
        assert_eq!(widths.stepped(LogColumn::User, false).to_string(), "user:172");
        assert_eq!(Widths::default().with(LogColumn::Action, -5).to_string(), "action:56");
        assert_eq!(Widths::default().with(LogColumn::Action, 9_999).to_string(), "action:1200");
    }

    #[test]
    fn what_is_no_width_is_none() {
        for bad in ["user", "user:", "user:5", "user:1201", "user:100,user:100", "seq:100", ","] {
            assert_eq!(bad.parse::<Widths>(), Err(NotOfLayout), "{bad}");
        }
    }
}
