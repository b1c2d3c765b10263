//! Keys for programs.

use super::{Store, StoreError};
use crate::token::sha256;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum KeyScope {
    /// Reads every customer's log.
    Read,
}

impl KeyScope {
    const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
        }
    }
}

impl Store {
    /// Whether `key` was given out and may read. Served by api_key's unique key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn key_may_read(&self, key: &str) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "select exists (select from api_key where key_sha256 = $1 and scope = 'read')",
        )
        .bind(&sha256(key)[..])
        .fetch_one(&self.pages)
        .await?)
    }

    /// Adds a key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn add_key(
        &self,
        name: &str,
        scope: KeyScope,
        key_sha256: [u8; 32],
    ) -> Result<(), StoreError> {
        sqlx::query("insert into api_key (name, scope, key_sha256) values ($1, $2, $3)")
            .bind(name)
            .bind(scope.name())
            .bind(&key_sha256[..])
            .execute(&self.pages)
            .await?;
        Ok(())
    }
}
