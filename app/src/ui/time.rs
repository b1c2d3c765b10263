//! Instants as people read them, in UTC.

use chrono::{DateTime, Datelike, Timelike, Utc};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `2026-03-12`
pub fn iso_date(at: DateTime<Utc>) -> String {
    format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day())
}

/// `14:22:31`
pub fn clock(at: DateTime<Utc>) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// `.006`: the milliseconds.
pub fn milliseconds(at: DateTime<Utc>) -> String {
    format!(".{:03}", at.nanosecond() / 1_000_000 % 1000)
}

/// `2026-03-12T14:22:31.006412Z`: RFC 3339, to the microsecond.
pub fn rfc3339(at: DateTime<Utc>) -> String {
    format!("{}T{}.{:06}Z", iso_date(at), clock(at), at.nanosecond() / 1000 % 1_000_000)
}

/// `12 Mar 2026`
pub fn spoken_date(at: DateTime<Utc>) -> String {
    format!("{} {} {}", at.day(), MONTHS[at.month0() as usize % 12], at.year())
}

/// `12 Mar`
pub fn day_and_month(at: DateTime<Utc>) -> String {
    format!("{} {}", at.day(), MONTHS[at.month0() as usize % 12])
}

/// `Mar 2026`
pub fn spoken_month(at: DateTime<Utc>) -> String {
    format!("{} {}", MONTHS[at.month0() as usize % 12], at.year())
}

/// `Thu`
pub fn weekday(at: DateTime<Utc>) -> &'static str {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    DAYS[at.weekday().num_days_from_monday() as usize % 7]
}

/// `12 Mar 2026, 14:22`
pub fn spoken_minute(at: DateTime<Utc>) -> String {
    format!("{}, {:02}:{:02}", spoken_date(at), at.hour(), at.minute())
}

/// `12 Mar 2026, 14:22:31`
pub fn spoken(at: DateTime<Utc>) -> String {
    format!("{}, {}", spoken_date(at), clock(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_each_place_needs_it() {
        let at = DateTime::from_timestamp_micros(1_773_325_351_006_412).unwrap();
        assert_eq!(rfc3339(at), "2026-03-12T14:22:31.006412Z");
        assert_eq!(
            format!("{} {}{}", iso_date(at), clock(at), milliseconds(at)),
            "2026-03-12 14:22:31.006"
        );
        assert_eq!(spoken(at), "12 Mar 2026, 14:22:31");
        assert_eq!(spoken_minute(at), "12 Mar 2026, 14:22");
    }
}
