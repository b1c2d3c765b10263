//! Moments, as people name them in a time range: instants, dates, and words that depend on when they are read.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use crate::{query::whole_number, ui::time::rfc3339, zone::Zone};

/// What a moment may be, to be read after "takes".
pub const TAKES: &str = "a date, a date and time, an instant, today, yesterday, month, or how long ago: -15m, -24h, -7d";

/// A unit of time that a moment may be ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`: days of 24 hours.
    Days,
}

impl Unit {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Minutes, "m"), (Self::Hours, "h"), (Self::Days, "d")];

    const fn minutes(self) -> i64 {
        match self {
            Self::Minutes => 1,
            Self::Hours => 60,
            Self::Days => 24 * 60,
        }
    }
}

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An instant, to the microsecond: `2026-03-12T14:22:31Z`.
    Instant(DateTime<Utc>),
    /// What the zone's clocks show: `2026-03-12 14:22`.
    Clock(NaiveDateTime),
    /// A day of the zone: `2026-03-12`.
    Day(NaiveDate),
    /// So long ago: `-7d`.
    Ago(u32, Unit),
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `month`: this one.
    Month,
}

impl Moment {
    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "today" => return Some(Self::Today),
            "yesterday" => return Some(Self::Yesterday),
            "month" => return Some(Self::Month),
            _ => {}
        }
        if let Some(ago) = text.strip_prefix('-') {
            return Unit::ALL.iter().find_map(|(unit, letter)| {
                let number = whole_number(ago.strip_suffix(letter)?)?;
                Some(Self::Ago(u32::try_from(number).ok().filter(|n| *n <= 100_000)?, *unit))
            });
        }
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Some(Self::Day(day)).filter(|_| in_calendar(day.year()));
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            let at = DateTime::from_timestamp_micros(at.timestamp_micros())?;
            return Some(Self::Instant(at)).filter(|_| in_calendar(at.year()));
        }
        let formats =
            ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
        let clock = formats.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())?;
        let whole = clock.and_utc().timestamp_micros();
        let clock = DateTime::from_timestamp_micros(whole)?.naive_utc();
        Some(Self::Clock(clock)).filter(|_| in_calendar(clock.year()))
    }

    /// The instant from which a range goes that begins with it.
    pub fn start(self, now: DateTime<Utc>, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Instant(at) => at,
            Self::Clock(clock) => zone.instant(clock),
            Self::Ago(number, unit) => now - TimeDelta::minutes(i64::from(number) * unit.minutes()),
            Self::Day(_) | Self::Today | Self::Yesterday | Self::Month => {
                zone.start_of(self.days(now, zone).0)
            }
        }
    }

    /// The instant before which a range ends that ends with it: a day is in it whole.
    pub fn end(self, now: DateTime<Utc>, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Instant(_) | Self::Clock(_) | Self::Ago(..) => self.start(now, zone),
            Self::Day(_) | Self::Today | Self::Yesterday | Self::Month => {
                zone.start_of(self.days(now, zone).1)
            }
        }
    }

    const fn depends_on_now(self) -> bool {
        matches!(self, Self::Ago(..) | Self::Today | Self::Yesterday | Self::Month)
    }

    /// Its first day, and the one after its last.
    fn days(self, now: DateTime<Utc>, zone: &Zone) -> (NaiveDate, NaiveDate) {
        let today = zone.clock(now).date();
        let next = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
        match self {
            Self::Day(day) => (day, next(day)),
            Self::Yesterday => (today.checked_sub_days(Days::new(1)).unwrap_or(today), today),
            Self::Month => {
                let first = today.with_day(1).unwrap_or(today);
                (first, first.checked_add_months(Months::new(1)).unwrap_or(first))
            }
            _ => (today, next(today)),
        }
    }
}

/// Years that everything here can write, and that logs can be of.
fn in_calendar(year: i32) -> bool {
    (1970..=9998).contains(&year)
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Instant(at) => {
                let text = rfc3339(*at);
                // Without zeros that say nothing.
                let whole = text.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
                let whole = if whole.len() < 19 { &text[..19] } else { whole };
                write!(f, "{whole}Z")
            }
            Self::Clock(clock) => {
                let text = rfc3339(clock.and_utc());
                let whole = text.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
                let whole = if whole.len() < 19 { &text[..19] } else { whole };
                f.write_str(whole.strip_suffix(":00").filter(|w| w.len() == 16).unwrap_or(whole))
            }
            Self::Day(day) => write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            Self::Ago(number, unit) => {
                let letter = Unit::ALL.iter().find(|(u, _)| u == unit).map_or("", |(_, l)| l);
                write!(f, "-{number}{letter}")
            }
            Self::Today => f.write_str("today"),
            Self::Yesterday => f.write_str("yesterday"),
            Self::Month => f.write_str("month"),
        }
    }
}

/// A stretch of time, half-open: from its first moment up to, and without, its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// Where it begins; nothing for the log's own beginning.
    pub from: Option<Moment>,
    /// Where it ends; nothing for the log's own end. A day is in it whole.
    pub to: Option<Moment>,
}

impl Range {
    /// Whether it is all time.
    pub const fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// The same with instants for ends that depend on when they are read.
    pub fn fixed(&self, now: DateTime<Utc>, zone: &Zone) -> Self {
        let (from, to) = self.instants(now, zone);
        let fix = |end: Option<Moment>, at: Option<DateTime<Utc>>| match (end, at) {
            (Some(end), Some(at)) if end.depends_on_now() => Some(Moment::Instant(at)),
            (end, _) => end,
        };
        Self { from: fix(self.from, from), to: fix(self.to, to) }
    }

    /// Its ends as instants.
    pub fn instants(
        &self,
        now: DateTime<Utc>,
        zone: &Zone,
    ) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (self.from.map(|from| from.start(now, zone)), self.to.map(|to| to.end(now, zone)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(in crate::log) fn any_moment() -> impl Strategy<Value = Moment> {
        let micros = 0..253_000_000_000_000_000_i64;
        let at = micros.prop_map(|m| DateTime::from_timestamp_micros(m).unwrap());
        prop_oneof![
            at.clone().prop_map(Moment::Instant),
            at.clone().prop_map(|at| Moment::Clock(at.naive_utc())),
            at.prop_map(|at| Moment::Day(at.date_naive())),
            (0..=100_000_u32, prop::sample::select(vec![Unit::Minutes, Unit::Hours, Unit::Days]))
                .prop_map(|(number, unit)| Moment::Ago(number, unit)),
            prop::sample::select(vec![Moment::Today, Moment::Yesterday, Moment::Month]),
        ]
    }

    proptest! {
        #[test]
        fn a_moment_reads_back_as_it_was_written(moment in any_moment()) {
            prop_assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
        }

        #[test]
        fn no_text_makes_reading_a_moment_fail(text in "\\PC*") {
            let _ = Moment::parse(&text);
        }
    }

    #[test]
    fn a_range_that_was_fixed_is_the_same_whenever_it_is_read() {
        let zone = Zone::default();
        let now = "2026-03-12T14:22:31Z".parse().unwrap();
        let range =
            |from: &str, to: &str| Range { from: Moment::parse(from), to: Moment::parse(to) };
        let later = "2027-01-01T00:00:00Z".parse().unwrap();
        for given in
            [range("-7d", "today"), range("month", "yesterday"), range("2026-03-01", "-1h")]
        {
            let fixed = given.fixed(now, &zone);
            assert_eq!(fixed.instants(later, &zone), given.instants(now, &zone), "{given:?}");
        }
        let days = range("2026-03-01", "2026-03-12");
        assert_eq!(days.fixed(now, &zone), days);
    }

    #[test]
    fn a_day_is_in_a_range_whole_and_the_next_one_is_not() {
        let zone = Zone::default();
        let now = "2026-03-12T14:22:31Z".parse().unwrap();
        let ends = |text: &str| {
            let moment = Moment::parse(text).unwrap();
            (rfc3339(moment.start(now, &zone)), rfc3339(moment.end(now, &zone)))
        };
        let pair = |a: &str, b: &str| (format!("{a}.000000Z"), format!("{b}.000000Z"));
        assert_eq!(ends("2026-02-28"), pair("2026-02-28T00:00:00", "2026-03-01T00:00:00"));
        assert_eq!(ends("today"), pair("2026-03-12T00:00:00", "2026-03-13T00:00:00"));
        assert_eq!(ends("yesterday"), pair("2026-03-11T00:00:00", "2026-03-12T00:00:00"));
        assert_eq!(ends("month"), pair("2026-03-01T00:00:00", "2026-04-01T00:00:00"));
        assert_eq!(ends("-24h"), pair("2026-03-11T14:22:31", "2026-03-11T14:22:31"));
        assert_eq!(ends("2026-03-12 10:05"), pair("2026-03-12T10:05:00", "2026-03-12T10:05:00"));
        assert_eq!(
            ends("2026-03-12T10:05:00-03:00"),
            pair("2026-03-12T13:05:00", "2026-03-12T13:05:00")
        );
        for bad in
            ["", "-", "-7", "-7y", "--7d", "tomorrow", "2026-02-30", "12/03/2026", "-999999d"]
        {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }
}
