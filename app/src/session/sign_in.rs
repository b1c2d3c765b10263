//! The sign-in page. The server sends it whole: a plain form, and no WebAssembly.

use leptos::prelude::*;

use super::viewer::say;
use crate::{
    query::{Parameters, Takes},
    shell::Languages,
    ui::icon::{Icon, Mark},
    words::Language,
};

/// Why somebody could not sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Email and password do not belong together.
    Credentials,
    /// There were too many attempts: so many seconds are to be waited, where that is known.
    Wait(Option<u32>),
    /// It does not work at the moment.
    Unavailable,
}

impl Refused {
    fn in_words(self, language: Language) -> String {
        match self {
            Self::Credentials => language.wrong_credentials().to_owned(),
            Self::Wait(Some(seconds)) => language.wait_seconds(seconds.into()),
            Self::Wait(None) => language.too_many_attempts().to_owned(),
            Self::Unavailable => language.sign_in_unavailable().to_owned(),
        }
    }
}

/// What the page's address says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInQuery {
    /// What went wrong the last time.
    pub problem: Option<Refused>,
    /// Where to go afterwards.
    pub next: String,
}

impl SignInQuery {
    /// Reads a query string (without `?`).
    pub fn read(query_string: &str) -> Self {
        let mut parameters = Parameters::read(query_string);
        let text = |text: &str| Some(text.to_owned());
        // Nobody is told: the address is the server's own.
        let takes = || Takes::Nothing;
        let seconds =
            parameters.take("seconds", None, takes, |text| text.parse::<u32>().ok().map(Some));
        let problem = match parameters.take("problem", String::new(), takes, text).as_str() {
            "credentials" => Some(Refused::Credentials),
            "wait" => Some(Refused::Wait(seconds)),
            "unavailable" => Some(Refused::Unavailable),
            _ => None,
        };
        Self { problem, next: parameters.take("next", String::new(), takes, text) }
    }
}

/// Shows and hides the password: the page's one script.
const SHOW: &str = "document.querySelector('.password button').onclick = ({ currentTarget: button }) => { \
    const field = document.getElementById('password'), shown = field.type === 'text'; \
    field.type = shown ? 'password' : 'text'; \
    button.setAttribute('aria-pressed', !shown); \
    button.textContent = shown ? button.dataset.show : button.dataset.hide; }; \
    document.documentElement.dataset.script = '';";

/// E-mail, password, and what went wrong the last time.
#[component]
pub fn SignIn(
    /// What the page's address says.
    query: SignInQuery,
) -> impl IntoView {
    let say = say();
    view! {
        <a class="skip" href="#content">
            {say.skip_to_content()}
        </a>
        <main class="sign-in" id="content" tabindex="-1">
            <div class="card">
                <p class="mark">
                    <Mark />
                    "Customer Logs"
                </p>
                <form class="sheet" method="post" action="/sign-in" aria-labelledby="in-title">
                    <div>
                        <h1 id="in-title">{say.sign_in()}</h1>
                        <p class="sub">{say.sign_in_for_whom()}</p>
                    </div>
                    {query
                        .problem
                        .map(|problem| {
                            view! {
                                <div class="problem" role="alert">
                                    <Icon of=Icon::Alert />
                                    <span>{problem.in_words(say)}</span>
                                </div>
                            }
                        })}
                    <input type="hidden" name="next" value=query.next />
                    <div class="field">
                        <label for="email">{say.email()}</label>
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
                        <label for="password">{say.password()}</label>
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
                                aria-label=say.show_password()
                                aria-pressed="false"
                                data-show=say.show()
                                data-hide=say.hide()
                            >
                                {say.show()}
                            </button>
                        </div>
                    </div>
                    <button class="button primary" type="submit">
                        {say.sign_in()}
                    </button>
                    <p class="aside">{say.sign_in_is_recorded()}</p>
                </form>
                <form class="languages" method="post" action="/preferences" id="preferences">
                    <Languages />
                </form>
            </div>
        </main>
        <script nonce=leptos::nonce::use_nonce()>{SHOW}</script>
    }
}

#[cfg(test)]
mod tests {
    use super::{Refused, SignInQuery};
    use crate::words::Language;

    #[test]
    fn the_address_says_what_went_wrong_and_where_to_go_on() {
        let query = SignInQuery::read("problem=wait&seconds=30&next=%2Fcustomers");
        let problem = query.problem.map(|problem| problem.in_words(Language::English));
        assert_eq!(problem.as_deref(), Some("Too many attempts. Wait 30 seconds, then try again."));
        assert_eq!(SignInQuery::read("problem=wait").problem, Some(Refused::Wait(None)));
        assert_eq!(query.next, "/customers");
        assert_eq!(SignInQuery::read("problem=<script>"), SignInQuery::default());
    }
}
