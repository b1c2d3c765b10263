//! The rules of time zones, for [`app::zone::Zone`]: where each one's clocks jump.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use app::{
    log::query::LogQuery,
    query::{BadParameter, Takes},
    zone::{Zone, ZoneName},
};
use chrono::{DateTime, Datelike, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

/// The first year whose jumps are known. Before it a zone's clocks stay as they were at its beginning: no log here
/// is older.
const FIRST_YEAR: i32 = 2000;
/// So many years from now the jumps are known.
const YEARS_AHEAD: i32 = 5;
/// Zones' clocks do not jump twice within so many seconds.
const STEP: i64 = 5 * 24 * 3600;

/// The names of all zones, in order: not those that are another's name too.
pub fn names() -> impl Iterator<Item = &'static str> {
    TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| name.contains('/') || *name == "UTC")
}

/// The rules of the zone of this name; nothing where there is none.
pub fn zone(name: &ZoneName) -> Option<Arc<Zone>> {
    static KNOWN: OnceLock<Mutex<BTreeMap<ZoneName, Arc<Zone>>>> = OnceLock::new();
    let known = || KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(zone) = known().get(name) {
        return Some(Arc::clone(zone));
    }
    let rules: Tz = name.as_str().parse().ok()?;
    let zone = Arc::new(Zone { name: name.clone(), offsets: jumps(rules) });
    known().insert(name.clone(), Arc::clone(&zone));
    Some(zone)
}

/// What is wrong with the zone that `query` names, where there is none of this name.
pub fn unknown(query: &LogQuery) -> Option<BadParameter> {
    let name = query.zone.as_ref()?;
    zone(name).is_none().then(|| BadParameter { parameter: "tz".into(), takes: Takes::Zone })
}

fn jumps(rules: Tz) -> Vec<(i64, i32)> {
    let start_of =
        |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().map_or(0, |at| at.timestamp());
    let (first, last) = (start_of(FIRST_YEAR), start_of(Utc::now().year() + YEARS_AHEAD));
    let offset = |second: i64| {
        let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
        rules.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
    };
    let mut jumps = vec![(first, offset(first))];
    let mut before = first;
    while before < last {
        let after = before + STEP;
        let (old, new) = (offset(before), offset(after));
        if old != new {
            // The first second that has the new one.
            let (mut low, mut high) = (before, after);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset(middle) == old { low = middle } else { high = middle }
            }
            jumps.push((high, new));
        }
        before = after;
    }
    if jumps == [(first, 0)] { Vec::new() } else { jumps }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Arc<Zone> {
        zone(&name.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_zones_jumps_are_where_its_clocks_jump() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let zone = named("Europe/Lisbon");
        assert_eq!(zone.clock(at("2026-03-29T00:59:59Z")).to_string(), "2026-03-29 00:59:59");
        assert_eq!(zone.clock(at("2026-03-29T01:00:00Z")).to_string(), "2026-03-29 02:00:00");
        assert_eq!(zone.clock(at("2026-10-25T00:59:59Z")).to_string(), "2026-10-25 01:59:59");
        assert_eq!(zone.clock(at("2026-10-25T01:00:00Z")).to_string(), "2026-10-25 01:00:00");
        assert_eq!(named("Asia/Kathmandu").label(at("2026-01-01T00:00:00Z")), "UTC+05:45");
        assert_eq!(named("UTC").offsets, []);
    }

    #[test]
    fn every_zone_shows_what_its_own_rules_say_at_any_time() {
        for name in names() {
            let rules: Tz = name.parse().unwrap();
            let zone = named(name);
            for week in 0..52 * 26 {
                let at = DateTime::from_timestamp(951_868_800 + week * 7 * 86_400 + week * 977, 0)
                    .unwrap();
                let shown = at.with_timezone(&rules).naive_local();
                assert_eq!(zone.clock(at), shown, "{name} at {at}");
            }
        }
    }

    #[test]
    fn there_is_no_zone_of_another_name() {
        assert!(zone(&"Europe/Atlantis".parse().unwrap()).is_none());
    }
}
