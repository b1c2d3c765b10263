//! The platform's own id for a customer.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// 1 to 64 of `A-Z a-z 0-9 _ . : -`. Every character may stand in a path, a file name's place-holder
/// and an SQL literal as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CustomerId(String);

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a customer's id has 1 to 64 of the characters A-Z a-z 0-9 _ . : -")]
pub struct NotACustomerId;

impl CustomerId {
    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the customer's profile.
    pub fn profile_path(&self) -> String {
        format!("/customers/{self}")
    }

    /// The path of the Logs tab.
    pub fn logs_path(&self) -> String {
        format!("/customers/{self}/logs")
    }
}

impl FromStr for CustomerId {
    type Err = NotACustomerId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = matches!(text.len(), 1..=64)
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte));
        fits.then(|| Self(text.to_owned())).ok_or(NotACustomerId)
    }
}

impl TryFrom<String> for CustomerId {
    type Error = NotACustomerId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A number is an id.
impl From<u64> for CustomerId {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl From<CustomerId> for String {
    fn from(id: CustomerId) -> Self {
        id.0
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_by_its_characters_and_length() {
        for good in ["1", "20418", "a.b:c_d-E9", &"x".repeat(64)] {
            assert!(good.parse::<CustomerId>().is_ok(), "{good}");
        }
        for bad in ["", "a b", "a/b", "é", "a'b", "a%20", &"x".repeat(65)] {
            assert!(bad.parse::<CustomerId>().is_err(), "{bad}");
        }
    }
}
