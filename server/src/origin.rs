//! Where an act comes from: what every entry says of its user, source, instance and path. Made in one
//! place for each request, so that no act can forget it.

use app::{
    log::entry::{Source, UserKind},
    session::viewer::Role,
};

use crate::access::{Caller, Person};

/// By which way an act came here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Screen, API or schedule.
    pub source: Source,
    /// The name of this instance.
    pub app_instance: String,
    /// The request's method and path; the command's words; empty for scheduled work.
    pub request_path: String,
}

/// Who acts, and by which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Their name.
    pub user: String,
    /// Their id, where they have one.
    pub user_id: Option<String>,
    /// What kind of user that is.
    pub user_kind: UserKind,
    /// The way.
    pub way: Way,
}

impl Origin {
    /// `caller`, by `way`.
    pub fn of(caller: &Caller, way: Way) -> Self {
        match caller {
            Caller::Person(person) => Self::of_person(person, way),
            Caller::Key(key) => Self {
                user: clipped(&key.name, 1000),
                user_id: Some(format!("key:{}", key.key_id)),
                user_kind: UserKind::Client,
                way,
            },
        }
    }

    /// A signed-in person, by `way`.
    pub fn of_person(person: &Person, way: Way) -> Self {
        Self {
            user: clipped(&person.viewer.name, 1000),
            user_id: Some(format!("user:{}", person.user_id)),
            user_kind: kind_of(&person.viewer.role),
            way,
        }
    }

    /// Somebody who says to be `email`, and may not be.
    pub fn of_stranger(email: &str, role: Option<&Role>, way: Way) -> Self {
        let user_kind = role.map_or(UserKind::Unknown, kind_of);
        Self { user: clipped(email, 1000), user_id: None, user_kind, way }
    }

    /// Scheduled work, on this instance.
    pub fn of_schedule(job: &str, app_instance: &str) -> Self {
        let way = Way {
            source: Source::System,
            app_instance: app_instance.to_owned(),
            request_path: String::new(),
        };
        Self { user: job.to_owned(), user_id: None, user_kind: UserKind::System, way }
    }

    /// A command, given on this instance.
    pub fn of_command(command: &str, app_instance: &str) -> Self {
        let way = Way {
            source: Source::System,
            app_instance: app_instance.to_owned(),
            request_path: format!("customer-logs {command}"),
        };
        let user = "command line".to_owned();
        Self { user, user_id: None, user_kind: UserKind::System, way }
    }
}

impl Way {
    /// A request: its source is the API where a key came with it, and else the screen.
    pub fn of_request(method: &str, path: &str, by_key: bool, app_instance: &str) -> Self {
        Self {
            source: if by_key { Source::Api } else { Source::Ui },
            app_instance: app_instance.to_owned(),
            request_path: clipped(&format!("{method} {path}"), 2000),
        }
    }
}

const fn kind_of(role: &Role) -> UserKind {
    match role {
        Role::Operator | Role::Auditor => UserKind::Operator,
        Role::Customer(_) => UserKind::Customer,
    }
}

/// The first of `text`'s characters that fit into so many bytes.
fn clipped(text: &str, bytes: usize) -> String {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
