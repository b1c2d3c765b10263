//! Slowing down whoever guesses passwords.

use std::time::Duration;

use super::{Store, StoreError};
use crate::token::sha256;

/// This many failures cost nothing: people mistype.
const FREE: i32 = 3;
/// The longest wait. It is short enough that nobody can be kept out for long by a stranger who types
/// their e-mail, and long enough that a guesser gets 1,440 tries a day.
const LONGEST: Duration = Duration::from_secs(60);

/// How long after its last failure an e-mail with this many of them is tried again: 1 s, 2 s, 4 s … 60 s.
fn wait_after(failures: i32) -> Duration {
    let Ok(over) = u32::try_from(failures - FREE) else { return Duration::ZERO };
    Duration::from_secs(1_u64.checked_shl(over).unwrap_or(u64::MAX)).min(LONGEST)
}

impl Store {
    /// How long `email` still has to wait; zero where it need not.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn sign_in_wait(&self, email: &str) -> Result<Duration, StoreError> {
        let row: Option<(i32, f64)> = sqlx::query_as(
            "select failures, extract(epoch from now() - last_failed_at)::float8
             from sign_in_failure where email_sha256 = $1",
        )
        .bind(&sha256(email)[..])
        .fetch_optional(&self.pages)
        .await?;
        Ok(row.map_or(Duration::ZERO, |(failures, ago)| {
            wait_after(failures).saturating_sub(Duration::from_secs_f64(ago.max(0.0)))
        }))
    }

    /// Counts a failure. A day without one wipes the slate.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn count_sign_in_failure(&self, email: &str) -> Result<(), StoreError> {
        sqlx::query(
            "insert into sign_in_failure as known (email_sha256, failures) values ($1, 1)
             on conflict (email_sha256) do update set
                 failures = case when known.last_failed_at < now() - interval '1 day'
                                 then 1 else least(known.failures, 1000) + 1 end,
                 last_failed_at = now()",
        )
        .bind(&sha256(email)[..])
        .execute(&self.pages)
        .await?;
        Ok(())
    }

    /// Forgets the failures of `email`, and of all who have not tried for a day.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn forgive_sign_in_failures(&self, email: &str) -> Result<(), StoreError> {
        sqlx::query(
            "delete from sign_in_failure
             where email_sha256 = $1 or last_failed_at < now() - interval '1 day'",
        )
        .bind(&sha256(email)[..])
        .execute(&self.pages)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_from_the_fourth_failure_to_a_minute() {
        let seconds = |failures| wait_after(failures).as_secs();
        assert_eq!([1, 2].map(seconds), [0, 0]);
        assert_eq!([3, 4, 5, 8].map(seconds), [1, 2, 4, 32]);
        assert_eq!([9, 40, 1001].map(seconds), [60, 60, 60]);
    }
}
