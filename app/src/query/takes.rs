//! What parameters take, and those that were not taken: said to readers in their language, to programs in English.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{log::language::Wrong, ui::number::grouped, words::Language};

/// A parameter that was not taken, and what it would take instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{parameter}: takes {takes}")]
pub struct BadParameter {
    /// Its name, as it was sent.
    pub parameter: String,
    /// What may stand there.
    pub takes: Takes,
}

/// What a parameter takes. It travels as text: whoever sends it to a reader says it in their language first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Takes {
    /// One of these names.
    OneOf(Vec<&'static str>),
    /// Some of these names.
    SomeOf(Vec<&'static str>),
    /// A whole number from 1.
    WholeNumber,
    /// One of the sizes of a page.
    PerPage,
    /// The number of an entry.
    EntryNumber,
    /// A text of so many characters at most.
    Characters(usize),
    /// A text of one to so many characters.
    SomeCharacters(usize),
    /// A text of so many bytes at most.
    Bytes(usize),
    /// Texts of so many bytes at most, and so many of them.
    Values(usize, usize),
    /// A moment.
    Moment,
    /// The name of a time zone.
    Zone,
    /// What the dialog of exports shows.
    Export,
    /// The id of an export.
    ExportId,
    /// A column that can be filtered by.
    Field,
    /// A text in the search language: this part of it is wrong.
    Search(String, Wrong),
    /// Nothing: there is no such parameter.
    Nothing,
    /// Nothing: it asks of a column that is not shown to whoever asks.
    NotShown,
    /// No words: nothing that they could be found in is shown to whoever asks.
    NoWords,
    /// That, but a single time.
    Once(Box<Self>),
    /// Something that was said already.
    Said(String),
}

impl Takes {
    /// To be read after "takes".
    pub fn in_words(&self, say: Language) -> String {
        let number = |number: &usize| grouped(*number as u64, say);
        match self {
            Self::OneOf(names) => say.takes_one_of(names.join(", ")),
            Self::SomeOf(names) => say.takes_some_of(names.join(", ")),
            Self::PerPage => say.takes_per_page().to_owned(),
            Self::WholeNumber => say.takes_whole_number().to_owned(),
            Self::EntryNumber => say.takes_entry().to_owned(),
            Self::Characters(most) => say.takes_characters(number(most)),
            Self::SomeCharacters(most) => say.takes_some_characters(number(most)),
            Self::Bytes(most) => say.takes_bytes(number(most)),
            Self::Values(bytes, most) => say.takes_values(number(bytes), number(most)),
            Self::Moment => say.takes_moment().to_owned(),
            Self::Zone => say.takes_zone().to_owned(),
            Self::Export => say.takes_export().to_owned(),
            Self::ExportId => say.takes_export_id().to_owned(),
            Self::Field => say.takes_field().to_owned(),
            Self::Search(part, wrong) => say.takes_search(part, wrong.in_words(say)),
            Self::Nothing => say.takes_nothing().to_owned(),
            Self::NotShown => say.takes_not_shown().to_owned(),
            Self::NoWords => say.takes_no_words().to_owned(),
            Self::Once(takes) => say.takes_once(takes.in_words(say)),
            Self::Said(text) => text.clone(),
        }
    }
}

/// In English, which the API speaks.
impl fmt::Display for Takes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_words(Language::English))
    }
}

impl From<String> for Takes {
    fn from(text: String) -> Self {
        Self::Said(text)
    }
}

impl From<Takes> for String {
    fn from(takes: Takes) -> Self {
        takes.in_words(Language::English)
    }
}

impl BadParameter {
    /// The same, said in a language.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub(crate) fn said(self, language: Language) -> Self {
        Self { takes: Takes::Said(self.takes.in_words(language)), ..self }
    }
}
