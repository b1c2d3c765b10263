//! Completing what is typed into the search box, from the values that the log holds.

use app::log::{
    completion::{Meaning, Place, Suggestion, Typed, byte_at, places},
    filter::{Field, Filter, LONGEST_VALUE},
    language,
    query::{LogQuery, Search},
};

use crate::store::{Scope, Store, StoreError};

/// So many values of a field are suggested, where a field is named; and of users and of tables, where none is.
const VALUES: usize = 8;
const USERS: usize = 5;
const TABLES: usize = 3;

/// What may be meant at the caret of `text`, with what `query` asks besides in force. Nothing where there is no such
/// log.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn suggestions(
    store: &Store,
    scope: &Scope,
    query: &LogQuery,
    (text, caret): (&str, usize),
) -> Result<Option<Vec<Suggestion>>, StoreError> {
    let mut found = Vec::new();
    if text.len() > language::LONGEST {
        return Ok(Some(found));
    }
    for place in places(text, byte_at(text, caret)) {
        let meanings = match &place.typed {
            // Names were found that begin further to the left.
            Typed::Words(_) if !found.is_empty() => Vec::new(),
            Typed::Words(part) => {
                let users = (Field::User, false, part.as_str(), USERS);
                let tables = (Field::ImpactedTable, false, part.as_str(), TABLES);
                let asked = in_force(&place, text, query, scope);
                let mut values = some(store, scope, &asked, users).await?;
                values.extend(some(store, scope, &asked, tables).await?);
                values
            }
            Typed::Value { field, not, part } => {
                let asked = in_force(&place, text, query, scope);
                some(store, scope, &asked, (*field, *not, part.as_str(), VALUES)).await?
            }
            Typed::Keyword { .. } | Typed::Moment { .. } => place.by_itself(scope.sight()),
        };
        found.extend(meanings.into_iter().filter_map(|meaning| place.taken(text, meaning)));
    }
    Ok(Some(found))
}

/// What is asked besides: by the page, and by the rest of the text.
fn in_force(place: &Place, text: &str, query: &LogQuery, scope: &Scope) -> LogQuery {
    let said = place.others(text);
    let within = query.search.within;
    let mut asked = query.searching(Search { text: said.text, within });
    for filter in said.filters.iter() {
        asked.filters.add(filter.clone());
    }
    asked.range.from = said.range.from.or(asked.range.from);
    asked.range.to = said.range.to.or(asked.range.to);
    // What is not seen will be named when the text is sent off; until then it does not count.
    scope.sight().narrow(asked).0
}

/// The most frequent of a field's values that have `part` in them.
async fn some(
    store: &Store,
    scope: &Scope,
    query: &LogQuery,
    (field, not, part, most): (Field, bool, &str, usize),
) -> Result<Vec<Meaning>, StoreError> {
    if !scope.sight().sees(field.column()) {
        return Ok(Vec::new());
    }
    let values = store.facet(scope, query, field, part).await?.unwrap_or_default();
    let values = values
        .into_iter()
        .filter(|found| !found.value.is_empty() && found.value.len() <= LONGEST_VALUE);
    let meaning = |value: app::log::facet::FacetValue| {
        Meaning::Filter(Filter { not, ..Filter::is(field, value.value) }, value.entries)
    };
    Ok(values.take(most).map(meaning).collect())
}
