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
    session::viewer::looker,
    ui::{number::grouped, time},
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
    let logs = customer.customer_id.logs_path();
    let all = LogQuery::default()
        .with_filter(Filter::is(Field::RelatedOperation, name.clone()))
        .href(&logs);
    let count =
        if total == 1 { "1 entry".to_owned() } else { format!("{} entries", grouped(total)) };
    let ends = entries.first().zip(entries.last());
    let took = ends.map(|(first, last)| took(last.created_at - first.created_at));
    let tables: std::collections::BTreeSet<_> =
        entries.iter().map(|entry| entry.impacted_table.clone()).collect();
    let sees_tables = looker().sight.sees(LogColumn::ImpactedTable);
    let tables = match tables.len() {
        _ if !sees_tables => String::new(),
        1 => " in 1 table".to_owned(),
        several => format!(" in {several} tables"),
    };
    let zone_name = zone.name.place();
    let mut day = None;
    let steps = entries
        .into_iter()
        .map(|entry| {
            let clock = zone.clock(entry.created_at);
            let new_day = day != Some(clock.date());
            day = Some(clock.date());
            let href = LogView::default().with_entry(Some(entry.seq)).href(&logs);
            let date = new_day.then(|| time::spoken_date(clock.and_utc()));
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
    let summary = format!("{count}{tables}");
    view! {
        {(!own).then(|| view! { <ProfileHead customer tab=Signal::stored(Tab::Operations) /> })}
        <section class="log operation" aria-labelledby="operation-title">
            <header class="act-head">
                <h2 id="operation-title">
                    <bdi>{name}</bdi>
                </h2>
                <p class="aside">
                    {summary} {took.map(|took| format!(", {took}"))} ". Times are " {zone_name} "."
                </p>
                <a class="button" href=all>
                    "In the log"
                </a>
            </header>
            <ol class="timeline whole">{steps}</ol>
        </section>
    }
}

/// How long it took, in words.
fn took(time: TimeDelta) -> String {
    let seconds = time.num_seconds();
    match seconds {
        ..1 => format!("within {} ms", time.num_milliseconds().max(1)),
        1..120 => format!("within {seconds} s"),
        120..7_200 => format!("within {} minutes", seconds / 60),
        7_200..172_800 => format!("within {} hours", seconds / 3_600),
        _ => format!("within {} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_own_unit() {
        for (milliseconds, words) in [
            (0, "within 1 ms"),
            (27, "within 27 ms"),
            (61_000, "within 61 s"),
            (600_000, "within 10 minutes"),
            (86_400_000, "within 24 hours"),
            (864_000_000, "within 10 days"),
        ] {
            assert_eq!(took(TimeDelta::milliseconds(milliseconds)), words);
        }
    }
}
