//! Activity: how many entries there are when, for the strip above the table.

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc,
};
use serde::{Deserialize, Serialize};

use crate::zone::Zone;

/// The most bars that a strip has.
pub const MOST_BARS: usize = 110;

/// How much time a bar stands for. Days and more begin when they do in the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// 15 minutes.
    Quarter,
    /// An hour.
    Hour,
    /// Six hours: night, morning, afternoon, evening.
    SixHours,
    /// A day.
    Day,
    /// A week, from Monday.
    Week,
    /// A month.
    Month,
    /// A quarter of a year.
    Season,
    /// A year.
    Year,
}

impl Step {
    /// All of them, the shortest first.
    pub const ALL: [Self; 8] = [
        Self::Quarter,
        Self::Hour,
        Self::SixHours,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Season,
        Self::Year,
    ];

    /// In a person's words, to be read after "by".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Quarter => "quarter of an hour",
            Self::Hour => "hour",
            Self::SixHours => "six hours",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Season => "quarter",
            Self::Year => "year",
        }
    }

    /// The start of the step that `clock` lies in.
    fn start(self, clock: NaiveDateTime) -> NaiveDateTime {
        let day = clock.date();
        let hours =
            |hours: u32| day.and_time(NaiveTime::from_hms_opt(hours, 0, 0).unwrap_or_default());
        let day = match self {
            Self::Quarter => {
                let minutes = clock.minute() / 15 * 15;
                let time = NaiveTime::from_hms_opt(clock.hour(), minutes, 0);
                return day.and_time(time.unwrap_or_default());
            }
            Self::Hour => return hours(clock.hour()),
            Self::SixHours => return hours(clock.hour() / 6 * 6),
            Self::Day => Some(day),
            Self::Week => {
                day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))
            }
            Self::Month => day.with_day(1),
            Self::Season => {
                day.with_day(1).and_then(|day| day.with_month(day.month0() / 3 * 3 + 1))
            }
            Self::Year => day.with_day(1).and_then(|day| day.with_month(1)),
        };
        day.unwrap_or_else(|| clock.date()).and_time(NaiveTime::MIN)
    }

    /// The start of the step after the one that starts at `clock`.
    fn next(self, clock: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Quarter => clock.checked_add_signed(TimeDelta::minutes(15)),
            Self::Hour => clock.checked_add_signed(TimeDelta::hours(1)),
            Self::SixHours => clock.checked_add_signed(TimeDelta::hours(6)),
            Self::Day => clock.checked_add_days(Days::new(1)),
            Self::Week => clock.checked_add_days(Days::new(7)),
            Self::Month => clock.checked_add_months(Months::new(1)),
            Self::Season => clock.checked_add_months(Months::new(3)),
            Self::Year => clock.checked_add_months(Months::new(12)),
        }
    }

    /// The edges of the steps that cover `from` until `until`: one more than there are steps. Nothing where those
    /// are too many. Hours that clocks show twice are one step, and one that they jump over is none.
    fn edges(
        self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        zone: &Zone,
    ) -> Option<Vec<DateTime<Utc>>> {
        let mut clock = self.start(zone.clock(from));
        let mut edges = vec![zone.instant(clock)];
        while *edges.last()? < until {
            if edges.len() > MOST_BARS {
                return None;
            }
            clock = self.next(clock)?;
            let edge = zone.instant(clock);
            if edges.last().is_some_and(|last| *last < edge) {
                edges.push(edge);
            }
        }
        Some(edges)
    }
}

/// The steps, and their edges, for what lies from `from` until `until`: the shortest of which there are not too
/// many.
pub fn steps(from: DateTime<Utc>, until: DateTime<Utc>, zone: &Zone) -> (Step, Vec<DateTime<Utc>>) {
    let fitting =
        Step::ALL.into_iter().find_map(|step| Some((step, step.edges(from, until, zone)?)));
    fitting.unwrap_or_else(|| (Step::Year, vec![from, until]))
}

/// How many entries there are in a bar, by source: UI, API, System. Where sources are not seen, all are the first's.
pub type Bar = [u64; 3];

/// The strip: bars beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// How much time each bar stands for.
    pub step: Step,
    /// Their edges, in seconds since 1970: one more than there are bars. Empty where the log is.
    pub edges: Vec<i64>,
    /// The bars. They count what search and filters find, in the range and around it.
    pub bars: Vec<Bar>,
    /// Whether they tell sources apart.
    pub by_source: bool,
    /// The range, in microseconds since 1970, where there is one.
    pub range: Option<(i64, i64)>,
    /// How many entries are in the range and found.
    pub found: u64,
    /// How many entries the log has, as far as it is seen.
    pub log_entries: u64,
    /// The zone.
    pub zone: Zone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_steps_are_taken_of_which_there_are_not_too_many() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let zone = Zone::default();
        for (from, until, step, bars) in [
            ("2026-03-12T14:22:00Z", "2026-03-12T15:22:00Z", Step::Quarter, 5),
            ("2026-03-11T14:22:00Z", "2026-03-12T14:22:00Z", Step::Quarter, 97),
            ("2026-03-09T14:22:00Z", "2026-03-12T14:22:00Z", Step::Hour, 73),
            ("2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z", Step::SixHours, 28),
            ("2026-01-01T00:00:00Z", "2026-03-31T00:00:00Z", Step::Day, 89),
            ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Step::Week, 53),
            ("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Step::Month, 72),
        ] {
            let (found, edges) = steps(at(from), at(until), &zone);
            assert_eq!((found, edges.len() - 1), (step, bars), "{from} {until}");
            assert!(edges[0] <= at(from) && edges[bars] >= at(until) && edges.is_sorted());
        }
    }
}
