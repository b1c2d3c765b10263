//! An operation as its log tells it: every entry that it caused, over all tables, in the order of time.

use chrono::TimeDelta;
use leptos::prelude::*;

use crate::{
    customer::{Customer, profile::ProfileHead},
    log::{
        entry::Entry,
        filter::{Field, Filter},
        query::LogQuery,
        view::LogView,
    },
    place::Tab,
    query::UrlQuery,
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
    let tables = match tables.len() {
        1 => "1 table".to_owned(),
        several => format!("{several} tables"),
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
            let user = entry.user_as_seen(own).into_owned();
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
                        <p>
                            <bdi>{user}</bdi>
                            {(!own)
                                .then(|| {
                                    view! {
                                        " · "
                                        <bdi>{entry.impacted_table}</bdi>
                                        " · "
                                        {entry.source.name()}
                                        " · "
                                        <bdi>{entry.app_instance}</bdi>
                                    }
                                })}
                        </p>
                    </div>
                </li>
            }
        })
        .collect_view();
    let summary = if own { count } else { format!("{count} in {tables}") };
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
