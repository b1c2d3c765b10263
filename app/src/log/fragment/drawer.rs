//! One entry: what changed, the operation it belongs to, who did it and where, and all of it as it was recorded.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::label;
use crate::{
    log::{
        detail::{Detail, Particulars},
        diff::{Change, changes},
        entry::{Entry, LogColumn, Source, UserKind},
        filter::{Field, Filter},
        sight::Sight,
        view::LogView,
    },
    operation::path_of_related,
    query::{Column, UrlQuery},
    ui::{icon::Icon, number::grouped, time},
    zone::Zone,
};

/// A value longer than this is folded, in characters.
const LONG: usize = 240;
/// So many entries before and after are “around” one.
const AROUND: u64 = 50;

pub(super) fn write(
    path: &str,
    view: &LogView,
    sight: Sight,
    zone: &Zone,
    detail: &Detail,
) -> impl IntoView + use<> {
    let Detail { entry, particulars, newest, .. } = detail;
    let step = |seq: u64, label: &'static str, icon: Icon, which: &'static str| {
        let there = (1..=*newest).contains(&seq);
        let href = there.then(|| view.with_entry(Some(seq)).href(path));
        view! {
            <a
                class="button quiet square small"
                href=href
                aria-label=label
                title=label
                aria-disabled=(!there).then_some("true")
                data-step=which
            >
                <Icon of=icon />
            </a>
        }
    };
    let newer = step(entry.seq + 1, "The entry after this one", Icon::ArrowUp, "previous");
    let older =
        step(entry.seq.wrapping_sub(1), "The entry before this one", Icon::ArrowDown, "next");
    let close = view.with_entry(None).href(path);
    let known = particulars.clone().unwrap_or_default();
    let json = sight.sees_particulars().then(|| as_json(entry, &known, sight));
    view! {
        <header class="head">
            <div class="row">
                <span>"Entry "{grouped(entry.seq)}</span>
                <span class="grow"></span>
                {newer}
                {older}
                <a
                    class="button quiet square small"
                    href=close
                    aria-label="Close"
                    title="Close (Esc)"
                    data-escape=""
                    data-close-entry=""
                >
                    <Icon of=Icon::Close />
                </a>
            </div>
            <h2 id="entry-title" tabindex="-1">
                <bdi>{entry.action.clone()}</bdi>
            </h2>
            <p class="when">{when(entry.created_at, zone)}</p>
        </header>
        <div class="body">
            {what_changed(&known)}
            {operation(path, view, zone, detail)}
            {who_and_where(path, view, sight, zone, entry, &known)}
            {json.as_deref().map(recorded)}
        </div>
        <footer class="foot">
            <button class="button needs-script" type="button" data-copy-link="">
                <Icon of=Icon::Link />
                "Copy link"
            </button>
            {json
                .map(|json| {
                    view! {
                        <button class="button needs-script" type="button" data-copy=json>
                            <Icon of=Icon::Copy />
                            "Copy as JSON"
                        </button>
                    }
                })}
        </footer>
    }
}

/// An instant to the microsecond, in the zone.
fn when(at: DateTime<Utc>, zone: &Zone) -> impl IntoView + use<> {
    let clock = zone.clock(at).and_utc();
    let micros = time::rfc3339(clock);
    let micros = micros.get(19..26).unwrap_or_default().to_owned();
    view! {
        <time datetime=time::rfc3339(at)>
            {time::weekday(clock)} " " {time::spoken(clock)} <span class="us">{micros}</span>
        </time>
        <span>{zone.label(at)}</span>
    }
}

fn what_changed(known: &Particulars) -> Option<impl IntoView + use<>> {
    let detail: Value = serde_json::from_str(known.detail.as_deref()?).ok()?;
    let (before, after) = (detail.get("before"), detail.get("after"));
    if before.is_none() && after.is_none() {
        return None;
    }
    let all = changes(before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null));
    let (changed, same): (Vec<_>, Vec<_>) = all.into_iter().partition(Change::is_change);
    let unchanged = same.len();
    let fields = if unchanged == 1 { "field" } else { "fields" };
    Some(view! {
        <section aria-labelledby="changed-title">
            <h3 id="changed-title">"What changed"</h3>
            {if changed.is_empty() {
                view! { <p class="none">"Nothing."</p> }.into_any()
            } else {
                diff(changed).into_any()
            }}
            {(unchanged > 0)
                .then(|| {
                    view! {
                        <details class="more">
                            <summary>
                                <Icon of=Icon::Next />
                                {format!("{unchanged} {fields} unchanged")}
                            </summary>
                            {diff(same)}
                        </details>
                    }
                })}
        </section>
    })
}

fn diff(changes: Vec<Change>) -> impl IntoView {
    let rows = changes
        .into_iter()
        .map(|change| {
            let is_change = change.is_change();
            let side = |value: Option<String>, old: bool| match value {
                None => view! { <span class="unset">"not set"</span> }.into_any(),
                Some(value) if !is_change => folded(value).into_any(),
                Some(value) if old => view! { <del>{folded(value)}</del> }.into_any(),
                Some(value) => view! { <ins>{folded(value)}</ins> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row">
                        <code>{change.path}</code>
                    </th>
                    <td>{side(change.before, true)}</td>
                    <td>{side(change.after, false)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="diff">
            <colgroup>
                <col />
                <col />
                <col />
            </colgroup>
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    <th scope="col">"Before"</th>
                    <th scope="col">"After"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// A value; one that is long shows its beginning until it is unfolded.
fn folded(value: String) -> AnyView {
    if value.is_empty() {
        return view! { <span class="unset">"empty"</span> }.into_any();
    }
    if value.chars().count() <= LONG {
        return view! { <bdi>{value}</bdi> }.into_any();
    }
    let start: String = value.chars().take(LONG / 2).collect();
    view! {
        <details class="long">
            <summary>
                <bdi>{start}</bdi>
                "…"
            </summary>
            <bdi>{value}</bdi>
        </details>
    }
    .into_any()
}

fn operation(
    path: &str,
    view: &LogView,
    zone: &Zone,
    detail: &Detail,
) -> Option<impl IntoView + use<>> {
    let entry = &detail.entry;
    let name = entry.related_operation.clone()?;
    let profile = path.strip_suffix("/logs").unwrap_or(path);
    let whole = path_of_related(profile, &name);
    let more = detail.operation_entries.saturating_sub(detail.operation.len() as u64);
    let day = zone.clock(entry.created_at).date();
    let steps = detail
        .operation
        .iter()
        .map(|other| {
            let clock = zone.clock(other.created_at);
            let date = (clock.date() != day).then(|| time::day_and_month(clock.and_utc()));
            let current = other.seq == entry.seq;
            let href = view.with_entry(Some(other.seq)).href(path);
            view! {
                <li aria-current=current.then_some("true")>
                    <time datetime=time::rfc3339(other.created_at)>
                        {date.map(|date| format!("{date} "))} <b>{time::clock(clock.and_utc())}</b>
                    </time>
                    <div>
                        <a href=href>
                            <bdi>{other.action.clone()}</bdi>
                        </a>
                        <p>
                            <bdi>{other.user.clone()}</bdi>
                            {(!other.impacted_table.is_empty())
                                .then(|| {
                                    view! {
                                        " · "
                                        <bdi>{other.impacted_table.clone()}</bdi>
                                    }
                                })}
                        </p>
                    </div>
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <section aria-labelledby="operation-title">
            <h3 id="operation-title">
                "Related operation" <a href=whole.clone() rel="external">
                    <bdi>{name}</bdi>
                </a>
            </h3>
            <ol class="timeline">{steps}</ol>
            {(more > 0)
                .then(|| {
                    view! {
                        <p class="aside">
                            <a href=whole rel="external">
                                {format!("and {} more", grouped(more))}
                            </a>
                        </p>
                    }
                })}
        </section>
    })
}

const fn kind_in_words(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Operator => "operator",
        UserKind::Customer => "customer",
        UserKind::Client => "API client",
        UserKind::System => "system",
        UserKind::Unknown => "",
    }
}

fn who_and_where(
    path: &str,
    view: &LogView,
    sight: Sight,
    zone: &Zone,
    entry: &Entry,
    known: &Particulars,
) -> impl IntoView + use<> {
    let facts = sight
        .fields()
        .filter(|field| *field != Field::Action)
        .map(|field| {
            let value = match field {
                Field::User => entry.user.clone(),
                Field::Action => entry.action.clone(),
                Field::RelatedOperation => entry.related_operation.clone().unwrap_or_default(),
                Field::ImpactedTable => entry.impacted_table.clone(),
                Field::Source => entry.source.map_or("", Source::name).to_owned(),
                Field::AppInstance => entry.app_instance.clone(),
                Field::RequestPath => entry.request_path.clone(),
            };
            let aside = if field == Field::User { kind_in_words(entry.user_kind) } else { "" };
            fact(path, view, field, value, aside)
        })
        .collect_view();
    let text = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>
                        <bdi>{value}</bdi>
                    </dd>
                </div>
            }
        })
    };
    let occurred = known.occurred_at.map(|at| {
        let clock = zone.clock(at).and_utc();
        format!("{}{} as the sender says", time::spoken(clock), time::milliseconds(clock))
    });
    let around = {
        let mut query = view.query.unfiltered().sorted(LogColumn::DEFAULT);
        query.listing.per_page = crate::query::PerPage::Hundred;
        let query = query.pinned(entry.seq + AROUND);
        LogView { query, ..LogView::default() }.with_entry(Some(entry.seq)).href(path)
    };
    view! {
        <section aria-labelledby="who-title">
            <h3 id="who-title">"Who and where"</h3>
            <dl>
                {facts} {text("User id", known.user_id.clone())}
                {text("API key", known.api_key_id.map(|id| format!("#{id}")))}
                {text("Happened", occurred)}
            </dl>
            <p class="ways">
                <a class="button small" href=around>
                    "Around this moment"
                </a>
            </p>
        </section>
    }
}

/// A field, with the ways to have only what holds the same, to leave it out, and to copy it.
fn fact(
    path: &str,
    view: &LogView,
    field: Field,
    value: String,
    aside: &'static str,
) -> impl IntoView + use<> {
    let name = field.column().label();
    let filter = Filter::is(field, value.clone());
    let to = |filter: Filter| {
        LogView { query: view.query.with_filter(filter), ..LogView::default() }
            .with_entry(view.open.entry)
            .href(path)
    };
    let (only, without) = (to(filter.clone()), to(filter.clone().reversed()));
    let absent = field == Field::RelatedOperation && value.is_empty();
    let said = label::of_filter(&filter);
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                {if value.is_empty() {
                    view! { <span class="unset">"–"</span> }.into_any()
                } else {
                    view! {
                        <bdi>{value.clone()}</bdi>
                        " "
                        <span class="aside">{aside}</span>
                    }
                        .into_any()
                }}
                {(!absent)
                    .then(|| {
                        view! {
                            <span class="acts">
                                <a
                                    class="button quiet square small"
                                    href=only
                                    aria-label=format!("Only where {said}")
                                    title="Only these"
                                >
                                    <Icon of=Icon::Funnel />
                                </a>
                                <a
                                    class="button quiet square small"
                                    href=without
                                    aria-label=format!("Leave out where {said}")
                                    title="All but these"
                                >
                                    <Icon of=Icon::Minus />
                                </a>
                                <button
                                    class="button quiet square small needs-script"
                                    type="button"
                                    data-copy=value
                                    aria-label=format!("Copy {name}")
                                    title="Copy"
                                >
                                    <Icon of=Icon::Copy />
                                </button>
                            </span>
                        }
                    })}
            </dd>
        </div>
    }
}

fn recorded(json: &str) -> impl IntoView + use<> {
    view! {
        <section>
            <details class="more">
                <summary>
                    <Icon of=Icon::Next />
                    "As recorded"
                </summary>
                <pre class="json" tabindex="0">{json.to_owned()}</pre>
            </details>
        </section>
    }
}

/// The entry as the API shows it, for people.
fn as_json(entry: &Entry, known: &Particulars, sight: Sight) -> String {
    let detail: Value = known
        .detail
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let mut value = json!({
        "seq": entry.seq,
        "created_at": time::rfc3339(entry.created_at),
        "user": entry.user,
        "user_id": known.user_id,
        "user_kind": entry.user_kind.name(),
        "action": entry.action,
        "related_operation": entry.related_operation,
        "impacted_table": entry.impacted_table,
        "source": entry.source.map(Source::name),
        "app_instance": entry.app_instance,
        "request_path": entry.request_path,
        "occurred_at": known.occurred_at.map(time::rfc3339),
        "api_key_id": known.api_key_id,
        "detail": detail,
    });
    if let Value::Object(fields) = &mut value {
        for column in LogColumn::ALL.iter().filter(|column| !sight.sees(**column)) {
            fields.remove(column.name());
        }
        if !sight.sees(LogColumn::User) {
            fields.remove("user_kind");
        }
    }
    serde_json::to_string_pretty(&value).unwrap_or_default()
}
