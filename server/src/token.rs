//! Random secrets that are given out once and kept only as a hash.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// A secret of 32 random bytes, as text. Never stored, never logged.
pub struct Token(String);

impl Token {
    /// A new one, with something in front that tells people and scanners what it is.
    ///
    /// # Errors
    /// Where the operating system has no randomness to give.
    pub fn new(prefix: &str) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        let hex = bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _infallible = write!(text, "{byte:02x}");
            text
        });
        Ok(Self(format!("{prefix}{hex}")))
    }

    /// The text, to be handed to whom it is for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

/// SHA-256 of a text: what a presented secret is looked up by. Looking up by the hash leaks nothing of
/// use through its timing.
pub fn sha256(text: &str) -> [u8; 32] {
    sha256_of(text.as_bytes())
}

/// SHA-256 of bytes.
pub fn sha256_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
