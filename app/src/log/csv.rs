//! A field of a CSV (RFC 4180), with the same quotes as Postgres puts.

/// How texts that a spreadsheet would run as a formula are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formulas {
    /// With an apostrophe in front, which spreadsheets take as "this is text".
    Disarmed,
    /// As they are.
    Exact,
}

/// What a formula begins with. The last four are the full-width forms.
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes a field: absent as nothing, empty as `""`.
#[inline]
pub fn field(text: Option<&str>, formulas: Formulas, file: &mut Vec<u8>) {
    let Some(text) = text else { return };
    let disarmed = formulas == Formulas::Disarmed && text.starts_with(FORMULAS);
    // All bytes, whatever the first ones are: such a loop looks at many at a time.
    let special = |byte: u8| (byte == b'"') | (byte == b',') | (byte == b'\n') | (byte == b'\r');
    let quoted = text.bytes().fold(text.is_empty(), |found, byte| found | special(byte));
    if quoted {
        file.push(b'"');
    }
    if disarmed {
        file.push(b'\'');
    }
    if quoted {
        for (number, part) in text.split('"').enumerate() {
            if number > 0 {
                file.extend_from_slice(b"\"\"");
            }
            file.extend_from_slice(part.as_bytes());
        }
        file.push(b'"');
    } else {
        file.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: Option<&str>, formulas: Formulas) -> String {
        let mut file = Vec::new();
        field(text, formulas, &mut file);
        String::from_utf8(file).unwrap()
    }

    #[test]
    fn quotes_stand_where_they_are_needed() {
        for (text, as_written) in [
            (None, ""),
            (Some(""), "\"\""),
            (Some("Ana Leal"), "Ana Leal"),
            (Some("Leal, Ana"), "\"Leal, Ana\""),
            (Some("\"B\"ia"), "\"\"\"B\"\"ia\""),
            (Some("a\nb"), "\"a\nb\""),
            (Some("a\rb"), "\"a\rb\""),
            (Some("\\."), "\\."),
            (Some("=1"), "=1"),
        ] {
            assert_eq!(written(text, Formulas::Exact), as_written);
        }
        assert_eq!(written(Some("=1"), Formulas::Disarmed), "'=1");
        assert_eq!(written(Some("\n=1\""), Formulas::Disarmed), "\"'\n=1\"\"\"");
    }
}
