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
    /// Links and buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice">
            <Icon of=icon />
            <h3>{title}</h3>
            <p>{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
