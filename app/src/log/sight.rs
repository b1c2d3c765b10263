//! Sight: which of an entry's fields somebody sees. Staff and programs see all of them; what customers see of their
//! own log is the installation's to say. Described for people in docs/customers-see.md.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    columns::Columns,
    entry::LogColumn,
    filter::Field,
    query::{LogQuery, SearchIn},
    view::LogView,
};
use crate::query::{BadParameter, Column, UrlQuery};

/// What somebody sees of each entry. Its number and what was done when are always seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sight(u16);

/// What stands in a policy for an entry's particulars.
const DETAIL: (&str, u16) = ("detail", 1 << 8);
/// What stands in a policy for the whole names of staff.
const STAFF_NAMES: (&str, u16) = ("staff_names", 1 << 9);

/// A text names something that no entry has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is nothing to be seen; there are {all}", all = Sight::ALL)]
pub struct NothingToSee(String);

const fn bit(column: LogColumn) -> u16 {
    1 << column as u16
}

impl Sight {
    /// Everything.
    pub const ALL: Self = Self((1 << 10) - 1);
    /// When and what: without these an entry says nothing.
    const LEAST: Self = Self(bit(LogColumn::CreatedAt) | bit(LogColumn::Action));
    /// What a customer sees of their own log, unless the installation says otherwise.
    pub const OWN: Self = Self(
        Self::LEAST.0
            | bit(LogColumn::User)
            | bit(LogColumn::RelatedOperation)
            | bit(LogColumn::Source),
    );

    /// Whether a column is seen.
    pub const fn sees(self, column: LogColumn) -> bool {
        self.0 & bit(column) != 0
    }

    /// Whether an entry's particulars are seen: what changed, the user's id, when it happened as its sender says.
    pub const fn sees_particulars(self) -> bool {
        self.0 & DETAIL.1 != 0
    }

    /// Whether staff is seen with their whole names: `Helena Prado`, and not `Helena P.`
    pub const fn sees_staff_names(self) -> bool {
        self.0 & STAFF_NAMES.1 != 0
    }

    /// The columns that are seen, in the guide's order.
    pub fn columns(self) -> impl Iterator<Item = LogColumn> + Clone {
        LogColumn::ALL.iter().copied().filter(move |column| self.sees(*column))
    }

    /// The fields that are seen and can be filtered by, in the guide's order.
    pub fn fields(self) -> impl Iterator<Item = Field> + Clone {
        self.columns().filter_map(Field::of)
    }

    /// The fields that a search looks in: of those it is to look in, those that are seen.
    pub fn searched(self, within: SearchIn) -> &'static [Field] {
        let user = within != SearchIn::Table && self.sees(LogColumn::User);
        let table = within != SearchIn::User && self.sees(LogColumn::ImpactedTable);
        match (user, table) {
            (true, true) => &[Field::User, Field::ImpactedTable],
            (true, false) => &[Field::User],
            (false, true) => &[Field::ImpactedTable],
            (false, false) => &[],
        }
    }

    /// `query` without what it asks of fields that are not seen; that is named.
    pub fn narrow(self, mut query: LogQuery) -> (LogQuery, Vec<BadParameter>) {
        let mut bad = Vec::new();
        let mut refuse = |parameter: String, takes: String| {
            if bad.iter().all(|known: &BadParameter| known.parameter != parameter) {
                bad.push(BadParameter { parameter, takes });
            }
        };
        if !self.sees(query.listing.sort.by) {
            let names: Vec<_> = self.columns().map(LogColumn::name).collect();
            refuse("sort".into(), format!("one of {}", names.join(", ")));
            query = query.sorted(LogColumn::DEFAULT);
        }
        let hidden = query.filters.iter().filter(|filter| !self.sees(filter.field.column()));
        for filter in hidden.cloned().collect::<Vec<_>>() {
            refuse(filter.parameter(), NOT_SHOWN.into());
            query = query.filtered(query.filters.without(&filter));
        }
        if let Some(columns) = &query.columns
            && !columns.as_slice().iter().all(|column| self.sees(*column))
        {
            refuse("columns".into(), Columns::takes(self));
            query.columns = Some(columns.among(self));
        }
        let within = query.search.within;
        if within != SearchIn::default() && self.searched(within).is_empty() {
            refuse("in".into(), SearchIn::default().name().into());
            query.search.within = SearchIn::default();
        }
        if !query.search.text.is_empty() && self.searched(query.search.within).is_empty() {
            refuse("q".into(), "no words: neither users nor tables are shown to you".into());
            query.search.text.clear();
        }
        (query, bad)
    }

    /// The same of the tab's whole address.
    pub fn narrow_view(self, mut view: LogView) -> (LogView, Vec<BadParameter>) {
        let (query, mut bad) = self.narrow(view.query);
        if view.open.facet.is_some_and(|field| !self.sees(field.column())) {
            bad.push(BadParameter { parameter: "facet".into(), takes: NOT_SHOWN.into() });
            view.open.facet = None;
            view.open.part.clear();
        }
        (LogView { query, ..view }, bad)
    }
}

/// What a parameter takes that asks of something that is not seen.
pub const NOT_SHOWN: &str = "no value: this column is not shown to you";

impl Default for Sight {
    fn default() -> Self {
        Self::OWN
    }
}

impl FromStr for Sight {
    type Err = NothingToSee;

    /// Names with commas between them.
    fn from_str(text: &str) -> Result<Self, NothingToSee> {
        let mut sight = Self::LEAST;
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let column = LogColumn::ALL.iter().find(|column| column.name() == name);
            let more = [DETAIL, STAFF_NAMES].into_iter().find(|(known, _)| *known == name);
            let seen = column.map(|column| bit(*column)).or(more.map(|(_, bit)| bit));
            sight.0 |= seen.ok_or_else(|| NothingToSee(name.to_owned()))?;
        }
        Ok(sight)
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = [DETAIL, STAFF_NAMES].into_iter().filter(|(_, bit)| self.0 & bit != 0);
        let names = self.columns().map(LogColumn::name).chain(more.map(|(name, _)| name));
        to.write_str(&names.collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_a_list_of_names_and_when_and_what_are_always_in_it() {
        assert_eq!("".parse(), Ok(Sight::LEAST));
        assert_eq!(Sight::LEAST.to_string(), "created_at,action");
        assert_eq!("source, user,related_operation".parse(), Ok(Sight::OWN));
        assert_eq!(Sight::default().to_string(), "created_at,user,action,related_operation,source");
        assert_eq!(Sight::ALL.to_string().parse(), Ok(Sight::ALL));
        let error = "user,password".parse::<Sight>().unwrap_err().to_string();
        assert!(error.contains("“password”") && error.contains("request_path,detail,staff_names"));
        let some: Sight = "detail,app_instance".parse().unwrap();
        assert!(some.sees_particulars() && some.sees(LogColumn::AppInstance));
        assert!(!some.sees_staff_names() && !some.sees(LogColumn::User));
        assert!(Sight::ALL.sees_staff_names());
    }

    fn narrowed(policy: &str, address: &str) -> (String, Vec<String>) {
        let (view, bad) = LogView::read(address);
        assert_eq!(bad, [], "{address}");
        let (view, bad) = policy.parse::<Sight>().unwrap().narrow_view(view);
        (view.to_query_string(), bad.into_iter().map(|bad| bad.parameter).collect())
    }

    #[test]
    fn what_is_asked_of_hidden_fields_is_left_out_and_named() {
        let asked = "columns=source,user&q=ana&user=Ana&impacted_table.has=x&impacted_table.has=y&not.app_instance=w\
                     &sort=request_path&dir=asc&page=3&facet=app_instance&part=w";
        let (kept, named) = narrowed("user", asked);
        assert_eq!(kept, "q=ana&user=Ana&columns=user");
        assert_eq!(named, ["sort", "impacted_table.has", "not.app_instance", "columns", "facet"]);
        let all = LogView::read(asked).0;
        assert_eq!(Sight::ALL.narrow_view(all.clone()), (all, vec![]));
    }

    #[test]
    fn a_search_looks_in_what_is_seen() {
        assert_eq!(narrowed("user", "q=ana"), ("q=ana".into(), vec![]));
        assert_eq!(narrowed("user", "q=ana&in=table"), ("q=ana".into(), vec!["in".into()]));
        assert_eq!(narrowed("", "q=ana&in=user").1, ["in", "q"]);
        assert_eq!(narrowed("source", "source=UI").1, [""; 0]);
        let table: Sight = "impacted_table".parse().unwrap();
        assert_eq!(table.searched(SearchIn::UserOrTable), [Field::ImpactedTable]);
        assert_eq!(Sight::ALL.searched(SearchIn::User), [Field::User]);
    }
}
