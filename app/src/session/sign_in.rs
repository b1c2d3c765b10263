//! The sign-in page. The form is a plain one: it needs no script.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::ui::icon::{Icon, Mark};

/// E-mail, password, and what went wrong the last time.
#[component]
pub fn SignIn() -> impl IntoView {
    let query = use_query_map();
    let problem = move || {
        query.with(|query| match query.get_str("problem") {
            Some("credentials") => {
                Some("That email and password do not belong together.".to_owned())
            }
            Some("wait") => {
                let seconds = query.get_str("seconds").and_then(|s| s.parse::<u32>().ok());
                let wait = match seconds {
                    Some(1) => "a second".to_owned(),
                    Some(seconds) => format!("{seconds} seconds"),
                    None => "a little".to_owned(),
                };
                Some(format!("Too many attempts. Wait {wait}, then try again."))
            }
            Some("unavailable") => {
                Some("Signing in does not work at the moment. Try again shortly.".to_owned())
            }
            _ => None,
        })
    };
    let next = move || query.with(|query| query.get("next").unwrap_or_default());
    let (shown, set_shown) = signal(false);

    view! {
        <Title text="Sign in" />
        <main class="sign-in" id="content" tabindex="-1">
            <div class="card">
                <p class="mark">
                    <Mark />
                    "Customer Logs"
                </p>
                <form class="sheet" method="post" action="/sign-in" aria-labelledby="in-title">
                    <div>
                        <h1 id="in-title">"Sign in"</h1>
                        <p class="sub">"Back office, auditors and customers"</p>
                    </div>
                    {move || {
                        problem()
                            .map(|text| {
                                view! {
                                    <div class="problem" role="alert">
                                        <Icon of=Icon::Alert />
                                        <span>{text}</span>
                                    </div>
                                }
                            })
                    }}
                    <input type="hidden" name="next" value=next />
                    <div class="field">
                        <label for="email">"Email"</label>
                        <input
                            class="input"
                            id="email"
                            name="email"
                            type="email"
                            autocomplete="username"
                            maxlength="254"
                            required
                        />
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <div class="password">
                            <input
                                class="input"
                                id="password"
                                name="password"
                                type=move || if shown.get() { "text" } else { "password" }
                                autocomplete="current-password"
                                maxlength="1024"
                                required
                            />
                            <button
                                type="button"
                                class="needs-script"
                                aria-label="Show password"
                                aria-pressed=move || shown.get().to_string()
                                on:click=move |_| set_shown.update(|shown| *shown = !*shown)
                            >
                                {move || if shown.get() { "Hide" } else { "Show" }}
                            </button>
                        </div>
                    </div>
                    <button class="button primary" type="submit">
                        "Sign in"
                    </button>
                </form>
            </div>
        </main>
    }
}
