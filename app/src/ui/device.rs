//! What the browser knows and the page asks: its zone, what a form would send, and the same done without leaving the
//! page.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    FormData, HtmlAnchorElement, HtmlFormElement, RequestInit, RequestRedirect, UrlSearchParams,
};

/// The name of the zone that the device is set to.
pub fn zone() -> Option<String> {
    let formats = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = formats.resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
}

/// What `form` would send, as a query string without `?`; fields that are empty are left out.
pub fn form_query(form: &HtmlFormElement) -> Option<String> {
    Some(String::from(parameters(form)?.to_string()))
}

/// Sends `form`, whose method is POST. What comes of it is not looked at.
pub fn post(form: &HtmlFormElement) -> Option<()> {
    let request = RequestInit::new();
    request.set_method("POST");
    // Where it would lead, the page is already.
    request.set_redirect(RequestRedirect::Manual);
    request.set_body(parameters(form)?.as_ref());
    let _answer = window().fetch_with_str_and_init(&form.get_attribute("action")?, &request);
    Some(())
}

/// Lets the browser download what is at `address`; the page stays.
pub fn download(address: &str) -> Option<()> {
    let link = document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(address);
    link.set_download("");
    link.click();
    Some(())
}

fn parameters(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    let parameters = UrlSearchParams::new().ok()?;
    for pair in data.entries() {
        let pair = js_sys::Array::from(&pair.ok()?);
        let (name, value) = (pair.get(0).as_string()?, pair.get(1).as_string()?);
        if !value.is_empty() {
            parameters.append(&name, &value);
        }
    }
    Some(parameters)
}
