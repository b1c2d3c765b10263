//! What is left of a run: the table, the same as JSON, and two charts.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    chart::{self, Bar, Panel, Series},
    options::Options,
    table::{Table, grouped},
};

/// All that was measured.
pub(crate) struct Report {
    pub(crate) table: Table,
    /// Milliseconds of each kind of page.
    pub(crate) bars: Vec<Bar>,
    /// Milliseconds over entries.
    pub(crate) growth: Vec<Series>,
    /// Buffers over entries.
    pub(crate) buffers: Vec<Series>,
    facts: Value,
}

impl Report {
    pub(crate) fn new(options: &Options, mut facts: Value) -> Self {
        facts["entries"] = json!(options.entries);
        Self { table: Table::default(), bars: vec![], growth: vec![], buffers: vec![], facts }
    }

    /// Also known only later: the version of Postgres.
    pub(crate) fn note(&mut self, name: &str, value: Value) {
        self.facts[name] = value;
    }

    /// Written after each part: what is there is there, whatever becomes of the next one.
    pub(crate) fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
        write(
            "results.json",
            format!(
                "{:#}\n",
                json!({
                    "machine": self.facts, "missed": self.table.missed(), "parts": self.table.to_json(),
                })
            ),
        );
        let mut charts = String::new();
        if !self.bars.is_empty() {
            write("pages.svg", chart::bars("How long a page takes", &self.bars));
            charts.push_str("![How long a page takes](pages.svg)\n\n");
        }
        if !self.growth.is_empty() {
            let panels = [
                Panel { title: "Milliseconds a page (median)", series: &self.growth },
                Panel { title: "Buffers touched a page", series: &self.buffers },
            ];
            write(
                "growth.svg",
                chart::growth("What a middle page costs as its log grows", &panels),
            );
            charts.push_str("![What a middle page costs as its log grows](growth.svg)\n\n");
        }
        write(
            "results.md",
            format!(
                "# Measured: {} entries\n\nWritten by `make bench`; [how to read it](../performance.md).\n\n\
             {}\n\n{charts}{}",
                grouped(self.facts["entries"].as_f64().unwrap()),
                self.machine(),
                self.table
            ),
        );
    }

    /// Machine, date and commit, in a sentence.
    pub(crate) fn machine(&self) -> String {
        let text = |name: &str| match &self.facts[name] {
            Value::String(text) => text.clone(),
            Value::Null => "unknown".into(),
            other => other.to_string(),
        };
        format!(
            "Measured on {} at commit {}: {} × {}, {} GiB of memory, PostgreSQL {}.",
            text("date"),
            text("commit"),
            text("processors"),
            text("processor"),
            text("memory_gib"),
            text("postgres"),
        )
    }
}
