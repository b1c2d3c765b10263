//! Numbers as people read them.

use crate::words::Language;

/// What stands between groups of digits, and before the decimals.
pub const fn marks(language: Language) -> (char, char) {
    match language {
        Language::English => (',', '.'),
        Language::Portuguese | Language::Spanish => ('.', ','),
    }
}

/// `1204118` as `1,204,118`, or as `1.204.118`. Spanish leaves numbers of four digits whole.
pub fn grouped(number: u64, language: Language) -> String {
    let digits = number.to_string();
    let shortest = if language == Language::Spanish { 5 } else { 4 };
    if digits.len() < shortest {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(marks(language).0);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three_as_the_language_does() {
        for (number, texts) in [
            (0, ["0", "0", "0"]),
            (999, ["999", "999", "999"]),
            (1000, ["1,000", "1.000", "1000"]),
            (25_000, ["25,000", "25.000", "25.000"]),
            (1_204_118, ["1,204,118", "1.204.118", "1.204.118"]),
        ] {
            assert_eq!(Language::ALL.map(|language| grouped(number, language)), texts);
        }
    }
}
