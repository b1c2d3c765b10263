//! Something that is done every so often, while somebody may be looking.

use std::time::Duration;

use leptos::prelude::*;

/// Does `act` every `time` while the component lives and the page can be seen, and at once when it comes
/// into sight again.
pub fn use_pulse(time: Duration, act: impl Fn() + Clone + 'static) {
    Effect::new(move |_| {
        let seen = {
            let act = act.clone();
            move || {
                if !document().hidden() {
                    act();
                }
            }
        };
        let turned = window_event_listener_untyped("visibilitychange", {
            let seen = seen.clone();
            move |_| seen()
        });
        let pulse = set_interval_with_handle(seen, time);
        on_cleanup(move || {
            turned.remove();
            if let Ok(pulse) = pulse {
                pulse.clear();
            }
        });
    });
}
