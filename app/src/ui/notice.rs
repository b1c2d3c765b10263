//! What stands where rows would stand.

use leptos::prelude::*;

use super::icon::Icon;
use crate::words::around;

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
    /// Somebody's text that stands [`HERE`](crate::words::HERE) in the sentence: it is set apart.
    #[prop(optional)]
    about: Option<String>,
    /// Whether this is all that the page has to say: then it is the page's heading.
    #[prop(optional)]
    alone: bool,
    /// Links and buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (text, rest) = around(&text);
    view! {
        <div class="notice">
            <Icon of=icon />
            {if alone {
                view! { <h1>{title}</h1> }.into_any()
            } else {
                view! { <h3>{title}</h3> }.into_any()
            }}
            <p>{text} {about.map(|about| view! { <bdi>{about}</bdi> })} {rest}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
