//! The form of a new operation.

use leptos::prelude::*;

use super::{OperationKind, form::LONGEST_NOTE};
use crate::{
    customer::{Customer, profile::ProfileHead},
    money::Currency,
    place::Tab,
    session::viewer::say,
    ui::field::{FormProblem, FormState, Rules, TextField},
};

/// The form, as a whole page's content.
#[component]
pub fn NewOperationPage(
    /// Whose money.
    customer: Customer,
    /// What their account is kept in.
    currency: Currency,
    /// How much there is to use, in minor units.
    available: i64,
    /// How much may still be withdrawn today without a second operator; nothing where there is no limit.
    left_today: Option<i64>,
    /// What it is to do.
    kind: OperationKind,
    /// What stands in the form, and what is wrong with it.
    form: FormState,
) -> impl IntoView {
    let say = say();
    let path = format!("{}/operations", customer.customer_id.profile_path());
    let action = path.clone();
    let form_key = form.fields.get("form_key").to_owned();
    let limit = (kind == OperationKind::Withdrawal).then(|| match left_today {
        Some(left) => say.withdrawn_today(currency.with_code(left, say)),
        None => say.no_daily_limit().to_owned(),
    });
    let hint = say.amount_available(currency.with_code(available, say));
    let amount = Rules {
        required: true,
        longest: Some(24),
        pattern: Some(r"\s*[0-9.,]+\s*"),
        title: Some(say.an_amount()),
        inputmode: Some("decimal"),
    };
    view! {
        <ProfileHead customer tab=Signal::stored(Tab::Operations) />
        <section class="act" aria-labelledby="new-title">
            <form class="sheet" method="post" action=action aria-labelledby="new-title">
                <h2 id="new-title">{kind.new_one(say)}</h2>
                <FormProblem errors=form.errors.clone() />
                <input type="hidden" name="kind" value=kind.name() />
                <input type="hidden" name="form_key" value=form_key />
                {(kind == OperationKind::Transfer)
                    .then(|| {
                        view! {
                            <TextField
                                name="counterparty"
                                label=say.to_customer_number()
                                form=form.clone()
                                rules=Rules {
                                    required: true,
                                    longest: Some(64),
                                    pattern: Some(r"\s*[A-Za-z0-9_.:\-]+\s*"),
                                    title: Some(say.customers_number()),
                                    inputmode: None,
                                }
                                hint=say.same_currency_needed()
                            />
                        }
                    })}
                <TextField
                    name="amount"
                    label=say.operation_amount()
                    form=form.clone()
                    rules=amount
                    hint=format!("{hint} {}", limit.unwrap_or_default()).trim().to_owned()
                />
                <TextField
                    name="note"
                    label=say.operation_note()
                    form
                    rules=Rules { longest: Some(LONGEST_NOTE), ..Rules::default() }
                    hint=say.stands_in_the_log()
                />
                <div class="actions">
                    <button class="button primary" type="submit">
                        {kind.perform(say)}
                    </button>
                    <a class="button" href=path>
                        {say.cancel()}
                    </a>
                </div>
            </form>
        </section>
    }
}
