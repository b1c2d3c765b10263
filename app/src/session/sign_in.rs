//! The sign-in page. The server sends it whole: a plain form, and no WebAssembly.

use leptos::prelude::*;

use crate::{
    query::Parameters,
    ui::icon::{Icon, Mark},
};

/// What the page's address says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInQuery {
    /// What went wrong the last time, in a sentence.
    pub problem: Option<String>,
    /// Where to go afterwards.
    pub next: String,
}

impl SignInQuery {
    /// Reads a query string (without `?`).
    pub fn read(query_string: &str) -> Self {
        let mut parameters = Parameters::read(query_string);
        let text = |text: &str| Some(text.to_owned());
        let seconds =
            parameters.take("seconds", None, "", |text| text.parse::<u32>().ok().map(Some));
        let problem = match parameters.take("problem", String::new(), "", text).as_str() {
            "credentials" => Some("That email and password do not belong together.".to_owned()),
            "wait" => {
                let wait = match seconds {
                    Some(1) => "a second".to_owned(),
                    Some(seconds) => format!("{seconds} seconds"),
                    None => "a little".to_owned(),
                };
                Some(format!("Too many attempts. Wait {wait}, then try again."))
            }
            "unavailable" => {
                Some("Signing in does not work at the moment. Try again shortly.".to_owned())
            }
            _ => None,
        };
        Self { problem, next: parameters.take("next", String::new(), "", text) }
    }
}

/// Shows and hides the password: the page's one script.
const SHOW: &str = "document.querySelector('.password button').onclick = ({ currentTarget: button }) => { \
    const field = document.getElementById('password'), shown = field.type === 'text'; \
    field.type = shown ? 'password' : 'text'; \
    button.setAttribute('aria-pressed', !shown); button.textContent = shown ? 'Show' : 'Hide'; }; \
    document.documentElement.dataset.script = '';";

/// E-mail, password, and what went wrong the last time.
#[component]
pub fn SignIn(
    /// What the page's address says.
    query: SignInQuery,
) -> impl IntoView {
    view! {
        <a class="skip" href="#content">
            "Skip to the content"
        </a>
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
                    {query
                        .problem
                        .map(|text| {
                            view! {
                                <div class="problem" role="alert">
                                    <Icon of=Icon::Alert />
                                    <span>{text}</span>
                                </div>
                            }
                        })}
                    <input type="hidden" name="next" value=query.next />
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
                                type="password"
                                autocomplete="current-password"
                                maxlength="1024"
                                required
                            />
                            <button
                                type="button"
                                class="needs-script"
                                aria-label="Show password"
                                aria-pressed="false"
                            >
                                "Show"
                            </button>
                        </div>
                    </div>
                    <button class="button primary" type="submit">
                        "Sign in"
                    </button>
                    <p class="aside">"Signing in is recorded, and so is trying to."</p>
                </form>
            </div>
        </main>
        <script nonce=leptos::nonce::use_nonce()>{SHOW}</script>
    }
}

#[cfg(test)]
mod tests {
    use super::SignInQuery;

    #[test]
    fn the_address_says_what_went_wrong_and_where_to_go_on() {
        let query = SignInQuery::read("problem=wait&seconds=30&next=%2Fcustomers");
        assert_eq!(
            query.problem.as_deref(),
            Some("Too many attempts. Wait 30 seconds, then try again.")
        );
        assert_eq!(query.next, "/customers");
        assert_eq!(SignInQuery::read("problem=<script>"), SignInQuery::default());
    }
}
