//! Instants as people read them, in UTC: by numbers, which are the same everywhere, or in a language.

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::words::Language;

/// The month in short, as CLDR has it.
fn month(at: DateTime<Utc>, language: Language) -> &'static str {
    let months = match language {
        Language::English => "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        Language::Portuguese => "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
        Language::Spanish => "ene feb mar abr may jun jul ago sept oct nov dic",
    };
    months.split(' ').nth(at.month0() as usize).unwrap_or_default()
}

/// What stands between day, month and year.
const fn between(language: Language) -> &'static str {
    if matches!(language, Language::Portuguese) { " de " } else { " " }
}

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

/// `12 Mar 2026`, `12 de mar. de 2026`, `12 mar 2026`
pub fn spoken_date(at: DateTime<Utc>, language: Language) -> String {
    [&at.day().to_string(), between(language), &spoken_month(at, language)].concat()
}

/// `12 Mar`
pub fn day_and_month(at: DateTime<Utc>, language: Language) -> String {
    [&at.day().to_string(), between(language), month(at, language)].concat()
}

/// `Mar 2026`
pub fn spoken_month(at: DateTime<Utc>, language: Language) -> String {
    [month(at, language), between(language), &at.year().to_string()].concat()
}

/// `Thu`
pub fn weekday(at: DateTime<Utc>, language: Language) -> &'static str {
    let days = match language {
        Language::English => "Mon Tue Wed Thu Fri Sat Sun",
        Language::Portuguese => "seg. ter. qua. qui. sex. sáb. dom.",
        Language::Spanish => "lun mar mié jue vie sáb dom",
    };
    days.split(' ').nth(at.weekday().num_days_from_monday() as usize).unwrap_or_default()
}

/// `12 Mar 2026, 14:22`
pub fn spoken_minute(at: DateTime<Utc>, language: Language) -> String {
    format!("{}, {:02}:{:02}", spoken_date(at, language), at.hour(), at.minute())
}

/// `12 Mar 2026, 14:22:31`
pub fn spoken(at: DateTime<Utc>, language: Language) -> String {
    format!("{}, {}", spoken_date(at, language), clock(at))
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
        let each = |written: fn(DateTime<Utc>, Language) -> String| {
            Language::ALL.map(|language| written(at, language))
        };
        assert_eq!(
            each(spoken),
            ["12 Mar 2026, 14:22:31", "12 de mar. de 2026, 14:22:31", "12 mar 2026, 14:22:31"]
        );
        assert_eq!(spoken_minute(at, Language::English), "12 Mar 2026, 14:22");
        assert_eq!(each(day_and_month), ["12 Mar", "12 de mar.", "12 mar"]);
        assert_eq!(each(spoken_month), ["Mar 2026", "mar. de 2026", "mar 2026"]);
        assert_eq!(Language::ALL.map(|language| weekday(at, language)), ["Thu", "qui.", "jue"]);
    }

    #[test]
    fn every_month_and_day_has_its_name() {
        for language in Language::ALL {
            let days = (0..365).map(|day| DateTime::from_timestamp(day * 86_400, 0).unwrap());
            assert!(days.clone().all(|day| !month(day, language).is_empty()));
            assert!(days.clone().all(|day| !weekday(day, language).is_empty()));
        }
    }
}
