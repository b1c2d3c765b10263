//! How many entries an export would have, and some of them, by which its size can be told.

use app::{
    log::{
        entry::{Entry, LogColumn},
        query::LogQuery,
    },
    query::{Column as _, Listing, PerPage, UrlQuery as _},
};
use chrono::Utc;
use sqlx::PgConnection;

use crate::store::{
    Scope, Store, StoreError,
    chooser::{Chooser, needs_sets},
    chosen::Chosen,
    entries::{Extent, Particulars, numbered, read, view, zone_of},
    paging::View,
    pick::Place,
    search::{self, Matches},
    sight::Names,
};

/// A sample has so many pages of entries, from the first to the last.
const PAGES: u64 = 3;
const PER_PAGE: PerPage = PerPage::Fifty;

/// Some entries of those that match.
#[derive(Debug)]
pub struct Sample {
    /// How many match. Exact.
    pub entries: u64,
    /// Some of them as the caller sees them; the particulars are empty where those are not seen.
    pub some: Vec<(Entry, Particulars)>,
}

/// What matches, before any of it is read.
enum Matching<'c> {
    /// By sets of entries.
    Sets(Chooser<'c>, Chosen),
    /// By the dictionary; all entries, where that is nothing.
    Dictionary(View<'c>, Option<Matches>, u64),
}

impl Matching<'_> {
    async fn find<'c>(
        connection: &mut PgConnection,
        chooser: Chooser<'c>,
        query: &LogQuery,
    ) -> Result<Matching<'c>, StoreError> {
        if needs_sets(&chooser.view, query) {
            let chosen = chooser.choose(connection, query).await?;
            return Ok(Matching::Sets(chooser, chosen));
        }
        let view = chooser.view;
        let matches = search::find(connection, &view, query).await?;
        let entries = view.count(connection, matches.as_ref()).await?;
        Ok(Matching::Dictionary(view, matches, entries))
    }

    fn entries(&self) -> u64 {
        match self {
            Self::Sets(_, chosen) => chosen.count(),
            Self::Dictionary(_, _, entries) => *entries,
        }
    }

    /// The entries of one page.
    async fn page(
        &self,
        connection: &mut PgConnection,
        query: &LogQuery,
        extent: Extent,
    ) -> Result<Vec<(Entry, Particulars)>, StoreError> {
        match self {
            Self::Sets(chooser, chosen) => {
                let places = chooser.page(connection, query, chosen).await?;
                read(connection, chooser.view.scope, &places, extent).await
            }
            Self::Dictionary(view, None, _) => numbered(connection, view, query, extent).await,
            Self::Dictionary(view, matches, entries) => {
                let found = view.page(connection, query, matches.as_ref(), *entries).await?;
                let places: Vec<_> = found.into_iter().map(Place::from).collect();
                read(connection, view.scope, &places, extent).await
            }
        }
    }
}

impl Store {
    /// How many entries of `scope`'s log `query` finds. Nothing where there is no such log, or row-level security
    /// hides it.
    ///
    /// # Errors
    /// [`StoreError::Hidden`] where the question asks of what the caller does not see; [`StoreError`] where the
    /// database does not answer or fails.
    pub async fn count(&self, scope: &Scope, query: &LogQuery) -> Result<Option<u64>, StoreError> {
        scope.permit(query)?;
        let mut snapshot = self.pages.begin_with(scope.log_snapshot()).await?;
        let names = Names::of(&mut snapshot, scope).await?;
        let view = view(&mut snapshot, (scope, &names), query, self).await?;
        let Some(view) = view else { return Ok(None) };
        let zone = zone_of(query);
        let chooser = Chooser { sets: &self.sets, view, zone: &zone, now: Utc::now() };
        let entries = Matching::find(&mut snapshot, chooser, query).await?.entries();
        snapshot.commit().await?;
        Ok(Some(entries))
    }

    /// A sample of the entries of `scope`'s log that `query` finds: at most 150, however many there are. It takes
    /// what three pages take. Nothing where there is no such log, or row-level security hides it.
    ///
    /// # Errors
    /// [`StoreError::Hidden`] where the question asks of what the caller does not see; [`StoreError`] where the
    /// database does not answer or fails.
    pub async fn sample(
        &self,
        scope: &Scope,
        query: &LogQuery,
    ) -> Result<Option<Sample>, StoreError> {
        let listing = Listing { page: 1, per_page: PER_PAGE, sort: LogColumn::DEFAULT };
        let query = query.with_listing(listing);
        scope.permit(&query)?;
        let mut snapshot = self.pages.begin_with(scope.log_snapshot()).await?;
        let names = Names::of(&mut snapshot, scope).await?;
        let view = view(&mut snapshot, (scope, &names), &query, self).await?;
        let Some(view) = view else { return Ok(None) };
        let zone = zone_of(&query);
        let chooser = Chooser { sets: &self.sets, view, zone: &zone, now: Utc::now() };
        let matching = Matching::find(&mut snapshot, chooser, &query).await?;
        let entries = matching.entries();
        let mut some = Vec::new();
        for page in spread(listing.pages(entries)) {
            let page =
                matching.page(&mut snapshot, &query.at_page(page), Extent::seen(scope)).await?;
            some.extend(page.into_iter().map(|(entry, more)| (names.seen(scope, entry), more)));
        }
        snapshot.commit().await?;
        Ok(Some(Sample { entries, some }))
    }
}

/// Some of so many pages, the first and the last among them.
fn spread(pages: u64) -> Vec<u64> {
    if pages <= PAGES {
        return (1..=pages).collect();
    }
    (0..PAGES).map(|nth| 1 + nth * (pages - 1) / (PAGES - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn a_sample_reaches_from_the_first_page_to_the_last() {
        assert!(spread(0).is_empty());
        assert_eq!(spread(2), [1, 2]);
        assert_eq!(spread(100_000), [1, 50_000, 100_000]);
    }
}
