//! What the screen says, in each language it speaks. One word or sentence is one function, with its texts side by
//! side: one that lacks a language does not compile, and neither does one that lacks a value another has.
//!
//! The words of each part of the screen stand in a file of that part. What people recorded is never translated.
//! docs/languages.md says more.

mod common;
mod completion;
mod customer;
mod export;
mod fragment;
mod layout;
mod log;
mod operation;
mod query;
mod session;
#[cfg(test)]
mod tests;
mod ui;
mod views;

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

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

impl Language {
    /// Whether so many of something are said as one is (by CLDR's rules: in Portuguese, nothing is, too).
    const fn is_one(self, count: u64) -> bool {
        match self {
            Self::Portuguese => count <= 1,
            Self::English | Self::Spanish => count == 1,
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

/// `pattern` with the values of these names in their places.
///
/// Each pattern as a `format!` of its own would weigh three times as much in the module.
fn fill(pattern: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
    let mut text = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or_default();
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            let _infallible = write!(text, "{value}");
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Stands in a sentence for something that is no text: a field, or what is set off from the rest.
pub const HERE: char = '\u{fffc}';

/// What stands before and after [`HERE`] in a sentence.
pub fn around(sentence: &str) -> (String, String) {
    let (before, after) = sentence.split_once(HERE).unwrap_or((sentence, ""));
    (before.to_owned(), after.to_owned())
}

/// Makes functions of [`Language`] of words: `name: "English", "português", "español";`, with values
/// `name(first, last): "{first} to {last}", …;`, and for one or more of something, whose number is written as the
/// language does, `name[count]: "{count} row" | "{count} rows", …;`.
macro_rules! words {
    ($(
        $name:ident $([$count:ident])? $(($($value:ident),+))?:
        $en:literal $(| $ens:literal)?, $pt:literal $(| $pts:literal)?, $es:literal $(| $ess:literal)?;
    )*) => {
        impl $crate::words::Language {
            $($crate::words::words!(
                @one $name $([$count])? $(($($value),+))?
                $en $(| $ens)?, $pt $(| $pts)?, $es $(| $ess)?
            );)*
        }

        /// All of it, by name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &[&str])] =
            &[$((stringify!($name), &[$en, $($ens,)? $pt, $($pts,)? $es $(, $ess)?])),*];
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
            // Never run: with it, a text that names another value does not compile.
            let _ = || [format!($en), format!($pt), format!($es)];
            let pattern = match self {
                Self::English => $en,
                Self::Portuguese => $pt,
                Self::Spanish => $es,
            };
            $crate::words::fill(pattern, &[$((stringify!($value), &$value)),+])
        }
    };
    (
        @one $name:ident [$count:ident] $(($($value:ident),+))?
        $en:literal | $ens:literal, $pt:literal | $pts:literal, $es:literal | $ess:literal
    ) => {
        #[doc = concat!("“", $ens, "”")]
        pub fn $name(self, $count: u64 $($(, $value: impl std::fmt::Display)+)?) -> String {
            let [one, more] = match self {
                Self::English => [$en, $ens],
                Self::Portuguese => [$pt, $pts],
                Self::Spanish => [$es, $ess],
            };
            let pattern = if self.is_one($count) { one } else { more };
            let $count = $crate::ui::number::grouped($count, self);
            let _ = || [format!($en), format!($ens), format!($pt), format!($pts), format!($es), format!($ess)];
            $crate::words::fill(
                pattern,
                &[(stringify!($count), &$count) $($(, (stringify!($value), &$value))+)?],
            )
        }
    };
}
use words;
