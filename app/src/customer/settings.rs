//! A customer's settings: what they are, and what was typed to change them.

use super::{CustomerStatus, CustomerType, id::CustomerId};
use crate::{
    money::Currency,
    ui::field::{FieldErrors, Fields},
    words::Language,
};

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 200;
/// The longest document number, in characters.
pub const LONGEST_DOCUMENT: usize = 50;
/// The most tags.
pub const MOST_TAGS: usize = 20;
/// The longest tag, in characters.
pub const LONGEST_TAG: usize = 40;

/// What is kept of a customer, and can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Name.
    pub name: String,
    /// What they are.
    pub customer_type: CustomerType,
    /// How the account stands.
    pub status: CustomerStatus,
    /// E-mail; empty where it is not known.
    pub email: String,
    /// The number of an identity or company document; empty where it is not known.
    pub document: String,
    /// How much may be withdrawn in a day (UTC) without a second operator, in minor units; nothing where
    /// there is no limit.
    pub daily_limit: Option<i64>,
    /// Words to find them by.
    pub tags: Vec<String>,
}

/// A customer that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The platform's own id.
    pub customer_id: CustomerId,
    /// What their account is kept in, for good.
    pub currency: Currency,
    /// Everything else.
    pub settings: Settings,
}

/// Whether a text could be an e-mail address: who has it is shown by writing to it, not by its looks.
pub fn is_email(text: &str) -> bool {
    text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

impl Settings {
    /// Reads the form's fields.
    ///
    /// # Errors
    /// What is wrong, field by field, in the language.
    pub fn read(
        fields: &Fields,
        currency: Currency,
        language: Language,
    ) -> Result<Self, FieldErrors> {
        let say = language;
        let mut errors = FieldErrors::default();
        let text = |name: &str| fields.get(name).trim().to_owned();
        let name = text("name");
        if name.is_empty() {
            errors.add("name", say.write_name());
        } else if name.chars().count() > LONGEST_NAME {
            errors.add("name", &say.name_too_long(LONGEST_NAME));
        }
        let customer_type = CustomerType::CHOICES
            .into_iter()
            .find(|choice| choice.name() == fields.get("customer_type"))
            .or_else(|| errors.none("customer_type", say.choose_type()));
        let status = CustomerStatus::ALL
            .into_iter()
            .find(|choice| choice.name() == fields.get("status"))
            .or_else(|| errors.none("status", say.choose_status()));
        let email = text("email");
        if !email.is_empty() && !is_email(&email) {
            errors.add("email", say.write_email());
        }
        let document = text("document");
        if document.chars().count() > LONGEST_DOCUMENT {
            errors.add("document", &say.document_too_long(LONGEST_DOCUMENT));
        }
        let daily_limit = match text("daily_limit").as_str() {
            "" => None,
            typed => match currency.parse(typed, say) {
                Ok(limit) => Some(limit),
                Err(bad) => errors.none("daily_limit", &say.write_limit(bad.in_words(say))),
            },
        };
        let tags = tags(fields.get("tags"));
        if tags.len() > MOST_TAGS || tags.iter().any(|tag| tag.chars().count() > LONGEST_TAG) {
            errors.add("tags", &say.too_many_tags(MOST_TAGS, LONGEST_TAG));
        }
        match (customer_type, status) {
            (Some(customer_type), Some(status)) if errors.is_empty() => {
                Ok(Self { name, customer_type, status, email, document, daily_limit, tags })
            }
            _ => Err(errors),
        }
    }

    /// The form's fields, as these settings fill them.
    pub fn fields(&self, currency: Currency) -> Fields {
        Fields::of([
            ("name", self.name.clone()),
            ("customer_type", self.customer_type.name().into()),
            ("status", self.status.name().into()),
            ("email", self.email.clone()),
            ("document", self.document.clone()),
            (
                "daily_limit",
                self.daily_limit.map(|limit| currency.typed(limit)).unwrap_or_default(),
            ),
            ("tags", self.tags.join(", ")),
        ])
    }
}

impl Addition {
    /// Reads the form's fields: those of the settings, `customer_id` and `currency`.
    ///
    /// # Errors
    /// What is wrong, field by field, in the language.
    pub fn read(fields: &Fields, language: Language) -> Result<Self, FieldErrors> {
        let currency = Currency::ALL.into_iter().find(|c| c.code() == fields.get("currency"));
        let customer_id = fields.get("customer_id").trim().parse::<CustomerId>();
        let settings = Settings::read(fields, currency.unwrap_or_default(), language);
        let mut errors = settings.as_ref().err().cloned().unwrap_or_default();
        if currency.is_none() {
            errors.add("currency", language.choose_currency());
        }
        if customer_id.is_err() {
            errors.add("customer_id", language.write_id_characters());
        }
        match (customer_id, currency, settings) {
            (Ok(customer_id), Some(currency), Ok(settings)) => {
                Ok(Self { customer_id, currency, settings })
            }
            _ => Err(errors),
        }
    }
}

/// The words between commas, each once, in the order typed.
fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name=Ana&customer_type=person&status=active&email=ana%40example.com\
        &document=123&daily_limit=1%2C000.00&tags=vip%2C+new%2C+vip%2C";

    #[test]
    fn settings_are_read_and_fill_the_form_again() {
        let read = |fields: &Fields| Settings::read(fields, Currency::Eur, Language::English);
        let settings = read(&Fields::read(GOOD.as_bytes())).unwrap();
        assert_eq!(settings.daily_limit, Some(100_000));
        assert_eq!(settings.tags, ["vip", "new"]);
        assert_eq!(read(&settings.fields(Currency::Eur)), Ok(settings));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let bad = "name=+&customer_type=platform&status=gone&email=ana&daily_limit=much";
        let fields = Fields::read(bad.as_bytes());
        let errors = Settings::read(&fields, Currency::Eur, Language::Spanish).unwrap_err();
        let fields: Vec<_> = errors.fields().collect();
        assert_eq!(fields, ["name", "customer_type", "status", "email", "daily_limit"]);
        let errors =
            Addition::read(&Fields::read(b"customer_id=a/b"), Language::English).unwrap_err();
        assert!(errors.fields().any(|field| field == "customer_id"));
        assert!(errors.fields().any(|field| field == "currency"));
    }
}
