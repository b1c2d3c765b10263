//! Time zones: their names, and how far their clocks are from UTC when.
//!
//! The rules of a zone come from the server, with the page, for the browser's own are not always the same and not
//! always there: so both halves write an instant alike, and no zone's rules are in the module.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::ui::time::rfc3339;

/// The name of a time zone, as IANA has it: `America/Sao_Paulo`. Whether there is such a zone, the server knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

/// What is no zone's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("takes a zone's name, like America/Sao_Paulo")]
pub struct NoZone;

impl ZoneName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The place in it, as people read it: `Sao Paulo`.
    pub fn place(&self) -> String {
        self.0.rsplit('/').next().unwrap_or_default().replace('_', " ")
    }
}

impl Default for ZoneName {
    fn default() -> Self {
        Self("UTC".into())
    }
}

impl std::str::FromStr for ZoneName {
    type Err = NoZone;

    fn from_str(text: &str) -> Result<Self, NoZone> {
        let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'+' | b'-' | b'/');
        if (1..=64).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoZone)
        }
    }
}

impl TryFrom<String> for ZoneName {
    type Error = NoZone;

    fn try_from(text: String) -> Result<Self, NoZone> {
        text.parse()
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.0
    }
}

/// How far a zone's clocks are from UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Zone {
    /// Its name.
    pub name: ZoneName,
    /// From which second since 1970 on they are how many seconds ahead of UTC; the first holds for all time
    /// before, too. Empty for UTC.
    pub offsets: Vec<(i64, i32)>,
}

impl Zone {
    /// How many seconds the zone's clocks are ahead of UTC at `at`.
    pub fn offset(&self, at: DateTime<Utc>) -> i32 {
        let next = self.offsets.partition_point(|(since, _)| *since <= at.timestamp());
        self.offsets.get(next.saturating_sub(1)).map_or(0, |(_, offset)| *offset)
    }

    /// What the zone's clocks show at `at`.
    pub fn clock(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let ahead = TimeDelta::seconds(self.offset(at).into());
        at.naive_utc().checked_add_signed(ahead).unwrap_or_else(|| at.naive_utc())
    }

    /// When the zone's clocks show `clock`: the first time, where they show it twice; where they jump over it, the
    /// moment of the jump.
    pub fn instant(&self, clock: NaiveDateTime) -> DateTime<Utc> {
        let naive = clock.and_utc().timestamp();
        let mut stretches = self.offsets.iter().enumerate();
        let found = stretches.find_map(|(nth, (since, offset))| {
            let start = if nth == 0 { i64::MIN } else { *since };
            let end = self.offsets.get(nth + 1).map_or(i64::MAX, |(next, _)| *next);
            let at = naive - i64::from(*offset);
            // Jumped over: it would have been before this stretch, and after the one before.
            (at < end).then(|| at.max(start))
        });
        let at = found.unwrap_or(naive);
        if at == naive && self.offsets.is_empty() {
            return clock.and_utc();
        }
        let part = TimeDelta::nanoseconds(clock.and_utc().timestamp_subsec_nanos().into());
        let whole = DateTime::from_timestamp(at, 0).unwrap_or_else(|| clock.and_utc());
        // A clock that was jumped over has no part of a second.
        let jumped = self.clock(whole) != clock - part;
        if jumped { whole } else { whole + part }
    }

    /// When the day `day` begins in the zone. Where clocks jump at midnight, that is not midnight.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        self.instant(day.and_time(chrono::NaiveTime::MIN))
    }

    /// What the zone's clocks show at `at`, as RFC 3339 has it: `2026-03-12T11:22:31.006412-03:00`; in UTC with a `Z`.
    pub fn stamp(&self, at: DateTime<Utc>) -> String {
        if self.offsets.is_empty() {
            return rfc3339(at);
        }
        let clock = rfc3339(self.clock(at).and_utc());
        let offset = self.offset(at);
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        format!("{}{sign}{:02}:{:02}", clock.trim_end_matches('Z'), minutes / 60, minutes % 60)
    }

    /// `UTC`, or how far it is from that at `at`: `UTC−03:00`.
    pub fn label(&self, at: DateTime<Utc>) -> String {
        let offset = self.offset(at);
        if offset == 0 {
            return "UTC".into();
        }
        let (sign, minutes) = (if offset < 0 { '−' } else { '+' }, offset.abs() / 60);
        format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lisbon() -> Zone {
        // 2026: summer begins 29 March 01:00 UTC, ends 25 October 01:00 UTC.
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
        Zone {
            name: "Europe/Lisbon".parse().unwrap(),
            offsets: vec![
                (at("2025-10-26T01:00:00Z"), 0),
                (at("2026-03-29T01:00:00Z"), 3600),
                (at("2026-10-25T01:00:00Z"), 0),
            ],
        }
    }

    #[test]
    fn clocks_follow_the_zones_rules() {
        let zone = lisbon();
        let shown = |text: &str| zone.clock(text.parse().unwrap()).to_string();
        assert_eq!(shown("2026-03-29T00:59:59Z"), "2026-03-29 00:59:59");
        assert_eq!(shown("2026-03-29T01:00:00Z"), "2026-03-29 02:00:00");
        assert_eq!(shown("1999-07-01T00:00:00Z"), "1999-07-01 00:00:00");
        assert_eq!(zone.label("2026-06-01T00:00:00Z".parse().unwrap()), "UTC+01:00");
        assert_eq!(
            Zone::default().clock("2026-06-01T00:00:00Z".parse().unwrap()).to_string(),
            "2026-06-01 00:00:00"
        );
    }

    #[test]
    fn a_clock_that_is_shown_twice_is_the_first_and_one_that_is_never_shown_is_the_jump() {
        let zone = lisbon();
        let at = |text: &str| zone.instant(text.parse().unwrap()).to_string();
        assert_eq!(at("2026-03-29T00:30:00"), "2026-03-29 00:30:00 UTC");
        assert_eq!(at("2026-03-29T01:30:00.5"), "2026-03-29 01:00:00 UTC");
        assert_eq!(at("2026-03-29T02:30:00.5"), "2026-03-29 01:30:00.500 UTC");
        assert_eq!(at("2026-10-25T01:30:00"), "2026-10-25 00:30:00 UTC");
        assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25 02:30:00 UTC");
        assert_eq!(at("2020-01-01T00:00:00"), "2020-01-01 00:00:00 UTC");
    }

    #[test]
    fn days_of_the_change_have_23_and_25_hours() {
        let zone = lisbon();
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let hours = |from: NaiveDate| {
            (zone.start_of(from.succ_opt().unwrap()) - zone.start_of(from)).num_hours()
        };
        assert_eq!((hours(day(3, 28)), hours(day(3, 29)), hours(day(10, 25))), (24, 23, 25));
    }

    #[test]
    fn a_name_is_of_few_letters_and_shows_its_place() {
        assert_eq!("America/Sao_Paulo".parse::<ZoneName>().unwrap().place(), "Sao Paulo");
        for bad in ["", "../etc", "a b", "Ä"] {
            assert!(bad.parse::<ZoneName>().is_err(), "{bad}");
        }
    }
}
