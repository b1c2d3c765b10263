//! The menu of the time range: presets, exact ends, and the zone.

use chrono::Utc;
use leptos::prelude::*;

use super::{Surroundings, label};
use crate::{
    log::view::{LogView, Open},
    query::UrlQuery,
    ui::icon::Icon,
    zone::{Zone, ZoneName},
};

/// Zones to be found without typing: one for most offsets, where many people live.
const ZONES: [&str; 24] = [
    "UTC",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/Mexico_City",
    "America/New_York",
    "America/Bogota",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Atlantic/Azores",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Berlin",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
];

/// `UTC`, or the place and how far its clocks are from that: `Sao Paulo, UTC−03:00`.
pub(super) fn zone_in_words(zone: &Zone) -> String {
    if zone.name == ZoneName::default() {
        return "UTC".to_owned();
    }
    format!("{}, {}", zone.name.place(), zone.label(Utc::now()))
}

/// The field of one end of the range.
fn end(name: &'static str, label: &'static str, value: String) -> impl IntoView {
    let id = format!("range-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                name=name
                value=value
                autocomplete="off"
                spellcheck="false"
                aria-describedby="range-hint"
            />
        </div>
    }
}

pub(super) fn write(of: &Surroundings<'_>) -> impl IntoView + use<> {
    let say = of.say;
    let query = &of.view.query;
    let zone = &of.activity.zone;
    let entry = of.view.open.entry;
    let presets = label::presets(say)
        .into_iter()
        .map(|(name, range)| {
            let open = Open { entry, ..Open::default() };
            let href = LogView { query: query.within(range), open }.href(of.path);
            view! {
                <a class="option" href=href aria-current=(range == query.range).then_some("true")>
                    <span class="grow">{name}</span>
                    {(range == query.range).then(|| view! { <Icon of=Icon::Check /> })}
                </a>
            }
        })
        .collect_view();
    let mut others = query.at_page(1);
    (others.range, others.zone) = (Default::default(), None);
    let hidden = others
        .pairs()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let shown = label::of_range(&query.range, say);
    let moment = |moment: Option<crate::log::moment::Moment>| {
        moment.map(|moment| moment.to_string().replace('T', " ")).unwrap_or_default()
    };
    let (from, to) = (moment(query.range.from), moment(query.range.to));
    let options =
        ZONES.map(|name| view! { <option value=name></option> }).into_iter().collect_view();
    view! {
        <details class="menu time">
            <summary class="button" aria-keyshortcuts="t">
                <Icon of=Icon::Calendar />
                <span class="grow">{shown}</span>
                <span class="value">{zone_in_words(zone)}</span>
                <Icon of=Icon::ChevronDown class="chevron" />
            </summary>
            <div class="panel range-panel">
                <div class="presets" role="group" aria-label=say.time_range()>
                    {presets}
                </div>
                <form class="custom" method="get" action=of.path.to_owned() data-go="">
                    {hidden}
                    {end("from", say.range_begin(), from)} {end("to", say.range_end(), to)}
                    <p class="hint" id="range-hint">
                        {say.range_hint()}
                    </p>
                    <div class="field">
                        <label for="range-zone">{say.time_zone()}</label>
                        <input
                            class="input"
                            id="range-zone"
                            name="tz"
                            value=zone.name.as_str().to_owned()
                            list="range-zones"
                            autocomplete="off"
                            spellcheck="false"
                            required
                            pattern="[A-Za-z0-9_+\\-\\/]{1,64}"
                            aria-describedby="zone-hint"
                        />
                        <datalist id="range-zones">{options}</datalist>
                        <p class="hint" id="zone-hint">
                            {say.zone_hint()}
                            <button
                                class="button quiet small needs-script"
                                type="button"
                                data-device-zone="range-zone"
                            >
                                {say.this_devices()}
                            </button>
                        </p>
                    </div>
                    <div class="foot">
                        <button class="button primary" type="submit">
                            {say.apply()}
                        </button>
                    </div>
                </form>
            </div>
        </details>
    }
}
