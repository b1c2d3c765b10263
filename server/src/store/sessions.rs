//! Sessions: kept here, so that ending one ends it.

use app::session::viewer::{Role, Viewer};

use super::{
    Store, StoreError,
    act::{Act, Step},
    users::role,
};
use crate::access::Person;

/// A session ends this long after its last request.
pub const IDLE: &str = "1 hour";
/// A session ends this long after it began, whatever happens in it.
pub const LONGEST: &str = "12 hours";

/// Opens a session for a user.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn open(
    act: &mut Act,
    token_sha256: [u8; 32],
    user_id: i64,
    role: &Role,
) -> Result<(), StoreError> {
    sqlx::query("insert into session (token_sha256, user_id) values ($1, $2)")
        .bind(&token_sha256[..])
        .bind(user_id)
        .execute(&mut **act)
        .await?;
    act.note_of(role, Step::new("Signed in", "session"));
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn close(act: &mut Act, person: &Person) -> Result<(), StoreError> {
    sqlx::query("delete from session where token_sha256 = $1")
        .bind(&person.session[..])
        .execute(&mut **act)
        .await?;
    act.note_of(&person.viewer.role, Step::new("Signed out", "session"));
    Ok(())
}

/// Forgets the sessions that are over; says how many.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn forget_ended(act: &mut Act) -> Result<u64, StoreError> {
    let forgotten = sqlx::query(
        "delete from session
         where last_seen_at < now() - $1::interval or created_at < now() - $2::interval",
    )
    .bind(IDLE)
    .bind(LONGEST)
    .execute(&mut **act)
    .await?;
    Ok(forgotten.rows_affected())
}

impl Store {
    /// Who the session belongs to; nobody where there is none or it is over. `prolongs` says whether being
    /// seen so prolongs it, which is written down once a minute at the most. Served by session's and app_user's primary keys.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn person_of_session(
        &self,
        token_sha256: [u8; 32],
        prolongs: bool,
    ) -> Result<Option<Person>, StoreError> {
        let row: Option<(i64, String, String, Option<String>, bool)> = sqlx::query_as(
            "select user_id, app_user.name, app_user.role, app_user.customer_id,
                    session.last_seen_at < now() - interval '1 minute'
             from session join app_user using (user_id)
             where session.token_sha256 = $1
               and session.last_seen_at > now() - $2::interval
               and session.created_at > now() - $3::interval",
        )
        .bind(&token_sha256[..])
        .bind(IDLE)
        .bind(LONGEST)
        .fetch_optional(&self.pages)
        .await?;
        let Some((user_id, name, role_name, customer_id, stale)) = row else { return Ok(None) };
        if stale && prolongs {
            sqlx::query("update session set last_seen_at = now() where token_sha256 = $1")
                .bind(&token_sha256[..])
                .execute(&self.pages)
                .await?;
        }
        let viewer = Viewer { name, role: role(&role_name, customer_id)? };
        let sight = self.sight_of(&viewer.role);
        Ok(Some(Person { user_id, viewer, sight, session: token_sha256 }))
    }
}
