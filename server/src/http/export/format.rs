//! The kinds of files.

use app::log::{csv::Formulas, taken::FileKind};
use axum::http::HeaderValue;

use crate::store::export::Extent;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// CSV, for spreadsheets and programs: the guide's columns.
    Csv(Formulas),
    /// A JSON object on each line, for programs: what the API shows.
    Ndjson,
    /// An Office Open XML workbook, for spreadsheets: the guide's columns, with their types.
    Xlsx,
}

impl Format {
    /// As people tell them apart.
    pub(super) const fn kind(self) -> FileKind {
        match self {
            Self::Csv(_) => FileKind::Csv,
            Self::Ndjson => FileKind::Ndjson,
            Self::Xlsx => FileKind::Xlsx,
        }
    }

    pub(super) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        })
    }

    /// How much of each entry a file holds for somebody who may see the particulars, or may not.
    pub(super) const fn extent(self, sees_particulars: bool) -> Extent {
        match self {
            Self::Ndjson if sees_particulars => Extent::Particulars,
            Self::Ndjson | Self::Csv(_) | Self::Xlsx => Extent::Guide,
        }
    }
}
