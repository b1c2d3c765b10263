//! Pieces of a page that are there many times, like the cells of a table: written as text, and changed in
//! place.
//!
//! A view does that too, and is a view of its own for every element: for the 100 rows of a page, 34 ms where
//! the browser's own part is 2. A piece is described once, and only what differs is touched.

use std::borrow::Cow;

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::icon::Icon;

/// What an element holds.
#[derive(Debug)]
pub enum Holds {
    /// Pieces that stand as they are described.
    Pieces(&'static [Piece]),
    /// The value of this number, as text.
    Value(usize),
}

/// A piece.
#[derive(Debug)]
pub enum Piece {
    /// An element.
    Element {
        /// Its name.
        name: &'static str,
        /// The attributes that are always the same, as HTML has them, each with a space in front.
        fixed: &'static str,
        /// The attributes that have a value, by its number.
        valued: &'static [(&'static str, usize)],
        /// The attributes that have a value, by its number, and are of use only where there is no script: they are
        /// written, and not changed any more.
        plain: &'static [(&'static str, usize)],
        /// What it holds.
        holds: Holds,
    },
    /// Text that is always the same, and needs no escaping.
    Text(&'static str),
    /// A picture.
    Picture(Icon),
}

/// A piece with its values.
#[derive(Debug)]
pub struct Filled<'a> {
    /// The piece. Two are the same where they are at the same address.
    pub piece: &'static Piece,
    /// The values.
    pub values: Vec<Cow<'a, str>>,
}

impl Filled<'_> {
    /// Writes it.
    pub fn write(&self, html: &mut String) {
        write(self.piece, &self.values, html);
    }

    /// Makes it of `before`, which is what `element` shows now.
    pub fn replace(&self, before: &Filled<'_>, element: &Element) {
        if !std::ptr::eq(self.piece, before.piece) {
            let mut html = String::new();
            self.write(&mut html);
            element.set_outer_html(&html);
        } else if self.values != before.values {
            change(self.piece, element, &before.values, &self.values);
        }
    }
}

fn write(piece: &Piece, values: &[Cow<'_, str>], html: &mut String) {
    match piece {
        Piece::Text(text) => html.push_str(text),
        Piece::Picture(icon) => icon.write(html),
        Piece::Element { name, fixed, valued, plain, holds } => {
            for part in ["<", name, fixed] {
                html.push_str(part);
            }
            for (attribute, value) in valued.iter().chain(*plain) {
                for part in [" ", attribute, "=\""] {
                    html.push_str(part);
                }
                escape(&values[*value], html);
                html.push('"');
            }
            html.push('>');
            match holds {
                Holds::Pieces(pieces) => pieces.iter().for_each(|piece| write(piece, values, html)),
                Holds::Value(value) => escape(&values[*value], html),
            }
            for part in ["</", name, ">"] {
                html.push_str(part);
            }
        }
    }
}

fn change(piece: &Piece, node: &Node, before: &[Cow<'_, str>], after: &[Cow<'_, str>]) {
    let Piece::Element { valued, holds, .. } = piece else { return };
    for (attribute, value) in *valued {
        if before[*value] != after[*value]
            && let Some(element) = node.dyn_ref::<Element>()
        {
            // It fails for names only that no attribute may have.
            let _set = element.set_attribute(attribute, &after[*value]);
        }
    }
    match holds {
        Holds::Value(value) if before[*value] != after[*value] => {
            // Nothing is no node. Writing to the node that is there takes half the time of making another.
            match node.first_child().filter(|_| !before[*value].is_empty()) {
                Some(text) => text.set_node_value(Some(&after[*value])),
                None => node.set_text_content(Some(&after[*value])),
            }
        }
        Holds::Value(_) => {}
        Holds::Pieces(pieces) => {
            let mut child = node.first_child();
            for piece in *pieces {
                let Some(node) = child else { return };
                change(piece, &node, before, after);
                child = node.next_sibling();
            }
        }
    }
}

/// Text as HTML has it, in an element or between the quotes of an attribute.
fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PIECE: Piece = Piece::Element {
        name: "td",
        fixed: " class=\"x\"",
        valued: &[("title", 1)],
        plain: &[],
        holds: Holds::Pieces(&[
            Piece::Element {
                name: "b",
                fixed: "",
                valued: &[],
                plain: &[],
                holds: Holds::Value(0),
            },
            Piece::Text(" "),
            Piece::Element {
                name: "i",
                fixed: "",
                valued: &[],
                plain: &[],
                holds: Holds::Value(1),
            },
        ]),
    };

    #[test]
    fn values_are_text_whatever_is_in_them() {
        let values = vec!["<script>".into(), "\"'&amp;\u{0}>".into()];
        let mut html = String::new();
        Filled { piece: &PIECE, values }.write(&mut html);
        let value = "&quot;'&amp;amp;\u{0}&gt;";
        assert_eq!(
            html,
            format!("<td class=\"x\" title=\"{value}\"><b>&lt;script&gt;</b> <i>{value}</i></td>")
        );
    }
}
