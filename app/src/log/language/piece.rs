//! The pieces that a text in the search language is read in: words and terms. The parser takes what they mean from here,
//! and completion what is being typed.

/// A piece of the text: from where to where, and what stands before and in its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::log) struct Piece<'t> {
    pub(in crate::log) from: usize,
    pub(in crate::log) to: usize,
    /// What stands before the colon, with a minus in front where there is one; nothing for a word.
    pub(in crate::log) name: Option<&'t str>,
    /// Whether an equals sign stands before the value.
    pub(in crate::log) exact: bool,
    pub(in crate::log) value: String,
    /// Whether the value stands in quotes.
    pub(in crate::log) quoted: bool,
    /// Whether an asterisk stands behind the value.
    pub(in crate::log) open: bool,
    /// Whether its quote does not end.
    pub(in crate::log) unended: bool,
}

/// The pieces of a text.
pub(in crate::log) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let from = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return pieces };
        let mut piece = Piece {
            from,
            to: from,
            name: None,
            exact: false,
            value: String::new(),
            quoted: false,
            open: false,
            unended: false,
        };
        if first != '"' {
            let word = rest.split(char::is_whitespace).next().unwrap_or_default();
            let name = word.split('"').next().unwrap_or_default();
            if let Some(colon) = name.find(':') {
                piece.name = Some(&rest[..colon]);
                rest = &rest[colon + 1..];
                if let Some(exact) = rest.strip_prefix('=') {
                    piece.exact = true;
                    rest = exact;
                }
            }
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            piece.quoted = true;
            rest = unquote(quoted, &mut piece);
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            piece.value = rest[..end].to_owned();
            rest = &rest[end..];
            let open = piece.name.is_some() && !piece.exact;
            if let Some(start) = piece.value.strip_suffix('*').filter(|_| open) {
                piece.value = start.to_owned();
                piece.open = true;
            }
        }
        piece.to = text.len() - rest.len();
        pieces.push(piece);
    }
}

/// Takes what stands in quotes, and the asterisk behind; gives what is left.
fn unquote<'t>(quoted: &'t str, piece: &mut Piece<'_>) -> &'t str {
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let rest = &quoted[at + 1..];
                return match rest.strip_prefix('*').filter(|_| piece.name.is_some()) {
                    Some(rest) => {
                        piece.open = true;
                        rest
                    }
                    None => rest,
                };
            }
            '\\' => piece.value.extend(characters.next().map(|(_, escaped)| escaped)),
            other => piece.value.push(other),
        }
    }
    piece.unended = true;
    ""
}
