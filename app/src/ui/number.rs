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

/// `211 MB`: a number of bytes, to three digits at most.
#[cfg(feature = "ssr")]
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    let (mut whole, mut unit) = (number as f64, 0);
    // What would be written as a thousand is one of the next.
    while whole >= 999.5 && unit + 1 < UNITS.len() {
        whole /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0 && whole < 9.95);
    format!("{whole:.digits$} {}", UNITS[unit])
}

/// `1 min 20 s`: a number of seconds, in its two largest parts.
#[cfg(feature = "ssr")]
pub fn seconds(number: u64) -> String {
    match (number / 3600, number / 60 % 60, number % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_as_exact_as_anybody_reads_them() {
        for (number, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (9_960, "10 kB"),
            (999_499, "999 kB"),
            (999_600, "1.0 MB"),
            (211_400_000, "211 MB"),
            (3_200_000_000, "3.2 GB"),
        ] {
            assert_eq!(bytes(number), text);
        }
        for (number, text) in
            [(9, "9 s"), (60, "1 min"), (80, "1 min 20 s"), (3_600, "1 h"), (4_830, "1 h 20 min")]
        {
            assert_eq!(seconds(number), text);
        }
    }

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
