//! Pieces of SQL that statements are made from.

/// `text` as an SQL literal, for statements that take no parameters (`COPY`, `SET`). Quotes are doubled;
/// backslashes too, in an `E''` literal, whatever `standard_conforming_strings` says. The one character
/// that Postgres cannot hold is shown by its picture.
pub(super) fn literal(text: &str) -> String {
    let text: String = text.chars().map(app::query::printable).collect();
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_stay_inside_a_literal() {
        assert_eq!(literal("20418"), "'20418'");
        assert_eq!(literal("O'Brien"), "'O''Brien'");
        assert_eq!(literal(r"a\'; drop table x; --"), r"E'a\\''; drop table x; --'");
    }
}
