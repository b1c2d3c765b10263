//! What stands where rows would stand.

use leptos::prelude::*;

use super::icon::Icon;

/// A picture, a heading, a sentence, and ways on.
#[component]
pub fn Notice(
    /// The picture.
    icon: Icon,
    /// The heading.
    #[prop(into)]
    title: String,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// Whether this is all that the page has to say: then it is the page's heading.
    #[prop(optional)]
    alone: bool,
    /// Links and buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice">
            <Icon of=icon />
            {if alone {
                view! { <h1>{title}</h1> }.into_any()
            } else {
                view! { <h3>{title}</h3> }.into_any()
            }}
            <p>{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
