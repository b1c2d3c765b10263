//! Columns as wide as they are dragged. Whoever does not drag has the menu of columns for it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};

use super::{
    columns::Columns,
    columns_menu::tell,
    entry::LogColumn,
    layout::{Layout, WIDTHS},
};
use crate::ui::local::Local;

/// What the column of what a row is called keeps at least, in CSS pixels.
const LEAST_LEFT: f64 = 128.0;

/// A column that is being dragged.
#[derive(Clone)]
struct Drag {
    column: LogColumn,
    head: HtmlElement,
    from: f64,
    width: f64,
    most: f64,
}

/// The listeners for the table's head.
#[derive(Clone, Copy)]
pub struct Resize {
    columns: Signal<Columns>,
    layout: RwSignal<Layout>,
    drag: Local<Drag>,
}

impl Resize {
    /// None is dragged yet.
    pub fn new(columns: Signal<Columns>, layout: RwSignal<Layout>) -> Self {
        Self { columns, layout, drag: Local::default() }
    }

    /// A pointer is put down.
    pub fn begin(self, event: &PointerEvent) {
        let Some(grip) = target(event).filter(|element| element.matches(".grip").unwrap_or(false))
        else {
            return;
        };
        let head = grip.closest("th").ok().flatten();
        let Some(head) = head.and_then(|head| head.dyn_into::<HtmlElement>().ok()) else { return };
        let heads = head.parent_element().map(|row| row.children());
        let nth = heads.and_then(|heads| {
            (0..heads.length())
                .find(|nth| heads.item(*nth).is_some_and(|other| other.is_same_node(Some(&head))))
        });
        let columns = self.columns.get_untracked();
        let column = nth.and_then(|nth| columns.as_slice().get(nth as usize).copied());
        let Some(column) = column else { return };
        let width = head.get_bounding_client_rect().width();
        // Action takes what the others leave.
        let left = document().query_selector(".rows thead .c-action").ok().flatten();
        let left = left.map_or(0.0, |left| left.get_bounding_client_rect().width() - LEAST_LEFT);
        let most =
            if column == LogColumn::Action { WIDTHS.1.into() } else { width + left.max(0.0) };
        let _captured = grip.set_pointer_capture(event.pointer_id());
        event.prevent_default();
        self.drag.put(Drag { column, head, from: event.client_x().into(), width, most });
    }

    /// A pointer moves.
    pub fn go_on(self, event: &PointerEvent) {
        self.drag.look(|drag| {
            let _shown = drag.head.set_attribute("width", &drag.at(event).to_string());
        });
    }

    /// A pointer is lifted: the width stays, and is kept.
    pub fn end(self, event: &PointerEvent) {
        let Some(drag) = self.drag.take() else { return };
        let widths = self.layout.with_untracked(|layout| layout.widths);
        let widths = widths.with(drag.column, drag.at(event));
        self.layout.update(|layout| layout.widths = widths);
        tell("widths", widths.to_string());
    }
}

impl Drag {
    fn at(&self, event: &PointerEvent) -> i32 {
        let width = self.width + f64::from(event.client_x()) - self.from;
        width.clamp(WIDTHS.0.into(), self.most.max(WIDTHS.0.into())).round() as i32
    }
}

fn target(event: &PointerEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
