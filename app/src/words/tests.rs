//! The words of all parts: whole, alike in every language, said somewhere; and no text of the screen stands elsewhere.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{
    HERE, Language, around, common, completion, customer, export, fragment, layout, log, operation,
    query, session, ui, views,
};

/// The words of every part.
fn all() -> impl Iterator<Item = &'static (&'static str, &'static [&'static str])> {
    [
        common::ALL,
        completion::ALL,
        customer::ALL,
        export::ALL,
        fragment::ALL,
        layout::ALL,
        log::ALL,
        operation::ALL,
        query::ALL,
        session::ALL,
        ui::ALL,
        views::ALL,
    ]
    .into_iter()
    .flatten()
}

/// The files of a folder and those in it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_word_is_there_in_every_language_with_the_same_values() {
    let values = |text: &str| {
        let parts = text.split('{').skip(1);
        parts.map(|part| part.split('}').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    for (name, texts) in all() {
        assert!(
            texts.iter().all(|text| text.trim() == *text && !text.is_empty()),
            "{name}: {texts:?}"
        );
        // One, and more than one: each form is compared with the same of the other languages.
        let forms = texts.len() / Language::ALL.len();
        for (nth, text) in texts.iter().enumerate() {
            assert_eq!(values(text), values(texts[nth % forms]), "{name}: {texts:?}");
        }
    }
}

#[test]
fn every_word_is_said_somewhere() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [package.join("src"), package.join("../server/src")];
    let text: String = files
        .iter()
        .flat_map(|folder| sources(folder))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    for (name, _) in all() {
        let said =
            text.contains(&format!(".{name}(")) || text.contains(&format!("Language::{name}"));
        assert!(said, "nothing says “{name}”");
    }
}

#[test]
fn languages_go_by_their_tags() {
    for language in Language::ALL {
        assert_eq!(language.tag().parse(), Ok(language));
        let json = serde_json::to_string(&language).unwrap();
        assert_eq!(json, format!("{:?}", language.tag()));
    }
    assert!("pt".parse::<Language>().is_err());
}

#[test]
fn values_stand_where_the_language_puts_them_and_one_is_not_many() {
    let say = Language::ALL;
    assert_eq!(say.map(|say| say.number_of_entries(1)), ["1 entry", "1 entrada", "1 entrada"]);
    assert_eq!(say.map(|say| say.number_of_entries(0)), ["0 entries", "0 entrada", "0 entradas"]);
    assert_eq!(
        say.map(|say| say.number_of_entries(12_345)),
        ["12,345 entries", "12.345 entradas", "12.345 entradas"]
    );
    // What a value says is not looked at again.
    assert_eq!(Language::English.filter_is("{value}", "{field}"), "{value} is {field}");
    let sentence = Language::English.entries_found_of(7, HERE);
    assert_eq!(around(&sentence), (String::new(), " of 7 entries".to_owned()));
}

/// What looks like a text for people and is none.
const NO_WORDS: &[&str] = &[
    // Names: the product, kinds of files, languages in themselves, and a source, as the guide writes it.
    "Customer Logs",
    "Excel",
    "JSON Lines",
    "Markdown",
    "English",
    "Português (Brasil)",
    "Español",
    "System",
    // Units, the same in each language.
    "{minutes} min",
    "{minutes} min {seconds} s",
    "{hours} h {minutes} min",
    // Keys, as browsers name them and as keyboards do.
    "Shift ↓  Shift ↑",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "End",
    "Enter",
    "Esc",
    "Escape",
    "Home",
    "Home  End",
    "PageDown",
    "PageUp",
    "Tab",
    "Shift F",
    "Shift X",
    "Shift+X",
    "{} (Esc)",
    // A unit.
    "{} ms",
    // Classes of elements, and what can have the focus.
    " bare",
    "a[href], button, input, select, summary, [tabindex]",
];

/// What lists of classes begin with.
const CLASSES: &[&str] = &["badge", "button", "method"];

/// Attributes that somebody reads or hears; and what components call such texts.
const READ: &[&str] = &[
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "title",
    "placeholder",
    "label",
    "hint",
    "text",
];

/// Whether a literal reads like a text: two words beside each other, or one that begins large.
fn reads_like_text(literal: &str) -> bool {
    // Values are no words.
    let mut plain = String::new();
    let mut depth = 0;
    for c in literal.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let is_word = |word: &str| {
        let word = word.trim_matches(|c: char| ".,:;!?…“”()".contains(c));
        word.chars().count() > 1
            && word.chars().all(|c| c.is_alphabetic() || "’'".contains(c))
            && word.chars().any(char::is_lowercase)
    };
    let words: Vec<bool> = plain.split_whitespace().map(is_word).collect();
    let capital = plain.chars().next().is_some_and(char::is_uppercase)
        && plain.chars().nth(1).is_some_and(char::is_lowercase)
        && plain.split(' ').next().is_some_and(is_word);
    let in_a_sentence = (plain.starts_with(' ') || plain.ends_with(' ')) && words.contains(&true);
    capital || in_a_sentence || words.windows(2).any(|pair| pair == [true, true])
}

/// The string literals of a line of code that could stand on the screen: no values of attributes that nobody reads,
/// and nothing that only programmers and browsers see.
fn literals(line: &str) -> Vec<&str> {
    const FOR_PROGRAMS: [&str; 8] =
        ["//", "#[", "selector", "closest", "matches(", "focus::", "set_attribute", "dataset"];
    if FOR_PROGRAMS.iter().any(|mark| line.contains(mark)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut attribute = None;
    let parts: Vec<&str> = line.split('"').collect();
    for pair in parts.chunks_exact(2) {
        let [code, literal] = *pair else { continue };
        // Behind the end of a tag there are texts; before it, values.
        let arrow = |at: usize| code[..at].ends_with(['=', '-']);
        let end = code.rmatch_indices('>').map(|(at, _)| at).find(|at| !arrow(*at));
        let code = end.map_or(code, |end| {
            attribute = None;
            &code[end + 1..]
        });
        for word in code.split([' ', '<', '{', '(']) {
            let name = word.split_once('=').map(|(name, _)| name);
            let name = name.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
            attribute = name.or(attribute);
        }
        let read = attribute.is_none_or(|attribute| READ.contains(&attribute));
        let class = CLASSES.iter().any(|class| literal.starts_with(class));
        if read && !class && !NO_WORDS.contains(&literal) {
            found.push(literal);
        }
    }
    found
}

#[test]
fn no_text_of_the_screen_stands_beside_the_words() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for file in sources(&src) {
        let short = file.strip_prefix(&src).unwrap().display().to_string();
        // The words themselves, and the names of months; the API's page, which is in English; pictures.
        let others = ["ui/time.rs", "api_docs.rs", "ui/icon.rs"];
        if short.starts_with("words") || others.contains(&short.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = code.split("#[cfg(test)]\npub(super) mod tests").next().unwrap_or_default();
        for (nth, line) in code.lines().enumerate() {
            let texts = literals(line).into_iter().filter(|literal| reads_like_text(literal));
            found.extend(texts.map(|literal| format!("{short}:{}: {literal}", nth + 1)));
        }
    }
    assert!(found.is_empty(), "words without a translation:\n{}", found.join("\n"));
}

#[test]
fn a_text_is_told_from_what_is_none() {
    let line = r#"<a class="button quiet" title="Close it" href=x>"Rows "{n}</a>"#;
    assert_eq!(literals(line), ["Close it", "Rows "]);
    assert_eq!(literals(r#"class=if edge { "square edge" } else { "square" }"#), [""; 0]);
    assert_eq!(literals(r#"("business", "Business")"#), ["business", "Business"]);
    for text in
        ["Nothing.", "rows ", " of ", "and {} more", "{count} new entries", "Close", "not set"]
    {
        assert!(reads_like_text(text), "{text}");
    }
    for other in
        ["", "{}", "created_at", "true", "{path}?{query}", "–", "UTC", "UI", "#{number}", " · "]
    {
        assert!(!reads_like_text(other), "{other}");
    }
}
