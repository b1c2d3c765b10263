//! A sheet, its rows and its cells.

use std::io::{self, Write as _};

use app::{log::entry::LogColumn, query::Column as _, zone::Zone};
use chrono::{DateTime, Utc};

use super::{
    super::{digits::number, field::Field, written::Written},
    parts::{DECLARATION, HEADER, INSTANT, MAIN},
    text::{escaped, is_plain},
};
use crate::store::export::Row;

/// Days from 1899-12-30, where spreadsheets count from, to 1970.
const EPOCH: i64 = 25_569;
const DAY: i64 = 86_400_000_000;

/// A sheet of entries that is being written.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// How many rows it has, with the header's.
    pub(super) rows: u32,
    /// How many bytes the rows are.
    pub(super) bytes: u64,
}

impl Sheet {
    /// Begins it, with a header that stays where it is.
    pub(super) fn begin(
        selected: bool,
        columns: &[LogColumn],
        zone: &Zone,
        file: &mut Written,
    ) -> Self {
        let pane =
            "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>";
        let widths: Vec<_> = columns.iter().map(|column| width(*column)).collect();
        open(selected, pane, [10].into_iter().chain(widths), file);
        let mut cells = Cells::begin(1, &mut file.text);
        cells.text("Seq", HEADER);
        for column in columns {
            match column {
                LogColumn::CreatedAt => cells.text(&in_zone(column.label(), zone), HEADER),
                _ => cells.text(column.label(), HEADER),
            }
        }
        cells.end();
        Self { rows: 1, bytes: 0 }
    }

    pub(super) fn entry(
        &mut self,
        row: &Row<'_>,
        columns: &[LogColumn],
        zone: &Zone,
        file: &mut Written,
    ) -> io::Result<()> {
        let before = file.text.len();
        self.rows += 1;
        let mut cells = Cells::begin(self.rows, &mut file.text);
        cells.number(row.seq);
        for column in columns {
            match Field::of(row, *column) {
                Field::CreatedAt => cells.instant(row.created_at, zone)?,
                Field::Text(Some(text)) => cells.text(text, 0),
                Field::Text(None) => cells.skip(),
            }
        }
        cells.end();
        self.bytes += (file.text.len() - before) as u64;
        Ok(())
    }

    /// Ends any sheet.
    pub(super) fn end(file: &mut Written) {
        file.text.extend_from_slice(b"</sheetData></worksheet>");
    }
}

/// What a column with the clocks of `zone` is called: `Created At (UTC)`.
pub(super) fn in_zone(label: &str, zone: &Zone) -> String {
    format!("{label} ({})", zone.name.as_str())
}

/// What stands before a sheet's rows.
pub(super) fn open(
    selected: bool,
    pane: &str,
    widths: impl Iterator<Item = u32>,
    file: &mut Written,
) {
    let selected = if selected { " tabSelected=\"1\"" } else { "" };
    let mut xml = format!(
        "{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView{selected} \
         workbookViewId=\"0\">{pane}</sheetView></sheetViews><cols>"
    );
    for (number, width) in (1..).zip(widths) {
        xml += &format!(
            "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
        );
    }
    xml += "</cols><sheetData>";
    file.text.extend_from_slice(xml.as_bytes());
}

/// In digits of the usual font.
const fn width(column: LogColumn) -> u32 {
    match column {
        LogColumn::CreatedAt => 34,
        LogColumn::User | LogColumn::RelatedOperation | LogColumn::ImpactedTable => 26,
        LogColumn::Action | LogColumn::RequestPath => 42,
        LogColumn::Source => 10,
        LogColumn::AppInstance => 20,
    }
}

/// The cells of a row, one after another.
pub(super) struct Cells<'f> {
    row: u32,
    /// The next one's column. There are nine at most.
    column: u8,
    file: &'f mut Vec<u8>,
}

impl<'f> Cells<'f> {
    pub(super) fn begin(row: u32, file: &'f mut Vec<u8>) -> Self {
        file.extend_from_slice(b"<row r=\"");
        number(row.into(), file);
        file.extend_from_slice(b"\">");
        Self { row, column: b'A', file }
    }

    pub(super) fn end(self) {
        self.file.extend_from_slice(b"</row>");
    }

    /// No cell.
    pub(super) const fn skip(&mut self) {
        self.column += 1;
    }

    pub(super) fn number(&mut self, value: u64) {
        self.open(0);
        self.file.extend_from_slice(b"><v>");
        number(value, self.file);
        self.file.extend_from_slice(b"</v></c>");
    }

    /// What the clocks of `zone` show at `at`: in days, of which a spreadsheet's number tells microseconds apart.
    pub(super) fn instant(&mut self, at: DateTime<Utc>, zone: &Zone) -> io::Result<()> {
        let ahead = i64::from(zone.offset(at)) * 1_000_000;
        let since = at.timestamp_micros().saturating_add(ahead + EPOCH * DAY);
        self.open(INSTANT);
        write!(self.file, "><v>{}</v></c>", since as f64 / DAY as f64)
    }

    /// A text that stays one, whatever it looks like. A cell takes 32,767 characters; no column of a log takes more
    /// than 2,000 bytes, and no address more than 8 kB.
    pub(super) fn text(&mut self, text: &str, style: u32) {
        self.open(style);
        if is_plain(text) {
            self.file.extend_from_slice(b" t=\"inlineStr\"><is><t>");
            self.file.extend_from_slice(text.as_bytes());
        } else {
            self.file.extend_from_slice(b" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            escaped(text, self.file);
        }
        self.file.extend_from_slice(b"</t></is></c>");
    }

    /// `<c r="B7" s="2"`
    fn open(&mut self, style: u32) {
        self.file.extend_from_slice(b"<c r=\"");
        self.file.push(self.column);
        number(self.row.into(), self.file);
        self.file.push(b'"');
        if style > 0 {
            self.file.extend_from_slice(b" s=\"");
            number(style.into(), self.file);
            self.file.push(b'"');
        }
        self.column += 1;
    }
}
