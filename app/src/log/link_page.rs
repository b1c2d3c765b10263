//! The page that shows a short link that was just made, for browsers without a script.

use leptos::prelude::*;

use crate::session::viewer::say;

/// The page's content.
#[component]
pub fn LinkPage(
    /// The link, whole.
    address: String,
    /// Where it leads, and where one came from.
    back: String,
) -> impl IntoView {
    let spoken = say();
    view! {
        <section class="act" aria-labelledby="link-title">
            <div class="sheet">
                <h1 id="link-title">{spoken.short_link()}</h1>
                <p>
                    <a href=address.clone()>{address.clone()}</a>
                </p>
                <p class="hint">{spoken.short_link_hint()}</p>
                <p>
                    <a class="button" href=back>
                        {spoken.short_link_back()}
                    </a>
                </p>
            </div>
        </section>
    }
}
