//! The strip of activity comes alive: a press on a bar, a stretch that is drawn, and the two handles.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    moment::{Moment, Range},
    view::{LogView, Open},
};
use crate::{
    place::{History, place},
    ui::fragment::Fragment,
};

/// How far the pointer must go for a press to be the drawing of a stretch, in parts of a bar.
const STIR: f64 = 0.5;

/// What is being drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Drawing {
    /// Where it began, in bars from the left.
    from: f64,
    /// Where it is now.
    to: f64,
    /// Whether it is one of the handles that is moved.
    handle: bool,
}

/// The strip.
#[component]
pub fn Strip(
    /// The tab's path.
    path: StoredValue<String>,
    /// What the tab shows.
    view: Memo<LogView>,
    /// The strip as the server wrote it.
    html: Signal<Option<String>>,
) -> impl IntoView {
    let drawing = StoredValue::new(None::<Drawing>);
    let place = place();
    let show = move |from: usize, to: usize| {
        let (Some(from), Some(to)) = (edge(from), edge(to)) else { return };
        let range = Range { from: Some(Moment::Instant(from)), to: Some(Moment::Instant(to)) };
        let next = view.with_untracked(|view| LogView {
            query: view.query.within(range),
            open: Open { entry: None, ..view.open.clone() },
        });
        place.go(&next.href(&path.get_value()), History::Push);
    };
    let down = move |event: PointerEvent| {
        let Some((plot, bars)) = plot(&event) else { return };
        if event.button() != 0 {
            return;
        }
        let at = bar_at(&plot, bars, &event);
        let handle =
            target(&event).and_then(|target| target.closest("[data-handle]").ok().flatten());
        let other = handle.as_ref().and_then(|handle| {
            let name = if handle.get_attribute("data-handle").as_deref() == Some("from") {
                "to"
            } else {
                "from"
            };
            value_of(name)
        });
        // A handle moves one end; the other one stays.
        let from = other.map_or(at, |other| other as f64);
        drawing.set_value(Some(Drawing { from, to: at, handle: handle.is_some() }));
        let _kept = plot.set_pointer_capture(event.pointer_id());
        event.prevent_default();
    };
    let moved = move |event: PointerEvent| {
        let Some(mut now) = drawing.get_value() else { return };
        let Some((plot, bars)) = plot(&event) else { return };
        now.to = bar_at(&plot, bars, &event);
        drawing.set_value(Some(now));
        if now.handle || (now.to - now.from).abs() > STIR {
            let (from, to) = ends(now);
            draw(from, to, bars);
        }
    };
    let up = move |event: PointerEvent| {
        let Some(now) = drawing.try_update_value(Option::take).flatten() else { return };
        if plot(&event).is_none() {
            return;
        }
        if !now.handle && (now.to - now.from).abs() <= STIR {
            press(now.from.floor() as usize);
            return;
        }
        let (from, to) = ends(now);
        show(from, to);
    };
    let key = move |event: KeyboardEvent| {
        let Some(handle) = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .filter(|target| target.has_attribute("data-handle"))
        else {
            return;
        };
        let Some(bars) = bars() else { return };
        let (Some(from), Some(to)) = (value_of("from"), value_of("to")) else { return };
        let first = handle.get_attribute("data-handle").as_deref() == Some("from");
        let now = if first { from } else { to };
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => now + 1,
            "PageDown" => now.saturating_sub(10),
            "PageUp" => now + 10,
            "Home" => 0,
            "End" => bars,
            "Enter" => {
                event.prevent_default();
                show(from, to);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let (from, to) =
            if first { (next.min(to - 1), to) } else { (from, next.clamp(from + 1, bars)) };
        draw(from, to, bars);
    };
    let cancel = move |_: PointerEvent| drawing.set_value(None);
    view! {
        <div
            class="activity"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=cancel
            on:keydown=key
        >
            <Fragment class="strip-host" html />
        </div>
    }
}

/// The bars that a stretch covers: whole ones, and one at least.
fn ends(drawing: Drawing) -> (usize, usize) {
    let (from, to) = (drawing.from.min(drawing.to), drawing.from.max(drawing.to));
    let (from, to) =
        if drawing.handle { (from.round(), to.round()) } else { (from.floor(), to.ceil()) };
    (from as usize, (to as usize).max(from as usize + 1))
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn bars() -> Option<usize> {
    let strip = document().query_selector(".strip").ok().flatten()?;
    strip.get_attribute("data-bars")?.parse().ok()
}

/// The picture that the pointer is on, and how many bars it has.
fn plot(event: &PointerEvent) -> Option<(HtmlElement, usize)> {
    let plot = target(event)?.closest(".plot").ok()??.dyn_into().ok()?;
    Some((plot, bars()?))
}

/// Where the pointer is, in bars from the left.
fn bar_at(plot: &HtmlElement, bars: usize, event: &PointerEvent) -> f64 {
    let frame = plot.get_bounding_client_rect();
    let part = (f64::from(event.client_x()) - frame.left()) / frame.width().max(1.0);
    (part * bars as f64).clamp(0.0, bars as f64)
}

fn lines() -> Option<web_sys::NodeList> {
    document().query_selector_all(".strip .as-table a[data-from]").ok()
}

fn line(nth: usize) -> Option<HtmlElement> {
    lines()?.item(u32::try_from(nth).ok()?)?.dyn_into().ok()
}

/// Presses the line of a bar in the table.
fn press(nth: usize) {
    if let Some(line) = line(nth) {
        line.click();
    }
}

/// The instant of the edge number `nth`.
fn edge(nth: usize) -> Option<chrono::DateTime<chrono::Utc>> {
    let second = match line(nth) {
        Some(line) => line.get_attribute("data-from"),
        None => line(nth.checked_sub(1)?)?.get_attribute("data-to"),
    };
    chrono::DateTime::from_timestamp(second?.parse().ok()?, 0)
}

fn handle(which: &str) -> Option<Element> {
    document().query_selector(&format!("[data-handle={which}]")).ok().flatten()
}

fn value_of(which: &str) -> Option<usize> {
    handle(which)?.get_attribute("aria-valuenow")?.parse().ok()
}

/// Shows a stretch while it is being drawn.
fn draw(from: usize, to: usize, bars: usize) {
    let place = |nth: usize| format!("{:.2}%", nth as f64 / bars as f64 * 100.0);
    for (which, nth) in [("from", from), ("to", to)] {
        let Some(handle) = handle(which) else { continue };
        let name = line(nth.min(bars.saturating_sub(1))).map(|line| line.text_content());
        for (attribute, value) in [
            ("aria-valuenow", nth.to_string()),
            ("aria-valuetext", name.flatten().unwrap_or_default()),
        ] {
            let _set = handle.set_attribute(attribute, &value);
        }
        let Ok(parts) = handle.query_selector_all("rect, line") else { continue };
        for part in
            (0..parts.length()).filter_map(|nth| parts.item(nth)?.dyn_into::<Element>().ok())
        {
            let names: &[&str] = if part.tag_name() == "line" { &["x1", "x2"] } else { &["x"] };
            for name in names {
                let _set = part.set_attribute(name, &place(nth));
            }
        }
    }
    let over = document().query_selector(".strip .over").ok().flatten();
    let Some(over) = over else { return };
    let brush = over.query_selector(".brush").ok().flatten().or_else(|| {
        let svg = document().create_element_ns(Some("http://www.w3.org/2000/svg"), "rect").ok()?;
        let _set = svg.set_attribute("class", "brush");
        let _set = svg.set_attribute("height", "100%");
        let _added = over.insert_before(&svg, over.first_child().as_ref());
        Some(svg)
    });
    if let Some(brush) = brush {
        let _set = brush.set_attribute("x", &place(from));
        let _set = brush.set_attribute("width", &place(to - from));
    }
}
