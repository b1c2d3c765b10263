//! The inside of the dialog of exports: what one may take away, and how an export stands.

use leptos::prelude::*;

use super::label;
use crate::{
    log::{
        answers::{Exports, Running},
        columns::Columns,
        query::LogQuery,
        taken::{Estimate, FileKind, Taken, TakenState},
        view::{Export, LogView},
    },
    query::{Column, UrlQuery},
    ui::{
        icon::Icon,
        number::{bytes, grouped, seconds},
        time::spoken_minute,
    },
    words::Language,
    zone::Zone,
};

/// What one may choose from.
pub struct Choices<'c> {
    /// What is asked of the log, and how much that is.
    pub this_view: &'c Estimate,
    /// The whole log; nothing where that is the same.
    pub whole_log: Option<&'c Estimate>,
    /// The columns that are shown.
    pub shown: &'c Columns,
    /// Whether there are more.
    pub more: bool,
    /// The id that the export gets.
    pub id: String,
}

/// What is told of exports.
pub struct Told<'t> {
    /// The tab's path.
    pub path: &'t str,
    /// What the tab shows.
    pub view: &'t LogView,
    /// Whose clocks show the times.
    pub zone: &'t Zone,
    /// The language that the page speaks.
    pub say: Language,
    /// The viewer's recent exports.
    pub recent: &'t [Taken],
    /// Whether an export with the id that the dialog shows may still begin.
    pub may_begin: bool,
    /// What there is to choose from, where the dialog shows that.
    pub choices: Option<Choices<'t>>,
}

/// Writes it; `followed` is the export whose state is spoken.
pub fn write(of: &Told<'_>, followed: &str) -> Exports {
    let html = match &of.view.open.export {
        None => String::new(),
        Some(Export::Choice) => {
            of.choices.as_ref().map(|choices| choice(of, choices).to_html()).unwrap_or_default()
        }
        Some(Export::Of(id)) => match of.recent.iter().find(|taken| taken.id == *id) {
            Some(taken) => standing(of, taken).to_html(),
            None => unknown(of).to_html(),
        },
    };
    let running = of.recent.iter().find(|taken| taken.state == TakenState::Running);
    let running = running
        .map(|taken| Running { id: taken.id.clone(), text: of.say.exporting(taken.percent()) });
    let followed = of.recent.iter().find(|taken| taken.id == followed);
    Exports {
        html,
        running,
        said: followed.map(|taken| said(of.say, taken)).unwrap_or_default(),
        over: followed.is_some_and(|taken| taken.state != TakenState::Running),
    }
}

/// What is spoken of an export: each fifth of it, and its end.
fn said(say: Language, taken: &Taken) -> String {
    match taken.state {
        TakenState::Running => match taken.percent() / 20 * 20 {
            0 => String::new(),
            percent => say.exporting_spoken(percent),
        },
        TakenState::Done => say.export_finished(grouped(taken.entries, say)),
        TakenState::Broken | TakenState::Cancelled => stopped(say, taken),
    }
}

fn stopped(say: Language, taken: &Taken) -> String {
    let rows = grouped(taken.entries, say);
    match (taken.state, taken.kind) {
        (TakenState::Cancelled, _) => say.export_is_cancelled(rows),
        (_, FileKind::Xlsx) => say.export_book_is_broken(rows),
        _ => say.export_is_broken(rows),
    }
}

fn closed(of: &Told<'_>) -> String {
    of.view.with_export(None).href(of.path)
}

fn head(of: &Told<'_>) -> impl IntoView + use<> {
    view! {
        <header class="head">
            <h2 id="export-title" tabindex="-1" autofocus>
                {of.say.export_logs()}
            </h2>
            <a
                class="button quiet square"
                href=closed(of)
                aria-label=of.say.close()
            >
                <Icon of=Icon::Close />
            </a>
        </header>
    }
}

fn entries(say: Language, number: u64) -> String {
    if number == 1 { say.export_one().to_owned() } else { say.export_number(grouped(number, say)) }
}

/// The conditions and the order, as one reads them.
fn what(query: &LogQuery, say: Language) -> String {
    let mut conditions: Vec<_> =
        query.filters.iter().map(|filter| label::of_filter(filter, say)).collect();
    if !query.range.is_all() {
        conditions.insert(0, label::of_range(&query.range, say));
    }
    if !query.search.text.is_empty() {
        conditions.push(format!("{}: “{}”", query.search.within.label(say), query.search.text));
    }
    let sort = query.listing.sort;
    conditions.push(sort.by.in_words(sort.direction, say));
    conditions.join("; ")
}

/// One of a few: its radio button, its name, and what is to be known of it.
fn radio(
    name: &'static str,
    value: String,
    checked: bool,
    label: &'static str,
    about: Vec<String>,
) -> impl IntoView {
    view! {
        <label>
            <input type="radio" name=name value=value checked=checked />
            <span>
                {label}
                {about
                    .into_iter()
                    .filter(|about| !about.is_empty())
                    .map(|about| view! { <span class="aside">{about}</span> })
                    .collect_view()}
            </span>
        </label>
    }
}

fn labels(columns: &Columns, say: Language) -> String {
    columns.as_slice().iter().map(|column| column.label(say)).collect::<Vec<_>>().join(", ")
}

/// What one may take away: a form that leads to the file.
fn choice(of: &Told<'_>, choices: &Choices<'_>) -> impl IntoView + use<> {
    let (say, query) = (of.say, &of.view.query);
    let Choices { this_view, whole_log, shown, more, .. } = *choices;
    let hidden = query
        .at_page(1)
        .with_per_page(Default::default())
        .pairs()
        .into_iter()
        .filter(|(name, _)| name != "tz" && name != "columns")
        .chain([
            ("export_id".to_owned(), choices.id.clone()),
            ("columns".to_owned(), shown.to_string()),
        ])
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let about = |estimate: &Estimate, what: String| vec![entries(say, estimate.entries), what];
    let which = match whole_log {
        Some(whole) => view! {
            <fieldset class="choice">
                <legend>{say.export_entries()}</legend>
                {radio("whole", "0".into(), true, say.export_this_view(), about(this_view, what(query, say)))}
                {radio(
                    "whole",
                    "1".into(),
                    false,
                    say.export_whole_log(),
                    about(whole, what(&query.unfiltered(), say)),
                )}
            </fieldset>
        }
        .into_any(),
        None => view! {
            <p>
                <strong>{entries(say, this_view.entries)}</strong>
                ": "
                {what(query, say)}
            </p>
        }
        .into_any(),
    };
    let files = FileKind::ALL
        .into_iter()
        .enumerate()
        .map(|(nth, kind)| {
            let is = match kind {
                FileKind::Csv => say.export_csv_is(),
                FileKind::Xlsx => say.export_xlsx_is(),
                FileKind::Ndjson => say.export_ndjson_is(),
            };
            let size = |estimate: &Estimate| bytes(estimate.sizes[nth].shown);
            let about = vec![
                say.export_about(size(this_view)),
                whole_log.map(|whole| say.export_about_whole(size(whole))).unwrap_or_default(),
                is.to_owned(),
            ];
            radio("format", kind.name().into(), kind == FileKind::Csv, kind.label(), about)
        })
        .collect_view();
    let columns = more.then(|| {
        let of_all = FileKind::ALL.iter().zip(this_view.sizes);
        let lines = of_all.filter(|(kind, _)| **kind == FileKind::Ndjson).map(|(_, size)| size.all);
        let lines = lines.map(|size| say.export_all_fields(bytes(size))).collect();
        view! {
            <fieldset class="choice across">
                <legend>{say.export_columns()}</legend>
                {radio("all_columns", "0".into(), true, say.export_as_shown(), vec![labels(shown, say)])}
                {radio("all_columns", "1".into(), false, say.export_all_columns(), lines)}
            </fieldset>
        }
    });
    let action = format!("/api/v1{}/export", of.path);
    view! {
        {head(of)}
        <form method="get" action=action data-export=choices.id.clone()>
            {hidden}
            <div class="body">
                <p>{say.export_all_that_matches()}</p>
                {which}
                <fieldset class="choice third">
                    <legend>{say.export_file()}</legend>
                    {files}
                </fieldset>
                {columns}
                <div class="field">
                    <label for="export-zone">{say.export_zone()}</label>
                    <input
                        class="input"
                        id="export-zone"
                        name="tz"
                        value=of.zone.name.as_str().to_owned()
                        list="range-zones"
                        autocomplete="off"
                        spellcheck="false"
                        required
                        pattern="[A-Za-z0-9_+\\-\\/]{1,64}"
                        aria-describedby="export-zone-is"
                    />
                    <p class="hint" id="export-zone-is">
                        {say.export_zone_is()}
                    </p>
                </div>
                {recent(of)}
            </div>
            <div class="foot">
                <a class="button" href=closed(of)>
                    {say.export_cancel()}
                </a>
                <button class="button primary" type="submit">
                    <Icon of=Icon::Download />
                    {say.export_button()}
                </button>
            </div>
        </form>
    }
}

const fn state(say: Language, state: TakenState) -> &'static str {
    match state {
        TakenState::Running => say.export_state_running(),
        TakenState::Done => say.export_state_done(),
        TakenState::Broken => say.export_state_broken(),
        TakenState::Cancelled => say.export_state_cancelled(),
    }
}

/// What was taken away lately, and how each of it stands.
fn recent(of: &Told<'_>) -> Option<impl IntoView + use<>> {
    let say = of.say;
    let rows = of
        .recent
        .iter()
        .map(|taken| {
            let href = of.view.with_export(Some(Export::Of(taken.id.clone()))).href(of.path);
            let at = spoken_minute(of.zone.clock(taken.started_at).and_utc(), say);
            let stands = match taken.state {
                TakenState::Running => say.exporting(taken.percent()),
                other => state(say, other).to_owned(),
            };
            view! {
                <li>
                    <a class="option" href=href>
                        <span class="grow">
                            {taken.kind.label()}", "{say.export_rows(grouped(taken.entries, say))}", "
                            {bytes(taken.bytes)}
                        </span>
                        <span class="aside" data-state=taken.state.name()>
                            {stands}
                        </span>
                        <span class="aside">{at}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    (!of.recent.is_empty()).then(|| {
        view! {
            <section class="recent" aria-labelledby="export-recent">
                <h3 id="export-recent">{say.export_recent()}</h3>
                <ul>{rows}</ul>
            </section>
        }
    })
}

/// How an export stands.
fn standing(of: &Told<'_>, taken: &Taken) -> impl IntoView + use<> {
    let running = taken.state == TakenState::Running;
    view! {
        {head(of)}
        <div class="body">
            {if running { running_line(of.say, taken).into_any() } else { end_line(of.say, taken).into_any() }}
            {facts(of, taken)}
        </div>
        {if running { running_foot(of, taken).into_any() } else { end_foot(of, taken).into_any() }}
    }
}

fn running_line(say: Language, taken: &Taken) -> impl IntoView + use<> {
    let rest = [
        Some(bytes(taken.bytes)),
        taken.rate().map(|rate| say.export_rate(grouped(rate, say))),
        taken.seconds_left().map(|left| say.export_left(seconds(left))),
    ];
    let rest = rest.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <div class="running">
            <progress
                value=taken.entries.to_string()
                max=taken.expected.max(1).to_string()
                aria-labelledby="export-rows"
            ></progress>
            <p class="nums">
                <span id="export-rows">
                    {say.export_rows_of(grouped(taken.entries, say), grouped(taken.expected, say))}" · "
                    {say.export_percent(taken.percent())}
                </span>
                <span>{rest}</span>
            </p>
        </div>
    }
}

fn end_line(say: Language, taken: &Taken) -> impl IntoView + use<> {
    let (icon, text) = match taken.state {
        TakenState::Done => (Icon::Check, say.export_is_whole(grouped(taken.entries, say))),
        _ => (Icon::Alert, stopped(say, taken)),
    };
    view! {
        <p class="done-line" data-state=taken.state.name()>
            <Icon of=icon />
            <span>{text}</span>
        </p>
    }
}

/// What the file is.
fn facts(of: &Told<'_>, taken: &Taken) -> impl IntoView + use<> {
    let say = of.say;
    let columns = taken.query.columns.as_ref();
    let columns =
        columns.map_or_else(|| say.export_all_columns().to_owned(), |columns| labels(columns, say));
    let zone = taken.query.zone.clone().unwrap_or_default();
    let mut facts = vec![
        (say.export_file(), taken.kind.label().to_owned()),
        (say.export_entries(), what(&taken.query, say)),
        (say.export_columns(), columns),
        (say.export_zone(), zone.as_str().to_owned()),
    ];
    if let Some(seq) = taken.query.as_of {
        facts.push((say.export_pinned_to(), say.export_entry(grouped(seq, say))));
    }
    let began = spoken_minute(of.zone.clock(taken.started_at).and_utc(), say);
    facts.push((say.export_began(), began));
    view! {
        <dl class="facts">
            {facts.into_iter().map(|(name, fact)| view! { <dt>{name}</dt><dd>{fact}</dd> }).collect_view()}
            {taken
                .sha256
                .clone()
                .map(|sha256| {
                    view! {
                        <dt>"SHA-256"</dt>
                        <dd>
                            <code>{sha256}</code>
                        </dd>
                    }
                })}
        </dl>
    }
}

fn running_foot(of: &Told<'_>, taken: &Taken) -> impl IntoView + use<> {
    let say = of.say;
    let action = format!("{}/exports/{}/cancel", of.path, taken.id);
    let here = of.view.href(of.path);
    let refresh = format!(
        r#"<a class="button" href="{}">{}</a>"#,
        here.replace('&', "&amp;").replace('"', "&quot;"),
        say.export_refresh()
    );
    view! {
        <div class="foot">
            <span class="grow">{say.export_carries_on()}</span>
            <noscript inner_html=refresh></noscript>
            <form method="post" action=action data-cancel="">
                <input type="hidden" name="view" value=of.view.to_query_string() />
                <button class="button" type="submit">
                    {say.export_cancel()}
                </button>
            </form>
            <a class="button" href=closed(of)>
                {say.export_hide()}
            </a>
        </div>
    }
}

fn end_foot(of: &Told<'_>, taken: &Taken) -> impl IntoView + use<> {
    let say = of.say;
    let again = LogView { query: taken.query.clone(), open: of.view.open.clone() }
        .with_export(Some(Export::Choice))
        .href(of.path);
    let another = of.view.with_export(Some(Export::Choice)).href(of.path);
    let whole = taken.state == TakenState::Done;
    view! {
        <div class="foot">
            <span class="grow">{bytes(taken.bytes)}</span>
            {taken
                .sha256
                .clone()
                .map(|sha256| {
                    view! {
                        <button class="button needs-script" type="button" data-copy=sha256>
                            <Icon of=Icon::Copy />
                            {say.export_copy_digest()}
                        </button>
                    }
                })}
            <a class="button" href=if whole { another } else { again }>
                {if whole { say.export_new() } else { say.export_again() }}
            </a>
            <a class="button primary" href=closed(of)>
                {if whole { say.export_finish() } else { say.close() }}
            </a>
        </div>
    }
}

/// There is no export with this id; there may be one in a moment.
fn unknown(of: &Told<'_>) -> impl IntoView + use<> {
    let text = if of.may_begin { of.say.export_starts() } else { of.say.export_unknown() };
    view! {
        {head(of)}
        <div class="body">
            <p>{text}</p>
            {(!of.may_begin).then(|| recent(of))}
        </div>
        <div class="foot">
            <a class="button" href=closed(of)>
                {of.say.export_hide()}
            </a>
        </div>
    }
}
