//! Forms that work without any script: their fields, what was typed into them, and what is wrong with it.

use leptos::prelude::*;

/// What a form sent: names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Fields with these values.
    pub fn of<const N: usize>(pairs: [(&str, String); N]) -> Self {
        Self(pairs.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// The value of a field, where it was sent.
    pub fn sent(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a field; empty where it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.sent(name).unwrap_or_default()
    }
}

/// What is wrong, field by field, in sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, String)>);

impl FieldErrors {
    /// Notes what is wrong with a field.
    pub fn add(&mut self, field: &'static str, text: &str) {
        self.0.push((field, text.to_owned()));
    }

    /// Notes what is wrong with a field, which therefore has no value.
    pub fn none<T>(&mut self, field: &'static str, text: &str) -> Option<T> {
        self.add(field, text);
        None
    }

    /// A single one.
    pub fn one(field: &'static str, text: &str) -> Self {
        Self(vec![(field, text.to_owned())])
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields that something is wrong with.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(field, _)| *field)
    }

    fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone())
    }
}

/// A form's state: what stands in its fields, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormState {
    /// The values.
    pub fields: Fields,
    /// The faults. One of the field `""` is of the form as a whole.
    pub errors: FieldErrors,
}

/// The sentence over a form that could not be taken.
#[component]
pub fn FormProblem(
    /// The form's faults.
    errors: FieldErrors,
) -> impl IntoView {
    let text = errors.of("").or_else(|| match errors.0.len() {
        0 => None,
        1 => Some("One field needs another look.".to_owned()),
        number => Some(format!("{number} fields need another look.")),
    });
    text.map(|text| {
        view! {
            <div class="problem" role="alert">
                <super::icon::Icon of=super::icon::Icon::Alert />
                <span>{text}</span>
            </div>
        }
    })
}

/// What a line of text may be, as the browser checks it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules {
    /// Whether something must be there.
    pub required: bool,
    /// The greatest number of characters.
    pub longest: Option<usize>,
    /// A regular expression for all of it.
    pub pattern: Option<&'static str>,
    /// What to say where the pattern does not fit.
    pub title: Option<&'static str>,
    /// Which keyboard a phone shows.
    pub inputmode: Option<&'static str>,
}

/// A labelled line of text.
#[component]
pub fn TextField(
    /// Its name in what the form sends.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// The form's state.
    form: FormState,
    /// What the browser checks.
    #[prop(optional)]
    rules: Rules,
    /// A sentence of help.
    #[prop(optional, into)]
    hint: String,
    /// `email`, or plain text.
    #[prop(optional)]
    kind: Option<&'static str>,
) -> impl IntoView {
    let error = form.errors.of(name);
    let described = describe(name, error.is_some(), !hint.is_empty());
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=kind.unwrap_or("text")
                value=form.fields.get(name).to_owned()
                required=rules.required
                maxlength=rules.longest.map(|longest| longest.to_string())
                pattern=rules.pattern
                title=rules.title
                inputmode=rules.inputmode
                autocomplete="off"
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described
            />
            <Help name error hint />
        </div>
    }
}

/// A labelled choice of one.
#[component]
pub fn ChoiceField(
    /// Its name in what the form sends.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// The form's state.
    form: FormState,
    /// Values, and how they read.
    choices: Vec<(&'static str, &'static str)>,
    /// A sentence of help.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let error = form.errors.of(name);
    let described = describe(name, error.is_some(), !hint.is_empty());
    let chosen = form.fields.get(name).to_owned();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                class="select"
                id=name
                name=name
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described
            >
                {choices
                    .into_iter()
                    .map(|(value, label)| {
                        view! {
                            <option value=value selected=value == chosen>
                                {label}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <Help name error hint />
        </div>
    }
}

fn describe(name: &str, error: bool, hint: bool) -> Option<String> {
    let parts = [(error, "error"), (hint, "hint")];
    let ids: Vec<_> =
        parts.iter().filter(|(is, _)| *is).map(|(_, part)| format!("{name}-{part}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[component]
fn Help(name: &'static str, error: Option<String>, hint: String) -> impl IntoView {
    view! {
        {error
            .map(|text| {
                view! {
                    <p class="error" id=format!("{name}-error")>
                        {text}
                    </p>
                }
            })}
        {(!hint.is_empty())
            .then(|| {
                view! {
                    <p class="hint" id=format!("{name}-hint")>
                        {hint}
                    </p>
                }
            })}
    }
}
