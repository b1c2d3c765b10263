//! Activity: how many of the entries that are found were recorded when.

use app::log::{
    activity::{Activity, Bar, steps},
    entry::{LogColumn, Source},
    filter::Field,
    moment::Range,
    query::LogQuery,
};
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Scope, Store, StoreError,
    chooser::Chooser,
    chosen::Chosen,
    entries::{view, zone_of},
    sets::{FieldSets, number},
    sight::Names,
};

/// Around a range so many times its length is shown.
const AROUND: i32 = 3;
/// The stretches of time that may be shown, in days; then comes the whole log.
const WINDOWS: [i64; 5] = [1, 7, 31, 92, 366];

impl Store {
    /// How many entries of `scope`'s log `query` finds when. Around a range more is shown than the range: the
    /// smallest of a day, a week, a month, a quarter and a year that is three times as long, or the whole log.
    /// Nothing where there is no such log, or row-level security hides it.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn activity(
        &self,
        scope: &Scope,
        query: &LogQuery,
    ) -> Result<Option<Activity>, StoreError> {
        let _before_exports = self.turns.page();
        scope.permit(query)?;
        let mut snapshot = self.pages.begin_with(scope.log_snapshot()).await?;
        let names = Names::of(&mut snapshot, scope).await?;
        let Some(view) = view(&mut snapshot, (scope, &names), query, self).await? else {
            return Ok(None);
        };
        let (zone, now) = (zone_of(query), Utc::now());
        let (dropped, cut) = (number(view.dropped)?, number(view.cut)?);
        let chooser = Chooser { sets: &self.sets, view, zone: &zone, now };
        let chosen = chooser.choose(&mut snapshot, &query.within(Range::default())).await?;
        let range = match query.range.instants(now, &zone) {
            (None, None) => None,
            (from, to) => chosen.clock.ends(dropped, cut).map(|(first, last)| {
                let to = to.unwrap_or(last.max(from.unwrap_or(first)));
                (from.unwrap_or(first.min(to)), to)
            }),
        };
        let whole = chosen.clock.ends(dropped, cut);
        let Some(whole) = whole else { return Ok(Some(empty(&chooser))) };
        let (from, until) = range.map_or(whole, |range| around(range, whole));
        let (step, edges) = steps(from, until, &zone);
        let mut numbers = Vec::with_capacity(edges.len());
        for edge in &edges {
            numbers.push(chooser.before(&mut snapshot, &chosen.clock, *edge).await?);
        }
        let by_source = scope.sight().sees(LogColumn::Source);
        let sources = match by_source {
            true => chooser.field(&mut snapshot, Field::Source).await?,
            false => None,
        };
        let bars = bars(&chosen, &numbers, sources.as_ref());
        let found = match range {
            None => chosen.count(),
            Some((from, to)) => {
                let after = chooser.before(&mut snapshot, &chosen.clock, from).await?;
                let last = chooser.before(&mut snapshot, &chosen.clock, to).await?;
                chosen.count_between(after, last)
            }
        };
        snapshot.commit().await?;
        Ok(Some(Activity {
            step,
            edges: edges.iter().map(DateTime::timestamp).collect(),
            bars,
            by_source,
            range: range.map(|(from, to)| (from.timestamp_micros(), to.timestamp_micros())),
            found,
            log_entries: chooser.view.entries(),
            zone: app::zone::Zone::clone(&zone),
        }))
    }
}

fn empty(chooser: &Chooser<'_>) -> Activity {
    Activity {
        step: app::log::activity::Step::Day,
        edges: Vec::new(),
        bars: Vec::new(),
        by_source: true,
        range: None,
        found: 0,
        log_entries: 0,
        zone: chooser.zone.clone(),
    }
}

/// What is shown around `range`, of a log that is `whole`.
fn around(
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    whole: (DateTime<Utc>, DateTime<Utc>),
) -> (DateTime<Utc>, DateTime<Utc>) {
    let wanted = (to - from) * AROUND;
    let window = WINDOWS.into_iter().map(TimeDelta::days).find(|window| *window >= wanted);
    let Some(window) = window.filter(|window| *window < whole.1 - whole.0) else {
        return (whole.0.min(from), whole.1.max(to));
    };
    // As much before as after, but nothing after the log's end where there is something before.
    let middle = from + (to - from) / 2;
    let until = (middle + window / 2).min(whole.1.max(to));
    (until - window, until)
}

/// How many of the chosen lie between each of `numbers` and the next: by source, or all in the first place.
fn bars(chosen: &Chosen, numbers: &[u32], sources: Option<&FieldSets>) -> Vec<Bar> {
    let between = |count_up_to: &dyn Fn(u32) -> u64| -> Vec<u64> {
        let counts: Vec<u64> = numbers.iter().map(|last| count_up_to(*last)).collect();
        counts.windows(2).map(|ends| ends[1].saturating_sub(ends[0])).collect()
    };
    let all = between(&|last| chosen.count_between(0, last));
    let Some(sources) = sources else {
        return all.into_iter().map(|entries| [entries, 0, 0]).collect();
    };
    let mut bars = vec![Bar::default(); all.len()];
    let holders = |source: &Source| {
        sources.iter().find(|(value, _)| *value == source.name()).map(|(_, holders)| holders)
    };
    let mut known: Vec<_> = Source::ALL.iter().map(holders).enumerate().collect();
    known.sort_by_key(|(_, holders)| holders.map(|holders| holders.count(0, chosen.last)));
    // Whatever has none of the others has the most frequent source.
    let most = known.pop().map_or(0, |(nth, _)| nth);
    for (bar, entries) in bars.iter_mut().zip(&all) {
        bar[most] = *entries;
    }
    for (nth, holders) in known {
        let Some(holders) = holders else { continue };
        let counts = match &chosen.set {
            None => between(&|last| holders.count(chosen.after, last.min(chosen.last))),
            Some(set) => {
                let those = holders.within(set);
                between(&|last| those.rank(last))
            }
        };
        for (bar, entries) in bars.iter_mut().zip(counts) {
            bar[nth] = entries;
            bar[most] = bar[most].saturating_sub(entries);
        }
    }
    bars
}
