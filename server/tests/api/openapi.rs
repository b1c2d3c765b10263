//! The API's description, against the API.

use std::collections::BTreeSet;

use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Value, json};
use server::http::{openapi::DOCUMENT, router};

use super::harness::App;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// Method, path and description of each operation.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if METHODS.contains(&method.as_str()) {
                operations.push((method.to_uppercase(), path.clone(), operation));
            }
        }
    }
    operations
}

/// Calls `visit` with each `$ref`.
fn references(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str().filter(|_| name == "$ref") {
                    Some(reference) => visit(reference),
                    None => references(value, visit),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, visit)),
        _ => {}
    }
}

fn names(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// That `value` has exactly the fields that the description of this shape has.
fn assert_shape(document: &Value, value: &Value, shape: &str) {
    let properties = &document["components"]["schemas"][shape]["properties"];
    assert_eq!(names(value), names(properties), "{shape}");
}

#[test]
fn the_description_has_exactly_the_routes_that_there_are() {
    let document = document();
    let described: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let there: BTreeSet<_> = router::routes()
        .list()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(described, there);
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_referred_to() {
    let document = document();
    let mut referred = BTreeSet::new();
    references(&document, &mut |reference| {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
        referred.insert(pointer.to_owned());
    });
    for kind in ["parameters", "headers", "responses", "schemas"] {
        for name in names(&document["components"][kind]) {
            let pointer = format!("/components/{kind}/{name}");
            assert!(referred.contains(&pointer), "{pointer} is of no use");
        }
    }
}

#[tokio::test]
async fn the_examples_are_taken_as_they_are_described() {
    let app = App::start().await;
    let key = app.write_key().await;
    let document = document();
    let mut sent = 0;
    for (method, path, operation) in operations(&document) {
        let content = operation["requestBody"]["content"].as_object();
        for (kind, content) in content.into_iter().flatten() {
            for (name, example) in content["examples"].as_object().unwrap() {
                let body = match &example["value"] {
                    Value::String(lines) => lines.clone(),
                    json => json.to_string(),
                };
                let address = format!("{}{}", app.base, path.replace("{customer_id}", "20499"));
                let answer = Client::new()
                    .request(Method::from_bytes(method.as_bytes()).unwrap(), address)
                    .bearer_auth(&key)
                    .header(header::CONTENT_TYPE, kind)
                    .body(body.clone())
                    .send()
                    .await
                    .unwrap();
                let status = answer.status();
                assert!(status.is_success() && status != StatusCode::MULTI_STATUS, "{path} {name}");
                let answered = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
                let described = &operation["responses"][status.as_str()]["content"];
                assert!(names(described).contains(answered.as_str()), "{path} {name}: {answered}");
                if kind == "application/json" && path == "/api/v1/logs" {
                    let outcomes: Value = answer.json().await.unwrap();
                    assert_shape(&document, &outcomes, "Outcomes");
                    assert_shape(&document, &outcomes["results"][0], "Recorded");
                    let items = example["value"].as_array().map_or(1, Vec::len);
                    assert_eq!(outcomes["recorded"], json!(items), "{name}");
                }
                sent += 1;
            }
        }
    }
    assert_eq!(sent, 5);
}

#[tokio::test]
async fn what_is_read_has_the_fields_that_are_described() {
    let app = App::start().await;
    let document = document();
    let item = &document["paths"]["/api/v1/logs"]["post"]["requestBody"]["content"]["application/json"]
        ["examples"]["one"]["value"];
    let posted = app.post("/api/v1/logs").bearer_auth(app.write_key().await).json(item);
    assert_eq!(posted.send().await.unwrap().status(), StatusCode::OK);
    // As the page's command has it.
    let path = "/api/v1/customers/20401/logs?q=withdraw&in=user_table";
    let read = app.get(path).bearer_auth(app.key().await).send().await.unwrap();
    assert_eq!(read.status(), StatusCode::OK);
    let page: Value = read.json().await.unwrap();
    assert_shape(&document, &page, "Page");
    assert_shape(&document, &page["total"], "Total");
    assert_shape(&document, &page["entries"][0], "Entry");
    let shown = &document["paths"]["/api/v1/customers/{customer_id}/logs"]["get"]["responses"]["200"]
        ["content"]["application/json"]["examples"]["page"]["value"]["entries"][0];
    for (field, value) in shown.as_object().unwrap() {
        if !["created_at", "api_key_id"].contains(&field.as_str()) {
            assert_eq!(&page["entries"][0][field], value, "{field}");
        }
    }
}

#[tokio::test]
async fn programs_get_the_description_without_a_key() {
    let app = App::start().await;
    let answer = app.get("/api/v1/openapi.json").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
    assert_eq!(answer.json::<Value>().await.unwrap(), document());
}

#[tokio::test]
async fn people_get_a_page_of_it_without_a_session_that_loads_nothing_from_elsewhere() {
    let app = App::start().await;
    let answer = app.get("/api/docs").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("style-src 'self'"), "{policy}");
    let page = answer.text().await.unwrap();
    let document = document();
    for (_, path, operation) in operations(&document) {
        assert!(page.contains(&path), "{path}");
        let id = operation["operationId"].as_str().unwrap();
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    for shape in names(&document["components"]["schemas"]) {
        let place = format!("id=\"shape-{shape}\"");
        assert_eq!(page.matches(&place).count(), 1, "{shape}");
    }
    for attribute in ["src=\"", "href=\""] {
        for target in page.split(attribute).skip(1) {
            let target = target.split('"').next().unwrap();
            let own =
                target.starts_with('#') || (target.starts_with('/') && !target.starts_with("//"));
            assert!(own, "{attribute}{target}");
            let place = target.strip_prefix('#').map(|id| format!("id=\"{id}\""));
            assert!(place.is_none_or(|place| page.contains(&place)), "{target} leads nowhere");
        }
    }
}
