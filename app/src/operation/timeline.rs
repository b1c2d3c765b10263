//! An operation as its log tells it: every entry that it caused, over all tables, in the order of time.

use chrono::TimeDelta;
use leptos::prelude::*;

use crate::{
    customer::{Customer, profile::ProfileHead},
    log::{
        entry::{Entry, LogColumn, Source},
        filter::{Field, Filter},
        query::LogQuery,
        view::LogView,
    },
    place::Tab,
    query::UrlQuery,
    session::viewer::{looker, say},
    ui::time,
    words::Language,
    zone::Zone,
};

/// The page's content.
#[component]
pub fn Timeline(
    /// Whose.
    customer: Customer,
    /// The operation, as entries name it.
    name: String,
    /// What it caused, oldest first.
    entries: Vec<Entry>,
    /// How many entries it caused.
    total: u64,
    /// Whose clocks show the times.
    zone: Zone,
    /// Whether a customer looks at their own.
    own: bool,
) -> impl IntoView {
    let say = say();
    let logs = customer.customer_id.logs_path();
    let all = LogQuery::default()
        .with_filter(Filter::is(Field::RelatedOperation, name.clone()))
        .href(&logs);
    let count = say.number_of_entries(total);
    let ends = entries.first().zip(entries.last());
    let took =
        ends.map_or_else(TimeDelta::zero, |(first, last)| last.created_at - first.created_at);
    let tables: std::collections::BTreeSet<_> =
        entries.iter().map(|entry| entry.impacted_table.clone()).collect();
    let count = if looker().sight.sees(LogColumn::ImpactedTable) {
        say.entries_in_tables(count, say.number_of_tables(tables.len() as u64))
    } else {
        count
    };
    let summary = say.summary_of_operation(count, span(took, say), zone.name.place());
    let mut day = None;
    let steps = entries
        .into_iter()
        .map(|entry| {
            let clock = zone.clock(entry.created_at);
            let new_day = day != Some(clock.date());
            day = Some(clock.date());
            let href = LogView::default().with_entry(Some(entry.seq)).href(&logs);
            let date = new_day.then(|| time::spoken_date(clock.and_utc(), say));
            let clock = clock.and_utc();
            let source = entry.source.map(Source::name).unwrap_or_default().to_owned();
            // What is not seen of it is empty.
            let facts = [entry.user, entry.impacted_table, source, entry.app_instance]
                .into_iter()
                .filter(|fact| !fact.is_empty())
                .enumerate()
                .map(|(nth, fact)| view! { {(nth > 0).then_some(" · ")} <bdi>{fact}</bdi> })
                .collect_view();
            view! {
                <li>
                    <time datetime=time::rfc3339(entry.created_at)>
                        {date.map(|date| view! { <span class="date">{date}</span> })}
                        <b>{time::clock(clock)}</b> {time::milliseconds(clock)}
                    </time>
                    <div>
                        <a href=href>
                            <bdi>{entry.action}</bdi>
                        </a>
                        <p>{facts}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        {(!own).then(|| view! { <ProfileHead customer tab=Signal::stored(Tab::Operations) /> })}
        <section class="log operation" aria-labelledby="operation-title">
            <header class="act-head">
                <h2 id="operation-title">
                    <bdi>{name}</bdi>
                </h2>
                <p class="aside">{summary}</p>
                <a class="button" href=all>
                    {say.in_the_log()}
                </a>
            </header>
            <ol class="timeline whole">{steps}</ol>
        </section>
    }
}

/// A span of time, in the unit that suits it.
fn span(time: TimeDelta, say: Language) -> String {
    let seconds = time.num_seconds();
    let whole = seconds.unsigned_abs();
    match seconds {
        ..1 => format!("{} ms", time.num_milliseconds().max(1)),
        1..120 => format!("{seconds} s"),
        120..7_200 => say.span_minutes(whole / 60),
        7_200..172_800 => say.span_hours(whole / 3_600),
        _ => say.span_days(whole / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_own_unit() {
        for (milliseconds, words) in [
            (0, "1 ms"),
            (27, "27 ms"),
            (61_000, "61 s"),
            (600_000, "10 minutes"),
            (86_400_000, "24 hours"),
            (864_000_000, "10 days"),
        ] {
            assert_eq!(span(TimeDelta::milliseconds(milliseconds), Language::English), words);
        }
    }
}
