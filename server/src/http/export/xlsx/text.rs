//! Texts in a sheet: what XML cannot hold is written as spreadsheets do, `_x0001_`.

/// Writes a text into `file`, so that a spreadsheet reads the same. Whether it begins or ends with blanks is up
/// to whoever writes the element around it.
pub(super) fn escaped(text: &str, file: &mut Vec<u8>) {
    let mut from = 0;
    for (at, character) in text.char_indices() {
        let code;
        let instead: &[u8] = match character {
            '&' => b"&amp;",
            '<' => b"&lt;",
            '>' => b"&gt;",
            '\t' | '\n' => continue,
            // A CR may stand in XML, but would be read as a line feed. And what is no escape, but would be read as
            // one, is none from its first character on.
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' | '_'
                if character != '_' || is_escape(&text.as_bytes()[at..]) =>
            {
                code = escape(character);
                &code
            }
            _ => continue,
        };
        file.extend_from_slice(&text.as_bytes()[from..at]);
        file.extend_from_slice(instead);
        from = at + character.len_utf8();
    }
    file.extend_from_slice(&text.as_bytes()[from..]);
}

/// Whether nothing of a text has to be escaped, for sure, and no blanks stand where XML might lose them.
pub(super) fn is_plain(text: &str) -> bool {
    // All bytes, whatever the first ones are: such a loop looks at many at a time. 0xef begins U+FFFE.
    let special = |byte: u8| {
        (byte < b' ')
            | (byte == b'&')
            | (byte == b'<')
            | (byte == b'>')
            | (byte == b'_')
            | (byte == 0xef)
    };
    let blank_at_an_end = text.starts_with(' ') | text.ends_with(' ');
    !text.bytes().fold(blank_at_an_end, |found, byte| found | special(byte))
}

/// Whether a text begins like `_x0041_`.
fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

/// `_x0001_`
fn escape(character: char) -> [u8; 7] {
    let mut escape = *b"_x0000_";
    let mut code = character as u32;
    for digit in escape[2..6].iter_mut().rev() {
        *digit = b"0123456789ABCDEF"[(code % 16) as usize];
        code /= 16;
    }
    escape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_escaped_and_what_looks_like_that_too() {
        for (text, as_written) in [
            ("Ana Leal", "Ana Leal"),
            ("a<b>&\"c\"", "a&lt;b&gt;&amp;\"c\""),
            ("a\tb\nc\rd", "a\tb\nc_x000D_d"),
            ("\0\u{1f}\u{fffe}\u{ffff}", "_x0000__x001F__xFFFE__xFFFF_"),
            ("_x0041_", "_x005F_x0041_"),
            ("_x004_ _xg041_ _X0041_ _x0041", "_x004_ _xg041_ _X0041_ _x0041"),
            ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
            ("é _xaBcD_ 👩 \u{10ffff}\u{7f}\u{85}", "é _x005F_xaBcD_ 👩 \u{10ffff}\u{7f}\u{85}"),
        ] {
            let mut file = Vec::new();
            escaped(text, &mut file);
            assert_eq!(String::from_utf8(file).unwrap(), as_written);
            assert!(text == as_written || !is_plain(text), "{text}");
        }
        assert!(is_plain("Zoë Leal") && is_plain("") && !is_plain(" a") && !is_plain("a "));
    }
}
