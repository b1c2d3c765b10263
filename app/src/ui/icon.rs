//! Pictures of 16 by 16, drawn with the colour of the text beside them.

use leptos::prelude::*;

/// The pictures there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Alert,
    ArrowDown,
    ArrowUp,
    Bookmark,
    Braces,
    Calendar,
    Check,
    ChevronDown,
    Close,
    Columns,
    Compact,
    Copy,
    Download,
    Empty,
    First,
    Funnel,
    Gear,
    Keyboard,
    Last,
    Link,
    Minus,
    Moon,
    Next,
    Person,
    PersonInCircle,
    Plus,
    Previous,
    Regular,
    Relaxed,
    Search,
    Sun,
}

impl Icon {
    const fn shapes(self) -> &'static str {
        match self {
            Self::Bookmark => r#"<path d="M4 2.5h8v11L8 10.5l-4 3z"/>"#,
            Self::Columns => {
                r#"<rect x="2" y="3" width="12" height="10" rx="1"/><path d="M6 3v10M10 3v10"/>"#
            }
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::Minus => r#"<path d="M3.5 8h9"/>"#,
            Self::Link => {
                r#"<path d="M6.75 9.25a2.75 2.75 0 0 0 3.9 0l2.1-2.1a2.75 2.75 0 0 0-3.9-3.9l-.6.6M9.25 6.75a2.75 2.75 0 0 0-3.9 0l-2.1 2.1a2.75 2.75 0 0 0 3.9 3.9l.6-.6"/>"#
            }
            Self::Funnel => r#"<path d="M2 3h12L9.5 8.5V13l-3-1.5v-3z"/>"#,
            Self::Copy => {
                r#"<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/>"#
            }
            Self::Check => r#"<path d="m3 8.5 3.25 3.25L13 5"/>"#,
            Self::Calendar => {
                r#"<rect x="2" y="3" width="12" height="11" rx="1.75"/><path d="M2 6.5h12M5.25 1.5V4M10.75 1.5V4"/>"#
            }
            Self::Alert => r#"<circle cx="8" cy="8" r="6.25"/><path d="M8 4.75V8.5M8 11h.01"/>"#,
            Self::ArrowDown => r#"<path d="M8 3v9.5M4 9l4 4 4-4"/>"#,
            Self::ArrowUp => r#"<path d="M8 13V3.5M4 7l4-4 4 4"/>"#,
            Self::Braces => {
                r#"<path d="M6 2.75c-1.75 0-1.5 1-1.5 2.5S4.25 8 2.75 8c1.5 0 1.75 1.25 1.75 2.75s-.25 2.5 1.5 2.5M10 2.75c1.75 0 1.5 1 1.5 2.5S11.75 8 13.25 8c-1.5 0-1.75 1.25-1.75 2.75s.25 2.5-1.5 2.5"/>"#
            }
            Self::ChevronDown => r#"<path d="m4 6 4 4 4-4"/>"#,
            Self::Close => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
            Self::Compact => r#"<path d="M2.5 3h11M2.5 6.33h11M2.5 9.67h11M2.5 13h11"/>"#,
            Self::Download => {
                r#"<path d="M8 2v8M4.75 6.75 8 10l3.25-3.25M2.5 11.5v1.25c0 .7.55 1.25 1.25 1.25h8.5c.7 0 1.25-.55 1.25-1.25V11.5"/>"#
            }
            Self::Empty => {
                r#"<rect x="2.5" y="2.5" width="11" height="11" rx="2"/><path d="M5.5 6h5M5.5 8.5h5"/>"#
            }
            Self::First => r#"<path d="M11.5 3.5 7 8l4.5 4.5M4.5 3.5v9"/>"#,
            Self::Gear => {
                r#"<circle cx="8" cy="8" r="2.25"/><path d="M8 1.75v2M8 12.25v2M1.75 8h2M12.25 8h2M3.6 3.6 5 5M11 11l1.4 1.4M3.6 12.4 5 11M11 5l1.4-1.4"/>"#
            }
            Self::Keyboard => {
                r#"<rect x="1.5" y="3.75" width="13" height="8.5" rx="1.75"/><path d="M4.25 6.5h.01M6.75 6.5h.01M9.25 6.5h.01M11.75 6.5h.01M5 9.5h6"/>"#
            }
            Self::Last => r#"<path d="M4.5 3.5 9 8l-4.5 4.5M11.5 3.5v9"/>"#,
            Self::Moon => r#"<path d="M13.5 9.5A5.75 5.75 0 1 1 6.5 2.5a4.6 4.6 0 0 0 7 7z"/>"#,
            Self::Next => r#"<path d="M6 3.5 10.5 8 6 12.5"/>"#,
            Self::Person => {
                r#"<circle cx="8" cy="5.25" r="2.75"/><path d="M2.75 13.75c.4-2.7 2.5-4.25 5.25-4.25s4.85 1.55 5.25 4.25"/>"#
            }
            Self::PersonInCircle => {
                r#"<circle cx="8" cy="8" r="6.25"/><circle cx="8" cy="6.5" r="2"/><path d="M4 12.6c.7-1.7 2.2-2.6 4-2.6s3.3.9 4 2.6"/>"#
            }
            Self::Previous => r#"<path d="M10 3.5 5.5 8l4.5 4.5"/>"#,
            Self::Regular => r#"<path d="M2.5 3.5h11M2.5 8h11M2.5 12.5h11"/>"#,
            Self::Relaxed => r#"<path d="M2.5 4.75h11M2.5 11.25h11"/>"#,
            Self::Search => r#"<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.25 3.25"/>"#,
            Self::Sun => {
                r#"<circle cx="8" cy="8" r="2.75"/><path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7"/>"#
            }
        }
    }
}

impl Icon {
    /// Writes the picture as HTML.
    pub fn write(self, html: &mut String) {
        html.push_str(r#"<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">"#);
        html.push_str(self.shapes());
        html.push_str("</svg>");
    }
}

/// One picture. It says nothing to a screen reader: the text beside it does.
#[component]
pub fn Icon(
    /// Which.
    of: Icon,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg
            class=format!("icon {class}")
            viewBox="0 0 16 16"
            aria-hidden="true"
            inner_html=of.shapes()
        ></svg>
    }
}

/// The product's sign.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 16 16"
            aria-hidden="true"
            inner_html=r##"<rect x="1.5" y="1.5" width="13" height="13" rx="3.5" fill="currentColor" stroke="none"/><path d="M4.75 5.25h6.5M4.75 8h6.5M4.75 10.75h3.5" stroke="#fff" stroke-width="1.4"/>"##
        ></svg>
    }
}
