//! Controls that know no word of the product.

pub mod completion;
pub mod device;
#[cfg(feature = "ssr")]
pub mod field;
pub mod focus;
pub mod fragment;
pub mod icon;
pub mod local;
pub mod notes;
pub mod notice;
pub mod number;
pub mod pager;
pub mod piece;
pub mod pulse;
pub mod rows;
pub mod search_field;
pub mod shortcuts;
pub mod sort_header;
pub mod time;

use wasm_bindgen::JsCast;

/// Closes the menu that a chosen item stands in.
pub fn close_menu(event: &web_sys::MouseEvent) {
    let menu = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|item| item.closest("details").ok().flatten());
    if let Some(menu) = menu {
        let _closed = menu.remove_attribute("open");
    }
}
