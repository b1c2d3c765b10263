//! What the browser knows and the page asks: its zone, what a form would send, and the same done without leaving the
//! page.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FormData, Headers, HtmlAnchorElement, HtmlFormElement, RequestInit, RequestRedirect, Response,
    UrlSearchParams,
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

/// Sends a form (`application/x-www-form-urlencoded`) to `path` without leaving the page. Where the answer leads
/// elsewhere, nobody goes there; what it made has its address in `Location`.
///
/// # Errors
/// What the browser says where there was no answer; nothing more where it was no success.
pub async fn post(path: &str, form: &str) -> Result<Option<String>, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_redirect(RequestRedirect::Manual);
    request.set_body(&JsValue::from_str(form));
    // Also when the page is left meanwhile.
    let _set = js_sys::Reflect::set(&request, &"keepalive".into(), &JsValue::TRUE);
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &request)).await?;
    let answer: Response = answer.dyn_into()?;
    if answer.status() >= 400 {
        return Err(JsValue::NULL);
    }
    answer.headers().get("location")
}
