//! Instants as the API and the exports write them.

use app::{ui::time::rfc3339, zone::Zone};
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

    /// Calls `write` with the text of what `zone`'s clocks show, and how far they are ahead of UTC at that moment.
    /// In UTC the same as [`Self::with`].
    pub fn with_in<T>(self, zone: &Zone, write: impl FnOnce(&str) -> T) -> T {
        if zone.offsets.is_empty() {
            return self.with(write);
        }
        let offset = zone.offset(self.0);
        let clock = Self(zone.clock(self.0).and_utc());
        clock.with(|text| {
            // RFC 3339 has no seconds there, and since 2000 no zone has.
            let minutes = offset.unsigned_abs() / 60;
            let mut ahead = *b"+00:00";
            if offset < 0 {
                ahead[0] = b'-';
            }
            put(&mut ahead[1..3], minutes / 60);
            put(&mut ahead[4..6], minutes % 60);
            let mut whole = [0; 48];
            let clock = text.trim_end_matches('Z').as_bytes();
            let end = clock.len() + ahead.len();
            match whole.get_mut(..end) {
                Some(whole) => {
                    whole[..clock.len()].copy_from_slice(clock);
                    whole[clock.len()..].copy_from_slice(&ahead);
                    write(str::from_utf8(whole).unwrap_or_default())
                }
                // No year is so long.
                None => write(text),
            }
        })
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
    use crate::zones;

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

    #[test]
    fn a_zones_clock_is_written_with_how_far_it_is_ahead_at_that_moment() {
        let written = |zone: &str, at: &str| {
            let zone = zones::zone(&zone.parse().unwrap()).unwrap();
            Stamp(at.parse().unwrap()).with_in(&zone, str::to_owned)
        };
        for (zone, at, shown) in [
            (
                "America/Sao_Paulo",
                "2026-03-12T14:22:31.006412Z",
                "2026-03-12T11:22:31.006412-03:00",
            ),
            ("Europe/Lisbon", "2026-03-29T00:59:59.999999Z", "2026-03-29T00:59:59.999999+00:00"),
            ("Europe/Lisbon", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00.000000+01:00"),
            ("Asia/Kathmandu", "2026-12-31T20:00:00Z", "2027-01-01T01:45:00.000000+05:45"),
            ("America/St_Johns", "2026-01-01T00:00:00Z", "2025-12-31T20:30:00.000000-03:30"),
            ("UTC", "2026-03-12T14:22:31.006412Z", "2026-03-12T14:22:31.006412Z"),
        ] {
            assert_eq!(written(zone, at), shown);
            // What is copied from the screen is the same.
            let zone = zones::zone(&zone.parse().unwrap()).unwrap();
            assert_eq!(zone.stamp(at.parse().unwrap()), shown);
        }
    }
}
