//! What the browser knows and the page asks: its zone, and what a form would send.

use wasm_bindgen::JsValue;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// The name of the zone that the device is set to.
pub fn zone() -> Option<String> {
    let formats = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = formats.resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
}

/// What `form` would send, as a query string without `?`; fields that are empty are left out.
pub fn form_query(form: &HtmlFormElement) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    let parameters = UrlSearchParams::new().ok()?;
    for pair in data.entries() {
        let pair = js_sys::Array::from(&pair.ok()?);
        let (name, value) = (pair.get(0).as_string()?, pair.get(1).as_string()?);
        if !value.is_empty() {
            parameters.append(&name, &value);
        }
    }
    Some(String::from(parameters.to_string()))
}
