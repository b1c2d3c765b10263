//! When things happen: in working hours mostly, less on Saturdays, little on Sundays and at night.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Two years, as whole weeks.
const WEEKS: u64 = 104;
const HOURS: usize = 7 * 24;

/// Maps shares of all activity to instants.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    start: DateTime<Utc>,
    /// How much of a week's activity has happened when each of its hours begins; ends with 1.
    begun: Vec<f64>,
}

impl Calendar {
    /// The two years before `until`.
    pub(super) fn new(until: NaiveDate) -> Self {
        let start = until.checked_sub_days(Days::new(WEEKS * 7)).unwrap_or(until);
        let weights: Vec<f64> = (0..HOURS)
            .map(|hour| {
                let days = u64::try_from(hour / 24).unwrap_or_default();
                let day = start.checked_add_days(Days::new(days)).unwrap_or(start);
                of_day(day) * of_hour(hour % 24)
            })
            .collect();
        let sum: f64 = weights.iter().sum();
        let mut begun = vec![0.0];
        let mut so_far = 0.0;
        for weight in weights {
            so_far += weight / sum;
            begun.push(so_far);
        }
        Self { start: start.and_time(NaiveTime::MIN).and_utc(), begun }
    }

    /// The day on which they begin.
    pub(super) fn first_day(&self) -> NaiveDate {
        self.start.date_naive()
    }

    /// The instant at which `share` (0 to 1) of all activity has happened.
    pub(super) fn at(&self, share: f64) -> DateTime<Utc> {
        let weeks = share.clamp(0.0, 1.0) * WEEKS as f64;
        let (week, within) = (weeks.floor(), weeks.fract());
        let hour =
            self.begun.partition_point(|begun| *begun <= within).saturating_sub(1).min(HOURS - 1);
        let (from, to) = (self.begun[hour], self.begun[hour + 1]);
        let hours = week * HOURS as f64 + hour as f64 + (within - from) / (to - from);
        self.start + TimeDelta::microseconds((hours * 3_600_000_000.0) as i64)
    }
}

fn of_day(day: NaiveDate) -> f64 {
    match day.weekday().number_from_monday() {
        7 => 0.12,
        6 => 0.3,
        _ => 1.0,
    }
}

/// The bank's day, from 8 to 18 in São Paulo, is 11 to 21 in UTC.
fn of_hour(hour: usize) -> f64 {
    match hour {
        11..=20 => 1.0,
        10 | 21 => 0.5,
        22 | 23 | 0 => 0.2,
        _ => 0.05,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_forward_and_stays_within_the_two_years() {
        let until = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let calendar = Calendar::new(until);
        let times: Vec<_> = (0..=10_000).map(|n| calendar.at(f64::from(n) / 10_001.0)).collect();
        assert!(times.is_sorted());
        assert_eq!(times[0].date_naive(), until - Days::new(WEEKS * 7));
        assert!(times[10_000].date_naive() < until);
        let weekend = times.iter().filter(|at| at.weekday().number_from_monday() > 5).count();
        assert!(weekend < 1_500, "{weekend} of 10,001 at the weekend");
    }
}
