//! Charts, as SVG that needs nothing else: they follow the reader's light or dark, and every line and mark is
//! named where it stands.

use std::fmt::Write as _;

use crate::table::{Times, figure, grouped};

const STYLE: &str = r#"
    :root { --paper: #fcfcfb; --ink: #0b0b0b; --quiet: #52514e; --grid: #e1e0d9; --plain: #8a8984;
            --bad: #c62f2f; --one: #2a78d6; --two: #d9541e; --three: #4a3aa7; }
    @media (prefers-color-scheme: dark) {
        :root { --paper: #1a1a19; --ink: #ffffff; --quiet: #c3c2b7; --grid: #34342f; --plain: #8f8e86;
                --bad: #f06a6a; --one: #5aa2f2; --two: #f08050; --three: #a89ff5; }
    }
    text { font: 13px system-ui, sans-serif; fill: var(--ink); }
    .title { font-size: 17px; font-weight: 600; }
    .head { font-weight: 600; }
    .quiet { fill: var(--quiet); font-size: 12px; }
    .figure { font-variant-numeric: tabular-nums; }
    .bad { fill: var(--bad); font-weight: 600; }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
    .dashed { stroke-dasharray: 2 6; }
    .ring { stroke: var(--paper); stroke-width: 2; }"#;

/// The lines' colours, in their order.
const COLOURS: [&str; 3] = ["var(--one)", "var(--two)", "var(--three)"];
const PLAIN: &str = "var(--plain)";

fn document(width: f64, height: f64, title: &str, inside: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n<style>{STYLE}\n</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"var(--paper)\"/>\n\
         <text class=\"title\" x=\"24\" y=\"34\">{title}</text>\n{inside}</svg>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Positions of values that span several powers of ten.
struct Scale {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let finite = values.filter(|value| value.is_finite() && *value > 0.0);
        let (least, most) = finite
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
                (least.min(value), most.max(value))
            });
        let (least, most) = if least.is_finite() { (least, most) } else { (1.0, 10.0) };
        Self { least, most, from, to }
    }

    /// Out to whole powers of ten.
    fn rounded(self) -> Self {
        let least = 10_f64.powf(self.least.log10().floor());
        let most = 10_f64.powf(self.most.log10().ceil());
        Self { least, most: if most > least { most } else { least * 10.0 }, ..self }
    }

    fn at(&self, value: f64) -> f64 {
        if self.most <= self.least {
            return self.from.midpoint(self.to);
        }
        let share = (value / self.least).ln() / (self.most / self.least).ln();
        self.from + share * (self.to - self.from)
    }

    /// The powers of ten.
    fn ticks(&self) -> impl Iterator<Item = f64> {
        let (first, last) = (self.least.log10().ceil() as i32, self.most.log10().floor() as i32);
        (first..=last).map(|power| 10_f64.powi(power))
    }
}

/// A line: what something costs in logs of different size.
pub(crate) struct Series {
    name: String,
    plain: bool,
    points: Vec<(f64, f64)>,
    /// Where the line leads, beyond what was measured.
    beyond: Option<(f64, f64)>,
}

impl Series {
    pub(crate) fn ours(name: &str, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.into(), plain: false, points, beyond: None }
    }

    /// What plain Postgres costs: dashed, beside ours.
    pub(crate) fn plain(name: &str, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.into(), plain: true, points, beyond: None }
    }

    pub(crate) fn leading_to(mut self, entries: f64, cost: f64) -> Self {
        self.beyond = Some((entries, cost));
        self
    }

    fn all_points(&self) -> impl Iterator<Item = &(f64, f64)> {
        self.points.iter().chain(&self.beyond)
    }
}

/// A field with lines.
pub(crate) struct Panel<'a> {
    pub(crate) title: &'a str,
    pub(crate) series: &'a [Series],
}

/// Panels beside each other, both axes by powers of ten: what grows as its log does rises by a power for each.
pub(crate) fn growth(title: &str, panels: &[Panel<'_>]) -> String {
    const WIDTH: f64 = 470.0;
    const TOP: f64 = 92.0;
    const BOTTOM: f64 = 340.0;
    let mut inside = String::new();
    for (number, Panel { title, series }) in panels.iter().enumerate() {
        let left = 64.0 + WIDTH * number as f64;
        let right = left + 230.0;
        let points = || series.iter().flat_map(Series::all_points);
        let x = Scale::of(points().map(|(entries, _)| *entries), left + 8.0, right - 8.0);
        let y = Scale::of(points().map(|(_, cost)| *cost), BOTTOM, TOP).rounded();
        writeln!(inside, "<text class=\"head\" x=\"{}\" y=\"66\">{title}</text>", left - 40.0)
            .unwrap();
        for tick in y.ticks() {
            let at = y.at(tick);
            writeln!(
                inside,
                "<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/><text class=\"quiet figure\" x=\"{}\" \
                 y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                left - 8.0,
                at + 4.0,
                grouped(tick)
            )
            .unwrap();
        }
        let mut sizes: Vec<f64> = points().map(|(entries, _)| *entries).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.dedup();
        for size in sizes {
            writeln!(
                inside,
                "<text class=\"quiet figure\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                x.at(size),
                BOTTOM + 22.0,
                size_name(size)
            )
            .unwrap();
        }
        writeln!(
            inside,
            "<text class=\"quiet\" x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">entries in the log{}</text>",
            left.midpoint(right),
            BOTTOM + 42.0,
            if series.iter().any(|series| series.beyond.is_some()) { " (hollow: where it leads)" } else { "" }
        )
        .unwrap();
        lines(&mut inside, series, &x, &y, right);
    }
    let width = 24.0 + WIDTH * panels.len() as f64;
    document(width, BOTTOM + 62.0, title, &inside)
}

fn lines(inside: &mut String, series: &[Series], x: &Scale, y: &Scale, right: f64) {
    let mut labels = Vec::new();
    let mut colours = COLOURS.iter().cycle();
    for Series { name, plain, points, beyond } in series {
        let colour = if *plain { PLAIN } else { colours.next().unwrap_or(&PLAIN) };
        let at: Vec<(f64, f64)> =
            points.iter().map(|(entries, cost)| (x.at(*entries), y.at(*cost))).collect();
        let path: Vec<String> = at.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let dashed = if *plain { " dashed" } else { "" };
        writeln!(
            inside,
            "<path class=\"line{dashed}\" stroke=\"{colour}\" d=\"M{}\"/>",
            path.join("L")
        )
        .unwrap();
        for (x, y) in &at {
            writeln!(
                inside,
                "<circle class=\"ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{colour}\"/>"
            )
            .unwrap();
        }
        let mut last = points.last().copied();
        if let (Some((from_x, from_y)), Some((entries, cost))) = (at.last(), *beyond) {
            let (to_x, to_y) = (x.at(entries), y.at(cost));
            writeln!(
                inside,
                "<path class=\"line dashed\" stroke=\"{colour}\" d=\"M{from_x:.1} {from_y:.1}L{to_x:.1} {to_y:.1}\"/>\
                 <circle cx=\"{to_x:.1}\" cy=\"{to_y:.1}\" r=\"4.5\" fill=\"var(--paper)\" stroke=\"{colour}\" \
                 stroke-width=\"2\"/>"
            )
            .unwrap();
            last = *beyond;
        }
        if let Some((_, cost)) = last {
            labels.push((y.at(cost), colour, name, cost));
        }
    }
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    // Lines that end close to each other keep their names apart.
    let mut free = f64::NEG_INFINITY;
    let spare = |count: usize| 34.0 * count as f64;
    let count = labels.len();
    for (number, (height, colour, name, cost)) in labels.into_iter().enumerate() {
        let lowest = y.from - spare(count - number) + 24.0;
        let at = height.min(lowest).max(free);
        free = at + 34.0;
        writeln!(
            inside,
            "<path d=\"M{:.1} {height:.1}L{:.1} {at:.1}\" stroke=\"{colour}\" stroke-width=\"1\"/>\
             <text x=\"{}\" y=\"{:.1}\">{}</text><text class=\"quiet figure\" x=\"{}\" y=\"{:.1}\">{}</text>",
            right - 2.0,
            right + 12.0,
            right + 17.0,
            at + 1.0,
            escaped(name),
            right + 17.0,
            at + 16.0,
            figure(cost)
        )
        .unwrap();
    }
}

/// `500 k`, also where a few more entries have come since.
fn size_name(size: f64) -> String {
    let unit = 10_f64.powf(size.log10().floor() - 1.0);
    let size = (size / unit).round() * unit;
    if size < 1e6 { format!("{} k", size / 1e3) } else { format!("{} M", size / 1e6) }
}

/// A row of the chart of pages.
pub(crate) struct Bar {
    group: String,
    name: String,
    median: f64,
    p95: f64,
    bound: Option<f64>,
}

impl Bar {
    pub(crate) fn new(group: &str, name: &str, times: &Times, bound: Option<f64>) -> Self {
        Self {
            group: group.into(),
            name: name.into(),
            median: times.median(),
            p95: times.p95(),
            bound,
        }
    }
}

/// A row each: a dot at the median, a line to the p95, a mark at the bound. By powers of ten.
pub(crate) fn bars(title: &str, bars: &[Bar]) -> String {
    const LEFT: f64 = 250.0;
    const RIGHT: f64 = 760.0;
    const ROW: f64 = 21.0;
    const TOP: f64 = 104.0;
    let values = bars.iter().flat_map(|bar| [bar.median, bar.p95, bar.bound.unwrap_or(bar.p95)]);
    let x = Scale::of(values, LEFT, RIGHT).rounded();
    let mut rows = String::new();
    let (mut at, mut group) = (TOP, "");
    for bar in bars {
        if bar.group != group {
            at += if group.is_empty() { 0.0 } else { 12.0 };
            group = &bar.group;
            writeln!(
                rows,
                "<text class=\"head\" x=\"24\" y=\"{:.1}\">{}</text>",
                at + 4.0,
                escaped(group)
            )
            .unwrap();
            at += ROW;
        }
        row(&mut rows, bar, &x, at, RIGHT);
        at += ROW;
    }
    let mut inside = String::from(
        "<text class=\"quiet\" x=\"24\" y=\"56\">Milliseconds: a dot at the median, a line to the 95th of a hundred, \
         a bar at the bound</text>\n",
    );
    for tick in x.ticks() {
        let value = x.at(tick);
        writeln!(
            inside,
            "<path class=\"grid\" d=\"M{value:.1} {}V{at:.1}\"/><text class=\"quiet figure\" x=\"{value:.1}\" \
             y=\"{}\" text-anchor=\"middle\">{}</text>",
            TOP - 14.0,
            TOP - 22.0,
            grouped(tick)
        )
        .unwrap();
    }
    writeln!(
        inside,
        "<text class=\"quiet\" x=\"{}\" y=\"{}\">p95</text>",
        RIGHT + 32.0,
        TOP - 22.0
    )
    .unwrap();
    inside.push_str(&rows);
    document(RIGHT + 140.0, at + 12.0, title, &inside)
}

fn row(rows: &mut String, bar: &Bar, x: &Scale, at: f64, right: f64) {
    let missed = bar.bound.is_some_and(|bound| bar.p95.is_nan() || bar.p95 > bound);
    let colour = match bar.bound {
        None => PLAIN,
        Some(_) if missed => "var(--bad)",
        Some(_) => COLOURS[0],
    };
    let (median, p95) = (x.at(bar.median), x.at(bar.p95));
    writeln!(
        rows,
        "<text class=\"quiet\" x=\"40\" y=\"{:.1}\">{}</text>",
        at + 4.0,
        escaped(&bar.name)
    )
    .unwrap();
    if let Some(bound) = bar.bound {
        let bound = x.at(bound);
        writeln!(
            rows,
            "<path d=\"M{bound:.1} {:.1}v14\" stroke=\"var(--quiet)\" stroke-width=\"2\"/>",
            at - 7.0
        )
        .unwrap();
    }
    writeln!(
        rows,
        "<path class=\"line\" stroke=\"{colour}\" d=\"M{median:.1} {at:.1}H{p95:.1}\"/>\
         <circle class=\"ring\" cx=\"{median:.1}\" cy=\"{at:.1}\" r=\"5.5\" fill=\"{colour}\"/>"
    )
    .unwrap();
    let (class, word) = if missed { ("figure bad", " missed") } else { ("figure quiet", "") };
    writeln!(
        rows,
        "<text class=\"{class}\" x=\"{}\" y=\"{:.1}\">{}{word}</text>",
        right + 32.0,
        at + 4.0,
        figure(bar.p95)
    )
    .unwrap();
}
