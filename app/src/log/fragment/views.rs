//! The menu of saved views: those to open, and the forms that keep one, choose the one that logs open with, or make a
//! short link. The forms are sent with what the tab shows when that is pressed.

use leptos::prelude::*;

use super::Surroundings;
use crate::{
    log::saved::{LONGEST_NAME, SavedView, kept},
    query::UrlQuery,
    ui::icon::Icon,
};

pub(super) fn write(of: &Surroundings<'_>) -> impl IntoView + use<> {
    let say = of.say;
    let (own, shared): (Vec<_>, Vec<_>) = of.saved.iter().partition(|view| view.owner.is_none());
    let groups = [(say.views_own(), own), (say.views_shared(), shared)];
    let lists = groups
        .into_iter()
        .filter(|(_, views)| !views.is_empty())
        .map(|(label, views)| {
            let items = views.into_iter().map(|view| item(of, view)).collect_view();
            view! {
                <div role="group" aria-label=label>
                    <p class="group-name" aria-hidden="true">
                        {label}
                    </p>
                    <ul>{items}</ul>
                </div>
            }
        })
        .collect_view();
    let none = of.saved.is_empty().then(|| view! { <p class="hint">{say.views_none()}</p> });
    let share = if of.own { say.view_share_customer() } else { say.view_share_staff() };
    let query = kept(&of.view.query).to_query_string();
    let pinned = of.view.query.to_query_string();
    let links = format!("{}/links", of.path.trim_end_matches("/logs"));
    view! {
        <details class="menu views">
            <summary class="button" title=say.views()>
                <Icon of=Icon::Bookmark />
                <span class="grow">{say.views()}</span>
                <Icon of=Icon::ChevronDown class="chevron" />
            </summary>
            <div class="panel">
                {lists} {none}
                <form class="keep" method="post" action="/views" data-view="keep" aria-label=say.view_keep()>
                    <input type="hidden" name="query" value=query />
                    <div class="field">
                        <label for="view-name">{say.view_keep()}</label>
                        <input
                            class="input"
                            id="view-name"
                            name="name"
                            placeholder=say.view_name()
                            maxlength=LONGEST_NAME.to_string()
                            required
                            autocomplete="off"
                            aria-describedby="view-hint"
                        />
                        <p class="hint" id="view-hint">
                            {say.view_name_hint()}
                        </p>
                    </div>
                    <label>
                        <input type="checkbox" name="default" value="1" />
                        " "
                        {say.view_open_with_it()}
                    </label>
                    <label>
                        <input type="checkbox" name="shared" value="1" />
                        " "
                        {share}
                    </label>
                    <div class="foot">
                        <button class="button primary" type="submit">
                            {say.view_save()}
                        </button>
                    </div>
                </form>
                <form class="link" method="post" action=links data-view="link">
                    <input type="hidden" name="query" value=pinned />
                    <button class="option" type="submit" aria-describedby="link-hint">
                        <Icon of=Icon::Link />
                        <span class="grow">{say.short_link_make()}</span>
                    </button>
                    <p class="hint" id="link-hint">
                        {say.short_link_hint()}
                    </p>
                </form>
            </div>
        </details>
    }
}

fn item(of: &Surroundings<'_>, view: &SavedView) -> impl IntoView + use<> {
    let say = of.say;
    let (name, id) = (view.name.clone(), view.id);
    let aside = [
        view.is_default.then(|| say.view_is_default().to_owned()),
        view.owner.as_ref().map(|owner| say.view_by(owner)),
        (view.shared && view.owner.is_none()).then(|| say.view_is_shared().to_owned()),
    ];
    let aside = aside.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let (choose, chooses) = if view.is_default {
        (say.view_no_default(&name), "/views/no-default".to_owned())
    } else {
        (say.view_make_default(&name), format!("/views/{id}/default"))
    };
    let delete = view.owner.is_none().then(|| {
        let label = say.view_delete(&name);
        view! {
            <form method="post" action=format!("/views/{id}/delete")>
                <button class="button quiet square small" type="submit" aria-label=label.clone() title=label>
                    <Icon of=Icon::Close />
                </button>
            </form>
        }
    });
    let pressed = view.is_default.to_string();
    let current = view.is_shown_by(&of.view.query).then_some("true");
    view! {
        <li>
            <a class="option" href=view.href(of.path) aria-current=current>
                <bdi class="grow">{name}</bdi>
                <span class="aside">{aside}</span>
            </a>
            <form method="post" action=chooses>
                <button
                    class="button quiet square small default"
                    type="submit"
                    aria-pressed=pressed
                    aria-label=choose.clone()
                    title=choose
                >
                    <Icon of=Icon::Bookmark />
                </button>
            </form>
            {delete}
        </li>
    }
}
