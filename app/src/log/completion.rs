//! Completion: what may be meant by what is being typed into the search box. The text is read in the pieces that the
//! parser reads it in, so what is suggested is read as what it says.

use super::{
    filter::{Field, Filter},
    language::{self, Said, field_named, pieces, write_filter},
    moment::{Moment, Unit},
    sight::Sight,
};

/// What stands at the caret, and what of the text that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its first byte.
    pub from: usize,
    /// The byte after its last.
    pub to: usize,
    /// What it is.
    pub typed: Typed,
}

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A word or several by themselves: a part of a name, perhaps.
    Words(String),
    /// How a keyword begins.
    Keyword {
        /// Whether a minus stands in front.
        not: bool,
        /// Its beginning.
        start: String,
    },
    /// A part of a field's value.
    Value {
        /// The field.
        field: Field,
        /// Whether a minus stands in front.
        not: bool,
        /// The part.
        part: String,
    },
    /// How a moment begins.
    Moment {
        /// What stands before the colon.
        name: String,
        /// Its beginning.
        start: String,
    },
}

/// What a place may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A condition, and how many entries it finds, where that is known.
    Filter(Filter, Option<u64>),
    /// A keyword, up to its colon.
    Keyword(String),
    /// One end of a range: its keyword, and a moment.
    Moment(String, Moment),
}

/// Something that may be meant, as it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What is meant.
    pub meaning: Meaning,
    /// The whole text, when it is taken.
    pub text: String,
    /// Where the caret is then, in bytes.
    pub caret: usize,
}

/// Moments to begin with.
const MOMENTS: [Moment; 6] = [
    Moment::Today,
    Moment::Yesterday,
    Moment::Month,
    Moment::Ago(24, Unit::Hours),
    Moment::Ago(7, Unit::Days),
    Moment::Ago(30, Unit::Days),
];

/// The places that end at the caret, the one that is most likely meant first.
pub fn places(text: &str, caret: usize) -> Vec<Place> {
    let Some(before) = text.get(..caret) else { return Vec::new() };
    let typed = pieces(before);
    let Some(last) = typed.last().filter(|piece| piece.to == caret) else {
        // A blank box asks for what there is; a blank in a text for nothing.
        let blank = text.trim().is_empty();
        let typed = Typed::Keyword { not: false, start: String::new() };
        return if blank { vec![Place { from: 0, to: text.len(), typed }] } else { Vec::new() };
    };
    // The piece goes on behind the caret; but for a quote that does not end, which would take in all.
    let whole = pieces(text).into_iter().find(|piece| piece.from == last.from);
    let to = whole.filter(|piece| !piece.unended).map_or(caret, |piece| piece.to.max(caret));
    let from = last.from;
    let Some(name) = last.name else {
        let mut places = Vec::new();
        if let Some(start) = last.value.strip_prefix('-').filter(|_| !last.quoted) {
            let typed = Typed::Keyword { not: true, start: start.to_owned() };
            return vec![Place { from, to, typed }];
        }
        // Words beside each other are one text.
        let words = typed.iter().rev().take_while(|piece| piece.name.is_none() && !piece.unended);
        let first = typed.len() - words.count().max(1);
        for run in [&typed[first..], &typed[typed.len() - 1..]] {
            let Some(start) = run.first() else { continue };
            let words: Vec<_> = run.iter().map(|piece| piece.value.as_str()).collect();
            let place = Place { from: start.from, to, typed: Typed::Words(words.join(" ")) };
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
        if !last.quoted {
            let typed = Typed::Keyword { not: false, start: last.value.clone() };
            places.push(Place { from, to, typed });
        }
        return places;
    };
    let (not, bare) = name.strip_prefix('-').map_or((false, name), |bare| (true, bare));
    let typed = match field_named(bare) {
        Some(field) => Typed::Value { field, not, part: last.value.clone() },
        None if language::is_range_end(bare) && !not => {
            Typed::Moment { name: bare.to_owned(), start: last.value.clone() }
        }
        None => return Vec::new(),
    };
    vec![Place { from, to, typed }]
}

/// Where the character is whose number, counted as browsers do, is `utf16`; the text's end where there is none.
pub fn byte_at(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= utf16 {
            return at;
        }
        units += character.len_utf16();
    }
    text.len()
}

impl Place {
    /// What the text says beside it.
    pub fn others(&self, text: &str) -> Said {
        let (before, after) = (text.get(..self.from), text.get(self.to..));
        language::parse(&format!("{} {}", before.unwrap_or_default(), after.unwrap_or_default())).0
    }

    /// The keywords and moments that it may become, for somebody who sees this.
    pub fn by_itself(&self, sight: Sight) -> Vec<Meaning> {
        match &self.typed {
            Typed::Keyword { not, start } => language::names()
                .filter(|name| {
                    let begins =
                        name.get(..start.len()).is_some_and(|n| n.eq_ignore_ascii_case(start));
                    let seen = match field_named(name) {
                        Some(field) => sight.sees(field.column()),
                        None => !not,
                    };
                    begins && seen
                })
                .map(|name| Meaning::Keyword(format!("{}{name}:", if *not { "-" } else { "" })))
                .collect(),
            Typed::Moment { name, start } => MOMENTS
                .into_iter()
                .filter(|moment| moment.to_string().starts_with(start.as_str()))
                .map(|moment| Meaning::Moment(name.clone(), moment))
                .collect(),
            Typed::Words(_) | Typed::Value { .. } => Vec::new(),
        }
    }

    /// What `text` is when this place becomes what is meant. Nothing where it would not be read as that: a value that
    /// is too long, one condition too many, or one that another part of the text takes back.
    pub fn taken(&self, text: &str, meaning: Meaning) -> Option<Suggestion> {
        let (before, after) = (text.get(..self.from)?, text.get(self.to..)?);
        let written = match &meaning {
            Meaning::Keyword(keyword) => keyword.clone(),
            Meaning::Filter(filter, _) => write_filter(filter) + " ",
            Meaning::Moment(name, moment) => format!("{name}:{moment} "),
        };
        let after = if written.ends_with(' ') { after.trim_start() } else { after };
        let text = format!("{before}{written}{after}");
        let caret = before.len() + written.len();
        let (said, faults) = language::parse(&text);
        let faulty = faults.iter().any(|fault| fault.from < caret && fault.to > before.len());
        let read = match &meaning {
            Meaning::Keyword(_) => true,
            Meaning::Filter(filter, _) => !faulty && said.filters.iter().any(|said| said == filter),
            Meaning::Moment(..) => !faulty,
        };
        read.then_some(Suggestion { meaning, text, caret })
    }
}

impl Suggestion {
    /// Whether it says something whole, that can be looked for.
    pub const fn is_whole(&self) -> bool {
        !matches!(self.meaning, Meaning::Keyword(_))
    }

    /// Where the caret is when it is taken, counted as browsers do.
    pub fn caret_in_utf16(&self) -> usize {
        self.text.get(..self.caret).map_or(0, |before| before.encode_utf16().count())
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::any_filter;
    use super::*;
    use proptest::prelude::*;

    /// The text, with its caret at the bar.
    fn at(text: &str) -> (String, usize) {
        (text.replace('|', ""), text.find('|').unwrap())
    }

    fn typed(text: &str) -> Vec<(String, Typed)> {
        let (text, caret) = at(text);
        places(&text, caret)
            .into_iter()
            .map(|place| (text[place.from..place.to].to_owned(), place.typed))
            .collect()
    }

    fn words(text: &str) -> Typed {
        Typed::Words(text.into())
    }

    fn keyword(not: bool, start: &str) -> Typed {
        Typed::Keyword { not, start: start.into() }
    }

    fn value(field: Field, not: bool, part: &str) -> Typed {
        Typed::Value { field, not, part: part.into() }
    }

    #[test]
    fn what_is_being_typed_is_the_piece_at_the_caret() {
        let whole = |text: &str, typed| vec![(text.to_owned(), typed)];
        assert_eq!(
            typed("an|a"),
            [("ana".into(), words("an")), ("ana".into(), keyword(false, "an"))]
        );
        assert_eq!(
            typed("user:x ana pra|"),
            [
                ("ana pra".into(), words("ana pra")),
                ("pra".into(), words("pra")),
                ("pra".into(), keyword(false, "pra")),
            ]
        );
        assert_eq!(typed("\"ana p|"), whole("\"ana p", words("ana p")));
        assert_eq!(typed("a -us|"), whole("-us", keyword(true, "us")));
        assert_eq!(typed("user:|"), whole("user:", value(Field::User, false, "")));
        assert_eq!(typed("-USER:=an|"), whole("-USER:=an", value(Field::User, true, "an")));
        assert_eq!(
            typed("table:\"a b|c\" d"),
            whole("table:\"a bc\"", value(Field::ImpactedTable, false, "a b"))
        );
        assert_eq!(
            typed("user:\"an| settle source:UI"),
            whole("user:\"an", value(Field::User, false, "an"))
        );
        let moment = Typed::Moment { name: "before".into(), start: "t".into() };
        assert_eq!(typed("before:t|"), whole("before:t", moment));
        assert_eq!(typed("|"), whole("", keyword(false, "")));
        for nothing in ["ana |", "colour:r|", "-after:|", "| ana"] {
            assert_eq!(typed(nothing), [], "{nothing}");
        }
    }

    #[test]
    fn keywords_are_of_what_is_seen() {
        let all = |text: &str, sight: Sight| -> Vec<String> {
            let (text, caret) = at(text);
            let place = places(&text, caret).pop().unwrap();
            place
                .by_itself(sight)
                .into_iter()
                .map(|meaning| place.taken(&text, meaning).unwrap().text)
                .collect()
        };
        assert_eq!(all("|", Sight::ALL).len(), 9);
        assert_eq!(all("a|", Sight::ALL), ["action:", "after:"]);
        assert_eq!(all("-A|", Sight::ALL), ["-action:"]);
        assert_eq!(all("t|", Sight::OWN), [""; 0]);
        assert_eq!(all("ana before:-| x", Sight::ALL).len(), 3);
        assert_eq!(all("before:to|", Sight::ALL), ["before:today "]);
    }

    #[test]
    fn what_the_text_says_besides_stays_in_force() {
        let (text, caret) = at("ana source:=UI user:se|t after:-7d");
        let place = places(&text, caret).remove(0);
        let said = place.others(&text);
        assert_eq!((said.text.as_str(), said.filters.len()), ("ana", 1));
        assert!(said.range.from.is_some());
        let filter = Filter::is(Field::User, "The \"settler\"");
        let taken = place.taken(&text, Meaning::Filter(filter, Some(3))).unwrap();
        assert_eq!(taken.text, r#"ana source:=UI user:="The \"settler\"" after:-7d"#);
        assert!(taken.text[taken.caret..].starts_with("after"));
        assert_eq!(taken.caret_in_utf16(), taken.caret);
    }

    #[test]
    fn a_caret_is_counted_as_browsers_do() {
        assert_eq!(byte_at("a𝔘é", 3), 5);
        assert_eq!(byte_at("a𝔘é", 9), 7);
        let place = places("𝔘", 4).remove(0);
        let filter = Filter::is(Field::User, "𝔘");
        let taken = place.taken("𝔘", Meaning::Filter(filter, None)).unwrap();
        assert_eq!(taken.caret_in_utf16(), "user:=𝔘 ".encode_utf16().count());
    }

    proptest! {
        #[test]
        fn what_is_taken_is_read_as_what_it_says(
            text in prop_oneof![any::<String>(), "[a-z\"\\\\*:= -]{0,24}", "(user:|-table:=|ana |\"a )*"],
            caret in 0..40_usize,
            filter in any_filter(),
        ) {
            let caret = byte_at(&text, caret);
            for place in places(&text, caret) {
                prop_assert!(text.get(place.from..place.to).is_some() && place.to >= caret);
                let mut meanings = place.by_itself(Sight::ALL);
                meanings.push(Meaning::Filter(filter.clone(), None));
                for meaning in meanings {
                    let Some(taken) = place.taken(&text, meaning) else { continue };
                    prop_assert!(taken.text.is_char_boundary(taken.caret));
                    let (said, faults) = language::parse(&taken.text);
                    if let Meaning::Filter(filter, _) = &taken.meaning {
                        prop_assert!(said.filters.iter().any(|said| said == filter));
                        let apart = |fault: &language::Fault| {
                            fault.to <= place.from || fault.from >= taken.caret
                        };
                        prop_assert!(faults.iter().all(apart));
                    }
                }
            }
        }

        #[test]
        fn a_value_can_be_taken_wherever_a_text_has_no_fault(words in "[a-z ]{0,12}", filter in any_filter()) {
            let text = format!("{words} user:");
            let place = places(&text, text.len()).remove(0);
            let taken = place.taken(&text, Meaning::Filter(filter.clone(), None)).unwrap();
            prop_assert_eq!(language::parse(&taken.text).1, []);
        }
    }
}
