//! What the screen says, in each language it speaks. One word or sentence is one function, with its texts side by
//! side: one that lacks a language does not compile, and neither does one that lacks a value another has.
//!
//! The words of each part of the screen stand in a file of that part. What people recorded is never translated.

mod common;
mod completion;
mod export;
mod layout;
mod views;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that the screen speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Portuguese, as in Brazil.
    #[serde(rename = "pt-BR")]
    Portuguese,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::Portuguese, Self::Spanish];

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Portuguese => "pt-BR",
            Self::Spanish => "es",
        }
    }

    /// Its name, in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Portuguese => "Português (Brasil)",
            Self::Spanish => "Español",
        }
    }
}

/// There is no such language here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a language that the screen speaks")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL.into_iter().find(|language| language.tag() == tag).ok_or(UnknownLanguage)
    }
}

/// Makes functions of [`Language`] of words: `name: "English", "português", "español";`, and with values
/// `name(first, last): "{first} to {last}", …;`.
macro_rules! words {
    ($($name:ident $(($($value:ident),+))?: $en:literal, $pt:literal, $es:literal;)*) => {
        impl $crate::words::Language {
            $($crate::words::words!(@one $name $(($($value),+))? $en, $pt, $es);)*
        }

        /// All of it, by name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, [&str; 3])] = &[$((stringify!($name), [$en, $pt, $es])),*];
    };
    (@one $name:ident $en:literal, $pt:literal, $es:literal) => {
        #[doc = concat!("“", $en, "”")]
        pub const fn $name(self) -> &'static str {
            match self {
                Self::English => $en,
                Self::Portuguese => $pt,
                Self::Spanish => $es,
            }
        }
    };
    (@one $name:ident ($($value:ident),+) $en:literal, $pt:literal, $es:literal) => {
        #[doc = concat!("“", $en, "”")]
        pub fn $name(self, $($value: impl std::fmt::Display),+) -> String {
            match self {
                Self::English => format!($en),
                Self::Portuguese => format!($pt),
                Self::Spanish => format!($es),
            }
        }
    };
}
use words;

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::{Language, common, completion, export, layout, views};

    /// The words of every part.
    fn all() -> impl Iterator<Item = &'static (&'static str, [&'static str; 3])> {
        [common::ALL, completion::ALL, export::ALL, layout::ALL, views::ALL].into_iter().flatten()
    }

    fn sources(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn every_word_is_there_in_every_language() {
        for (name, texts) in all() {
            assert!(texts.iter().all(|text| !text.trim().is_empty()), "{name}: {texts:?}");
            let values = |text: &str| {
                text.split('{')
                    .skip(1)
                    .map(|rest| rest.split(['}', ':']).next().unwrap_or_default().to_owned())
                    .collect::<BTreeSet<_>>()
            };
            assert!(texts.iter().all(|text| values(text) == values(texts[0])), "{name}: {texts:?}");
        }
    }

    #[test]
    fn every_word_is_said_somewhere() {
        let mut text = String::new();
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        sources(&package.join("src"), &mut text);
        sources(&package.join("../server/src"), &mut text);
        for (name, _) in all() {
            let said =
                text.contains(&format!(".{name}(")) || text.contains(&format!("Language::{name}"));
            assert!(said, "nothing says “{name}”");
        }
    }

    #[test]
    fn languages_go_by_their_tags() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
            let json = serde_json::to_string(&language).unwrap();
            assert_eq!(json, format!("{:?}", language.tag()));
        }
        assert!("pt".parse::<Language>().is_err());
    }
}
