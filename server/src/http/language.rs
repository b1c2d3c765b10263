//! The language that a page speaks: the chosen one, or else the one that the browser asks for.

use app::words::Language;
use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use fluent_langneg::{
    NegotiationStrategy, convert_vec_str_to_langids_lossy as identifiers, negotiate_languages,
    parse_accepted_languages,
};

use super::preferences::LANGUAGE;

/// The language for whoever sent these.
pub(super) fn spoken(headers: &HeaderMap, jar: &CookieJar) -> Language {
    let chosen = jar.get(LANGUAGE).and_then(|cookie| cookie.value().parse().ok());
    let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok();
    chosen.unwrap_or_else(|| accepted().map_or_else(Language::default, wanted))
}

/// The language that an `Accept-Language` wants most, of those that are spoken. A Portuguese or a Mexican is
/// understood, too.
fn wanted(accepted: &str) -> Language {
    // The library goes by the order alone.
    let mut ranges: Vec<_> = accepted.split(',').map(|range| (weight(range), range)).collect();
    ranges.retain(|(weight, _)| *weight > 0.0);
    ranges.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let ranges: Vec<_> = ranges.into_iter().map(|(_, range)| range).collect();
    let requested = parse_accepted_languages(&ranges.join(","));
    let spoken = identifiers(Language::ALL.map(Language::tag));
    let best = negotiate_languages(&requested, &spoken, None, NegotiationStrategy::Filtering);
    best.first().and_then(|best| best.to_string().parse().ok()).unwrap_or_default()
}

/// How much a range is wanted (RFC 9110, 12.4.2).
fn weight(range: &str) -> f32 {
    let q = range.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("q="));
    q.map_or(1.0, |q| q.trim().parse().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_that_it_wants_most() {
        for (accepted, language) in [
            ("pt-BR,pt;q=0.9,en;q=0.8", Language::Portuguese),
            ("pt-PT", Language::Portuguese),
            ("pt", Language::Portuguese),
            ("es-MX,es;q=0.9", Language::Spanish),
            ("de-DE,de;q=0.9,es;q=0.5,en;q=0.3", Language::Spanish),
            ("en-GB,es;q=0.9", Language::English),
            ("de", Language::English),
            ("en;q=0.2, es; q=0.4, pt-BR;q=0.9", Language::Portuguese),
            ("en;q=0, pt;q=0.1", Language::Portuguese),
            ("", Language::English),
            ("*;q=?,,;", Language::English),
        ] {
            assert_eq!(wanted(accepted), language, "{accepted}");
        }
    }
}
