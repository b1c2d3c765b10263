//! How each person wants the table of a log.

use app::{log::layout::Layout, session::viewer::Role};
use serde_json::json;

use super::{
    Store, StoreError,
    act::{ActError, Step, difference},
};
use crate::{access::Person, origin::Origin};

/// A part of a layout that somebody chose anew; nothing for what stays.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// The columns.
    pub columns: Option<app::log::columns::Columns>,
    /// Their widths.
    pub widths: Option<app::log::layout::Widths>,
    /// How close the rows stand.
    pub density: Option<app::log::layout::Density>,
}

impl Store {
    /// The layout that this user chose; the usual one where they chose none. Served by log_layout's primary key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn layout(&self, user_id: i64) -> Result<Layout, StoreError> {
        let row: Option<(String, String, String)> =
            sqlx::query_as("select columns, widths, density from log_layout where user_id = $1")
                .bind(user_id)
                .fetch_optional(&self.pages)
                .await?;
        let Some((columns, widths, density)) = row else { return Ok(Layout::default()) };
        // What an older version wrote, and this one cannot read, is as if it had not been chosen.
        Ok(Layout {
            columns: columns.parse().unwrap_or_default(),
            widths: widths.parse().unwrap_or_default(),
            density: density.parse().unwrap_or_default(),
        })
    }

    /// Keeps what `person` chose, and records it. What was so already is not done again.
    ///
    /// # Errors
    /// [`ActError`] where the database does not answer or fails.
    pub async fn keep_layout(
        &self,
        person: &Person,
        chosen: Chosen,
        origin: &Origin,
    ) -> Result<(), ActError> {
        let before = self.layout(person.user_id).await?;
        let after = Layout {
            columns: chosen.columns.unwrap_or_else(|| before.columns.clone()),
            widths: chosen.widths.unwrap_or(before.widths),
            density: chosen.density.unwrap_or(before.density),
        };
        let said = |layout: &Layout| {
            json!({
                "columns": layout.columns.to_string(),
                "widths": layout.widths.to_string(),
                "density": layout.density.name(),
            })
        };
        let Some(detail) = difference(&said(&before), &said(&after)) else { return Ok(()) };
        let mut act = self.act(origin).await?;
        sqlx::query(
            "insert into log_layout (user_id, columns, widths, density) values ($1, $2, $3, $4)
             on conflict (user_id) do update
             set columns = excluded.columns, widths = excluded.widths, density = excluded.density",
        )
        .bind(person.user_id)
        .bind(after.columns.to_string())
        .bind(after.widths.to_string())
        .bind(after.density.name())
        .execute(&mut *act)
        .await
        .map_err(StoreError::from)?;
        let role: &Role = &person.viewer.role;
        act.note_of(role, Step::new("Changed layout of logs", "log_layout").detail(detail));
        act.commit().await?;
        Ok(())
    }
}
