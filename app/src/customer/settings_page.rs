//! The Settings tab, and the form that adds a customer: the same fields.

use leptos::prelude::*;

use super::{
    Customer, CustomerStatus, CustomerType,
    profile::ProfileHead,
    settings::{LONGEST_DOCUMENT, LONGEST_NAME, Settings},
};
use crate::{
    money::Currency,
    place::Tab,
    ui::field::{ChoiceField, FormProblem, FormState, Rules, TextField},
};

/// The Settings tab, as a whole page's content.
#[component]
pub fn SettingsTab(
    /// The customer.
    customer: Customer,
    /// What their account is kept in.
    currency: Currency,
    /// What is kept of them.
    settings: Settings,
    /// What stands in the form, and what is wrong with it.
    form: FormState,
    /// Whether the last change was just kept.
    saved: bool,
    /// Whether the viewer may change anything.
    may_act: bool,
) -> impl IntoView {
    let profile = customer.customer_id.profile_path();
    let blocked = settings.status == CustomerStatus::Blocked;
    let content = if may_act {
        view! {
            <form
                class="sheet"
                method="post"
                action=format!("{profile}/settings")
                aria-labelledby="settings-title"
            >
                <h2 id="settings-title">"Settings"</h2>
                {saved.then(|| view! { <p class="done" role="status">"The settings are saved."</p> })}
                <FormProblem errors=form.errors.clone() />
                <SettingsFields form currency />
                <div class="actions">
                    <button class="button primary" type="submit">
                        "Save settings"
                    </button>
                </div>
            </form>
            <form
                class="sheet"
                method="post"
                action=format!("{profile}/{}", if blocked { "unblock" } else { "block" })
                aria-labelledby="block-title"
            >
                <h2 id="block-title">{if blocked { "Unblock" } else { "Block" }}</h2>
                <p>
                    {if blocked {
                        "The account is blocked: nothing moves on it. Unblocking makes it active again."
                    } else {
                        "While an account is blocked, nothing moves on it. Recording goes on."
                    }}
                </p>
                <div class="actions">
                    <button class="button" type="submit">
                        {if blocked { "Unblock the account" } else { "Block the account" }}
                    </button>
                </div>
            </form>
        }
        .into_any()
    } else {
        view! {
            <h2 class="vh" id="settings-title">
                "Settings"
            </h2>
            <SettingsFacts settings currency />
        }
        .into_any()
    };
    view! {
        <ProfileHead customer tab=Signal::stored(Tab::Settings) />
        <section class="act" aria-labelledby="settings-title">
            {content}
        </section>
    }
}

/// The form that adds a customer, as a whole page's content.
#[component]
pub fn AddCustomerPage(
    /// What stands in the form, and what is wrong with it.
    form: FormState,
) -> impl IntoView {
    let currencies = Currency::ALL.map(|currency| (currency.code(), currency.code())).into();
    view! {
        <header class="title">
            <h1>"Add customer"</h1>
        </header>
        <section class="act" aria-label="Add customer">
            <form class="sheet" method="post" action="/new-customer" aria-label="Add customer">
                <FormProblem errors=form.errors.clone() />
                <TextField
                    name="customer_id"
                    label="Number"
                    form=form.clone()
                    rules=Rules {
                        required: true,
                        longest: Some(64),
                        pattern: Some(r"\s*[A-Za-z0-9_.:\-]+\s*"),
                        title: Some("1 to 64 of the characters A–Z, a–z, 0–9 and _ . : -"),
                        inputmode: None,
                    }
                    hint="The platform's own id. It stays as it is."
                />
                <ChoiceField
                    name="currency"
                    label="Currency"
                    form=form.clone()
                    choices=currencies
                    hint="What the account is kept in. It stays as it is."
                />
                <SettingsFields form currency=Currency::Eur />
                <div class="actions">
                    <button class="button primary" type="submit">
                        "Add customer"
                    </button>
                    <a class="button" href="/customers">
                        "Cancel"
                    </a>
                </div>
            </form>
        </section>
    }
}

#[component]
fn SettingsFields(form: FormState, currency: Currency) -> impl IntoView {
    let types = CustomerType::CHOICES.map(|choice| (choice.name(), choice.label())).into();
    let statuses = CustomerStatus::ALL.map(|choice| (choice.name(), choice.label())).into();
    let limit_hint = format!(
        "Such as {}. What is withdrawn in a day (UTC) above it needs a second operator. Nothing: no limit.",
        currency.example()
    );
    view! {
        <TextField
            name="name"
            label="Name"
            form=form.clone()
            rules=Rules { required: true, longest: Some(LONGEST_NAME), ..Rules::default() }
        />
        <ChoiceField name="customer_type" label="Type" form=form.clone() choices=types />
        <ChoiceField name="status" label="Status" form=form.clone() choices=statuses />
        <TextField
            name="email"
            label="E-mail"
            form=form.clone()
            kind="email"
            rules=Rules { longest: Some(254), ..Rules::default() }
        />
        <TextField
            name="document"
            label="Document"
            form=form.clone()
            rules=Rules { longest: Some(LONGEST_DOCUMENT), ..Rules::default() }
            hint="The number of an identity or company document."
        />
        <TextField
            name="daily_limit"
            label="Daily limit"
            form=form.clone()
            rules=Rules {
                longest: Some(24),
                pattern: Some(r"\s*[0-9,]+(\.[0-9]+)?\s*"),
                title: Some("An amount such as 1250.00, or nothing"),
                inputmode: Some("decimal"),
                required: false,
            }
            hint=limit_hint
        />
        <TextField name="tags" label="Tags" form hint="Words, with commas between them." />
    }
}

#[component]
fn SettingsFacts(settings: Settings, currency: Currency) -> impl IntoView {
    let limit = settings
        .daily_limit
        .map_or_else(|| "none".to_owned(), |limit| format!("{} {currency}", currency.shown(limit)));
    let facts = [
        ("Name", settings.name),
        ("Type", settings.customer_type.label().to_owned()),
        ("Status", settings.status.label().to_owned()),
        ("E-mail", settings.email),
        ("Document", settings.document),
        ("Daily limit", limit),
        ("Tags", settings.tags.join(", ")),
    ];
    view! {
        <dl class="facts">
            {facts
                .map(|(label, value)| {
                    view! {
                        <div>
                            <dt>{label}</dt>
                            <dd>
                                <bdi>{value}</bdi>
                            </dd>
                        </div>
                    }
                })
                .into_iter()
                .collect_view()}
        </dl>
    }
}
