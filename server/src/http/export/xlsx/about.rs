//! The last sheet: what the file is. It has the number of entries, so it is written after them.

use std::io;

use app::zone::Zone;
use chrono::{DateTime, Utc};

use super::{
    super::written::Written,
    Subject,
    parts::HEADER,
    sheet::{Cells, Sheet, in_zone, open},
};

pub(super) struct About<'b> {
    pub(super) subject: &'b Subject,
    pub(super) zone: &'b Zone,
    pub(super) entries: u64,
    /// When the last entry was written.
    pub(super) at: DateTime<Utc>,
}

impl About<'_> {
    /// Writes it as the part `name`.
    pub(super) fn write(&self, name: &str, file: &mut Written) -> io::Result<()> {
        file.begin(name.to_owned());
        open(false, "", [34, 60].into_iter(), file);
        let texts = [
            ("Customer", self.subject.customer.as_str()),
            ("Asked", self.subject.asked.as_str()),
            ("Time Zone", self.zone.name.as_str()),
        ];
        for (number, (label, text)) in (1..).zip(texts) {
            let mut cells = Cells::begin(number, &mut file.text);
            cells.text(label, HEADER);
            cells.text(text, 0);
            cells.end();
        }
        let mut cells = Cells::begin(4, &mut file.text);
        cells.text("Entries", HEADER);
        cells.number(self.entries);
        cells.end();
        let mut cells = Cells::begin(5, &mut file.text);
        cells.text(&in_zone("Exported At", self.zone), HEADER);
        cells.instant(self.at, self.zone)?;
        cells.end();
        Sheet::end(file);
        Ok(())
    }
}
