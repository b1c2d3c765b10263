//! A field that searches: at Enter, and after a pause in typing.

use std::time::Duration;

use leptos::{html, leptos_dom::helpers::debounce, prelude::*};

use super::{
    completion::{Ask, Completion, CompletionList},
    icon::Icon,
};
use crate::{place::History, session::viewer::say};

/// How long typing must rest before it searches.
const PAUSE: Duration = Duration::from_millis(300);

/// The field, its key, and the way to empty it. It stands in a form, whose submission searches where
/// there is no script.
#[component]
pub fn SearchField(
    /// The text that the page shows the results of.
    #[prop(into)]
    value: Signal<String>,
    /// What the field is called.
    label: &'static str,
    /// What stands in it while it is empty.
    placeholder: &'static str,
    /// The page without a search.
    #[prop(into)]
    clear_href: Signal<String>,
    /// Searches. The first change of a burst of typing is a step of its own, the others take its place:
    /// Back undoes the search, not its last letter.
    search: Callback<(String, History)>,
    /// Whether the way to empty it has a key; where it has not, something else on the page empties more.
    #[prop(default = true)]
    clear_key: bool,
    /// Whether a text is not to be followed before Enter.
    #[prop(optional)]
    waits: Option<Callback<String, bool>>,
    /// Asks for what a text may be completed to.
    #[prop(optional)]
    completes: Option<Ask>,
) -> impl IntoView {
    let say = say();
    let field = NodeRef::<html::Input>::new();
    let sent = StoredValue::new(value.get_untracked());
    let typing = StoredValue::new(false);

    // The page may change by Back or a link; then the field follows. It must not follow what it sent
    // itself: the user may have typed on since.
    Effect::new(move |_| {
        let value = value.get();
        if value != sent.get_value()
            && let Some(field) = field.get_untracked()
        {
            field.set_value(&value);
            sent.set_value(value);
        }
    });

    let send = move |text: String| {
        if text != value.get_untracked() {
            let history = if typing.get_value() { History::Replace } else { History::Push };
            typing.set_value(true);
            sent.set_value(text.clone());
            search.run((text, history));
        }
    };
    let mut after_a_pause = debounce(PAUSE, move |()| {
        if let Some(field) = field.get_untracked() {
            let text = field.value();
            if !waits.is_some_and(|waits| waits.run(text.clone())) {
                send(text);
            }
        }
    });

    let completion = completes.map(|ask| {
        let follow = Callback::new(move |text| {
            typing.set_value(false);
            send(text);
            typing.set_value(false);
        });
        Completion::new(field, ask, follow)
    });
    let mut completing = completion.map(Completion::typing);
    // Without a script it is a field like others.
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let combobox = move |of: fn(Completion) -> Option<String>| {
        move || completion.filter(|_| alive.get()).and_then(of)
    };

    view! {
        <Icon of=Icon::Search />
        <input
            node_ref=field
            type="search"
            name="q"
            value=value.get_untracked()
            aria-label=label
            placeholder=placeholder
            autocomplete="off"
            spellcheck="false"
            maxlength=crate::query::LONGEST_SEARCH.to_string()
            aria-keyshortcuts="/"
            role=combobox(|_| Some("combobox".into()))
            aria-autocomplete=combobox(|_| Some("list".into()))
            aria-expanded=combobox(|completion| Some(completion.is_open().to_string()))
            aria-controls=combobox(|completion| completion.is_open().then(|| "completions".into()))
            aria-activedescendant=combobox(Completion::marked)
            on:input=move |_| {
                after_a_pause(());
                if let Some(completing) = &mut completing {
                    completing();
                }
            }
            on:blur=move |_| {
                if let Some(completion) = completion {
                    completion.close();
                }
            }
            on:change=move |_| {
                if let Some(field) = field.get_untracked() {
                    send(field.value());
                }
                typing.set_value(false);
            }
            on:keydown=move |event| {
                if completion.is_some_and(|completion| completion.key(&event)) {
                    return;
                }
                if event.key() == "Escape" && let Some(field) = field.get_untracked() {
                    let _left = field.blur();
                }
            }
        />
        {completion.map(|of| view! { <CompletionList of /> })}
        {move || {
            if value.with(String::is_empty) {
                view! { <kbd aria-hidden="true">"/"</kbd> }.into_any()
            } else {
                view! {
                    <a
                        class="clear"
                        href=clear_href
                        aria-label=say.clear_the_search()
                        aria-keyshortcuts=clear_key.then_some("Shift+X")
                    >
                        <Icon of=Icon::Close />
                    </a>
                }
                    .into_any()
            }
        }}
    }
}
