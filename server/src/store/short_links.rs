//! Short links to what somebody saw of a log.

use app::{customer::id::CustomerId, log::query::LogQuery, query::UrlQuery};
use serde_json::json;

use super::{
    Scope, Store, StoreError,
    act::{ActError, Step},
};
use crate::origin::Origin;

/// What a code is made of, and how long it is: 50 bits, so that none is found by trying.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 10;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whose log.
    pub customer_id: CustomerId,
    /// The query string of the tab.
    pub query: String,
}

/// There is no randomness to be had.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The operating system gives no random bytes.
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
    /// It did not come to be.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl Store {
    /// The code of a link to `query` of `scope`'s log, which has to be pinned. The same again for the same.
    ///
    /// # Errors
    /// [`LinkError`] where the database does not answer or fails.
    pub async fn short_link(
        &self,
        scope: &Scope,
        query: &LogQuery,
        origin: &Origin,
    ) -> Result<String, LinkError> {
        let query = query.to_query_string();
        let fresh = code()?;
        let mut act = self.act(origin).await.map_err(ActError::from)?;
        // Served by short_link_by_query.
        let made = sqlx::query_scalar(
            "insert into short_link (code, customer_id, query) values ($1, $2, $3)
             on conflict (customer_id, md5(query)) do nothing returning code",
        )
        .bind(&fresh)
        .bind(scope.customer_id().as_str())
        .bind(&query)
        .fetch_optional(&mut *act)
        .await
        .map_err(failed)?;
        let Some(code) = made else {
            let known = sqlx::query_scalar(
                "select code from short_link
                 where customer_id = $1 and md5(query) = md5($2) and query = $2",
            )
            .bind(scope.customer_id().as_str())
            .bind(&query)
            .fetch_one(&mut *act)
            .await
            .map_err(failed)?;
            return Ok(known);
        };
        let detail = json!({ "code": code, "query": query });
        let step = Step::new("Made short link to log", "short_link").detail(detail);
        act.note(scope.customer_id(), step);
        act.commit().await?;
        Ok(code)
    }

    /// Where the link with this code leads. Served by short_link's primary key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn short_link_target(&self, code: &str) -> Result<Option<Target>, StoreError> {
        let row: Option<(String, String)> =
            sqlx::query_as("select customer_id, query from short_link where code = $1")
                .bind(code)
                .fetch_optional(&self.pages)
                .await?;
        row.map(|(customer_id, query)| {
            let customer_id = customer_id
                .parse()
                .map_err(|_| StoreError::Unreadable(format!("the customer id {customer_id}")))?;
            Ok(Target { customer_id, query })
        })
        .transpose()
    }
}

fn failed(error: sqlx::Error) -> LinkError {
    ActError::from(StoreError::from(error)).into()
}

fn code() -> Result<String, getrandom::Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_of_letters_that_read_alike_nowhere_and_differ() {
        let (one, other) = (code().unwrap(), code().unwrap());
        assert_eq!(one.len(), LENGTH);
        assert!(one.bytes().all(|letter| LETTERS.contains(&letter)));
        assert_ne!(one, other);
    }
}
