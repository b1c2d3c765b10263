//! The views that people keep of logs, and which of them logs open with.

use app::{
    log::{query::LogQuery, saved::SavedView},
    query::UrlQuery,
    session::viewer::Role,
};
use serde_json::json;

use super::{
    Store, StoreError,
    act::{ActError, Step},
    recorder::stored,
};
use crate::{access::Person, origin::Origin};

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct NewView {
    /// What it is to be called.
    pub name: String,
    /// What it shows.
    pub query: LogQuery,
    /// Whether others are to see it.
    pub shared: bool,
    /// Whether logs are to open with it.
    pub default: bool,
}

/// How many views somebody may keep.
const MOST: i64 = 100;

/// Why a view was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// They keep as many as they may.
    #[error("nobody keeps more than {MOST} views")]
    TooMany,
    /// It did not come to be.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<StoreError> for KeepError {
    fn from(error: StoreError) -> Self {
        Self::Act(error.into())
    }
}

impl From<sqlx::Error> for KeepError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

/// The customer that somebody with this role is. Views are shared among those for whom it is the same: all staff, or
/// all users of one customer.
fn circle(role: &Role) -> Option<&str> {
    match role {
        Role::Customer(id) => Some(id.as_str()),
        Role::Operator | Role::Auditor => None,
    }
}

/// The views that the user $1, of the circle $2, sees. Few: served by saved_view's and app_user's keys.
const SEEN: &str = "from saved_view join app_user using (user_id)
    where (saved_view.user_id = $1 or saved_view.shared and app_user.customer_id is not distinct from $2)";

impl Store {
    /// The views that `person` sees, by name; their own first.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn saved_views(&self, person: &Person) -> Result<Vec<SavedView>, StoreError> {
        let statement = format!(
            "select view_id, saved_view.name, query, shared, saved_view.user_id = $1, app_user.name,
                    exists (select from default_view
                            where default_view.user_id = $1 and default_view.view_id = saved_view.view_id)
             {SEEN} order by saved_view.user_id <> $1, saved_view.name, view_id"
        );
        let rows: Vec<(i64, String, String, bool, bool, String, bool)> =
            sqlx::query_as(sqlx::AssertSqlSafe(statement))
                .bind(person.user_id)
                .bind(circle(&person.viewer.role))
                .fetch_all(&self.pages)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name, query, shared, own, owner, is_default)| SavedView {
                id,
                name,
                query: LogQuery::read(&query).0,
                shared,
                owner: (!own).then_some(owner),
                is_default,
            })
            .collect())
    }

    /// The query string that logs open with for `person`; nothing where they chose none, or no longer see it.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn default_query(&self, person: &Person) -> Result<Option<String>, StoreError> {
        let statement = format!(
            "select query {SEEN}
             and view_id = (select view_id from default_view where default_view.user_id = $1)"
        );
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(person.user_id)
            .bind(circle(&person.viewer.role))
            .fetch_optional(&self.pages)
            .await?)
    }

    /// Keeps a view of `person`'s. One of the same name is replaced.
    ///
    /// # Errors
    /// [`KeepError`] where there are too many, or the database does not answer or fails.
    pub async fn keep_view(
        &self,
        person: &Person,
        view: &NewView,
        origin: &Origin,
    ) -> Result<(), KeepError> {
        let mut act = self.act(origin).await?;
        let kept: i64 =
            sqlx::query_scalar("select count(*) from saved_view where user_id = $1 and name <> $2")
                .bind(person.user_id)
                .bind(stored(&view.name))
                .fetch_one(&mut *act)
                .await?;
        if kept >= MOST {
            return Err(KeepError::TooMany);
        }
        let query = view.query.to_query_string();
        let id: i64 = sqlx::query_scalar(
            "insert into saved_view (user_id, name, query, shared) values ($1, $2, $3, $4)
             on conflict on constraint saved_view_name do update
             set query = excluded.query, shared = excluded.shared
             returning view_id",
        )
        .bind(person.user_id)
        .bind(stored(&view.name))
        .bind(&query)
        .bind(view.shared)
        .fetch_one(&mut *act)
        .await?;
        if view.default {
            set_default(&mut act, person, id).await?;
        }
        let detail = json!({
            "name": view.name, "query": query, "shared": view.shared, "default": view.default,
        });
        act.note_of(
            &person.viewer.role,
            Step::new("Saved view of logs", "saved_view").detail(detail),
        );
        act.commit().await?;
        Ok(())
    }

    /// Forgets a view of `person`'s own; says whether there was one.
    ///
    /// # Errors
    /// [`ActError`] where the database does not answer or fails.
    pub async fn forget_view(
        &self,
        person: &Person,
        id: i64,
        origin: &Origin,
    ) -> Result<bool, ActError> {
        let mut act = self.act(origin).await?;
        let name: Option<String> = sqlx::query_scalar(
            "delete from saved_view where view_id = $1 and user_id = $2 returning name",
        )
        .bind(id)
        .bind(person.user_id)
        .fetch_optional(&mut *act)
        .await
        .map_err(StoreError::from)?;
        let Some(name) = name else { return Ok(false) };
        let detail = json!({ "name": name });
        act.note_of(
            &person.viewer.role,
            Step::new("Deleted view of logs", "saved_view").detail(detail),
        );
        act.commit().await?;
        Ok(true)
    }

    /// Has logs open with the view `id` for `person`, or with none; says whether they see such a view.
    ///
    /// # Errors
    /// [`ActError`] where the database does not answer or fails.
    pub async fn choose_default_view(
        &self,
        person: &Person,
        id: Option<i64>,
        origin: &Origin,
    ) -> Result<bool, ActError> {
        let name = match id {
            Some(id) => {
                let views = self.saved_views(person).await?;
                let Some(view) = views.into_iter().find(|view| view.id == id) else {
                    return Ok(false);
                };
                Some(view.name)
            }
            None => None,
        };
        let mut act = self.act(origin).await?;
        match id {
            Some(id) => set_default(&mut act, person, id).await?,
            None => {
                sqlx::query("delete from default_view where user_id = $1")
                    .bind(person.user_id)
                    .execute(&mut *act)
                    .await
                    .map_err(StoreError::from)?;
            }
        }
        let detail = json!({ "name": name });
        act.note_of(
            &person.viewer.role,
            Step::new("Chose view that logs open with", "default_view").detail(detail),
        );
        act.commit().await?;
        Ok(true)
    }
}

async fn set_default(
    connection: &mut sqlx::PgConnection,
    person: &Person,
    id: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into default_view (user_id, view_id) values ($1, $2)
         on conflict (user_id) do update set view_id = excluded.view_id",
    )
    .bind(person.user_id)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}
