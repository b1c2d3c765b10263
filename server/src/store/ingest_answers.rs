//! Answers to whole requests, kept for a day: the same request again is answered the same, and does nothing.

use sqlx::{PgConnection, Postgres, Transaction};

use super::{StoreError, act::Act};

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Answer {
    /// The HTTP status.
    pub status: i16,
    /// The body.
    pub body: String,
}

/// What is known of a request with an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is taken now, and everybody else with the key waits for this transaction's end.
    New,
    /// It was answered.
    Answered(Answer),
    /// Another request came with this key.
    Another,
}

/// Takes the key for this transaction, or finds what it was answered with. Served by ingest_answer's primary
/// key.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn take(
    transaction: &mut Transaction<'static, Postgres>,
    api_key_id: i64,
    key: &str,
    body_sha256: &[u8; 32],
) -> Result<Known, StoreError> {
    // One that is a day old is as if it had never been; where one is being answered, this waits.
    let taken = sqlx::query(
        "insert into ingest_answer as known (api_key_id, idempotency_key, body_sha256)
         values ($1, $2, $3)
         on conflict (api_key_id, idempotency_key) do update
             set body_sha256 = excluded.body_sha256, status = null, body = null, created_at = now()
             where known.created_at < now() - interval '24 hours'",
    )
    .bind(api_key_id)
    .bind(key)
    .bind(&body_sha256[..])
    .execute(&mut **transaction)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(Known::New);
    }
    let (sha256, status, body): (Vec<u8>, Option<i16>, Option<String>) = sqlx::query_as(
        "select body_sha256, status, body from ingest_answer
         where api_key_id = $1 and idempotency_key = $2",
    )
    .bind(api_key_id)
    .bind(key)
    .fetch_one(&mut **transaction)
    .await?;
    Ok(match (sha256 == body_sha256[..], status, body) {
        (true, Some(status), Some(body)) => Known::Answered(Answer { status, body }),
        _ => Known::Another,
    })
}

/// Keeps the answer to a request that [`take`] found new.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn keep(
    connection: &mut PgConnection,
    api_key_id: i64,
    key: &str,
    answer: &Answer,
) -> Result<(), StoreError> {
    sqlx::query(
        "update ingest_answer set status = $3, body = $4
         where api_key_id = $1 and idempotency_key = $2",
    )
    .bind(api_key_id)
    .bind(key)
    .bind(answer.status)
    .bind(&answer.body)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets the answers that are a day old; says how many.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn forget(act: &mut Act) -> Result<u64, StoreError> {
    // Served by ingest_answer_by_age.
    let forgotten =
        sqlx::query("delete from ingest_answer where created_at < now() - interval '24 hours'")
            .execute(&mut **act)
            .await?;
    Ok(forgotten.rows_affected())
}
