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
    session::viewer::say,
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
    let say = say();
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
                <h2 id="settings-title">{say.settings()}</h2>
                {saved.then(|| view! { <p class="done" role="status">{say.settings_saved()}</p> })}
                <FormProblem errors=form.errors.clone() />
                <SettingsFields form currency />
                <div class="actions">
                    <button class="button primary" type="submit">
                        {say.save_settings()}
                    </button>
                </div>
            </form>
            <form
                class="sheet"
                method="post"
                action=format!("{profile}/{}", if blocked { "unblock" } else { "block" })
                aria-labelledby="block-title"
            >
                <h2 id="block-title">{if blocked { say.unblock() } else { say.block() }}</h2>
                <p>
                    {if blocked {
                        say.what_unblocking_does()
                    } else {
                        say.what_blocking_does()
                    }}
                </p>
                <div class="actions">
                    <button class="button" type="submit">
                        {if blocked { say.unblock_account() } else { say.block_account() }}
                    </button>
                </div>
            </form>
        }
        .into_any()
    } else {
        view! {
            <h2 class="vh" id="settings-title">
                {say.settings()}
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
    let say = say();
    let currencies = Currency::ALL.map(|currency| (currency.code(), currency.code())).into();
    view! {
        <header class="title">
            <h1>{say.add_customer()}</h1>
        </header>
        <section class="act" aria-label=say.add_customer()>
            <form class="sheet" method="post" action="/new-customer" aria-label=say.add_customer()>
                <FormProblem errors=form.errors.clone() />
                <TextField
                    name="customer_id"
                    label=say.customer_number()
                    form=form.clone()
                    rules=Rules {
                        required: true,
                        longest: Some(64),
                        pattern: Some(r"\s*[A-Za-z0-9_.:\-]+\s*"),
                        title: Some(say.id_characters()),
                        inputmode: None,
                    }
                    hint=say.platforms_own_id()
                />
                <ChoiceField
                    name="currency"
                    label=say.currency()
                    form=form.clone()
                    choices=currencies
                    hint=say.what_currency_is()
                />
                <SettingsFields form currency=Currency::Eur />
                <div class="actions">
                    <button class="button primary" type="submit">
                        {say.add_customer()}
                    </button>
                    <a class="button" href="/customers">
                        {say.cancel()}
                    </a>
                </div>
            </form>
        </section>
    }
}

#[component]
fn SettingsFields(form: FormState, currency: Currency) -> impl IntoView {
    let say = say();
    let types = CustomerType::CHOICES.map(|choice| (choice.name(), choice.label(say))).into();
    let statuses = CustomerStatus::ALL.map(|choice| (choice.name(), choice.label(say))).into();
    let limit_hint = say.what_daily_limit_is(currency.example(say));
    view! {
        <TextField
            name="name"
            label=say.customer_name()
            form=form.clone()
            rules=Rules { required: true, longest: Some(LONGEST_NAME), ..Rules::default() }
        />
        <ChoiceField name="customer_type" label=say.customer_type() form=form.clone() choices=types />
        <ChoiceField name="status" label=say.customer_status() form=form.clone() choices=statuses />
        <TextField
            name="email"
            label=say.customer_email()
            form=form.clone()
            kind="email"
            rules=Rules { longest: Some(254), ..Rules::default() }
        />
        <TextField
            name="document"
            label=say.document()
            form=form.clone()
            rules=Rules { longest: Some(LONGEST_DOCUMENT), ..Rules::default() }
            hint=say.what_document_is()
        />
        <TextField
            name="daily_limit"
            label=say.daily_limit()
            form=form.clone()
            rules=Rules {
                longest: Some(24),
                pattern: Some(r"\s*[0-9.,]+\s*"),
                title: Some(say.amount_or_nothing()),
                inputmode: Some("decimal"),
                required: false,
            }
            hint=limit_hint
        />
        <TextField name="tags" label=say.tags() form hint=say.what_tags_are() />
    }
}

#[component]
fn SettingsFacts(settings: Settings, currency: Currency) -> impl IntoView {
    let say = say();
    let limit = settings
        .daily_limit
        .map_or_else(|| say.no_limit().to_owned(), |limit| currency.with_code(limit, say));
    let facts = [
        (say.customer_name(), settings.name),
        (say.customer_type(), settings.customer_type.label(say).to_owned()),
        (say.customer_status(), settings.status.label(say).to_owned()),
        (say.customer_email(), settings.email),
        (say.document(), settings.document),
        (say.daily_limit(), limit),
        (say.tags(), settings.tags.join(", ")),
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
