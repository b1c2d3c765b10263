//! Passwords: Argon2id with the crate's (OWASP's) parameters, a few at a time.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Each takes 19 MiB and some 20 ms of a core: a crowd of attempts waits in line here rather than
/// starving the pages.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The shortest password that is taken, in characters (NIST SP 800-63B asks for eight).
pub const SHORTEST: usize = 8;

/// Why a password could not be handled.
#[derive(Debug, thiserror::Error)]
#[error("hashing a password failed: {0}")]
pub struct PasswordError(String);

/// The hash to be stored.
///
/// # Errors
/// Where hashing itself fails: no randomness, no memory.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    apart(move || {
        let hash: PasswordHash = Argon2::default()
            .hash_password(password.as_bytes())
            .map_err(|error| PasswordError(error.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether `password` is the one that `stored` was made from. With no stored hash the answer is no, after
/// the same time: how long it takes does not tell who has an account.
///
/// # Errors
/// Where hashing itself fails.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, PasswordError> {
    apart(move || {
        let known = stored.is_some();
        let stored = stored.map_or_else(nobodys_hash, Ok)?;
        let stored =
            PasswordHash::new(&stored).map_err(|error| PasswordError(error.to_string()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok() && known)
    })
    .await
}

fn nobodys_hash() -> Result<String, PasswordError> {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let hash: PasswordHash = Argon2::default()
        .hash_password(b"nobody's password")
        .map_err(|error| PasswordError(error.to_string()))?;
    Ok(HASH.get_or_init(|| hash.to_string()).clone())
}

/// Runs `work` on a thread where it holds up no request.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
) -> Result<T, PasswordError> {
    let _turn = AT_ONCE.acquire().await.map_err(|error| PasswordError(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| PasswordError(error.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_fits() {
        let stored = hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".into(), Some(stored.clone())).await.unwrap());
        assert!(!verify("battery staple".into(), Some(stored)).await.unwrap());
        assert!(!verify("nobody's password".into(), None).await.unwrap());
    }
}
