//! The strip of activity: how many entries there are when, by source. A picture for the eyes, a table of links for
//! everybody and for pages without scripts.

use std::{borrow::Cow, fmt::Write as _};

use chrono::{DateTime, Datelike, Utc};
use leptos::prelude::*;

use super::Surroundings;
use crate::{
    log::{
        activity::{Activity, Bar, Step},
        entry::Source,
        moment::{Moment, Range},
        view::{LogView, Open},
    },
    query::{UrlQuery as _, query_string},
    ui::{
        icon::Icon,
        number::grouped,
        piece::{
            Filled,
            Holds::{Pieces, Value},
            Piece,
        },
        time,
    },
    words::{HERE, Language, around},
    zone::Zone,
};

/// How wide a bar is in the picture's own units, and how much of that is drawn. Whole numbers are written faster than
/// others, and there are many.
const WIDTH: usize = 10;
const DRAWN: usize = 8;
/// How high the picture is in its own units.
const HEIGHT: u64 = 1000;
/// How high anything is at least: what is there is seen, however little it is.
const LEAST: u64 = 15;
/// So many dates stand below.
const DATES: usize = 6;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or_default()
}

/// When a bar begins, as precisely as the step needs.
fn name(step: Step, second: i64, zone: &Zone, say: Language) -> String {
    let clock = zone.clock(at(second)).and_utc();
    match step {
        Step::Quarter | Step::Hour | Step::SixHours => time::spoken_minute(clock, say),
        Step::Day => time::spoken_date(clock, say),
        Step::Week => say.week_of(time::spoken_date(clock, say)),
        Step::Month => time::spoken_month(clock, say),
        Step::Season => say.quarter_of(clock.month0() / 3 + 1, clock.year()),
        Step::Year => clock.year().to_string(),
    }
}

/// How much time a bar stands for, in words.
const fn by(step: Step, say: Language) -> &'static str {
    match step {
        Step::Quarter => say.by_quarter_hour(),
        Step::Hour => say.by_hour(),
        Step::SixHours => say.by_six_hours(),
        Step::Day => say.by_day(),
        Step::Week => say.by_week(),
        Step::Month => say.by_month(),
        Step::Season => say.by_quarter(),
        Step::Year => say.by_year(),
    }
}

/// The bars' shapes, by source: in the range, and outside of it.
fn shapes(activity: &Activity) -> [[String; 2]; 3] {
    let most = activity.bars.iter().map(|bar| bar.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    let mut shapes: [[String; 2]; 3] = Default::default();
    for (nth, (bar, edges)) in activity.bars.iter().zip(activity.edges.windows(2)).enumerate() {
        let inside = activity
            .range
            .is_none_or(|(from, to)| edges[0] * 1_000_000 < to && edges[1] * 1_000_000 > from);
        let x = nth * WIDTH + (WIDTH - DRAWN) / 2;
        let mut y = HEIGHT;
        for (source, entries) in bar.iter().enumerate().filter(|(_, entries)| **entries > 0) {
            let height = (entries * HEIGHT / most).max(LEAST);
            y = y.saturating_sub(height);
            let shape = &mut shapes[source][usize::from(!inside)];
            let _infallible = write!(shape, "M{x} {y}h{DRAWN}v{height}h-{DRAWN}z");
        }
    }
    shapes
}

pub(super) fn write(of: &Surroundings<'_>) -> impl IntoView + use<> {
    let say = of.say;
    let activity = of.activity;
    let step = activity.step;
    let bars = activity.bars.len();
    (bars > 0).then(|| {
        let [ui, api, system] = shapes(activity);
        let width = bars * WIDTH;
        // Where the range lies in the picture, in parts of its bars.
        let place = |micros: i64| {
            let second = micros.div_euclid(1_000_000);
            let nth = activity.edges.partition_point(|edge| *edge <= second).clamp(1, bars);
            let (start, end) = (activity.edges[nth - 1], activity.edges[nth]);
            let part = (second - start) as f64 / (end - start).max(1) as f64;
            ((nth - 1) as f64 + part.clamp(0.0, 1.0)) / bars as f64 * 100.0
        };
        let (from, to) =
            activity.range.map_or((0.0, 100.0), |(from, to)| (place(from), place(to)));
        let ranged = activity.range.is_some();
        let brush = ranged.then(|| {
            view! {
                <rect
                    class="brush"
                    x=format!("{from:.2}%")
                    width=format!("{:.2}%", (to - from).max(0.2))
                    height="100%"
                />
            }
        });
        let handles = [("from", say.beginning_of_range(), from), ("to", say.end_of_range(), to)]
            .map(|(which, label, at)| {
                let bar = (at / 100.0 * bars as f64).round() as usize;
                view! {
                    <g
                        class="handle needs-script"
                        role="slider"
                        tabindex="0"
                        data-handle=which
                        aria-label=label
                        aria-valuemin="0"
                        aria-valuemax=bars.to_string()
                        aria-valuenow=bar.to_string()
                        aria-valuetext=name(step, activity.edges[bar.min(bars)], &activity.zone, say)
                    >
                        <rect class="target" x=format!("{at:.2}%") height="100%" />
                        <line x1=format!("{at:.2}%") x2=format!("{at:.2}%") y1="0" y2="100%" />
                        <rect class="grip" x=format!("{at:.2}%") y="50%" rx="2" />
                    </g>
                }
            })
            .into_iter()
            .collect_view();
        let dates = (0..DATES)
            .map(|nth| {
                let bar = nth * bars / DATES;
                view! {
                    <text class=(nth % 2 == 1).then_some("opt") x=format!("{:.2}%", bar as f64 / bars as f64 * 100.0) y="0.75rem">
                        {short(step, activity.edges[bar], &activity.zone, say)}
                    </text>
                }
            })
            .collect_view();
        let found = grouped(activity.found, say);
        let (before, after) =
            around(&if ranged || !of.view.query.unfiltered().eq(&of.view.query.at_page(1)) {
                say.entries_found_of(activity.log_entries, HERE)
            } else {
                say.entries_found(activity.found, HERE)
            });
        let unit = format!("{}, {}", by(step, say), activity.zone.name.place());
        view! {
            <figure class="strip" data-bars=bars.to_string()>
                <figcaption>
                    <span>{before} <strong>{found}</strong> {after}</span>
                    <span>{unit}</span>
                    {activity.by_source.then(legend)}
                </figcaption>
                <div class="plot">
                    <svg
                        class="bars"
                        viewBox=format!("0 0 {width} {HEIGHT}")
                        preserveAspectRatio="none"
                        role="img"
                        aria-label=in_words(activity, say)
                    >
                        <path class="ui on" d=ui[0].clone() />
                        <path class="api on" d=api[0].clone() />
                        <path class="system on" d=system[0].clone() />
                        <path class="off" d=[&ui[1], &api[1], &system[1]].map(String::as_str).concat() />
                    </svg>
                    <svg class="over">{brush} {handles}</svg>
                    <svg class="axis" aria-hidden="true">
                        {dates}
                    </svg>
                </div>
                {table(of)}
            </figure>
        }
    })
}

/// Which colour is which source.
fn legend() -> impl IntoView {
    let sources = Source::ALL.map(|source| {
        let class = match source {
            Source::Ui => "ui",
            Source::Api => "api",
            Source::System => "system",
        };
        view! {
            <span>
                <i class=class></i>
                {source.name()}
            </span>
        }
    });
    view! { <span class="legend">{sources.into_iter().collect_view()}</span> }
}

/// A date below the strip.
fn short(step: Step, second: i64, zone: &Zone, say: Language) -> String {
    let clock = zone.clock(at(second)).and_utc();
    match step {
        Step::Quarter | Step::Hour => {
            format!("{} {}", time::day_and_month(clock, say), &time::clock(clock)[..5])
        }
        Step::SixHours | Step::Day | Step::Week => time::day_and_month(clock, say),
        Step::Month | Step::Season => time::spoken_month(clock, say),
        Step::Year => clock.year().to_string(),
    }
}

fn in_words(activity: &Activity, say: Language) -> String {
    let sum = |bar: &Bar| bar.iter().sum::<u64>();
    let most =
        activity.bars.iter().enumerate().max_by_key(|(nth, bar)| (sum(bar), usize::MAX - nth));
    let zone = &activity.zone;
    let (first, last) = (activity.edges.first().copied(), activity.edges.last().copied());
    let words = say.activity_in_words(
        by(activity.step, say),
        name(activity.step, first.unwrap_or_default(), zone, say),
        time::spoken_minute(zone.clock(at(last.unwrap_or_default())).and_utc(), say),
    );
    match most.filter(|(_, bar)| sum(bar) > 0) {
        Some((nth, bar)) => {
            let when = name(activity.step, activity.edges[nth], zone, say);
            say.activity_and_most(words, when, grouped(sum(bar), say))
        }
        None => words,
    }
}

/// A stretch of time in the table: a link to it. Many of them are written with each page, too many for views.
static STRETCH: Piece = Piece::Element {
    name: "th",
    fixed: " scope=\"row\"",
    valued: &[],
    plain: &[],
    holds: Pieces(&[Piece::Element {
        name: "a",
        fixed: "",
        valued: &[("href", 0), ("data-from", 1), ("data-to", 2)],
        plain: &[],
        holds: Value(3),
    }]),
};
/// How many entries it has.
static COUNT: Piece =
    Piece::Element { name: "td", fixed: "", valued: &[], plain: &[], holds: Value(0) };

/// Links to stretches of time. They differ in nothing else, so that is written once and not for each of many.
struct Stretches {
    /// A link to all that is shown, at any time.
    always: String,
}

impl Stretches {
    fn of(view: &LogView, path: &str) -> Self {
        let query = view.query.within(Range::default());
        Self { always: LogView { query, open: Open::default() }.href(path) }
    }

    /// From one second to another.
    fn href(&self, from: i64, to: i64) -> String {
        let [from, to] = [from, to].map(|second| Moment::Instant(at(second)).to_string());
        let joint = if self.always.contains('?') { '&' } else { '?' };
        format!("{}{joint}{}", self.always, query_string([("from", from), ("to", to)]))
    }
}

/// The same as a table: each line leads to its stretch of time. A press on a bar presses its line.
fn table(of: &Surroundings<'_>) -> impl IntoView + use<> {
    let say = of.say;
    let activity = of.activity;
    let columns = match activity.by_source {
        true => Source::ALL.map(Source::name).to_vec(),
        false => vec![say.entries()],
    };
    let mut rows = String::new();
    let stretches = Stretches::of(of.view, of.path);
    for (bar, edges) in activity.bars.iter().zip(activity.edges.windows(2)) {
        let href = stretches.href(edges[0], edges[1]);
        let name = name(activity.step, edges[0], &activity.zone, say);
        let (from, to) = (edges[0].to_string(), edges[1].to_string());
        rows.push_str("<tr>");
        Filled { piece: &STRETCH, values: [href, from, to, name].map(Cow::from).to_vec() }
            .write(&mut rows);
        for entries in bar.iter().take(columns.len()) {
            Filled { piece: &COUNT, values: vec![grouped(*entries, say).into()] }.write(&mut rows);
        }
        rows.push_str("</tr>");
    }
    view! {
        <details class="as-table">
            <summary class="button quiet small">
                {say.as_a_table()} <Icon of=Icon::ChevronDown class="chevron" />
            </summary>
            <div class="scroll" tabindex="0" role="region" aria-label=say.activity_as_table()>
                <table>
                    <caption class="vh">{in_words(activity, say)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{say.stretch_from()}</th>
                            {columns
                                .iter()
                                .map(|name| view! { <th scope="col">{*name}</th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody inner_html=rows></tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_stretch_says_all_that_the_view_says_and_the_stretch() {
        let (from, to) = (1_772_323_200, 1_772_326_800);
        for query in
            ["", "q=ana&user=Ana&tz=Europe/Berlin&sort=user&page=3&as_of=70&entry=5&from=today"]
        {
            let view = LogView::read(query).0;
            let href = Stretches::of(&view, "/x").href(from, to);
            let read = LogView::read(href.strip_prefix("/x?").unwrap());
            let [from, to] = [from, to].map(|second| Some(Moment::Instant(at(second))));
            let query = view.query.within(Range { from, to });
            assert_eq!(read.0, LogView { query, open: Open::default() });
            assert_eq!(read.1, []);
        }
    }
}
