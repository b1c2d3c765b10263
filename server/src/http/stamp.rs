//! Instants as the API and the exports write them.

use app::ui::time::rfc3339;
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use serde::{Serialize, Serializer};

/// An instant that is written as RFC 3339, in UTC, to the microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(pub DateTime<Utc>);

impl Stamp {
    /// Calls `write` with the text. The same as [`rfc3339`], without its allocations: an export has millions
    /// of them.
    pub fn with<T>(self, write: impl FnOnce(&str) -> T) -> T {
        let at = self.0;
        let Ok(year @ 0..=9999) = u32::try_from(at.year()) else { return write(&rfc3339(at)) };
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let microseconds = at.nanosecond() / 1000 % 1_000_000;
        for (place, digits, number) in [
            (0, 4, year),
            (5, 2, at.month()),
            (8, 2, at.day()),
            (11, 2, at.hour()),
            (14, 2, at.minute()),
            (17, 2, at.second()),
            (20, 6, microseconds),
        ] {
            put(&mut text[place..place + digits], number);
        }
        write(str::from_utf8(&text).unwrap_or_default())
    }
}

/// Writes `number` to the end of `digits`, which are zeros.
fn put(digits: &mut [u8], mut number: u32) {
    for digit in digits.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with(|text| serializer.serialize_str(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_everywhere_else() {
        for microseconds in [
            0,
            1,
            -1,
            1_773_325_351_006_412,
            951_868_799_999_999,
            -62_167_219_200_000_000,
            -62_167_219_200_000_001,
            253_402_300_799_999_999,
            253_402_300_800_000_000,
        ] {
            let at = DateTime::from_timestamp_micros(microseconds).unwrap();
            assert_eq!(Stamp(at).with(str::to_owned), rfc3339(at));
        }
    }
}
