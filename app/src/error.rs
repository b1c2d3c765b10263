//! The one error that crosses from server to browser.

use leptos::server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::query::{BadParameter, Takes};

/// Why a page has no data. Nothing of the database, and nothing about other customers, is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// Not there, or not for this viewer: the two answer alike.
    #[error("not found")]
    NotFound,
    /// The session is over, or there never was one.
    #[error("not signed in")]
    SignedOut,
    /// A parameter the server does not take.
    #[error(transparent)]
    Bad(BadParameter),
    /// The database does not answer. Trying again later may help.
    #[error("the database does not answer")]
    Unavailable {
        /// The request's id, to be looked up in the server's own log.
        request_id: String,
    },
    /// A fault of the server's.
    #[error("internal error")]
    Internal {
        /// The request's id, to be looked up in the server's own log.
        request_id: String,
    },
    /// The server was not reached, or what it said was not understood.
    #[error("the server was not reached")]
    Unreachable,
}

impl AppError {
    /// The same, with what it says to its reader said in a language.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn said(self, language: crate::words::Language) -> Self {
        match self {
            Self::Bad(bad) => Self::Bad(bad.said(language)),
            other => other,
        }
    }

    /// The id to quote when asking about this failure.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Unavailable { request_id } | Self::Internal { request_id } => Some(request_id),
            _ => None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(problem) | ServerFnErrorErr::MissingArg(problem) => {
                Self::Bad(BadParameter { parameter: "request".into(), takes: Takes::Said(problem) })
            }
            _ => Self::Unreachable,
        }
    }
}
