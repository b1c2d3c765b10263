//! Rows as Postgres sends them in binary: a count of fields, then each with its length in front (-1 where it is
//! absent), numbers in network order, times as microseconds since 2000.

use app::log::{
    entry::{LogColumn, Source, UserKind},
    sight::Sight,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::store::{StoreError, rows::known, sight::Names};

/// What is selected, in the order in which [`Row`] takes it; then come the particulars. What is not seen is not read.
pub(super) fn columns(sight: Sight, names: &Names) -> String {
    let seen = |column, sql: &'static str, none| if sight.sees(column) { sql } else { none };
    let user = if sight.sees(LogColumn::User) { names.in_sql() } else { "''::text".to_owned() };
    [
        "seq",
        "created_at",
        &user,
        seen(LogColumn::User, "user_kind", "'unknown'::text"),
        "action",
        seen(LogColumn::RelatedOperation, "related_operation", "null::text"),
        seen(LogColumn::ImpactedTable, "impacted_table", "''::text"),
        seen(LogColumn::Source, "source", "null::text"),
        seen(LogColumn::AppInstance, "app_instance", "''::text"),
        seen(LogColumn::RequestPath, "request_path", "''::text"),
    ]
    .join(", ")
}
/// The particulars.
pub(super) const PARTICULARS: &str = "user_id, occurred_at, api_key_id, detail";
/// What is selected in their stead where they are not read.
pub(super) const NO_PARTICULARS: &str = "null::text, null::timestamptz, null::bigint, null::json";

const FIELDS: i16 = 14;
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// The signature, flags, and the length of an extension that there is none of.
const HEADER: usize = SIGNATURE.len() + 8;
/// What stands in the place of a count of fields after the last row.
const TRAILER: &[u8] = &[0xff, 0xff];
/// 2000-01-01, in microseconds since 1970.
const EPOCH: i64 = 946_684_800_000_000;

/// The row in a message, without what stands before the first and after the last.
pub(super) fn within(message: &[u8]) -> &[u8] {
    let row = if message.starts_with(SIGNATURE) {
        &message[HEADER.min(message.len())..]
    } else {
        message
    };
    if row == TRAILER { &[] } else { row }
}

/// Some rows of an export.
#[derive(Debug)]
pub struct Rows(Bytes);

impl Rows {
    pub(super) const fn new(rows: Bytes) -> Self {
        Self(rows)
    }

    /// Calls `visit` with each.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for what no row can be.
    pub fn each(&self, mut visit: impl FnMut(&Row<'_>)) -> Result<(), StoreError> {
        let mut left = Fields(&self.0);
        while !left.0.is_empty() {
            visit(&Row::take(&mut left)?);
        }
        Ok(())
    }
}

/// An entry, with its texts where they were received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'r> {
    /// Its number.
    pub seq: u64,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// Who executed it.
    pub user: &'r str,
    /// What kind of user that is.
    pub user_kind: UserKind,
    /// Description of the task.
    pub action: &'r str,
    /// What operation caused it; absent where none did.
    pub related_operation: Option<&'r str>,
    /// What part of the system was affected.
    pub impacted_table: &'r str,
    /// Where the request came from; absent where it was not read.
    pub source: Option<Source>,
    /// The instance that processed the request.
    pub app_instance: &'r str,
    /// Technical route of the request.
    pub request_path: &'r str,
    /// The user's id, where they have one and it was read.
    pub user_id: Option<&'r str>,
    /// When the sender says that it happened, where they said it and it was read.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The key that it came with, where it came over the API and this was read.
    pub api_key_id: Option<i64>,
    /// What changed, and more, as it was recorded: JSON. Absent where it was not read.
    pub detail: Option<&'r str>,
}

impl<'r> Row<'r> {
    fn take(fields: &mut Fields<'r>) -> Result<Self, StoreError> {
        if i16::from_be_bytes(fields.array()?) != FIELDS {
            return Err(unreadable("a row of another length"));
        }
        Ok(Self {
            seq: u64::try_from(present(fields.number()?)?)
                .map_err(|_| unreadable("a number below zero"))?,
            created_at: present(fields.time()?)?,
            user: present(fields.text()?)?,
            user_kind: known(&UserKind::ALL, UserKind::name, present(fields.text()?)?)?,
            action: present(fields.text()?)?,
            related_operation: fields.text()?,
            impacted_table: present(fields.text()?)?,
            source: fields
                .text()?
                .map(|name| known(&Source::ALL, Source::name, name))
                .transpose()?,
            app_instance: present(fields.text()?)?,
            request_path: present(fields.text()?)?,
            user_id: fields.text()?,
            occurred_at: fields.time()?,
            api_key_id: fields.number()?,
            detail: fields.text()?,
        })
    }
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(what.to_owned())
}

fn present<T>(field: Option<T>) -> Result<T, StoreError> {
    field.ok_or_else(|| unreadable("an absent value"))
}

/// What is still to be read.
struct Fields<'r>(&'r [u8]);

impl<'r> Fields<'r> {
    fn bytes(&mut self, length: usize) -> Result<&'r [u8], StoreError> {
        let (bytes, left) =
            self.0.split_at_checked(length).ok_or_else(|| unreadable("half a row"))?;
        self.0 = left;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        self.bytes(N)?.try_into().map_err(|_| unreadable("half a row"))
    }

    fn field(&mut self) -> Result<Option<&'r [u8]>, StoreError> {
        match usize::try_from(i32::from_be_bytes(self.array()?)) {
            Ok(length) => self.bytes(length).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn text(&mut self) -> Result<Option<&'r str>, StoreError> {
        self.field()?
            .map(|text| str::from_utf8(text).map_err(|_| unreadable("a text that is none")))
            .transpose()
    }

    fn number(&mut self) -> Result<Option<i64>, StoreError> {
        self.field()?
            .map(|number| {
                number
                    .try_into()
                    .map(i64::from_be_bytes)
                    .map_err(|_| unreadable("a number of another size"))
            })
            .transpose()
    }

    fn time(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.number()?
            .map(|since| {
                since
                    .checked_add(EPOCH)
                    .and_then(DateTime::from_timestamp_micros)
                    .ok_or_else(|| unreadable("a time beyond all calendars"))
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(fields: &[Option<&[u8]>]) -> Vec<u8> {
        let mut message = (fields.len() as i16).to_be_bytes().to_vec();
        for field in fields {
            let length = field.map_or(-1, |field| field.len() as i32);
            message.extend(length.to_be_bytes());
            message.extend(field.unwrap_or_default());
        }
        message
    }

    fn first() -> Vec<u8> {
        let (seq, at) = (7i64.to_be_bytes(), 86_400_000_001i64.to_be_bytes());
        message(&[
            Some(&seq),
            Some(&at),
            Some("Zoë".as_bytes()),
            Some(b"operator"),
            Some(b"Approved"),
            None,
            Some(b"t"),
            Some(b"UI"),
            Some(b"web-1"),
            Some(b""),
            None,
            None,
            None,
            Some(b"{}"),
        ])
    }

    #[test]
    fn a_row_is_read_as_it_was_sent() {
        let rows = Rows::new([first(), first()].concat().into());
        let mut read = 0;
        rows.each(|row| {
            assert_eq!((row.seq, row.user, row.related_operation), (7, "Zoë", None));
            assert_eq!(row.created_at.to_rfc3339(), "2000-01-02T00:00:00.000001+00:00");
            assert_eq!((row.request_path, row.user_id, row.detail), ("", None, Some("{}")));
            read += 1;
        })
        .unwrap();
        assert_eq!(read, 2);
    }

    #[test]
    fn what_stands_around_the_rows_is_no_row() {
        let header = [SIGNATURE, &[0; 8]].concat();
        assert_eq!(within(&header), b"");
        assert_eq!(within(&[&header[..], &first()].concat()), first());
        assert_eq!(within(&first()), first());
        assert_eq!(within(&[0xff, 0xff]), b"");
    }

    #[test]
    fn what_is_no_row_is_refused() {
        let whole = first();
        for bad in [&whole[..whole.len() - 1], &message(&[None; 14]), &message(&[None]), b"\0"] {
            let rows = Rows::new(bad.to_vec().into());
            assert!(matches!(rows.each(|_| {}), Err(StoreError::Unreadable(_))), "{bad:?}");
        }
    }
}
