//! Amounts of money: whole minor units of a currency.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ui::number::{grouped, marks},
    words::Language,
};

/// The largest amount of one operation, in minor units. Some 90,000 of them fit into a balance.
pub const LARGEST: i64 = 100_000_000_000_000;

/// The currencies that accounts are kept in (ISO 4217).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Brazilian real
    Brl,
    /// Euro
    #[default]
    Eur,
    /// Pound sterling
    Gbp,
    /// Yen
    Jpy,
    /// US dollar
    Usd,
}

impl Currency {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Brl, Self::Eur, Self::Gbp, Self::Jpy, Self::Usd];

    /// The three letters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Brl => "BRL",
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Jpy => "JPY",
            Self::Usd => "USD",
        }
    }

    /// How many decimal places the minor unit is away.
    const fn places(self) -> u32 {
        match self {
            Self::Jpy => 0,
            _ => 2,
        }
    }

    /// An amount that a person would type, as an example.
    pub const fn example(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Jpy, _) => "1250",
            (_, Language::English) => "1250.00",
            (_, Language::Portuguese | Language::Spanish) => "1250,00",
        }
    }

    /// Reads what a person typed in their language, or what [`Self::typed`] wrote, which reads the same in all:
    /// digits, perhaps in groups of three, and the minor units behind a point or a comma. Nothing can be meant as
    /// the one and taken for the other, for no currency has three decimals.
    ///
    /// # Errors
    /// [`BadAmount`], which says what would be taken.
    pub fn parse(self, text: &str, language: Language) -> Result<i64, BadAmount> {
        let text = text.trim();
        let (group, point) = marks(language);
        let amount = self.minor(text, group, point).or_else(|| self.minor(text, '\0', '.'));
        amount.filter(|minor| *minor <= LARGEST).ok_or(BadAmount { currency: self })
    }

    fn minor(self, text: &str, group: char, point: char) -> Option<i64> {
        let (whole, part) = text.split_once(point).unwrap_or((text, ""));
        let grouped_well = whole.split(group).enumerate().all(|(nth, digits)| {
            let fits = if nth == 0 { (1..=3).contains(&digits.len()) } else { digits.len() == 3 };
            fits || !whole.contains(group)
        });
        let whole = whole.replace(group, "");
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let places = self.places() as usize;
        if !grouped_well
            || whole.is_empty()
            || !digits(&whole)
            || !digits(part)
            || part.len() > places
            || text.ends_with(point)
        {
            return None;
        }
        format!("{whole}{part:0<places$}").parse().ok()
    }

    /// Its sign, and how many whole units it is; and the digits of the rest, where there can be one.
    fn split(self, minor: i64) -> (&'static str, u64, String) {
        let sign = if minor < 0 { "−" } else { "" };
        let unit = 10_u64.pow(self.places());
        let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        let places = self.places() as usize;
        (sign, whole, if places == 0 { String::new() } else { format!("{part:0places$}") })
    }

    /// An amount as people read it: `1,250.00`, or `1.250,00`.
    pub fn shown(self, minor: i64, language: Language) -> String {
        let (sign, whole, part) = self.split(minor);
        let whole = grouped(whole, language);
        let point = marks(language).1;
        if part.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}{point}{part}")
        }
    }

    /// An amount with its currency: `1,250.00 EUR`.
    pub fn with_code(self, minor: i64, language: Language) -> String {
        format!("{} {self}", self.shown(minor, language))
    }

    /// An amount with its currency as logs have it, whoever reads them: `1,250.00 EUR`.
    pub fn recorded(self, minor: i64) -> String {
        self.with_code(minor, Language::English)
    }

    /// An amount as a field of a form has it, in every language: `1250.00`.
    pub fn typed(self, minor: i64) -> String {
        let (sign, whole, part) = self.split(minor);
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The text is no amount of this currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.in_words(Language::English))]
pub struct BadAmount {
    currency: Currency,
}

impl BadAmount {
    /// What would be taken.
    pub fn in_words(self, language: Language) -> String {
        language
            .write_amount(self.currency.example(language), self.currency.shown(LARGEST, language))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, minor) in
            [("1250", 125_000), ("1,250.5", 125_050), (" 0.01 ", 1), ("1,000,000.00", 100_000_000)]
        {
            assert_eq!(Currency::Eur.parse(text, Language::English), Ok(minor), "{text}");
        }
        for (text, minor) in [
            ("1250", 125_000),
            ("1.250,5", 125_050),
            ("1.250", 125_000),
            ("1250,00", 125_000),
            ("1250.00", 125_000),
            ("0,01", 1),
        ] {
            assert_eq!(Currency::Eur.parse(text, Language::Portuguese), Ok(minor), "{text}");
        }
        for bad in ["1,250", "1,250.00", "1,234", "12.50,00", "1250,", "1.25,1", "1.2345"] {
            assert!(Currency::Eur.parse(bad, Language::Spanish).is_err(), "{bad}");
        }
        assert_eq!(Currency::Jpy.parse("1250", Language::English), Ok(1250));
        for bad in
            ["", "-1", "1.250,00", "1.234", "1,25", "1e3", ".5", "5.", "٣", "99999999999999999999"]
        {
            assert!(Currency::Eur.parse(bad, Language::English).is_err(), "{bad}");
        }
        assert!(Currency::Jpy.parse("1.5", Language::English).is_err());
    }

    #[test]
    fn amounts_are_shown_in_groups_with_their_minor_units() {
        for (currency, minor, texts) in [
            (Currency::Usd, -125_000_001, ["−1,250,000.01", "−1.250.000,01", "−1.250.000,01"]),
            (Currency::Eur, 125_005, ["1,250.05", "1.250,05", "1250,05"]),
            (Currency::Jpy, 12_500, ["12,500", "12.500", "12.500"]),
        ] {
            assert_eq!(Language::ALL.map(|language| currency.shown(minor, language)), texts);
        }
        assert_eq!(Currency::Usd.typed(125_000_001), "1250000.01");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_the_same(minor in 0..=LARGEST, currency in 0..5_usize) {
            let currency = Currency::ALL[currency];
            for language in Language::ALL {
                prop_assert_eq!(currency.parse(&currency.shown(minor, language), language), Ok(minor));
                prop_assert_eq!(currency.parse(&currency.typed(minor), language), Ok(minor));
            }
        }
    }
}
