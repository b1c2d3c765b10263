//! The form of a new operation.

use leptos::prelude::*;

use super::{OperationKind, form::LONGEST_NOTE};
use crate::{
    customer::{Customer, profile::ProfileHead},
    money::Currency,
    place::Tab,
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
    let path = format!("{}/operations", customer.customer_id.profile_path());
    let action = path.clone();
    let form_key = form.fields.get("form_key").to_owned();
    let limit = (kind == OperationKind::Withdrawal).then(|| match left_today {
        Some(left) => format!(
            "{} {currency} can be withdrawn today at once. What is above waits for another operator.",
            currency.shown(left)
        ),
        None => "There is no daily limit.".to_owned(),
    });
    let hint = format!("{} {currency} available.", currency.shown(available));
    let amount = Rules {
        required: true,
        longest: Some(24),
        pattern: Some(r"\s*[0-9,]+(\.[0-9]+)?\s*"),
        title: Some("An amount such as 1250.00"),
        inputmode: Some("decimal"),
    };
    view! {
        <ProfileHead customer tab=Signal::stored(Tab::Operations) />
        <section class="act" aria-labelledby="new-title">
            <form class="sheet" method="post" action=action aria-labelledby="new-title">
                <h2 id="new-title">{format!("New {}", kind.name())}</h2>
                <FormProblem errors=form.errors.clone() />
                <input type="hidden" name="kind" value=kind.name() />
                <input type="hidden" name="form_key" value=form_key />
                {(kind == OperationKind::Transfer)
                    .then(|| {
                        view! {
                            <TextField
                                name="counterparty"
                                label="To customer (number)"
                                form=form.clone()
                                rules=Rules {
                                    required: true,
                                    longest: Some(64),
                                    pattern: Some(r"\s*[A-Za-z0-9_.:\-]+\s*"),
                                    title: Some("The customer's number"),
                                    inputmode: None,
                                }
                                hint="Their account must be in the same currency."
                            />
                        }
                    })}
                <TextField
                    name="amount"
                    label="Amount"
                    form=form.clone()
                    rules=amount
                    hint=format!("{hint} {}", limit.unwrap_or_default()).trim().to_owned()
                />
                <TextField
                    name="note"
                    label="Note"
                    form
                    rules=Rules { longest: Some(LONGEST_NOTE), ..Rules::default() }
                    hint="Stands in the customer's log."
                />
                <div class="actions">
                    <button class="button primary" type="submit">
                        {format!("Perform {}", kind.name())}
                    </button>
                    <a class="button" href=path>
                        "Cancel"
                    </a>
                </div>
            </form>
        </section>
    }
}
