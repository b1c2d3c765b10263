//! What a caller sees of a log, enforced: by every way on which something of an entry leaves the store.
//!
//! A question that asks something of a column that its caller does not see is refused, for its answer would tell what
//! the column holds. What is not seen of an entry is not in it.
//!
//! Customers may see staff by their short names: then those are the users' names, for all that is asked of them and
//! answered. A name is staff's where staff has acted under it in this log (`log_value.staff`).

use std::{collections::BTreeMap, fmt::Write as _};

use app::{
    log::{
        entry::{Entry, LogColumn, UserKind},
        filter::Field,
        query::LogQuery,
        sight::Sight,
    },
    query::{BadParameter, Takes},
    session::viewer::Role,
};
use sqlx::PgConnection;

use super::{Scope, Store, StoreError, sql::literal};

impl Store {
    /// The same store, where customers see this of their own logs.
    #[must_use]
    pub const fn with_customers_seeing(mut self, sight: Sight) -> Self {
        self.customers_see = sight;
        self
    }

    /// What users with this role see of a log.
    pub const fn sight_of(&self, role: &Role) -> Sight {
        match role {
            Role::Customer(_) => self.customers_see,
            Role::Operator | Role::Auditor => Sight::ALL,
        }
    }
}

impl Scope {
    /// What the caller sees of the log.
    pub const fn sight(&self) -> Sight {
        self.sight
    }

    /// Refuses a question about what the caller does not see.
    pub(super) fn permit(&self, query: &LogQuery) -> Result<(), StoreError> {
        if self.sight == Sight::ALL {
            return Ok(());
        }
        let (_, bad) = self.sight.narrow(query.clone());
        bad.into_iter().next().map_or(Ok(()), |bad| Err(StoreError::Hidden(bad)))
    }

    /// Refuses to tell the values of a field that the caller does not see; `parameter` asked for them.
    pub(super) fn permit_field(&self, parameter: &str, field: Field) -> Result<(), StoreError> {
        if self.sight.sees(field.column()) {
            return Ok(());
        }
        let parameter = parameter.to_owned();
        Err(StoreError::Hidden(BadParameter { parameter, takes: Takes::NotShown }))
    }
}

/// How the users of a log are called where staff goes by short names. Empty where everybody is called as recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// How the users of `scope`'s log are called to its caller. Only where that differs from what was recorded does
    /// it ask: served by log_value's primary key, of which it reads this customer's part.
    pub(super) async fn of(
        connection: &mut PgConnection,
        scope: &Scope,
    ) -> Result<Self, StoreError> {
        if scope.sight.sees_staff_names() || !scope.sight.sees(LogColumn::User) {
            return Ok(Self::default());
        }
        let staff: Vec<String> = sqlx::query_scalar(
            r#"select distinct "user" from log_value where customer_id = $1 and staff"#,
        )
        .bind(scope.customer_id.as_str())
        .fetch_all(connection)
        .await?;
        Ok(staff.into_iter().collect())
    }

    /// Whether everybody is called as recorded.
    pub(super) fn are_recorded(&self) -> bool {
        self.0.is_empty()
    }

    /// How the user recorded as `user` is called.
    pub(super) fn called<'n>(&'n self, user: &'n str) -> &'n str {
        self.0.get(user).map_or(user, String::as_str)
    }

    /// Those who are called otherwise than recorded: as recorded, and as called.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(recorded, called)| (recorded.as_str(), called.as_str()))
    }

    /// How the user of a row is called, in SQL.
    pub(super) fn in_sql(&self) -> String {
        if self.are_recorded() {
            return r#""user""#.to_owned();
        }
        let mut sql = r#"case "user""#.to_owned();
        for (recorded, called) in self.iter() {
            let _infallible = write!(sql, " when {} then {}", literal(recorded), literal(called));
        }
        sql + r#" else "user" end collate "C""#
    }

    /// What the caller of `scope` sees of an entry.
    pub(super) fn seen(&self, scope: &Scope, entry: Entry) -> Entry {
        let sees = |column| scope.sight.sees(column);
        let text = |column, text: String| if sees(column) { text } else { String::new() };
        let user = match self.0.get(&entry.user) {
            Some(called) => called.clone(),
            None => entry.user,
        };
        Entry {
            user: text(LogColumn::User, user),
            user_kind: if sees(LogColumn::User) { entry.user_kind } else { UserKind::Unknown },
            related_operation: entry
                .related_operation
                .filter(|_| sees(LogColumn::RelatedOperation)),
            impacted_table: text(LogColumn::ImpactedTable, entry.impacted_table),
            source: entry.source.filter(|_| sees(LogColumn::Source)),
            app_instance: text(LogColumn::AppInstance, entry.app_instance),
            request_path: text(LogColumn::RequestPath, entry.request_path),
            ..entry
        }
    }
}

/// Of staff's names as recorded.
impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(staff: I) -> Self {
        let called = |name: String| (short(&name), name);
        let shortened = staff.into_iter().map(called).filter(|(short, name)| short != name);
        Self(shortened.map(|(short, name)| (name, short)).collect())
    }
}

/// `Helena Prado` as `Helena P.`
fn short(name: &str) -> String {
    let mut words = name.split_whitespace();
    match (words.next(), words.next_back().and_then(|last| last.chars().next())) {
        (Some(first), Some(initial)) => format!("{first} {initial}."),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_are_called_by_first_name_and_initial() {
        assert_eq!(short("Helena Prado"), "Helena P.");
        assert_eq!(short("Maria da Silva"), "Maria S.");
        assert_eq!(short("Helena"), "Helena");
        assert_eq!(short(""), "");
    }

    #[test]
    fn others_are_called_as_recorded() {
        let names: Names = ["Helena Prado".to_owned(), "Helena".to_owned()].into_iter().collect();
        assert_eq!(names.called("Helena Prado"), "Helena P.");
        assert_eq!(names.called("Ana Prado"), "Ana Prado");
        assert_eq!(names.iter().count(), 1);
        let sql = r#"case "user" when 'Helena Prado' then 'Helena P.' else "user" end collate "C""#;
        assert_eq!(names.in_sql(), sql);
        assert_eq!(Names::default().in_sql(), r#""user""#);
    }
}
