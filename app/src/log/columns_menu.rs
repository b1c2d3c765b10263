//! The menu of columns: which are shown, in which order and how wide, and how close the rows stand. Every press sends
//! what it makes of the layout; with a script, the table follows at once and the server is told in passing.

use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlElement};

use super::{
    columns::Columns,
    entry::LogColumn,
    layout::{Density, Layout, Widths},
    sight::Sight,
};
use crate::{
    query::{Column as _, query_string},
    session::viewer::say,
    ui::{device, focus, icon::Icon},
};

/// Where a layout is kept.
pub const PATH: &str = "/layout";

/// The menu.
#[component]
pub fn ColumnsMenu(
    /// What the viewer may see.
    seen: Sight,
    /// The columns that are shown.
    columns: Memo<Columns>,
    /// How the viewer wants the table.
    layout: RwSignal<Layout>,
    /// Called with the columns that were chosen.
    choose: Callback<Columns>,
) -> impl IntoView {
    let press = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button").ok().flatten());
        let Some(button) = button.and_then(|button| button.dyn_into::<HtmlButtonElement>().ok())
        else {
            return;
        };
        event.prevent_default();
        let (name, value) = (button.name(), button.value());
        match name.as_str() {
            "columns" => {
                if let Ok(columns) = value.parse() {
                    choose.run(columns);
                }
            }
            "widths" => {
                if let Ok(widths) = value.parse() {
                    layout.update(|layout| layout.widths = widths);
                }
            }
            "density" => {
                if let Ok(density) = value.parse() {
                    show_density(density);
                    layout.update(|layout| layout.density = density);
                }
            }
            _ => {
                choose.run(Columns::seen(seen));
                layout.update(|layout| layout.widths = Widths::default());
            }
        }
        tell(&name, value);
        // The buttons are new ones: the one in the same place gets the focus.
        let again = format!("#{}", button.id());
        request_animation_frame(move || focus::give(&again));
    };
    let spoken = say();
    view! {
        <details class="menu end columns">
            <summary class="button">
                <Icon of=Icon::Columns />
                <span>{spoken.columns()}</span>
                <Icon of=Icon::ChevronDown class="chevron" />
            </summary>
            <form class="panel" method="post" action=PATH on:click=press>
                <div role="group" aria-label=spoken.columns()>
                    {move || columns_rows(seen, &columns.get(), layout.with(|layout| layout.widths))}
                </div>
                <div class="foot">
                    <span class="grow">
                        {move || {
                            columns
                                .with(|columns| {
                                    spoken.columns_shown(columns.as_slice().len(), seen.columns().count())
                                })
                        }}
                    </span>
                    <button class="button quiet small" type="submit" id="columns-reset" name="reset" value="1">
                        {spoken.columns_reset()}
                    </button>
                </div>
            </form>
        </details>
    }
}

/// A row of the menu for each column: those that are shown in their order, then the others.
fn columns_rows(seen: Sight, columns: &Columns, widths: Widths) -> impl IntoView + use<> {
    let hidden = seen.columns().filter(|column| !columns.has(*column));
    columns
        .as_slice()
        .iter()
        .copied()
        .chain(hidden)
        .map(|column| row(columns, column, widths))
        .collect_view()
}

fn row(columns: &Columns, column: LogColumn, widths: Widths) -> impl IntoView + use<> {
    let spoken = say();
    let shown = columns.has(column);
    let name = column.label(spoken);
    let id = move |what: &str| format!("column-{what}-{}", column.name());
    let button = |what: &str, name: &'static str, value: Option<String>, icon, label: String| {
        // One that can do nothing says how it is, and so changes nothing where it is pressed all the same.
        let idle = value.is_none();
        let as_it_is = if name == "columns" { columns.to_string() } else { widths.to_string() };
        view! {
            <button
                class="button quiet square small"
                type="submit"
                id=id(what)
                name=name
                value=value.unwrap_or(as_it_is)
                aria-disabled=idle.then_some("true")
                aria-label=label.clone()
                title=label
            >
                <Icon of=icon />
            </button>
        }
    };
    let moved = |to_start| shown.then(|| columns.moved(column, to_start)).flatten();
    let stepped = |wider| {
        let after = widths.stepped(column, wider);
        (shown && after != widths).then(|| after.to_string())
    };
    let always = column == LogColumn::Action;
    view! {
        <div class="column">
            <button
                class="option"
                type="submit"
                role="checkbox"
                id=id("show")
                name="columns"
                value=columns.toggled(column).to_string()
                aria-checked=shown.to_string()
                aria-disabled=always.then_some("true")
            >
                <span class="box">
                    <Icon of=Icon::Check />
                </span>
                <span class="grow">{name}</span>
                {always.then(|| view! { <span class="aside">{spoken.column_always()}</span> })}
            </button>
            {button(
                "first",
                "columns",
                moved(true).map(|columns| columns.to_string()),
                Icon::ArrowUp,
                spoken.column_to_start(name),
            )}
            {button(
                "last",
                "columns",
                moved(false).map(|columns| columns.to_string()),
                Icon::ArrowDown,
                spoken.column_to_end(name),
            )}
            {button("narrow", "widths", stepped(false), Icon::Minus, spoken.column_narrower(name))}
            {button("wide", "widths", stepped(true), Icon::Plus, spoken.column_wider(name))}
        </div>
    }
}

/// How close the rows stand, as joined buttons.
#[component]
pub fn DensityButtons(
    /// How the viewer wants the table.
    layout: RwSignal<Layout>,
) -> impl IntoView {
    let spoken = say();
    let choices = Density::ALL.map(|density| {
        let (label, icon) = match density {
            Density::Compact => (spoken.density_compact(), Icon::Compact),
            Density::Regular => (spoken.density_regular(), Icon::Regular),
            Density::Relaxed => (spoken.density_relaxed(), Icon::Relaxed),
        };
        view! {
            <button
                type="submit"
                name="density"
                value=density.name()
                title=label
                aria-label=label
                aria-pressed=move || {
                    layout.with(|layout| layout.density == density).to_string()
                }
                on:click=move |event| {
                    event.prevent_default();
                    show_density(density);
                    layout.update(|layout| layout.density = density);
                    tell("density", density.name().to_owned());
                }
            >
                <Icon of=icon />
            </button>
        }
    });
    view! {
        <form method="post" action=PATH>
            <div class="segmented" role="group" aria-label=spoken.density()>
                {choices.into_iter().collect_view()}
            </div>
        </form>
    }
}

fn show_density(density: Density) {
    let root = document().document_element();
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let _shown = root.dataset().set("density", density.name());
    }
}

/// Has the server keep a part of the layout. Where it cannot be reached, the choice lasts as long as the page.
pub fn tell(name: &str, value: String) {
    let form = query_string([(name.to_owned(), value)]);
    spawn_local(async move {
        let _kept = device::post(PATH, &form).await;
    });
}
