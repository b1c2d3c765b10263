//! The kinds of files.

use std::io;

use axum::http::HeaderValue;

use super::{
    csv::{self, Formulas},
    ndjson,
};
use crate::store::export::{Extent, Row};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// CSV, for spreadsheets: the guide's columns.
    Csv(Formulas),
    /// A JSON object on each line, for programs: what the API shows.
    Ndjson,
}

impl Format {
    /// As it stands in a URL, and at the end of a file's name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    pub(super) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        })
    }

    /// How much of each entry a file holds for somebody who may see the particulars, or may not.
    pub(super) const fn extent(self, sees_particulars: bool) -> Extent {
        match self {
            Self::Ndjson if sees_particulars => Extent::Particulars,
            Self::Ndjson | Self::Csv(_) => Extent::Guide,
        }
    }

    /// What stands before the entries.
    pub(super) fn head(self, file: &mut Vec<u8>) {
        match self {
            Self::Csv(_) => csv::head(file),
            Self::Ndjson => {}
        }
    }

    pub(super) fn entry(self, row: &Row<'_>, file: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Csv(formulas) => {
                csv::entry(row, formulas, file);
                Ok(())
            }
            Self::Ndjson => ndjson::entry(row, file),
        }
    }

    /// The last line of a whole file, where one was asked for.
    pub(super) fn end(self, entries: u64, sha256: &str, file: &mut Vec<u8>) {
        match self {
            Self::Csv(_) => csv::end(entries, sha256, file),
            Self::Ndjson => ndjson::end(entries, sha256, file),
        }
    }

    /// The last line of a file that broke off.
    pub(super) fn broken_off(self, entries: u64, file: &mut Vec<u8>) {
        match self {
            Self::Csv(_) => csv::broken_off(entries, file),
            Self::Ndjson => ndjson::broken_off(entries, file),
        }
    }
}
