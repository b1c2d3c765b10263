//! Keys for programs.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    Store, StoreError,
    act::{Act, Step},
    rows::known,
};
use crate::{access::Key, token::sha256};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum KeyScope {
    /// Reads every customer's log.
    Read,
    /// Records in every customer's log, and describes customers. Reads nothing.
    Write,
}

impl KeyScope {
    const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// Adds a key.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn add(
    act: &mut Act,
    name: &str,
    scope: KeyScope,
    key_sha256: [u8; 32],
) -> Result<(), StoreError> {
    let key_id: i64 = sqlx::query_scalar(
        "insert into api_key (name, scope, key_sha256) values ($1, $2, $3) returning api_key_id",
    )
    .bind(name)
    .bind(scope.name())
    .bind(&key_sha256[..])
    .fetch_one(&mut **act)
    .await?;
    let after = json!({ "api_key_id": key_id, "name": name, "scope": scope.name() });
    let detail = json!({ "before": null, "after": after });
    act.note_of_platform(Step::new("Added API key", "api_key").detail(detail));
    Ok(())
}

impl Store {
    /// The key that `secret` is, if it was given out. Served by api_key's unique key, and for a moment
    /// ([`REMEMBERED`]) from memory: a sender presents the same key with every entry.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn key(&self, secret: &str) -> Result<Option<Key>, StoreError> {
        let hash = sha256(secret);
        if let Some(key) = self.keys.recall(&hash) {
            return Ok(Some(key));
        }
        let row: Option<(i64, String, String)> =
            sqlx::query_as("select api_key_id, name, scope from api_key where key_sha256 = $1")
                .bind(&hash[..])
                .fetch_optional(&self.pages)
                .await?;
        let Some((key_id, name, scope)) = row else { return Ok(None) };
        let key = Key { key_id, name, scope: known(&KeyScope::ALL, KeyScope::name, &scope)? };
        self.keys.remember(hash, &key);
        Ok(Some(key))
    }
}

/// How long a key that was found is not looked for again.
const REMEMBERED: Duration = Duration::from_secs(5);

/// Keys that were found lately, by their hashes. Only such as exist: strangers cannot fill it.
#[derive(Debug, Default)]
pub(super) struct KnownKeys(Mutex<HashMap<[u8; 32], (Key, Instant)>>);

impl KnownKeys {
    fn recall(&self, hash: &[u8; 32]) -> Option<Key> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, found) = keys.get(hash)?;
        (found.elapsed() < REMEMBERED).then(|| key.clone())
    }

    fn remember(&self, hash: [u8; 32], key: &Key) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|_, (_, found)| found.elapsed() < REMEMBERED);
        keys.insert(hash, (key.clone(), Instant::now()));
    }
}
