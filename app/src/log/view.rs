//! What the Logs tab shows: the question to the log, and what is open beside its answer.

use super::{
    filter::{Field, LONGEST_VALUE},
    query::LogQuery,
};
use crate::query::{BadParameter, Parameters, Takes, UrlQuery, query_string, whole_number};

/// The tab's whole address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogView {
    /// What is asked of the log.
    pub query: LogQuery,
    /// What is open.
    pub open: Open,
}

/// What is open beside the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Open {
    /// The number of the entry in the drawer.
    pub entry: Option<u64>,
    /// The field whose values are listed.
    pub facet: Option<Field>,
    /// A part that those values have.
    pub part: String,
    /// The dialog of exports, and what it shows.
    pub export: Option<Export>,
}

/// What the dialog of exports shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Export {
    /// What one may take away.
    Choice,
    /// How the export with this id stands.
    Of(String),
}

impl Export {
    /// How many characters an id has.
    const ID: usize = 36;

    fn parse(text: &str) -> Option<Self> {
        let fits = |c: u8| c.is_ascii_digit() || matches!(c, b'a'..=b'f' | b'-');
        match text {
            "1" => Some(Self::Choice),
            id if id.len() == Self::ID && id.bytes().all(fits) => Some(Self::Of(id.to_owned())),
            _ => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Choice => "1",
            Self::Of(id) => id,
        }
    }
}

impl Open {
    fn take(parameters: &mut Parameters<'_>) -> Self {
        let named = |name: &str| Field::ALL.into_iter().find(|field| field.name() == name);
        Self {
            entry: parameters.take(
                "entry",
                None,
                || Takes::EntryNumber,
                |text| whole_number(text).map(Some),
            ),
            facet: parameters.take(
                "facet",
                None,
                || Takes::Field,
                |text| {
                    if text.is_empty() { Some(None) } else { named(text).map(Some) }
                },
            ),
            part: parameters.take(
                "part",
                String::new(),
                || Takes::Bytes(LONGEST_VALUE),
                |text| (text.len() <= LONGEST_VALUE).then(|| text.to_owned()),
            ),
            export: parameters.take(
                "export",
                None,
                || Takes::Export,
                |text| Export::parse(text).map(Some),
            ),
        }
    }

    fn put(&self, pairs: &mut Vec<(String, String)>) {
        if let Some(entry) = self.entry {
            pairs.push(("entry".into(), entry.to_string()));
        }
        if let Some(facet) = self.facet {
            pairs.push(("facet".into(), facet.name().into()));
        }
        if !self.part.is_empty() {
            pairs.push(("part".into(), self.part.clone()));
        }
        if let Some(export) = &self.export {
            pairs.push(("export".into(), export.name().into()));
        }
    }
}

impl LogView {
    /// Reads a query string (without `?`). What cannot be taken gets its default, and is named.
    pub fn read(query_string: &str) -> (Self, Vec<BadParameter>) {
        let mut parameters = Parameters::read(query_string);
        let open = Open::take(&mut parameters);
        let query = LogQuery::take(&mut parameters);
        (Self { query, open }, parameters.finish())
    }

    /// The same rows with this entry open, or none.
    pub fn with_entry(&self, entry: Option<u64>) -> Self {
        Self { query: self.query.clone(), open: Open { entry, ..Open::default() } }
    }

    /// The same rows with the values of this field listed.
    pub fn with_facet(&self, facet: Option<Field>) -> Self {
        let entry = self.open.entry;
        Self { query: self.query.clone(), open: Open { entry, facet, ..Open::default() } }
    }

    /// The same with the dialog of exports showing this, or closed.
    pub fn with_export(&self, export: Option<Export>) -> Self {
        Self { query: self.query.clone(), open: Open { export, ..self.open.clone() } }
    }

    /// The query string (without `?`); empty when all is default.
    pub fn to_query_string(&self) -> String {
        let mut pairs = self.query.pairs();
        self.open.put(&mut pairs);
        query_string(pairs)
    }

    /// A link to it at `path`.
    pub fn href(&self, path: &str) -> String {
        let query = self.to_query_string();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_open() {
        let (view, bad) = LogView::read("user=Ana&page=2&entry=7&facet=source&part=U");
        assert_eq!(bad, []);
        assert_eq!(view.href("/x"), "/x?user=Ana&page=2&entry=7&facet=source&part=U");
        assert_eq!(view.with_entry(None).href("/x"), "/x?user=Ana&page=2");
        assert_eq!(view.with_facet(None).href("/x"), "/x?user=Ana&page=2&entry=7");
        assert_eq!(LogView::read("entry=x&facet=created_at&facets=1").1.len(), 3);
    }

    #[test]
    fn the_address_says_which_export_is_looked_at() {
        let id = "01981c2e-7a50-7000-8000-000000000001";
        for (text, export) in [("1", Export::Choice), (id, Export::Of(id.into()))] {
            let view = LogView::read(&format!("entry=7&export={text}")).0;
            assert_eq!(view.open.export, Some(export));
            assert_eq!(view.href("/x"), format!("/x?entry=7&export={text}"));
            assert_eq!(view.with_export(None).href("/x"), "/x?entry=7");
        }
        assert_eq!(LogView::read("export=2").1.len(), 1);
    }
}
