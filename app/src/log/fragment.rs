//! The parts of the Logs tab that the server writes: what depends on data, is read more than it changes, and would
//! weigh much in the module. They are links and forms, so they work before any script; with it, only they travel,
//! as HTML, and what is pressed in them goes nowhere but to another state of the same page.

mod chips;
mod completion;
mod drawer;
pub mod export;
mod facet;
mod label;
mod strip;
mod time_menu;
mod views;

use leptos::prelude::*;

use super::{
    activity::Activity, answers::Around, completion::Suggestion, detail::Detail, facet::FacetValue,
    saved::SavedView, sight::Sight, view::LogView,
};
use crate::{words::Language, zone::Zone};

/// What stands around the rows.
pub struct Surroundings<'s> {
    /// The tab's path.
    pub path: &'s str,
    /// What the tab shows.
    pub view: &'s LogView,
    /// Whether a customer looks at their own log.
    pub own: bool,
    /// The language that the page speaks.
    pub say: Language,
    /// What is seen.
    pub sight: Sight,
    /// How many entries were recorded when.
    pub activity: &'s Activity,
    /// The values that are listed, where any are.
    pub values: Option<&'s [FacetValue]>,
    /// The views that the viewer may open.
    pub saved: &'s [SavedView],
}

/// An entry that is open.
#[derive(Clone, Copy)]
pub struct Opened<'s> {
    /// The tab's path.
    pub path: &'s str,
    /// What the tab shows.
    pub view: &'s LogView,
    /// What is seen.
    pub sight: Sight,
    /// The language that the page speaks.
    pub say: Language,
    /// Whose clocks show the times.
    pub zone: &'s Zone,
    /// All that is known of the entry.
    pub detail: &'s Detail,
}

/// Writes it.
pub fn around(of: &Surroundings<'_>) -> Around {
    Around {
        time: time_menu::write(of).to_html(),
        chips: chips::write(of).to_html(),
        strip: strip::write(of).to_html(),
        views: views::write(of).to_html(),
    }
}

/// A list of what may be meant by what is typed; nothing where there is nothing to choose.
pub fn completions(suggestions: &[Suggestion], say: Language) -> String {
    if suggestions.is_empty() {
        return String::new();
    }
    completion::write(suggestions, say).to_html()
}

/// The inside of the drawer.
pub fn entry(of: &Opened<'_>) -> String {
    drawer::write(of).to_html()
}
