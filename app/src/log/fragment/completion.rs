//! What may be meant by what is being typed into the search box: a list to choose from. Each choice carries the text
//! that it makes of the box's, and where the caret is in it then.

use leptos::prelude::*;

use super::label;
use crate::{
    log::{
        completion::{Meaning, Suggestion},
        language::field_named,
        moment::{Moment, Unit},
    },
    query::Column as _,
    ui::number::grouped,
    words::Language,
};

pub(super) fn write(suggestions: &[Suggestion], say: Language) -> impl IntoView + use<> {
    let count = suggestions.len();
    let said = match count {
        1 => say.one_suggestion().to_owned(),
        several => say.several_suggestions(several),
    };
    let options = suggestions
        .iter()
        .enumerate()
        .map(|(nth, suggestion)| {
            let (name, aside) = in_words(&suggestion.meaning, say);
            view! {
                <div
                    class="option"
                    role="option"
                    id=format!("completion-{nth}")
                    aria-selected="false"
                    data-text=suggestion.text.clone()
                    data-caret=suggestion.caret_in_utf16().to_string()
                    data-whole=suggestion.is_whole().then_some("")
                >
                    <bdi class="grow">{name}</bdi>
                    <span class="aside">{aside}</span>
                </div>
            }
        })
        .collect_view();
    view! {
        <div role="listbox" id="completions" aria-label=say.suggestions() data-said=said>
            {options}
        </div>
    }
}

/// What a choice is called, and what is said beside it.
fn in_words(meaning: &Meaning, say: Language) -> (String, String) {
    match meaning {
        Meaning::Filter(filter, entries) => {
            let field = filter.field.column().label();
            let field = if filter.not { say.suggest_not(field) } else { field.to_owned() };
            let aside = match entries {
                Some(entries) => format!("{field} · {}", grouped(*entries)),
                None => field,
            };
            (label::of_value(filter.pattern.text()).to_owned(), aside)
        }
        Meaning::Keyword(keyword) => {
            let bare = keyword.trim_end_matches(':').trim_start_matches('-');
            let aside = match field_named(bare) {
                Some(field) if keyword.starts_with('-') => say.suggest_not(field.column().label()),
                Some(field) => field.column().label().to_owned(),
                None if bare == "after" => say.suggest_after().to_owned(),
                None => say.suggest_before().to_owned(),
            };
            (keyword.clone(), aside)
        }
        Meaning::Moment(name, moment) => (format!("{name}:{moment}"), of_moment(*moment, say)),
    }
}

fn of_moment(moment: Moment, say: Language) -> String {
    match moment {
        Moment::Today => say.suggest_today().to_owned(),
        Moment::Yesterday => say.suggest_yesterday().to_owned(),
        Moment::Month => say.suggest_month().to_owned(),
        Moment::Ago(hours, Unit::Hours) => say.suggest_hours_ago(hours),
        Moment::Ago(days, Unit::Days) => say.suggest_days_ago(days),
        other => other.to_string(),
    }
}
