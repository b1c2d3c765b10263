//! An export as an Office Open XML workbook (ECMA-376), written from its first byte to its last: sheets of
//! entries, one that says what the file is, and last what can only be known then, the list of the sheets.
//!
//! A file that breaks off has neither that list nor its package's directory. No program takes it for whole.

mod about;
pub(super) mod package;
mod parts;
mod sheet;
mod text;

use std::{io, sync::Arc};

use app::{log::columns::Columns, zone::Zone};
use chrono::Utc;

use self::{about::About, sheet::Sheet};
use super::written::Written;
use crate::store::export::Row;

/// How much a sheet takes before another begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Rows, with the header's.
    pub(super) rows: u32,
    /// Bytes of its XML, but for the row that exceeds it.
    pub(super) bytes: u64,
}

impl Limits {
    /// Spreadsheets have so many rows. And from 4 GiB on a package must say in front of a sheet, whose size nobody
    /// knows yet, that it is of the large kind (ZIP64), which makes spreadsheets ask whether to repair the file.
    pub(super) const SPREADSHEET: Self = Self { rows: 1_048_576, bytes: 3 << 30 };
}

/// What is to be said about a file, but for what is only known at its end.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) customer: String,
    /// What was asked, as it stood in the address.
    pub(super) asked: String,
}

/// A workbook that is being written.
pub(super) struct Book {
    columns: Columns,
    zone: Arc<Zone>,
    subject: Subject,
    limits: Limits,
    /// How many sheets of entries there are.
    sheets: u32,
    sheet: Sheet,
}

impl Book {
    pub(super) fn new(columns: Columns, zone: Arc<Zone>, subject: Subject, limits: Limits) -> Self {
        Self { columns, zone, subject, limits, sheets: 0, sheet: Sheet::default() }
    }

    pub(super) fn head(&mut self, file: &mut Written) {
        parts::fixed(file);
        self.begin_sheet(file);
    }

    pub(super) fn entry(&mut self, row: &Row<'_>, file: &mut Written) -> io::Result<()> {
        if self.sheet.rows >= self.limits.rows || self.sheet.bytes >= self.limits.bytes {
            Sheet::end(file);
            self.begin_sheet(file);
        }
        self.sheet.entry(row, self.columns.as_slice(), &self.zone, file)
    }

    pub(super) fn foot(&mut self, entries: u64, file: &mut Written) -> io::Result<()> {
        Sheet::end(file);
        About { subject: &self.subject, zone: &self.zone, entries, at: Utc::now() }
            .write(&parts::sheet_name(self.sheets + 1), file)?;
        parts::list(self.sheets, file);
        Ok(())
    }

    fn begin_sheet(&mut self, file: &mut Written) {
        self.sheets += 1;
        file.begin(parts::sheet_name(self.sheets));
        self.sheet = Sheet::begin(self.sheets == 1, self.columns.as_slice(), &self.zone, file);
    }
}

#[cfg(test)]
mod tests;
