//! What a choice depends on: where all of this is the same, the same entries are chosen, for entries do not change.

use app::{
    customer::id::CustomerId,
    log::{
        filter::{Field, Filters},
        query::LogQuery,
    },
};

use super::super::{Scope, sight::Names};

/// What is asked of which entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Question {
    pub(super) customer_id: CustomerId,
    /// It is asked of the entries after this number and up to that.
    pub(super) range: (u32, u32),
    pub(super) filters: Filters,
    /// What is searched for, and in which fields.
    pub(super) search: Option<(String, &'static [Field])>,
    /// Users are asked for by what the caller calls them.
    pub(super) names: Names,
}

impl Question {
    /// What `query` asks of the entries of `scope`'s log after one number and up to another; nothing where any will do.
    pub(in crate::store) fn of(
        scope: &Scope,
        names: &Names,
        query: &LogQuery,
        range: (u32, u32),
    ) -> Option<Self> {
        let LogQuery { filters, search, .. } = query;
        if filters.is_empty() && search.text.is_empty() {
            return None;
        }
        let searched = || (search.text.clone(), scope.sight().searched(search.within));
        Some(Self {
            customer_id: scope.customer_id().clone(),
            range,
            filters: filters.clone(),
            search: (!search.text.is_empty()).then(searched),
            names: names.clone(),
        })
    }
}
