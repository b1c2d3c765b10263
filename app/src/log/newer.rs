//! Which entry the view is pinned to, how many came after it, and the way to them. Nothing moves until they
//! are asked for.

use std::time::Duration;

use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};

use super::{
    api::fetch_newest,
    entry::LogPage,
    live::{Tail, take_in_live},
    query::LogQuery,
    view::LogView,
};
use crate::{
    answer::Answer,
    error::AppError,
    query::UrlQuery,
    session::viewer::say,
    shell::{IN_SIGHT, use_told},
    ui::{
        fragment::Fragment,
        icon::Icon,
        number::grouped,
        pulse::use_pulse,
        rows::{self, Walk},
        shortcuts,
    },
    words::Language,
};

/// How often the number of the newest entry is asked for.
const PULSE: Duration = Duration::from_secs(5);

/// The least time between two times that new entries are spoken of, in milliseconds.
const QUIET: f64 = 30_000.0;

/// The line above the rows.
#[component]
pub fn Newer(
    /// Whose log, as it stands in the address.
    id: StoredValue<String>,
    /// The tab's path.
    path: StoredValue<String>,
    /// What is looked at.
    view: Memo<LogView>,
    /// What was found.
    answer: Answer<(String, LogQuery), LogPage>,
    /// The conditions in force, as the server wrote them.
    chips: Signal<Option<String>>,
) -> impl IntoView {
    let say = say();
    // What the server said since the page was found.
    let newest = RwSignal::new(0);
    // Where the page is pinned, and how many came since.
    let news = Memo::new(move |_| {
        answer.latest.with(|latest| match latest {
            Some((_, Ok(page))) => {
                Some((page.as_of, newest.get().max(page.newest).saturating_sub(page.as_of)))
            }
            _ => None,
        })
    });
    let count = move || news.get().map_or(0, |(_, count)| count);
    let live = RwSignal::new(false);
    let tail = Tail::new(id, newest);
    tail.follow(live);
    take_in_live(live, Signal::derive(count), answer.pending, view, path);
    keep_fresh(id, newest, news, answer.pending, tail);
    let take_in = use_taking_in(answer);

    view! {
        <div class="filters">
            <Fragment class="chips" html=chips />
            <p class="as-of">
                {move || news.get().map(|(as_of, _)| view! { <AsOf as_of /> })}
                {move || {
                    let href = move || {
                        view.with(|view| view.query.unpinned().href(&path.get_value()))
                    };
                    (count() > 0)
                        .then(|| {
                            view! {
                                <a
                                    class="pill"
                                    href=href
                                    aria-keyshortcuts="n"
                                    title=format!("{} (n)", say.show_them())
                                    on:click=take_in
                                >
                                    <Icon of=Icon::ArrowUp />
                                    {move || say.new_entries(count())}
                                </a>
                            }
                        })
                }}
                <button
                    class="button quiet small live needs-script"
                    type="button"
                    aria-pressed=move || live.get().to_string()
                    title=format!("{} (l)", say.what_live_does())
                    aria-keyshortcuts="l"
                    on:click=move |_| live.update(|live| *live = !*live)
                >
                    {say.live()}
                </button>
            </p>
        </div>
    }
}

#[component]
fn AsOf(as_of: u64) -> impl IntoView {
    let say = say();
    let entry = grouped(as_of, say);
    view! { <span title=say.pinned_to_entry(&entry)>{say.as_of_entry(&entry)}</span> }
}

/// Asks for the newest entry's number every few seconds, where the tail does not tell it, and says how many are new.
fn keep_fresh(
    id: StoredValue<String>,
    newest: RwSignal<u64>,
    news: Memo<Option<(u64, u64)>>,
    pending: RwSignal<bool>,
    tail: Tail,
) {
    let (told, say) = (use_told(), say());
    let asking = StoredValue::new(false);
    let over = StoredValue::new(false);
    let herald = StoredValue::new(Herald::default());
    let speak = move || {
        let count = news.get_untracked().map_or(0, |(_, count)| count);
        let now = js_sys::Date::now();
        let speaks = herald.try_update_value(|herald| herald.speaks(now, count, told.at()));
        if speaks == Some(true) {
            told.speak(announcement(count, shortcuts::turned_off(), say));
        }
    };
    use_pulse(PULSE, move || {
        if tail.tells() {
            return speak();
        }
        if pending.get_untracked() || asking.get_value() || over.get_value() {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            let said = fetch_newest(id.get_value()).await;
            // The tab may have been left meanwhile.
            if asking.try_set_value(false).is_some() {
                return;
            }
            match said {
                Ok(said) => newest.update(|newest| *newest = said.max(*newest)),
                // What is there can still be read. The next thing that is pressed leads to the sign-in.
                Err(AppError::SignedOut | AppError::NotFound) => over.set_value(true),
                Err(_) => {}
            }
            speak();
        });
    });
}

/// What a press of the pill does beside following its link: when the new entries are there, the first row
/// gets the focus, for the pill is gone and what was asked for may lie out of sight.
fn use_taking_in(
    answer: Answer<(String, LogQuery), LogPage>,
) -> impl Fn(MouseEvent) + Copy + 'static {
    let taking = StoredValue::new(false);
    Effect::new(move |_| {
        let shown = answer.latest.with(|latest| matches!(latest, Some((_, Ok(_)))));
        if shown && taking.get_value() {
            taking.set_value(false);
            request_animation_frame(|| rows::walk(Walk::First));
        }
    });
    move |event: MouseEvent| {
        let elsewhere =
            event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        taking.set_value(!elsewhere);
    }
}

fn announcement(count: u64, without_keys: bool, say: Language) -> String {
    if without_keys { say.say_new_entries(count) } else { say.say_new_entries_and_key(count) }
}

/// Decides when new entries are spoken of: not too often, no number twice, and not over what was just said.
#[derive(Debug, Default)]
struct Herald {
    said: u64,
    at: Option<f64>,
}

impl Herald {
    /// Whether it is time to say `count`, where something was said last at `told`: that answers what somebody did, and
    /// is not to be spoken over.
    fn speaks(&mut self, now: f64, count: u64, told: Option<f64>) -> bool {
        if count == 0 {
            self.said = 0;
        }
        let quiet = self.at.is_some_and(|at| now - at < QUIET);
        let interrupts = told.is_some_and(|told| now - told < IN_SIGHT.as_millis() as f64);
        if count == self.said || quiet || interrupts {
            return false;
        }
        *self = Self { said: count, at: Some(now) };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_entries_are_spoken_of_at_most_every_half_minute_and_no_number_twice() {
        let mut herald = Herald::default();
        let mut said = |now, count| herald.speaks(now, count, None);
        assert!(!said(0.0, 0));
        assert!(said(5_000.0, 3));
        assert!(!said(10_000.0, 5));
        assert!(!said(34_999.0, 7));
        assert!(said(35_000.0, 7));
        assert!(!said(70_000.0, 7));
        // They were taken in, and as many came again.
        assert!(!said(75_000.0, 0));
        assert!(said(80_000.0, 7));
    }

    #[test]
    fn new_entries_wait_until_what_was_said_has_had_its_time_and_are_said_then() {
        let mut herald = Herald::default();
        assert!(!herald.speaks(5_000.0, 1, Some(4_990.0)));
        assert!(!herald.speaks(8_900.0, 1, Some(4_990.0)));
        assert!(herald.speaks(10_000.0, 1, Some(4_990.0)));
    }

    #[test]
    fn one_is_an_entry_and_more_are_entries() {
        let announcement =
            |count, without_keys| announcement(count, without_keys, Language::English);
        assert_eq!(announcement(1, false), "1 new entry. Press N to show it.");
        assert_eq!(announcement(1_204, false), "1,204 new entries. Press N to show them.");
        assert_eq!(announcement(12, true), "12 new entries.");
    }
}
