//! Filters: what the columns of an entry must hold, or must not.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::LogColumn;
use crate::query::{Column, Parameters, Takes, fold};

/// The most values that filters name together.
pub const MOST_VALUES: usize = 100;
/// The longest value, in bytes: as much as the longest column takes.
pub const LONGEST_VALUE: usize = 2_000;

/// A column that can be filtered by: all but Created At, which has a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// User.
    User,
    /// Action.
    Action,
    /// Related Operation.
    RelatedOperation,
    /// Impacted Table.
    ImpactedTable,
    /// Source.
    Source,
    /// App Instance.
    AppInstance,
    /// Request Path.
    RequestPath,
}

impl Field {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 7] = [
        Self::User,
        Self::Action,
        Self::RelatedOperation,
        Self::ImpactedTable,
        Self::Source,
        Self::AppInstance,
        Self::RequestPath,
    ];

    /// The field of a column; nothing for Created At.
    pub fn of(column: LogColumn) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.column() == column)
    }

    /// Its column.
    pub const fn column(self) -> LogColumn {
        match self {
            Self::User => LogColumn::User,
            Self::Action => LogColumn::Action,
            Self::RelatedOperation => LogColumn::RelatedOperation,
            Self::ImpactedTable => LogColumn::ImpactedTable,
            Self::Source => LogColumn::Source,
            Self::AppInstance => LogColumn::AppInstance,
            Self::RequestPath => LogColumn::RequestPath,
        }
    }

    /// As it stands in a URL, in JSON and in CSV.
    pub fn name(self) -> &'static str {
        self.column().name()
    }

    /// Whether it has few values beside the number of entries, so that they can be listed, counted, and searched
    /// for a part of them. The other two are as many as there are operations and requests.
    pub const fn has_few_values(self) -> bool {
        !matches!(self, Self::RelatedOperation | Self::RequestPath)
    }
}

/// What a value must be like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// Exactly this.
    Is(String),
    /// Has this as a part; case does not count. For fields with few values.
    Has(String),
    /// Begins with exactly this. For the fields with many values.
    Begins(String),
}

impl Pattern {
    /// What a word means where nothing is said of how it is meant: a part of a value for fields with few, the
    /// value itself for the others.
    pub fn loosely(field: Field, word: String) -> Self {
        if field.has_few_values() { Self::Has(word) } else { Self::Is(word) }
    }

    /// The text that is looked for.
    pub fn text(&self) -> &str {
        match self {
            Self::Is(text) | Self::Has(text) | Self::Begins(text) => text,
        }
    }

    /// Whether `value` is like it.
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Self::Is(text) => value == text,
            Self::Has(part) => fold(value).contains(&fold(part)),
            Self::Begins(start) => value.starts_with(start.as_str()),
        }
    }

    /// What stands behind the field's name in a URL.
    const fn suffix(&self) -> &'static str {
        match self {
            Self::Is(_) => "",
            Self::Has(_) => ".has",
            Self::Begins(_) => ".begins",
        }
    }
}

/// One condition: a field holds, or does not hold, something like a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filter {
    /// The field.
    pub field: Field,
    /// Whether entries that are like it are left out.
    pub not: bool,
    /// What it is like.
    pub pattern: Pattern,
}

impl Filter {
    /// Entries whose `field` is exactly `value`.
    pub fn is(field: Field, value: impl Into<String>) -> Self {
        Self { field, not: false, pattern: Pattern::Is(value.into()) }
    }

    /// The same the other way round.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.not = !self.not;
        self
    }

    /// The parameter's name in a URL.
    pub fn parameter(&self) -> String {
        let not = if self.not { "not." } else { "" };
        format!("{not}{}{}", self.field.name(), self.pattern.suffix())
    }
}

/// All filters of a question. An entry passes where each field is like one of the patterns that it must be like,
/// if it has any, and like none of those that it must not be like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Filters(BTreeSet<Filter>);

impl Filters {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each one, field by field.
    pub fn iter(&self) -> impl Iterator<Item = &Filter> {
        self.0.iter()
    }

    /// Adds one. Its reverse goes, for the two together find nothing; and so does what is one too many.
    pub fn add(&mut self, filter: Filter) {
        self.0.remove(&filter.clone().reversed());
        if self.0.len() < MOST_VALUES {
            self.0.insert(filter);
        }
    }

    /// The same with `filter`.
    #[must_use]
    pub fn with(&self, filter: Filter) -> Self {
        let mut filters = self.clone();
        filters.add(filter);
        filters
    }

    /// The same without `filter`.
    #[must_use]
    pub fn without(&self, filter: &Filter) -> Self {
        let mut filters = self.clone();
        filters.0.remove(filter);
        filters
    }

    /// The same without what is asked of `field`.
    #[must_use]
    pub fn without_field(&self, field: Field) -> Self {
        Self(self.0.iter().filter(|filter| filter.field != field).cloned().collect())
    }

    /// What is asked of one field: what it must be like one of, and none of.
    pub fn of(&self, field: Field) -> Asked<'_> {
        let mut asked = Asked::default();
        for filter in self.0.iter().filter(|filter| filter.field == field) {
            if filter.not { &mut asked.none_of } else { &mut asked.one_of }.push(&filter.pattern);
        }
        asked
    }

    /// The fields that something is asked of.
    pub fn fields(&self) -> BTreeSet<Field> {
        self.0.iter().map(|filter| filter.field).collect()
    }

    /// Reads `user=`, `user.has=`, `not.user=` and so on.
    pub fn take(parameters: &mut Parameters<'_>) -> Self {
        let mut filters = Self::default();
        for field in Field::ALL {
            for not in [false, true] {
                let kinds: [fn(String) -> Pattern; 2] = if field.has_few_values() {
                    [Pattern::Is, Pattern::Has]
                } else {
                    [Pattern::Is, Pattern::Begins]
                };
                for kind in kinds {
                    let empty = Filter { field, not, pattern: kind(String::new()) };
                    for value in parameters.take_all(
                        &empty.parameter(),
                        MOST_VALUES,
                        || Takes::Values(LONGEST_VALUE, MOST_VALUES),
                        |value| value.len() <= LONGEST_VALUE,
                    ) {
                        filters.add(Filter { field, not, pattern: kind(value) });
                    }
                }
            }
        }
        filters
    }

    /// Says itself to `pairs`.
    pub fn put(&self, pairs: &mut Vec<(String, String)>) {
        for filter in &self.0 {
            pairs.push((filter.parameter(), filter.pattern.text().to_owned()));
        }
    }

    /// Whether an entry with these values passes. What the store does by sets and by SQL, said once in words that
    /// tests hold both to.
    pub fn pass(&self, value: impl Fn(Field) -> Option<String>) -> bool {
        let mut wanted = BTreeMap::<Field, bool>::new();
        for filter in &self.0 {
            let like = value(filter.field).is_some_and(|value| filter.pattern.matches(&value));
            if filter.not {
                if like {
                    return false;
                }
            } else {
                *wanted.entry(filter.field).or_default() |= like;
            }
        }
        wanted.values().all(|like| *like)
    }
}

impl FromIterator<Filter> for Filters {
    fn from_iter<I: IntoIterator<Item = Filter>>(filters: I) -> Self {
        let mut all = Self::default();
        for filter in filters {
            all.add(filter);
        }
        all
    }
}

/// What is asked of a field.
#[derive(Debug, Default)]
pub struct Asked<'f> {
    /// It must be like one of these; like anything where there are none.
    pub one_of: Vec<&'f Pattern>,
    /// It must be like none of these.
    pub none_of: Vec<&'f Pattern>,
}

impl Asked<'_> {
    /// Whether `value` is what is asked for.
    pub fn pass(&self, value: &str) -> bool {
        (self.one_of.is_empty() || self.one_of.iter().any(|pattern| pattern.matches(value)))
            && !self.none_of.iter().any(|pattern| pattern.matches(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(text: &str) -> Filters {
        let mut parameters = Parameters::read(text);
        let filters = Filters::take(&mut parameters);
        assert_eq!(parameters.finish(), []);
        filters
    }

    #[test]
    fn several_values_of_one_field_are_either_and_several_fields_are_both() {
        let asked = filters("user=Ana&user.has=settle&source=UI&not.impacted_table=sessions");
        let passes = |user: &str, source: &str, table: &str| {
            asked.pass(|field| match field {
                Field::User => Some(user.into()),
                Field::Source => Some(source.into()),
                Field::ImpactedTable => Some(table.into()),
                _ => None,
            })
        };
        assert!(passes("Ana", "UI", "cards"));
        assert!(passes("The Settlement", "UI", "cards"));
        assert!(!passes("ana", "UI", "cards"));
        assert!(!passes("Ana", "API", "cards"));
        assert!(!passes("Ana", "UI", "sessions"));
    }

    #[test]
    fn a_filter_takes_the_place_of_its_reverse() {
        let filter = Filter::is(Field::User, "Ana");
        let both = Filters::default().with(filter.clone()).with(filter.clone().reversed());
        assert_eq!(both.iter().collect::<Vec<_>>(), [&filter.clone().reversed()]);
        assert!(both.without(&filter.reversed()).is_empty());
    }

    #[test]
    fn what_is_one_too_many_or_too_long_is_named() {
        for text in [
            vec!["user=x"; MOST_VALUES + 1].join("&"),
            format!("not.request_path.begins={}", "x".repeat(LONGEST_VALUE + 1)),
        ] {
            let mut parameters = Parameters::read(&text);
            assert!(Filters::take(&mut parameters).is_empty());
            assert_eq!(parameters.finish().len(), 1, "{text}");
        }
    }
}
