//! Amounts of money: whole minor units of a currency.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ui::number::grouped;

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
    pub const fn example(self) -> &'static str {
        match self {
            Self::Jpy => "1250",
            _ => "1250.00",
        }
    }

    /// Reads what a person typed: digits, perhaps with commas between thousands, and a point before the
    /// minor units.
    ///
    /// # Errors
    /// [`BadAmount`], which says what would be taken.
    pub fn parse(self, text: &str) -> Result<i64, BadAmount> {
        let bad = BadAmount { currency: self };
        let text = text.trim();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let grouped_well = whole.split(',').enumerate().all(|(group, digits)| {
            let fits = if group == 0 { (1..=3).contains(&digits.len()) } else { digits.len() == 3 };
            fits || !whole.contains(',')
        });
        let whole = whole.replace(',', "");
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !grouped_well || whole.is_empty() || !digits(&whole) || !digits(part) {
            return Err(bad);
        }
        let places = self.places() as usize;
        if part.len() > places || (text.ends_with('.')) {
            return Err(bad);
        }
        let minor: i64 = format!("{whole}{part:0<places$}").parse().map_err(|_| bad)?;
        if minor > LARGEST { Err(bad) } else { Ok(minor) }
    }

    /// An amount as people read it: `1,250.00`.
    pub fn shown(self, minor: i64) -> String {
        let sign = if minor < 0 { "−" } else { "" };
        let unit = 10_u64.pow(self.places());
        let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        let places = self.places() as usize;
        let part = if places == 0 { String::new() } else { format!(".{part:0places$}") };
        format!("{sign}{}{part}", grouped(whole))
    }

    /// An amount as a field of a form has it: `1250.00`.
    pub fn typed(self, minor: i64) -> String {
        self.shown(minor).replace(',', "")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The text is no amount of this currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Write an amount such as {}, up to {}.", currency.example(), currency.shown(LARGEST))]
pub struct BadAmount {
    currency: Currency,
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
            assert_eq!(Currency::Eur.parse(text), Ok(minor), "{text}");
        }
        assert_eq!(Currency::Jpy.parse("1250"), Ok(1250));
        for bad in
            ["", "-1", "1.250,00", "1.234", "1,25", "1e3", ".5", "5.", "٣", "99999999999999999999"]
        {
            assert!(Currency::Eur.parse(bad).is_err(), "{bad}");
        }
        assert!(Currency::Jpy.parse("1.5").is_err());
    }

    #[test]
    fn amounts_are_shown_in_groups_with_their_minor_units() {
        assert_eq!(Currency::Usd.shown(-125_000_001), "−1,250,000.01");
        assert_eq!(Currency::Jpy.shown(1_250), "1,250");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_the_same(minor in 0..=LARGEST, currency in 0..5_usize) {
            let currency = Currency::ALL[currency];
            prop_assert_eq!(currency.parse(&currency.shown(minor)), Ok(minor));
            prop_assert_eq!(currency.parse(&currency.typed(minor)), Ok(minor));
        }
    }
}
