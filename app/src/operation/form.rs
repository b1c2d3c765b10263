//! The form of a new operation: what was typed, and what it means.

use crate::{
    customer::id::CustomerId,
    money::Currency,
    ui::field::{FieldErrors, Fields},
    words::Language,
};

use super::OperationKind;

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 400;

/// An operation that is to be performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOperation {
    /// Deposit, withdrawal or transfer.
    pub kind: OperationKind,
    /// How much, in minor units; more than 0.
    pub amount: i64,
    /// To whom, for a transfer and for nothing else.
    pub counterparty: Option<CustomerId>,
    /// What is to be said about it.
    pub note: String,
}

impl NewOperation {
    /// Reads the form's fields `kind`, `amount`, `counterparty` and `note`.
    ///
    /// # Errors
    /// What is wrong, field by field, in the language.
    pub fn read(
        fields: &Fields,
        customer_id: &CustomerId,
        currency: Currency,
        language: Language,
    ) -> Result<Self, FieldErrors> {
        let say = language;
        let mut errors = FieldErrors::default();
        let kind = OperationKind::NEW.into_iter().find(|kind| kind.name() == fields.get("kind"));
        if kind.is_none() {
            errors.add("kind", say.choose_kind());
        }
        let amount = match currency.parse(fields.get("amount"), say) {
            Ok(0) => errors.none("amount", say.write_amount_above_zero()),
            Ok(amount) => Some(amount),
            Err(bad) => errors.none("amount", &bad.in_words(say)),
        };
        let counterparty = if kind == Some(OperationKind::Transfer) {
            match fields.get("counterparty").trim().parse::<CustomerId>() {
                Ok(id) if id == *customer_id => {
                    errors.none("counterparty", say.choose_another_customer())
                }
                Ok(id) => Some(id),
                Err(_) => errors.none("counterparty", say.write_counterparty()),
            }
        } else {
            None
        };
        let note = fields.get("note").trim().to_owned();
        if note.chars().count() > LONGEST_NOTE {
            errors.add("note", &say.note_too_long(LONGEST_NOTE));
        }
        match (kind, amount) {
            (Some(kind), Some(amount)) if errors.is_empty() => {
                Ok(Self { kind, amount, counterparty, note })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<NewOperation, Vec<&'static str>> {
        let (fields, id) = (Fields::read(text.as_bytes()), "1".parse().unwrap());
        NewOperation::read(&fields, &id, Currency::Eur, Language::English)
            .map_err(|errors| errors.fields().collect())
    }

    #[test]
    fn each_field_is_checked_and_all_faults_are_told_at_once() {
        let transfer = read("kind=transfer&amount=12.50&counterparty=2&note=+rent+").unwrap();
        assert_eq!(transfer.amount, 1250);
        assert_eq!(transfer.counterparty, Some("2".parse().unwrap()));
        assert_eq!(transfer.note, "rent");
        assert_eq!(read("kind=deposit&amount=1").unwrap().counterparty, None);
        assert_eq!(read("kind=reversal&amount=x"), Err(vec!["kind", "amount"]));
        assert_eq!(
            read("kind=transfer&amount=0&counterparty=1"),
            Err(vec!["amount", "counterparty"])
        );
    }
}
