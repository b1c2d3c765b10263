//! Exports as they are told of: the kinds of files, what one may choose, and what was taken away so far.

use chrono::{DateTime, Utc};

use super::query::LogQuery;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// For spreadsheets and programs.
    Csv,
    /// A workbook, for spreadsheets.
    Xlsx,
    /// A JSON object on each line, for programs.
    Ndjson,
}

impl FileKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Ndjson];

    /// As it stands in an address, and at the end of a file's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ndjson => "ndjson",
        }
    }

    /// As people know it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Xlsx => "Excel",
            Self::Ndjson => "JSON Lines",
        }
    }
}

/// How large a file of one kind will be, in bytes and about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// With the columns that are shown.
    pub shown: u64,
    /// With all that there is.
    pub all: u64,
}

/// What could be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// How many entries there are. Exact.
    pub entries: u64,
    /// How large a file is, for each of [`FileKind::ALL`].
    pub sizes: [Size; 3],
}

/// How an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenState {
    /// It goes on.
    Running,
    /// All of it is in the file.
    Done,
    /// It ended before all was in the file.
    Broken,
    /// Whoever took it ended it.
    Cancelled,
}

impl TakenState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Broken, Self::Cancelled];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Broken => "broken",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An export that somebody began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub id: String,
    /// The kind of file.
    pub kind: FileKind,
    /// What was asked for; without columns, all of them.
    pub query: LogQuery,
    /// How many entries matched when it began.
    pub expected: u64,
    /// How many are in the file.
    pub entries: u64,
    /// How large the file is, in bytes.
    pub bytes: u64,
    /// How it stands.
    pub state: TakenState,
    /// The SHA-256 of the whole file, in hexadecimal digits.
    pub sha256: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last heard of: for one that ended, when that was.
    pub noted_at: DateTime<Utc>,
}

impl Taken {
    /// How much of it is done, in hundredths. What is not done is never a hundred.
    pub const fn percent(&self) -> u64 {
        match self.state {
            TakenState::Done => 100,
            _ if self.expected == 0 => 0,
            _ => {
                let percent = self.entries.saturating_mul(100) / self.expected;
                if percent > 99 { 99 } else { percent }
            }
        }
    }

    /// How many milliseconds it has taken so far.
    fn took(&self) -> u64 {
        (self.noted_at - self.started_at).num_milliseconds().max(0).unsigned_abs()
    }

    /// How many entries a second it makes; nothing before that can be told.
    pub fn rate(&self) -> Option<u64> {
        let took = self.took();
        (took > 0 && self.entries > 0).then(|| self.entries.saturating_mul(1000) / took)
    }

    /// How many seconds it will go on for, if it goes on like this.
    pub fn seconds_left(&self) -> Option<u64> {
        let rate = self.rate().filter(|rate| *rate > 0)?;
        (self.state == TakenState::Running)
            .then(|| self.expected.saturating_sub(self.entries).div_ceil(rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(entries: u64, state: TakenState) -> Taken {
        let started_at = DateTime::from_timestamp(1_773_325_351, 0).unwrap();
        Taken {
            id: String::new(),
            kind: FileKind::Csv,
            query: LogQuery::default(),
            expected: 1_204_118,
            entries,
            bytes: 0,
            state,
            sha256: None,
            started_at,
            noted_at: started_at + chrono::TimeDelta::milliseconds(2_500),
        }
    }

    #[test]
    fn how_far_it_is_and_how_long_it_takes_follow_from_what_was_noted() {
        let running = taken(734_512, TakenState::Running);
        assert_eq!(running.percent(), 61);
        assert_eq!(running.rate(), Some(293_804));
        assert_eq!(running.seconds_left(), Some(2));
        let begun = taken(0, TakenState::Running);
        assert_eq!((begun.percent(), begun.rate(), begun.seconds_left()), (0, None, None));
        // More may have come than matched at first.
        assert_eq!(taken(2_000_000, TakenState::Running).percent(), 99);
        assert_eq!(taken(1_204_118, TakenState::Done).percent(), 100);
        assert_eq!(taken(9, TakenState::Broken).seconds_left(), None);
    }
}
