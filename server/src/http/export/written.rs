//! What of a file is written, and not yet sealed.

use std::borrow::Cow;

/// A stretch of a file: whole lines. Of an XLSX, what goes into its package.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) text: Vec<u8>,
    /// Where in the text another member of the package begins, and its name; empty for all that is no package.
    pub(super) members: Vec<(usize, Cow<'static, str>)>,
}

impl Written {
    /// Begins another member of the package.
    pub(super) fn begin(&mut self, name: impl Into<Cow<'static, str>>) {
        self.members.push((self.text.len(), name.into()));
    }
}

impl From<Vec<u8>> for Written {
    fn from(text: Vec<u8>) -> Self {
        Self { text, members: Vec::new() }
    }
}
