//! Rows as a text, to be copied: the columns that are shown, in their order.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{
    csv::{Formulas, field},
    entry::{Entry, LogColumn},
};
use crate::{query::Column as _, ui::time, words::Language, zone::Zone};

/// How rows are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyAs {
    /// As an export writes it.
    Csv,
    /// With the names that the API has.
    Json,
    /// As a table.
    Markdown,
}

impl CopyAs {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Markdown];

    /// As it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Markdown => "Markdown",
        }
    }
}

/// Which columns, and how they are seen.
#[derive(Debug, Clone, Copy)]
pub struct Copied<'c> {
    /// The columns, in order.
    pub columns: &'c [LogColumn],
    /// Whose clocks show the times.
    pub zone: &'c Zone,
    /// The language of the heads, where people read them.
    pub say: Language,
}

impl Copied<'_> {
    /// Writes these entries.
    pub fn write(&self, entries: &[&Entry], copy_as: CopyAs) -> String {
        match copy_as {
            CopyAs::Csv => self.csv(entries),
            CopyAs::Json => self.json(entries),
            CopyAs::Markdown => self.markdown(entries),
        }
    }

    /// What stands in a column; for times, that is up to the format.
    fn text<'e>(&self, entry: &'e Entry, column: LogColumn) -> Option<Cow<'e, str>> {
        Some(match column {
            LogColumn::CreatedAt => self.zone.stamp(entry.created_at).into(),
            LogColumn::User => entry.user.as_str().into(),
            LogColumn::Action => entry.action.as_str().into(),
            LogColumn::RelatedOperation => entry.related_operation.as_deref()?.into(),
            LogColumn::ImpactedTable => entry.impacted_table.as_str().into(),
            LogColumn::Source => entry.source?.name().into(),
            LogColumn::AppInstance => entry.app_instance.as_str().into(),
            LogColumn::RequestPath => entry.request_path.as_str().into(),
        })
    }

    fn csv(&self, entries: &[&Entry]) -> String {
        let mut text = b"seq".to_vec();
        for column in self.columns {
            text.push(b',');
            text.extend_from_slice(column.name().as_bytes());
        }
        for entry in entries {
            text.extend_from_slice(b"\r\n");
            text.extend_from_slice(entry.seq.to_string().as_bytes());
            for &column in self.columns {
                text.push(b',');
                field(self.text(entry, column).as_deref(), Formulas::Disarmed, &mut text);
            }
        }
        text.extend_from_slice(b"\r\n");
        // It was written in whole characters.
        String::from_utf8(text).unwrap_or_default()
    }

    fn json(&self, entries: &[&Entry]) -> String {
        let objects = entries
            .iter()
            .map(|entry| serde_json::to_string(&Fields { of: self, entry }).unwrap_or_default());
        format!("[\n{}\n]\n", objects.collect::<Vec<_>>().join(",\n"))
    }

    fn markdown(&self, entries: &[&Entry]) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let heads = self.columns.iter().map(|column| match column {
            LogColumn::CreatedAt => {
                format!("{} ({})", column.label(self.say), escaped(self.zone.name.as_str()))
            }
            column => column.label(self.say).to_owned(),
        });
        let mut text = line(heads.collect());
        text += &line(vec!["---".to_owned(); self.columns.len()]);
        for entry in entries {
            let cells = self.columns.iter().map(|&column| match column {
                LogColumn::CreatedAt => {
                    let at = self.zone.clock(entry.created_at).and_utc();
                    format!("{} {}{}", time::iso_date(at), time::clock(at), time::milliseconds(at))
                }
                column => escaped(&self.text(entry, column).unwrap_or_default()),
            });
            text += &line(cells.collect());
        }
        text
    }
}

/// An entry as JSON.
struct Fields<'f> {
    of: &'f Copied<'f>,
    entry: &'f Entry,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("seq", &self.entry.seq)?;
        for &column in self.of.columns {
            let text = match column {
                // As in the API, always in UTC.
                LogColumn::CreatedAt => Some(time::rfc3339(self.entry.created_at).into()),
                column => self.of.text(self.entry, column),
            };
            fields.serialize_entry(column.name(), &text)?;
        }
        fields.end()
    }
}

/// `text` so that nothing in it is Markdown, on one line.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => safe.push(' '),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '#' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::entry::{Source, UserKind};

    fn entry() -> Entry {
        Entry {
            seq: 7,
            created_at: chrono::DateTime::from_timestamp_micros(1_773_325_351_006_412).unwrap(),
            user: "Helena Prado".into(),
            user_kind: UserKind::Operator,
            action: "=cmd|'/c calc'!A1, \"x\"\nnext".into(),
            related_operation: None,
            impacted_table: "pix_keys".into(),
            source: Some(Source::Api),
            app_instance: String::new(),
            request_path: "GET /<a>".into(),
        }
    }

    fn sao_paulo() -> Zone {
        Zone { name: "America/Sao_Paulo".parse().unwrap(), offsets: vec![(0, -10_800)] }
    }

    #[test]
    fn csv_is_as_an_export_writes_it() {
        let of = Copied { columns: LogColumn::ALL, zone: &sao_paulo(), say: Language::English };
        assert_eq!(
            of.write(&[&entry()], CopyAs::Csv),
            "seq,created_at,user,action,related_operation,impacted_table,source,app_instance,request_path\r\n\
             7,2026-03-12T11:22:31.006412-03:00,Helena Prado,\"'=cmd|'/c calc'!A1, \"\"x\"\"\nnext\",,\
             pix_keys,API,\"\",GET /<a>\r\n"
        );
    }

    #[test]
    fn json_has_the_names_of_the_api_and_the_columns_order() {
        let columns = [LogColumn::Action, LogColumn::CreatedAt, LogColumn::RelatedOperation];
        let of = Copied { columns: &columns, zone: &sao_paulo(), say: Language::English };
        assert_eq!(
            of.write(&[&entry(), &entry()], CopyAs::Json).lines().collect::<Vec<_>>(),
            [
                "[",
                r#"{"seq":7,"action":"=cmd|'/c calc'!A1, \"x\"\nnext","created_at":"2026-03-12T14:22:31.006412Z","related_operation":null},"#,
                r#"{"seq":7,"action":"=cmd|'/c calc'!A1, \"x\"\nnext","created_at":"2026-03-12T14:22:31.006412Z","related_operation":null}"#,
                "]",
            ]
        );
        assert_eq!(of.write(&[], CopyAs::Json), "[\n\n]\n");
    }

    #[test]
    fn markdown_is_a_table_and_nothing_in_an_entry_is_markdown() {
        let columns = [
            LogColumn::CreatedAt,
            LogColumn::User,
            LogColumn::Action,
            LogColumn::ImpactedTable,
            LogColumn::RequestPath,
        ];
        let of = Copied { columns: &columns, zone: &sao_paulo(), say: Language::English };
        assert_eq!(
            of.write(&[&entry()], CopyAs::Markdown),
            "| Created At (America/Sao\\_Paulo) | User | Action | Impacted Table | Request Path |\n\
             | --- | --- | --- | --- | --- |\n\
             | 2026-03-12 11:22:31.006 | Helena Prado | =cmd\\|'/c calc'!A1, \"x\" next | pix\\_keys | GET /\\<a\\> |\n"
        );
    }
}
