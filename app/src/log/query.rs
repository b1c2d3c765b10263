//! What is asked of a log: the page's URL, the server function, the JSON API and the export all
//! parse into this, and the store turns it into SQL at one place.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    columns::Columns,
    entry::LogColumn,
    filter::{Filter, Filters},
    language,
    moment::{Moment, Range},
    sight::Sight,
};
use crate::{
    query::{
        BadParameter, LONGEST_SEARCH, Listing, Parameters, Takes, UrlQuery, deserialize_query,
        serialize_query, whole_number,
    },
    words::Language,
    zone::ZoneName,
};

/// Which columns a search looks in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchIn {
    /// User, Impacted Table, or both.
    #[default]
    UserOrTable,
    /// User only.
    User,
    /// Impacted Table only.
    Table,
}

impl SearchIn {
    /// All choices, the default first.
    pub const ALL: [Self; 3] = [Self::UserOrTable, Self::User, Self::Table];

    /// As it stands in a URL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserOrTable => "user_table",
            Self::User => "user",
            Self::Table => "table",
        }
    }

    /// As the screen names it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::UserOrTable => language.user_or_table(),
            Self::User => language.user(),
            Self::Table => language.table(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == text)
    }
}

/// Text to be found, and where. Case does not count; every character stands for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Some part of the value; empty finds everything.
    pub text: String,
    /// The columns.
    pub within: SearchIn,
}

/// A question to a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogQuery {
    /// What to find.
    pub search: Search,
    /// What the columns must hold.
    pub filters: Filters,
    /// The stretch of time.
    pub range: Range,
    /// The zone that days and clocks are meant in, and times are shown in; nothing for the viewer's own choice.
    pub zone: Option<ZoneName>,
    /// The columns that are shown or exported; nothing for the viewer's own choice, and for all in an export.
    pub columns: Option<Columns>,
    /// The number of the entry that the view is pinned to: it shows the log as it was when that one was its
    /// last. Nothing for the log as it is now; beyond its end means the same.
    pub as_of: Option<u64>,
    /// Which rows of what was found.
    pub listing: Listing<LogColumn>,
}

impl LogQuery {
    /// The same order and size, from the start, with another search.
    pub fn searching(&self, search: Search) -> Self {
        Self { search, ..self.at_page(1) }
    }

    /// The same with other filters, from the start.
    pub fn filtered(&self, filters: Filters) -> Self {
        Self { filters, ..self.at_page(1) }
    }

    /// The same with one filter more, from the start.
    pub fn with_filter(&self, filter: Filter) -> Self {
        self.filtered(self.filters.with(filter))
    }

    /// The same in another stretch of time, from the start.
    pub fn within(&self, range: Range) -> Self {
        Self { range, ..self.at_page(1) }
    }

    /// The same with nothing that leaves entries out.
    pub fn unfiltered(&self) -> Self {
        Self {
            search: Search { text: String::new(), within: self.search.within },
            filters: Filters::default(),
            range: Range::default(),
            ..self.at_page(1)
        }
    }

    /// How many conditions there are: filters, a range, a text.
    pub fn conditions(&self) -> usize {
        self.filters.len()
            + usize::from(!self.range.is_all())
            + usize::from(!self.search.text.is_empty())
    }

    /// The same question about the log as it was when the entry `as_of` was its last.
    pub fn pinned(&self, as_of: u64) -> Self {
        Self { as_of: Some(as_of), ..self.clone() }
    }

    /// The same question about the log as it is now, from its first page.
    pub fn unpinned(&self) -> Self {
        Self { as_of: None, ..self.at_page(1) }
    }
}

impl UrlQuery for LogQuery {
    type Column = LogColumn;

    fn take(parameters: &mut Parameters<'_>) -> Self {
        let text = parameters.take(
            "q",
            String::new(),
            || Takes::Bytes(language::LONGEST),
            |text| (text.len() <= language::LONGEST).then(|| text.to_owned()),
        );
        let (said, faults) = language::parse(&text);
        let bad = faults.first().map(|fault| {
            let part = text.get(fault.from..fault.to).unwrap_or_default();
            Takes::Search(part.to_owned(), fault.what)
        });
        let long = said.text.chars().count() > LONGEST_SEARCH;
        let bad = bad.or_else(|| long.then_some(Takes::Characters(LONGEST_SEARCH)));
        if let Some(takes) = bad {
            parameters.note(BadParameter { parameter: "q".into(), takes });
        }
        let parse = |text: &str| Moment::parse(text).map(Some);
        let from = parameters.take("from", None, || Takes::Moment, parse);
        let to = parameters.take("to", None, || Takes::Moment, parse);
        // What is said in the search box adds to what the other parameters say.
        let mut filters = Filters::take(parameters);
        for filter in said.filters.iter() {
            filters.add(filter.clone());
        }
        Self {
            search: Search {
                text: if long { String::new() } else { said.text },
                within: parameters.take(
                    "in",
                    SearchIn::default(),
                    || Takes::OneOf(SearchIn::ALL.map(SearchIn::name).into()),
                    SearchIn::parse,
                ),
            },
            filters,
            range: Range { from: said.range.from.or(from), to: said.range.to.or(to) },
            zone: parameters.take("tz", None, || Takes::Zone, |text| text.parse().ok().map(Some)),
            columns: parameters.take(
                "columns",
                None,
                || Columns::takes(Sight::ALL),
                |text| text.parse().ok().map(Some),
            ),
            as_of: parameters.take(
                "as_of",
                None,
                || Takes::EntryNumber,
                |text| whole_number(text).map(Some),
            ),
            listing: Listing::take(parameters),
        }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if !self.search.text.is_empty() {
            pairs.push(("q".into(), language::write_text(&self.search.text)));
        }
        if self.search.within != SearchIn::default() {
            pairs.push(("in".into(), self.search.within.name().into()));
        }
        self.filters.put(&mut pairs);
        if let Some(from) = self.range.from {
            pairs.push(("from".into(), from.to_string()));
        }
        if let Some(to) = self.range.to {
            pairs.push(("to".into(), to.to_string()));
        }
        if let Some(zone) = &self.zone {
            pairs.push(("tz".into(), zone.as_str().into()));
        }
        if let Some(columns) = &self.columns {
            pairs.push(("columns".into(), columns.to_string()));
        }
        self.listing.put(&mut pairs);
        if let Some(as_of) = self.as_of {
            pairs.push(("as_of".into(), as_of.to_string()));
        }
        pairs
    }

    fn listing(&self) -> &Listing<LogColumn> {
        &self.listing
    }

    fn with_listing(&self, listing: Listing<LogColumn>) -> Self {
        Self { listing, ..self.clone() }
    }
}

impl Serialize for LogQuery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_query(self, serializer)
    }
}

impl<'de> Deserialize<'de> for LogQuery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_query(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        columns::tests::any_columns, language::tests::any_filter, moment::tests::any_moment,
    };
    use super::*;
    use crate::query::{Column, Direction, LONGEST_SEARCH, PerPage, Sort};
    use proptest::prelude::*;

    prop_compose! {
        fn any_query()(
            text in proptest::collection::vec(any::<char>(), 0..=LONGEST_SEARCH),
            within in proptest::sample::select(&SearchIn::ALL[..]),
            filters in proptest::collection::vec(any_filter(), 0..4),
            from in proptest::option::of(any_moment()),
            to in proptest::option::of(any_moment()),
            zone in proptest::option::of("[A-Za-z0-9_+/-]{1,64}"),
            columns in proptest::option::of(any_columns()),
            as_of in any::<Option<u64>>(),
            page in 1..=u64::MAX,
            per_page in proptest::sample::select(&PerPage::ALL[..]),
            by in proptest::sample::select(LogColumn::ALL),
            descending in any::<bool>(),
        ) -> LogQuery {
            let direction = if descending { Direction::Descending } else { Direction::Ascending };
            LogQuery {
                search: Search { text: text.into_iter().collect(), within },
                filters: filters.into_iter().collect(),
                range: Range { from, to },
                zone: zone.map(|name| name.parse().unwrap()),
                columns,
                as_of,
                listing: Listing { page, per_page, sort: Sort { by, direction } },
            }
        }
    }

    proptest! {
        #[test]
        fn a_url_reads_back_as_the_query_it_was_made_from(query in any_query()) {
            prop_assert_eq!(LogQuery::read(&query.to_query_string()), (query, vec![]));
        }

        #[test]
        fn the_server_functions_arguments_read_back_too(query in any_query()) {
            let json = serde_json::to_string(&query).unwrap();
            prop_assert_eq!(serde_json::from_str::<LogQuery>(&json).unwrap(), query);
        }

        #[test]
        fn no_query_string_makes_reading_fail(text in "\\PC*") {
            let (query, _) = LogQuery::read(&text);
            prop_assert!(query.listing.page >= 1);
            let _ = query.listing.offset();
        }

        #[test]
        fn changing_search_sort_or_size_returns_to_page_1(query in any_query()) {
            prop_assert_eq!(query.searching(Search::default()).listing.page, 1);
            prop_assert_eq!(query.sorted(query.listing.sort.pressed(LogColumn::User)).listing.page, 1);
            prop_assert_eq!(query.with_per_page(PerPage::Hundred).listing.page, 1);
        }
    }

    #[test]
    fn whatever_is_changed_stays_pinned_and_taking_in_what_is_new_keeps_the_rest() {
        let text = "q=x&in=user&sort=user&dir=asc&per_page=50&page=4&as_of=7";
        let query = LogQuery::read(text).0;
        let links = [
            query.at_page(2),
            query.sorted(query.listing.sort.pressed(LogColumn::Source)),
            query.with_per_page(PerPage::Ten),
            query.searching(Search::default()),
        ];
        assert!(links.iter().all(|link| link.to_query_string().ends_with("as_of=7")), "{links:?}");
        assert_eq!(query.unpinned().to_query_string(), "q=x&in=user&sort=user&dir=asc&per_page=50");
    }

    #[test]
    fn defaults_are_left_out_of_the_url() {
        assert_eq!(LogQuery::default().href("/x"), "/x");
    }

    #[test]
    fn what_is_bad_is_named_and_gets_its_default() {
        for (text, parameter) in [
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=+1", "page"),
            ("page=", "page"),
            ("page=1&page=2", "page"),
            ("page=99999999999999999999", "page"),
            ("per_page=20", "per_page"),
            ("per_page=010", "per_page"),
            ("sort=password", "sort"),
            ("dir=up", "dir"),
            ("in=everywhere", "in"),
            ("as_of=-1", "as_of"),
            ("as_of=", "as_of"),
            ("as_of=now", "as_of"),
            ("colour=red", "colour"),
        ] {
            let (query, bad) = LogQuery::read(text);
            assert_eq!(query, LogQuery::default(), "{text}");
            assert_eq!(bad.len(), 1, "{text}");
            assert_eq!(bad[0].parameter, parameter, "{text}");
        }
        let (_, bad) = LogQuery::read(&format!("q={}", "x".repeat(LONGEST_SEARCH + 1)));
        assert_eq!(bad[0].parameter, "q");
    }

    #[test]
    fn pressing_a_header_starts_as_the_column_says_and_then_reverses() {
        let first = LogColumn::DEFAULT.pressed(LogColumn::User);
        assert_eq!(first.direction, Direction::Ascending);
        assert_eq!(first.pressed(LogColumn::User).direction, Direction::Descending);
        assert_eq!(first.pressed(LogColumn::CreatedAt).direction, Direction::Descending);
    }
}
