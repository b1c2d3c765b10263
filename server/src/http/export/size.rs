//! About how large a file will be: what some of its entries take, times how many there are.

use std::{io, sync::Arc};

use app::{
    log::{
        columns::Columns,
        csv::Formulas,
        entry::Entry,
        sight::Sight,
        taken::{Estimate, FileKind, Size},
    },
    zone::Zone,
};

use super::{
    encoding::Encoding, format::Format, scribe::Scribe, seal::Seal, written::Written, xlsx::Subject,
};
use crate::store::{
    entries::Particulars,
    export::{Row, Sample},
};

/// What could be taken away of a log of which this is a sample, with the `shown` columns or all that are seen.
///
/// # Errors
/// Where a row cannot be written.
pub fn estimate(
    sample: &Sample,
    (shown, sight): (&Columns, Sight),
    zone: &Arc<Zone>,
) -> io::Result<Estimate> {
    let rows: Vec<_> = sample.some.iter().map(|(entry, more)| row(entry, more)).collect();
    let mut sizes = [Size { shown: 0, all: 0 }; 3];
    for (size, kind) in sizes.iter_mut().zip(FileKind::ALL) {
        let of = |columns: Option<Columns>| -> io::Result<u64> {
            let around = written(kind, (columns.clone(), sight), zone, &[])?;
            let whole = written(kind, (columns, sight), zone, &rows)?;
            let entries = whole.saturating_sub(around).saturating_mul(sample.entries);
            Ok(around + entries / (rows.len() as u64).max(1))
        };
        *size = Size { shown: of(Some(shown.clone()))?, all: of(None)? };
    }
    Ok(Estimate { entries: sample.entries, sizes })
}

/// How many bytes a file of these rows has.
fn written(
    kind: FileKind,
    columns: (Option<Columns>, Sight),
    zone: &Arc<Zone>,
    rows: &[Row<'_>],
) -> io::Result<u64> {
    let format = match kind {
        FileKind::Csv => Format::Csv(Formulas::Disarmed),
        FileKind::Xlsx => Format::Xlsx,
        FileKind::Ndjson => Format::Ndjson,
    };
    let subject = Subject { customer: String::new(), asked: String::new() };
    let mut scribe = Scribe::new(format, columns, Arc::clone(zone), subject);
    let mut seal = Seal::new(Encoding::Identity, scribe.packs())?;
    let mut file = Written::default();
    scribe.head(&mut file);
    for row in rows {
        scribe.entry(row, &mut file)?;
    }
    let entries = rows.len() as u64;
    scribe.foot(entries, &mut file)?;
    seal.take(file)?;
    Ok(seal.finish(entries)?.bytes)
}

fn row<'e>(entry: &'e Entry, more: &'e Particulars) -> Row<'e> {
    Row {
        seq: entry.seq,
        created_at: entry.created_at,
        user: &entry.user,
        user_kind: entry.user_kind,
        action: &entry.action,
        related_operation: entry.related_operation.as_deref(),
        impacted_table: &entry.impacted_table,
        source: entry.source,
        app_instance: &entry.app_instance,
        request_path: &entry.request_path,
        user_id: more.user_id.as_deref(),
        occurred_at: more.occurred_at,
        api_key_id: more.api_key_id,
        detail: more.detail.as_deref(),
    }
}
