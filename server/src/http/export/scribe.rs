//! Who writes a file's text: what is to be decided once for a file is decided here, and not in each row.

use std::{io, sync::Arc};

use app::{
    log::{columns::Columns, sight::Sight},
    zone::Zone,
};

use super::{
    csv::Csv,
    format::Format,
    ndjson::{self, Lines},
    written::Written,
    xlsx::{Book, Limits, Subject},
};
use crate::store::export::Row;

/// Writes one file.
pub(super) enum Scribe {
    Csv(Csv),
    Ndjson(Lines),
    Xlsx(Box<Book>),
}

impl Scribe {
    /// Of a file of these columns (nothing for all that are seen), with the clocks of `zone`, about `subject`.
    pub(super) fn new(
        format: Format,
        (columns, sight): (Option<Columns>, Sight),
        zone: Arc<Zone>,
        subject: Subject,
    ) -> Self {
        match format {
            Format::Csv(formulas) => {
                let columns = columns.unwrap_or_else(|| Columns::seen(sight));
                Self::Csv(Csv::new(formulas, columns, zone))
            }
            Format::Ndjson => Self::Ndjson(columns.map_or(Lines::Seen(sight), Lines::Of)),
            Format::Xlsx => {
                let columns = columns.unwrap_or_else(|| Columns::seen(sight));
                Self::Xlsx(Box::new(Book::new(columns, zone, subject, Limits::SPREADSHEET)))
            }
        }
    }

    /// Whether its text goes into a package.
    pub(super) const fn packs(&self) -> bool {
        matches!(self, Self::Xlsx(_))
    }

    /// What stands before the entries.
    pub(super) fn head(&mut self, file: &mut Written) {
        match self {
            Self::Csv(csv) => csv.head(&mut file.text),
            Self::Ndjson(_) => {}
            Self::Xlsx(book) => book.head(file),
        }
    }

    pub(super) fn entry(&mut self, row: &Row<'_>, file: &mut Written) -> io::Result<()> {
        match self {
            Self::Csv(csv) => {
                csv.entry(row, &mut file.text);
                Ok(())
            }
            Self::Ndjson(lines) => ndjson::entry(row, lines, &mut file.text),
            Self::Xlsx(book) => book.entry(row, file),
        }
    }

    /// What stands after the last of so many entries.
    pub(super) fn foot(&mut self, entries: u64, file: &mut Written) -> io::Result<()> {
        match self {
            Self::Csv(_) | Self::Ndjson(_) => Ok(()),
            Self::Xlsx(book) => book.foot(entries, file),
        }
    }

    /// The last line of a whole file, where one was asked for.
    pub(super) fn end(&self, entries: u64, sha256: &str, file: &mut Written) {
        match self {
            Self::Csv(csv) => csv.end(entries, sha256, &mut file.text),
            Self::Ndjson(_) => ndjson::end(entries, sha256, &mut file.text),
            // Its last sheet says how many entries there are.
            Self::Xlsx(_) => {}
        }
    }

    /// The last line of a file that broke off.
    pub(super) fn broken_off(&self, entries: u64, file: &mut Written) {
        match self {
            Self::Csv(csv) => csv.broken_off(entries, &mut file.text),
            Self::Ndjson(_) => ndjson::broken_off(entries, &mut file.text),
            // Its package has no directory, and so opens nowhere.
            Self::Xlsx(_) => {}
        }
    }
}
