//! The search language: what one types into the search box to say at once what chips, ranges and the URL say
//! piece by piece. Described for people in docs/search.md.
//!
//! ```text
//! search = { word | term }
//! term   = [ "-" ] field ":" [ "=" ] value [ "*" ]
//! value  = word | '"' { character | '\"' | '\\' } '"'
//! ```

mod piece;

use super::{
    filter::{Field, Filter, Filters, LONGEST_VALUE, MOST_VALUES, Pattern},
    moment::{Moment, Range},
};
use crate::query::Column;
pub(super) use piece::{Piece, pieces};

/// The longest text in the language, in bytes.
pub const LONGEST: usize = 20_000;

/// What a text in the language says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The words that stand by themselves, as one text.
    pub text: String,
    /// The conditions.
    pub filters: Filters,
    /// The time range.
    pub range: Range,
}

impl Said {
    /// Whether it is words and nothing else.
    pub fn is_words(&self) -> bool {
        self.filters.is_empty() && self.range.is_all()
    }
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The first byte of what is wrong.
    pub from: usize,
    /// The byte after its last.
    pub to: usize,
    /// What is wrong.
    pub what: Wrong,
}

/// What may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// There is no such field.
    Field,
    /// A field's name without a value.
    NoValue,
    /// A quote that does not end.
    Quote,
    /// No moment.
    Moment,
    /// A moment that was given already.
    Twice,
    /// A moment cannot be left out.
    NotAMoment,
    /// A value too long, or one too many.
    TooMuch,
}

impl Wrong {
    /// In a sentence, to be read after what is wrong.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Field => {
                "is no field. There are user, action, operation, table, source, instance, path, after and before. \
                 In quotes it is plain text."
            }
            Self::NoValue => "needs a value behind the colon.",
            Self::Quote => "begins with a quote that does not end.",
            Self::Moment => {
                "is no moment. It takes a date, a date and time, today, yesterday, month, or -7d."
            }
            Self::Twice => "was said already.",
            Self::NotAMoment => "cannot be left out: say when it begins or ends.",
            Self::TooMuch => "is too much: at most 100 values of 2,000 bytes.",
        }
    }
}

/// The words that name a field, the shortest first: it is the one that is written.
const NAMES: [(&str, Field); 11] = [
    ("user", Field::User),
    ("action", Field::Action),
    ("operation", Field::RelatedOperation),
    ("table", Field::ImpactedTable),
    ("source", Field::Source),
    ("instance", Field::AppInstance),
    ("path", Field::RequestPath),
    ("related_operation", Field::RelatedOperation),
    ("impacted_table", Field::ImpactedTable),
    ("app_instance", Field::AppInstance),
    ("request_path", Field::RequestPath),
];

/// The names of all that a term may begin with, for completing what is typed.
pub fn names() -> impl Iterator<Item = &'static str> {
    let fields = NAMES.iter().map(|(name, _)| *name);
    fields.take(Field::ALL.len()).chain(["after", "before"])
}

/// The field that a word names, whatever its case.
pub fn field_named(word: &str) -> Option<Field> {
    NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, field)| *field)
}

/// An end of the time range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    From,
    To,
}

fn end_named(word: &str) -> Option<End> {
    match word.to_ascii_lowercase().as_str() {
        "after" | "from" | "since" => Some(End::From),
        "before" | "to" | "until" => Some(End::To),
        _ => None,
    }
}

/// Whether a word names an end of the time range, whatever its case.
pub fn is_range_end(word: &str) -> bool {
    end_named(word).is_some()
}

/// The word that names a field.
pub fn name_of(field: Field) -> &'static str {
    NAMES.iter().find(|(_, named)| *named == field).map_or(field.column().name(), |(name, _)| name)
}

/// Reads a text. What is wrong is named; the rest of it still counts.
pub fn parse(text: &str) -> (Said, Vec<Fault>) {
    let mut said = Said::default();
    let mut faults = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for piece in pieces(text) {
        let fault = |what| Fault { from: piece.from, to: piece.to, what };
        if piece.unended {
            faults.push(fault(Wrong::Quote));
            continue;
        }
        let Some(name) = piece.name else {
            words.push(piece.value);
            continue;
        };
        match term(name, &piece, &mut said) {
            Ok(()) => {}
            Err(what) => faults.push(fault(what)),
        }
    }
    said.text = words.join(" ");
    (said, faults)
}

fn term(name: &str, piece: &Piece<'_>, said: &mut Said) -> Result<(), Wrong> {
    let (not, name) = match name.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, name),
    };
    let end = match end_named(name) {
        Some(End::From) => Some(&mut said.range.from),
        Some(End::To) => Some(&mut said.range.to),
        None => None,
    };
    if let Some(end) = end {
        if not {
            return Err(Wrong::NotAMoment);
        }
        if piece.value.is_empty() {
            return Err(Wrong::NoValue);
        }
        let moment = Moment::parse(&piece.value).ok_or(Wrong::Moment)?;
        let before = matches!(name.to_ascii_lowercase().as_str(), "before");
        // “before 1 March” is without it; “until 1 March” is with it, as the URL's `to` is.
        let moment = if before { up_to(moment) } else { moment };
        return match end.replace(moment) {
            None => Ok(()),
            Some(_) => Err(Wrong::Twice),
        };
    }
    let field = field_named(name).ok_or(Wrong::Field)?;
    if piece.value.is_empty() && !piece.quoted {
        return Err(Wrong::NoValue);
    }
    if piece.value.len() > LONGEST_VALUE || said.filters.len() == MOST_VALUES {
        return Err(Wrong::TooMuch);
    }
    let value = piece.value.clone();
    let pattern = if piece.exact {
        Pattern::Is(value)
    } else if piece.open && !field.has_few_values() {
        Pattern::Begins(value)
    } else {
        Pattern::loosely(field, value)
    };
    said.filters.add(Filter { field, not, pattern });
    Ok(())
}

/// The moment at which a range ends that is to be without `moment`.
fn up_to(moment: Moment) -> Moment {
    match moment {
        Moment::Day(day) => {
            let before = day.checked_sub_days(chrono::Days::new(1));
            before.map_or(moment, Moment::Day)
        }
        Moment::Today => Moment::Yesterday,
        other => other,
    }
}

/// Words that stand by themselves, so that they read back as they are: in quotes where they need any.
pub fn write_text(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let (said, faults) = parse(text);
    let plain = faults.is_empty() && said == Said { text: text.to_owned(), ..Said::default() };
    if plain { text.to_owned() } else { quote(text) }
}

fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// One condition, as a term.
pub fn write_filter(filter: &Filter) -> String {
    let mut term = String::new();
    if filter.not {
        term.push('-');
    }
    term.push_str(name_of(filter.field));
    term.push(':');
    if matches!(filter.pattern, Pattern::Is(_)) && filter.field.has_few_values() {
        term.push('=');
    }
    let text = filter.pattern.text();
    let plain = !text.is_empty()
        && !text.starts_with(['"', '='])
        && !text.ends_with('*')
        && !text.contains(char::is_whitespace);
    term.push_str(&if plain { text.to_owned() } else { quote(text) });
    if matches!(filter.pattern, Pattern::Begins(_)) {
        term.push('*');
    }
    term
}

/// All that is said, as a text that says it.
pub fn write(said: &Said) -> String {
    let mut terms: Vec<String> = said.filters.iter().map(write_filter).collect();
    // No moment is written with a space, so that none needs quotes.
    if let Some(from) = said.range.from {
        terms.push(format!("after:{from}"));
    }
    if let Some(to) = said.range.to {
        terms.push(format!("until:{to}"));
    }
    if !said.text.is_empty() {
        terms.push(write_text(&said.text));
    }
    terms.join(" ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::moment::tests::any_moment;
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        pub(in crate::log) fn any_filter()(
            field in prop::sample::select(&Field::ALL[..]),
            not in any::<bool>(),
            kind in 0..2,
            text in prop_oneof![any::<String>(), "[a-z\"\\\\*:= -]{0,8}"],
        ) -> Filter {
            let pattern = match (kind, field.has_few_values()) {
                (0, _) => Pattern::Is(text),
                (_, true) => Pattern::Has(text),
                (_, false) => Pattern::Begins(text),
            };
            Filter { field, not, pattern }
        }
    }

    prop_compose! {
        fn any_said()(
            text in prop_oneof![any::<String>(), "[a-z\"\\\\*:= -]{0,8}"],
            filters in prop::collection::vec(any_filter(), 0..5),
            from in prop::option::of(any_moment()),
            to in prop::option::of(any_moment()),
        ) -> Said {
            Said { text, filters: filters.into_iter().collect(), range: Range { from, to } }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_what_was_said(said in any_said()) {
            prop_assert_eq!(parse(&write(&said)), (said, vec![]));
        }

        #[test]
        fn no_text_makes_parsing_fail_and_faults_lie_within_it(text in prop_oneof![any::<String>(), "[a-z\"\\\\*:= -]{0,30}"]) {
            let (said, faults) = parse(&text);
            for fault in faults {
                prop_assert!(text.get(fault.from..fault.to).is_some_and(|part| !part.is_empty()));
            }
            prop_assert_eq!(parse(&write(&said)), (said, vec![]));
        }
    }

    #[test]
    fn the_language_says_what_chips_say() {
        let (said, faults) = parse(
            r#"user:ana -table:=session source:API operation:"withdrawal #1042" before:2026-03-01 limit path:"PATCH /x"* increase"#,
        );
        assert_eq!(faults, []);
        assert_eq!(said.text, "limit increase");
        let filters: Filters = [
            Filter { field: Field::User, not: false, pattern: Pattern::Has("ana".into()) },
            Filter {
                field: Field::ImpactedTable,
                not: true,
                pattern: Pattern::Is("session".into()),
            },
            Filter { field: Field::Source, not: false, pattern: Pattern::Has("API".into()) },
            Filter::is(Field::RelatedOperation, "withdrawal #1042"),
            Filter {
                field: Field::RequestPath,
                not: false,
                pattern: Pattern::Begins("PATCH /x".into()),
            },
        ]
        .into_iter()
        .collect();
        assert_eq!(said.filters, filters);
        assert_eq!(said.range, Range { from: None, to: Moment::parse("2026-02-28") });
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands_and_the_rest_still_counts() {
        let text = r#"limit colour:red user: before:soon -after:today user:ana "open"#;
        let (said, faults) = parse(text);
        let named: Vec<_> = faults.iter().map(|f| (&text[f.from..f.to], f.what)).collect();
        assert_eq!(
            named,
            [
                ("colour:red", Wrong::Field),
                ("user:", Wrong::NoValue),
                ("before:soon", Wrong::Moment),
                ("-after:today", Wrong::NotAMoment),
                ("\"open", Wrong::Quote),
            ]
        );
        assert_eq!((said.text.as_str(), said.filters.len()), ("limit", 1));
        assert_eq!(parse("before:today before:-7d").1[0].what, Wrong::Twice);
    }

    #[test]
    fn plain_words_are_written_as_they_are() {
        for text in ["ana", "ana prado", "<script>%_", "100% sure", "say", "settle]"] {
            assert_eq!(write_text(text), text);
        }
        assert_eq!(write_text("a  b"), "\"a  b\"");
        assert_eq!(write_text("x:y"), "\"x:y\"");
    }
}
