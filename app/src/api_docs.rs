//! The API's description as a page: read from the OpenAPI document that programs get, so that the two cannot
//! say different things.

use std::fmt::{self, Write as _};

use leptos::prelude::*;
use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::{Number, Value};

const SCHEMAS: &str = "#/components/schemas/";

/// The API's description, as far as the page shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct ApiDocs {
    info: Info,
    paths: Ordered<Path>,
    components: Components,
}

impl ApiDocs {
    /// Reads an OpenAPI document.
    ///
    /// # Errors
    /// Where it is none, or says something in a way that the page does not know.
    pub fn read(document: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(document)
    }
}

/// A map in the order of the document, which was chosen for reading.
#[derive(Debug, Clone)]
struct Ordered<T>(Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Ordered<T> {
    fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs<T>(Vec<(String, T)>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
            type Value = Ordered<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Ordered<T>, A::Error> {
                while let Some(pair) = map.next_entry()? {
                    self.0.push(pair);
                }
                Ok(Ordered(self.0))
            }
        }

        deserializer.deserialize_map(Pairs(Vec::new()))
    }
}

/// Something that stands here, or among the components.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Here<T> {
    Elsewhere {
        #[serde(rename = "$ref")]
        at: String,
    },
    Itself(T),
}

impl<T> Here<T> {
    fn found<'d>(&'d self, among: &'d Ordered<T>) -> Option<&'d T> {
        match self {
            Self::Elsewhere { at } => among.get(at.rsplit('/').next().unwrap_or_default()),
            Self::Itself(itself) => Some(itself),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Info {
    summary: String,
    description: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Components {
    security_schemes: Ordered<Described>,
    parameters: Ordered<Parameter>,
    headers: Ordered<Described>,
    responses: Ordered<Answer>,
    schemas: Ordered<Schema>,
}

#[derive(Debug, Clone, Deserialize)]
struct Described {
    description: String,
}

/// What is not known here is refused: a method that the page leaves out would be worse than none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Path {
    #[serde(default)]
    parameters: Vec<Here<Parameter>>,
    get: Option<Operation>,
    put: Option<Operation>,
    post: Option<Operation>,
}

impl Path {
    fn operations(&self) -> impl Iterator<Item = (&'static str, &Operation)> {
        [("GET", &self.get), ("PUT", &self.put), ("POST", &self.post)]
            .into_iter()
            .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    operation_id: String,
    summary: String,
    description: String,
    security: Vec<Ordered<Vec<String>>>,
    #[serde(default)]
    parameters: Vec<Here<Parameter>>,
    request_body: Option<Body>,
    responses: Ordered<Here<Answer>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Parameter {
    name: String,
    r#in: String,
    #[serde(default)]
    required: bool,
    description: String,
    schema: Schema,
    example: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
struct Body {
    content: Ordered<Content>,
}

#[derive(Debug, Clone, Deserialize)]
struct Answer {
    description: String,
    #[serde(default)]
    headers: Ordered<Here<Described>>,
    #[serde(default)]
    content: Ordered<Content>,
}

#[derive(Debug, Clone, Deserialize)]
struct Content {
    schema: Schema,
    /// What a line is, where the content is lines.
    #[serde(rename = "x-line")]
    line: Option<Schema>,
    #[serde(default)]
    examples: Ordered<Example>,
}

#[derive(Debug, Clone, Deserialize)]
struct Example {
    summary: String,
    value: Json,
}

/// A value with its fields in the order in which they were written.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Json {
    Object(Ordered<Self>),
    Array(Vec<Self>),
    Leaf(Value),
}

impl Json {
    /// As a body: lines as they are, everything else as JSON that reads well.
    fn text(&self) -> String {
        match self {
            Self::Leaf(Value::String(lines)) => lines.trim_end().to_owned(),
            other => {
                let mut text = String::new();
                other.write(&mut text, 0);
                text
            }
        }
    }

    fn write(&self, text: &mut String, depth: usize) {
        let indent = |depth: usize| format!("\n{}", "  ".repeat(depth));
        let (open, close, parts): (_, _, Vec<_>) = match self {
            Self::Leaf(value) => return text.push_str(&value.to_string()),
            Self::Array(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
            Self::Object(Ordered(fields)) => {
                ('{', '}', fields.iter().map(|(name, value)| (Some(name), value)).collect())
            }
        };
        text.push(open);
        for (number, (name, value)) in parts.iter().enumerate() {
            text.push_str(if number == 0 { "" } else { "," });
            text.push_str(&indent(depth + 1));
            if let Some(name) = name {
                let _infallible = write!(text, "{}: ", Value::from(name.as_str()));
            }
            value.write(text, depth + 1);
        }
        if !parts.is_empty() {
            text.push_str(&indent(depth));
        }
        text.push(close);
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Schema {
    #[serde(rename = "$ref")]
    at: Option<String>,
    description: String,
    r#type: Types,
    r#enum: Vec<Value>,
    r#const: Option<Value>,
    r#default: Option<Value>,
    format: String,
    min_length: Option<u64>,
    max_length: Option<u64>,
    minimum: Option<Number>,
    maximum: Option<Number>,
    max_items: Option<u64>,
    items: Option<Box<Self>>,
    one_of: Vec<Self>,
    properties: Ordered<Self>,
    additional_properties: Further,
    required: Vec<String>,
}

/// Fields of an object beyond those that are named.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Further {
    Any(#[expect(dead_code, reason = "what is refused is said once, at the top of the page")] bool),
    Of(Box<Schema>),
}

impl Default for Further {
    fn default() -> Self {
        Self::Any(true)
    }
}

impl Further {
    fn schema(&self) -> Option<&Schema> {
        match self {
            Self::Any(_) => None,
            Self::Of(schema) => Some(schema),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Types {
    One(String),
    Several(Vec<String>),
}

impl Default for Types {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Types {
    fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// A part of a type in words.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    /// The name of a shape, which is described elsewhere on the page.
    Shape(String),
}

impl Schema {
    /// The name of the shape that this is.
    fn shape(&self) -> Option<&str> {
        self.at.as_deref()?.strip_prefix(SCHEMAS)
    }

    /// The type in words.
    fn pieces(&self) -> Vec<Piece> {
        let words = |text: String| vec![Piece::Words(text)];
        if let Some(name) = self.shape() {
            return vec![Piece::Shape(name.to_owned())];
        }
        if !self.one_of.is_empty() {
            return joined(self.one_of.iter().map(Self::pieces));
        }
        if let Some(value) = &self.r#const {
            return words(value.to_string());
        }
        if !self.r#enum.is_empty() {
            let names: Vec<_> = self.r#enum.iter().map(Value::to_string).collect();
            return words(names.join(" or "));
        }
        joined(self.r#type.names().iter().map(|name| self.pieces_of(name)))
    }

    fn pieces_of(&self, name: &str) -> Vec<Piece> {
        let between = |least: Option<String>, most: Option<String>, unit: &str| match (least, most)
        {
            (Some(least), Some(most)) => format!(", {least} to {most}{unit}"),
            (None, Some(most)) => format!(", at most {most}{unit}"),
            (Some(least), None) => format!(", from {least}{unit}"),
            (None, None) => String::new(),
        };
        let numbers = || {
            let text = |number: &Number| number.to_string();
            between(self.minimum.as_ref().map(text), self.maximum.as_ref().map(text), "")
        };
        let text = match name {
            "string" if self.format == "date-time" => "time (RFC 3339)".to_owned(),
            "string" => {
                let text = |length: u64| length.to_string();
                let (least, most) = (self.min_length.map(text), self.max_length.map(text));
                format!("text{}", between(least, most, " characters"))
            }
            "integer" => format!("whole number{}", numbers()),
            "number" => format!("number{}", numbers()),
            "boolean" => "true or false".to_owned(),
            "array" => {
                let mut pieces = vec![Piece::Words("list of ".to_owned())];
                pieces.extend(self.items.iter().flat_map(|items| items.pieces()));
                if let Some(most) = self.max_items {
                    pieces.push(Piece::Words(format!(", at most {most}")));
                }
                return pieces;
            }
            "object" => {
                let mut pieces = vec![Piece::Words("object".to_owned())];
                if let Some(schema) = self.additional_properties.schema() {
                    pieces.push(Piece::Words(" of ".to_owned()));
                    pieces.extend(schema.pieces());
                }
                return pieces;
            }
            other => other.to_owned(),
        };
        vec![Piece::Words(text)]
    }

    /// The shapes that this one is made of, at any depth, each once.
    fn shapes(&self, docs: &ApiDocs, known: &mut Vec<String>) {
        if let Some(name) = self.shape()
            && !known.iter().any(|known| known == name)
        {
            known.push(name.to_owned());
            if let Some(shape) = docs.components.schemas.get(name) {
                shape.shapes(docs, known);
            }
        }
        let parts = self.one_of.iter().chain(self.items.as_deref());
        let parts = parts.chain(self.additional_properties.schema());
        for part in parts.chain(self.properties.0.iter().map(|(_, field)| field)) {
            part.shapes(docs, known);
        }
    }
}

fn joined(alternatives: impl Iterator<Item = Vec<Piece>>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for alternative in alternatives {
        if !pieces.is_empty() {
            pieces.push(Piece::Words(" or ".to_owned()));
        }
        pieces.extend(alternative);
    }
    pieces
}

/// The whole page's content.
#[component]
pub fn ApiDocsPage(
    /// What it shows.
    docs: ApiDocs,
) -> impl IntoView {
    let operations: Vec<_> = docs
        .paths
        .0
        .iter()
        .flat_map(|(path, item)| {
            item.operations().map(move |(method, operation)| (method, path, item, operation))
        })
        .collect();
    let contents: Vec<_> = operations
        .iter()
        .map(|(method, path, _, operation)| {
            view! {
                <li>
                    <a href=format!("#{}", operation.operation_id)>
                        <code>{format!("{method} {path}")}</code>
                    </a>
                    " "
                    {operation.summary.clone()}
                </li>
            }
        })
        .collect();
    let schemes: Vec<_> = docs
        .components
        .security_schemes
        .0
        .iter()
        .map(|(name, scheme)| {
            view! {
                <p>
                    <strong>{format!("{name}: ")}</strong>
                    {inline(&scheme.description)}
                </p>
            }
        })
        .collect();
    // Each shape is shown once: with the first body that takes it, or at the end.
    let mut shown = Vec::new();
    let sections: Vec<_> = operations
        .iter()
        .map(|(method, path, item, operation)| {
            section(&docs, method, path, item, operation, &mut shown)
        })
        .collect();
    let rest: Vec<_> = docs
        .components
        .schemas
        .0
        .iter()
        .filter(|(name, _)| !shown.contains(name))
        .map(|(name, schema)| {
            let id = format!("shape-{name}");
            shape(view! { <h3 id=id>{name.clone()}</h3> }.into_any(), name, schema)
        })
        .collect();
    view! {
        <header class="title" lang="en">
            <h1>"API"</h1>
            <p>{docs.info.summary.clone()}</p>
        </header>
        <article class="docs" lang="en">
            {prose(&docs.info.description)}
            {schemes}
            <p>
                "For programs, the same as "
                <a href="/api/v1/openapi.json">"OpenAPI"</a>
                ". In the examples "
                <code>"$LOGS"</code>
                " is the address of this server, and "
                <code>"$KEY"</code>
                " a key."
            </p>
            <nav aria-label="Operations">
                <ul>{contents}</ul>
            </nav>
            {sections}
            <section aria-labelledby="answers">
                <h2 id="answers">"What answers are made of"</h2>
                {rest}
            </section>
        </article>
    }
}

fn section(
    docs: &ApiDocs,
    method: &'static str,
    path: &str,
    item: &Path,
    operation: &Operation,
    shown: &mut Vec<String>,
) -> AnyView {
    let id = operation.operation_id.clone();
    let parameters: Vec<&Parameter> = item
        .parameters
        .iter()
        .chain(&operation.parameters)
        .filter_map(|parameter| parameter.found(&docs.components.parameters))
        .collect();
    let rows: Vec<_> = parameters.iter().map(|parameter| parameter_row(parameter)).collect();
    let body = operation.request_body.as_ref().map(|body| {
        let mut shapes = Vec::new();
        let kinds: Vec<_> = body
            .content
            .0
            .iter()
            .map(|(kind, content)| {
                for schema in [Some(&content.schema), content.line.as_ref()].into_iter().flatten() {
                    schema.shapes(docs, &mut shapes);
                }
                view! {
                    <p>
                        <code>{kind.clone()}</code>
                        ": "
                        {content_words(content)}
                        {(!content.schema.description.is_empty())
                            .then(|| view! { ". " {inline(&content.schema.description)} })}
                    </p>
                }
            })
            .collect();
        let shapes: Vec<_> = shapes
            .into_iter()
            .filter_map(|name| {
                if shown.contains(&name) {
                    return None;
                }
                let id = format!("shape-{name}");
                let heading = view! { <h4 id=id>{name.clone()}</h4> }.into_any();
                let view = shape(heading, &name, docs.components.schemas.get(&name)?);
                shown.push(name);
                Some(view)
            })
            .collect();
        view! {
            <h3>"Body"</h3>
            {kinds}
            {shapes}
        }
    });
    let answers: Vec<_> = operation
        .responses
        .0
        .iter()
        .filter_map(|(status, answer)| {
            Some(answer_row(docs, status, answer.found(&docs.components.responses)?))
        })
        .collect();
    let examples: Vec<_> = examples(docs, method, path, &parameters, operation)
        .into_iter()
        .map(|(summary, command)| {
            view! {
                <p>{summary}</p>
                <pre tabindex="0">
                    <code>{command}</code>
                </pre>
            }
        })
        .collect();
    view! {
        <section aria-labelledby=id.clone()>
            <h2 id=id.clone()>{operation.summary.clone()}</h2>
            <p>
                <span class="badge api">{method}</span>
                " "
                <code>{path.to_owned()}</code>
            </p>
            <p>{inline(&takers(operation))}</p>
            {prose(&operation.description)}
            {(!rows.is_empty())
                .then(|| {
                    view! {
                        <h3>"Parameters"</h3>
                        {table(&format!("{}: parameters", operation.summary), &["Name", "In", "Type", "Required", "What it is"], rows)}
                    }
                })}
            {body}
            <h3>"Answers"</h3>
            {table(&format!("{}: answers", operation.summary), &["Status", "Body", "When"], answers)}
            <h3>"Example"</h3>
            {examples}
        </section>
    }
    .into_any()
}

/// Who may ask for it, in a sentence.
fn takers(operation: &Operation) -> String {
    let ways: Vec<_> = operation
        .security
        .iter()
        .flat_map(|way| &way.0)
        .map(|(name, scopes)| match scopes.first() {
            Some(scope) => format!("a {name} with the scope `{scope}`"),
            None => format!("a signed-in user's {name}"),
        })
        .collect();
    if ways.is_empty() {
        "Takes no key.".to_owned()
    } else {
        format!("Takes {}.", ways.join(", or "))
    }
}

fn parameter_row(parameter: &Parameter) -> AnyView {
    let default = parameter.schema.r#default.as_ref();
    view! {
        <tr>
            <th scope="row">
                <code>{parameter.name.clone()}</code>
            </th>
            <td>{parameter.r#in.clone()}</td>
            <td>
                {pieces(parameter.schema.pieces())}
                {default.map(|default| format!("; {default} where it is not given"))}
            </td>
            <td>{yes_or_no(parameter.required)}</td>
            <td>{inline(&parameter.description)}</td>
        </tr>
    }
    .into_any()
}

fn answer_row(docs: &ApiDocs, status: &str, answer: &Answer) -> AnyView {
    let bodies: Vec<_> = answer
        .content
        .0
        .iter()
        .map(|(kind, content)| {
            view! {
                <p>
                    <code>{kind.clone()}</code>
                    ": "
                    {content_words(content)}
                </p>
            }
        })
        .collect();
    let headers: Vec<_> = answer
        .headers
        .0
        .iter()
        .filter_map(|(name, header)| {
            let header = header.found(&docs.components.headers)?;
            Some(view! {
                <p>
                    <code>{name.clone()}</code>
                    ": "
                    {inline(&header.description)}
                </p>
            })
        })
        .collect();
    // What is said of lines stands with the lines.
    let lines: Vec<_> = answer
        .content
        .0
        .iter()
        .map(|(_, content)| content.schema.description.as_str())
        .filter(|description| !description.is_empty())
        .map(|description| view! { <p>{inline(description)}</p> })
        .collect();
    view! {
        <tr>
            <th scope="row">{status.to_owned()}</th>
            <td>{bodies}</td>
            <td>
                <p>{inline(&answer.description)}</p>
                {lines}
                {headers}
            </td>
        </tr>
    }
    .into_any()
}

/// A shape's sentence, and a table of its fields, under its heading.
fn shape(heading: AnyView, name: &str, schema: &Schema) -> AnyView {
    let fields: Vec<_> = schema
        .properties
        .0
        .iter()
        .map(|(field, of)| {
            view! {
                <tr>
                    <th scope="row">
                        <code>{field.clone()}</code>
                    </th>
                    <td>{pieces(of.pieces())}</td>
                    <td>{yes_or_no(schema.required.contains(field))}</td>
                    <td>{inline(&of.description)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let content = if fields.is_empty() {
        view! { <p>{pieces(schema.pieces())} "."</p> }.into_any()
    } else {
        table(name, &["Field", "Type", "Required", "What it is"], fields)
    };
    view! {
        {heading}
        <p>{inline(&schema.description)}</p>
        {content}
    }
    .into_any()
}

/// A table that scrolls by itself where it is too wide for the screen.
fn table(name: &str, heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let heads: Vec<_> = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect();
    view! {
        <div class="wide" role="region" tabindex="0" aria-label=name.to_owned()>
            <table>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What a body is.
fn content_words(content: &Content) -> AnyView {
    let Content { schema, line, .. } = content;
    match line {
        Some(line) => view! { {pieces(line.pieces())} " on each line" }.into_any(),
        None => pieces(schema.pieces()),
    }
}

fn pieces(pieces: Vec<Piece>) -> AnyView {
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.into_any(),
            Piece::Shape(name) => {
                view! { <a href=format!("#shape-{name}")>{name.clone()}</a> }.into_any()
            }
        })
        .collect::<Vec<_>>()
        .into_any()
}

const fn yes_or_no(required: bool) -> &'static str {
    if required { "yes" } else { "no" }
}

/// Paragraphs, and commands between fences.
fn prose(text: &str) -> AnyView {
    text.split("\n\n")
        .map(|paragraph| match fenced(paragraph) {
            None => view! { <p>{inline(paragraph)}</p> }.into_any(),
            Some(command) => view! {
                <pre tabindex="0">
                    <code>{command.to_owned()}</code>
                </pre>
            }
            .into_any(),
        })
        .collect::<Vec<_>>()
        .into_any()
}

/// What stands between the fences of a block of commands.
fn fenced(paragraph: &str) -> Option<&str> {
    paragraph.strip_prefix("```sh\n")?.strip_suffix("\n```")
}

/// A sentence; what stands between backticks is code.
fn inline(text: &str) -> AnyView {
    text.split('`')
        .enumerate()
        .map(|(number, part)| {
            let part = part.to_owned();
            if number % 2 == 0 { part.into_any() } else { view! { <code>{part}</code> }.into_any() }
        })
        .collect::<Vec<_>>()
        .into_any()
}

/// A command for each of the bodies that the description shows; one where it takes no body.
fn examples(
    docs: &ApiDocs,
    method: &str,
    path: &str,
    parameters: &[&Parameter],
    operation: &Operation,
) -> Vec<(String, String)> {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in parameters {
        let example = match &parameter.example {
            None => continue,
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        match parameter.r#in.as_str() {
            "path" => path = path.replace(&format!("{{{}}}", parameter.name), &example),
            "query" => query.push((parameter.name.as_str(), example)),
            _ => {}
        }
    }
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", crate::query::query_string(query))
    };
    let mut command = "curl".to_owned();
    if method != "GET" {
        let _infallible = write!(command, " -X {method}");
    }
    if !operation.security.is_empty() {
        command.push_str(r#" -H "Authorization: Bearer $KEY""#);
    }
    let file = operation.responses.get("200").and_then(|a| a.found(&docs.components.responses));
    if file.is_some_and(|answer| answer.headers.get("Content-Disposition").is_some()) {
        command.push_str(" -OJ");
    }
    let address = format!(r#""$LOGS{path}{query}""#);
    let Some(body) = &operation.request_body else {
        return vec![(operation.summary.clone(), format!("{command} {address}"))];
    };
    let bodies = body.content.0.iter().flat_map(|(kind, content)| {
        content.examples.0.iter().map(move |(_, example)| (kind, example))
    });
    bodies
        .map(|(kind, example)| {
            let text = example.value.text();
            let command = format!(
                "{command} -H 'Content-Type: {kind}' \\\n  {address} --data-binary @- <<'END'\n{text}\nEND"
            );
            (example.summary.clone(), command)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(schema: &str) -> String {
        let schema: Schema = serde_json::from_str(schema).unwrap();
        let words = |piece| match piece {
            Piece::Words(words) | Piece::Shape(words) => words,
        };
        schema.pieces().into_iter().map(words).collect()
    }

    #[test]
    fn types_are_told_in_words() {
        for (schema, told) in [
            (r#"{"type":"string","minLength":1,"maxLength":9}"#, "text, 1 to 9 characters"),
            (r#"{"type":["string","null"],"maxLength":9}"#, "text, at most 9 characters or null"),
            (r#"{"type":"string","enum":["a","b"]}"#, r#""a" or "b""#),
            (r#"{"const":"a"}"#, r#""a""#),
            (r#"{"type":"integer","minimum":1}"#, "whole number, from 1"),
            (r##"{"type":"array","items":{"$ref":"#/components/schemas/X"}}"##, "list of X"),
            (r#"{"type":"object","additionalProperties":false}"#, "object"),
            (
                r#"{"type":"object","additionalProperties":{"type":"boolean"}}"#,
                "object of true or false",
            ),
            (r#"{"oneOf":[{"type":"boolean"},{"type":"object"}]}"#, "true or false or object"),
        ] {
            assert_eq!(words(schema), told);
        }
    }

    #[test]
    fn a_paragraph_between_fences_is_a_command() {
        assert_eq!(fenced("```sh\ntail -n 1 log.csv\n```"), Some("tail -n 1 log.csv"));
        assert_eq!(fenced("The `seq` of an entry"), None);
    }

    #[test]
    fn bodies_keep_the_order_of_their_fields() {
        let json: Json = serde_json::from_str(r#"{"b":[1,{}],"a":"x\"y"}"#).unwrap();
        assert_eq!(json.text(), "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": \"x\\\"y\"\n}");
    }
}
