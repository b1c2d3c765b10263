//! What the URL of every list says: page, items per page, sort, search. Pure; both sides parse with
//! the same code, so a link, the server function, the JSON API and the export mean the same.

mod takes;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::words::Language;
pub use takes::{BadParameter, Takes};

/// The longest search text that is taken, in characters.
pub const LONGEST_SEARCH: usize = 200;

/// Items per page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PerPage {
    /// 10
    Ten,
    /// 25
    #[default]
    TwentyFive,
    /// 50
    Fifty,
    /// 100
    Hundred,
}

impl PerPage {
    /// All choices, smallest first.
    pub const ALL: [Self; 4] = [Self::Ten, Self::TwentyFive, Self::Fifty, Self::Hundred];

    /// The number itself.
    pub const fn rows(self) -> u64 {
        match self {
            Self::Ten => 10,
            Self::TwentyFive => 25,
            Self::Fifty => 50,
            Self::Hundred => 100,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| text == choice.rows().to_string())
    }
}

/// Which way a sort runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first: oldest, or A to Z by code point.
    Ascending,
    /// Largest first.
    Descending,
}

impl Direction {
    /// As it stands in a URL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }

    /// As `aria-sort` has it.
    pub const fn aria(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }

    /// The other one.
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Ascending, Self::Descending].into_iter().find(|d| d.name() == text)
    }
}

/// A column that a list can be sorted by.
pub trait Column: Copy + Eq + Send + Sync + 'static {
    /// All of them, in the order in which the screen shows them.
    const ALL: &'static [Self];
    /// What a list is sorted by unless the URL says otherwise.
    const DEFAULT: Sort<Self>;

    /// As it stands in a URL, in JSON and in CSV.
    fn name(self) -> &'static str;
    /// As the screen heads it.
    fn label(self, language: Language) -> &'static str;
    /// The direction that the first press of its header gives.
    fn first_direction(self) -> Direction;
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort<C> {
    /// The column.
    pub by: C,
    /// Which way.
    pub direction: Direction,
}

impl<C: Column> Sort<C> {
    /// What pressing the header of `column` leads to.
    pub fn pressed(self, column: C) -> Self {
        let direction =
            if self.by == column { self.direction.reversed() } else { column.first_direction() };
        Self { by: column, direction }
    }

    /// `User, ascending`
    pub fn in_words(self, language: Language) -> String {
        let column = self.by.label(language);
        match self.direction {
            Direction::Ascending => language.ascending(column),
            Direction::Descending => language.descending(column),
        }
    }

    fn take(parameters: &mut Parameters<'_>) -> Self {
        let columns = || Takes::OneOf(C::ALL.iter().map(|column| column.name()).collect());
        let by = parameters.take("sort", C::DEFAULT.by, columns, |text| {
            C::ALL.iter().copied().find(|column| column.name() == text)
        });
        let directions = || Takes::OneOf(vec!["asc", "desc"]);
        let direction = parameters.take("dir", C::DEFAULT.direction, directions, Direction::parse);
        Self { by, direction }
    }
}

/// Which rows of a sorted list are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing<C> {
    /// The page, from 1.
    pub page: u64,
    /// Items per page.
    pub per_page: PerPage,
    /// The order.
    pub sort: Sort<C>,
}

impl<C: Column> Default for Listing<C> {
    fn default() -> Self {
        Self { page: 1, per_page: PerPage::default(), sort: C::DEFAULT }
    }
}

impl<C: Column> Listing<C> {
    /// Reads `page`, `per_page`, `sort` and `dir`.
    pub fn take(parameters: &mut Parameters<'_>) -> Self {
        Self {
            page: parameters.take(
                "page",
                1,
                || Takes::WholeNumber,
                |text| whole_number(text).filter(|page| *page >= 1),
            ),
            per_page: parameters.take(
                "per_page",
                PerPage::default(),
                || Takes::PerPage,
                PerPage::parse,
            ),
            sort: Sort::take(parameters),
        }
    }

    /// Says itself to `pairs`, leaving defaults out.
    pub fn put(&self, pairs: &mut Vec<(String, String)>) {
        let default = Self::default();
        if self.sort.by != default.sort.by {
            pairs.push(("sort".into(), self.sort.by.name().into()));
        }
        if self.sort.direction != default.sort.direction {
            pairs.push(("dir".into(), self.sort.direction.name().into()));
        }
        if self.per_page != default.per_page {
            pairs.push(("per_page".into(), self.per_page.rows().to_string()));
        }
        if self.page != default.page {
            pairs.push(("page".into(), self.page.to_string()));
        }
    }

    /// How many rows stand before this page. Saturates: a page number of any size is harmless.
    pub fn offset(&self) -> u64 {
        (self.page - 1).saturating_mul(self.per_page.rows())
    }

    /// How many pages `total` rows fill.
    pub fn pages(&self, total: u64) -> u64 {
        total.div_ceil(self.per_page.rows())
    }
}

/// Something a URL can say, with defaults left out.
pub trait UrlQuery: Clone + PartialEq + Send + Sync + 'static {
    /// What the list can be sorted by.
    type Column: Column;

    /// Reads what is its own from `parameters`.
    fn take(parameters: &mut Parameters<'_>) -> Self;
    /// Names and values, in a fixed order, without defaults.
    fn pairs(&self) -> Vec<(String, String)>;
    /// Its page, size and order.
    fn listing(&self) -> &Listing<Self::Column>;
    /// The same with another page, size and order.
    fn with_listing(&self, listing: Listing<Self::Column>) -> Self;

    /// Reads a query string (without `?`). What cannot be taken gets its default, and is named.
    fn read(query_string: &str) -> (Self, Vec<BadParameter>) {
        let mut parameters = Parameters::read(query_string);
        let query = Self::take(&mut parameters);
        (query, parameters.finish())
    }

    /// The query string (without `?`); empty when all is default.
    fn to_query_string(&self) -> String {
        query_string(self.pairs())
    }

    /// A link to `path` with this query.
    fn href(&self, path: &str) -> String {
        let query = self.to_query_string();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same list at another page.
    fn at_page(&self, page: u64) -> Self {
        self.with_listing(Listing { page, ..*self.listing() })
    }

    /// The same list with another number of rows a page, from its start.
    fn with_per_page(&self, per_page: PerPage) -> Self {
        self.with_listing(Listing { per_page, page: 1, ..*self.listing() })
    }

    /// The same list in another order, from its start.
    fn sorted(&self, sort: Sort<Self::Column>) -> Self {
        self.with_listing(Listing { sort, page: 1, ..*self.listing() })
    }
}

/// A number that is written with digits and nothing else.
pub fn whole_number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// `pairs` as a query string (without `?`).
pub fn query_string<N: AsRef<str>, V: AsRef<str>>(
    pairs: impl IntoIterator<Item = (N, V)>,
) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Serialises a query as its query string: the arguments of a server function then say what the page's URL says.
///
/// # Errors
/// As the serialiser says.
pub fn serialize_query<Q: UrlQuery, S: Serializer>(
    query: &Q,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&query.to_query_string())
}

/// Reads a query from its query string; any parameter that is bad is an error.
///
/// # Errors
/// What the first bad parameter takes.
pub fn deserialize_query<'de, Q: UrlQuery, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Q, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    match Q::read(&text) {
        (query, bad) if bad.is_empty() => Ok(query),
        (_, bad) => Err(D::Error::custom(&bad[0])),
    }
}

/// The parameters of a URL, while they are being read. Whoever knows a name takes it; what is left
/// in the end was not known to anybody.
pub struct Parameters<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    bad: Vec<BadParameter>,
}

impl<'a> Parameters<'a> {
    /// Splits a query string (without `?`).
    pub fn read(query_string: &'a str) -> Self {
        Self { pairs: form_urlencoded::parse(query_string.as_bytes()).collect(), bad: Vec::new() }
    }

    fn given(&mut self, name: &str) -> Vec<Cow<'a, str>> {
        let mut given = Vec::new();
        self.pairs.retain(|(key, value)| {
            let hit = key == name;
            if hit {
                given.push(value.clone());
            }
            !hit
        });
        given
    }

    /// Takes every value of the parameter `name`: none of them where one is not `fit`, or there are more than
    /// `most`; that is noted as bad. `takes` says what it does take.
    pub fn take_all(
        &mut self,
        name: &str,
        most: usize,
        takes: impl Fn() -> Takes,
        fit: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let given = self.given(name);
        if given.len() > most || !given.iter().all(|value| fit(value)) {
            self.note(BadParameter { parameter: name.into(), takes: takes() });
            return Vec::new();
        }
        given.into_iter().map(Cow::into_owned).collect()
    }

    /// Notes what is bad about a parameter that was taken.
    pub fn note(&mut self, bad: BadParameter) {
        self.bad.push(bad);
    }

    /// Takes the parameter `name`: `default` where it is absent, given twice, or not understood by
    /// `parse`; the last two are noted as bad. `takes` says what it does take.
    pub fn take<T>(
        &mut self,
        name: &str,
        default: T,
        takes: impl Fn() -> Takes,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let given = self.given(name);
        let parsed = match given.as_slice() {
            [] => return default,
            [one] => parse(one),
            _ => None,
        };
        parsed.unwrap_or_else(|| {
            let takes = if given.len() > 1 { Takes::Once(Box::new(takes())) } else { takes() };
            self.bad.push(BadParameter { parameter: name.into(), takes });
            default
        })
    }

    /// Takes the search text `q`.
    pub fn take_search(&mut self) -> String {
        self.take(
            "q",
            String::new(),
            || Takes::Characters(LONGEST_SEARCH),
            |text| (text.chars().count() <= LONGEST_SEARCH).then(|| text.to_owned()),
        )
    }

    /// What was bad, and what nobody took.
    pub fn finish(mut self) -> Vec<BadParameter> {
        for (name, _) in self.pairs {
            self.bad.push(BadParameter { parameter: name.into_owned(), takes: Takes::Nothing });
        }
        self.bad
    }
}

/// How many there are, and whether that is exact or a lower bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// The number.
    pub value: u64,
    /// False where there may be more.
    pub exact: bool,
}

/// Text as it is searched: case does not count. Character by character, so that a part of a text
/// folds to a part of the folded text; and the one character that Postgres cannot hold is shown by
/// its picture, as the recorder stores it.
pub fn fold(text: &str) -> String {
    text.chars().map(printable).flat_map(char::to_lowercase).collect()
}

/// U+0000 as U+2400: Postgres cannot hold the one, and an audit log refuses nothing for that reason.
pub const fn printable(c: char) -> char {
    if c == '\0' { '\u{2400}' } else { c }
}
