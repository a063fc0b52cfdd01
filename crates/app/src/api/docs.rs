//! The document itself, and a page drawn from it: `/api/v1/openapi.json` and `/api/docs`.

use super::describe;
use crate::web::Fault;
use crate::web::page::{Look, public};
use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::sync::OnceLock;
use ui::{Row, SafeHtml, Table};

/// The document as text; the same for the life of the program.
fn text() -> Result<&'static str, Fault> {
    static TEXT: OnceLock<String> = OnceLock::new();
    if let Some(text) = TEXT.get() {
        return Ok(text);
    }
    let text = describe::document().to_json().map_err(Fault::internal)?;
    Ok(TEXT.get_or_init(|| text))
}

/// `GET /api/v1/openapi.json`.
pub(super) async fn document() -> Result<Response, Fault> {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    Ok((headers, text()?).into_response())
}

/// One parameter or field, as a row of a table.
struct Part {
    name: String,
    place: &'static str,
    kind: String,
    required: bool,
    about: String,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    title: String,
    about: String,
    scope: String,
    tables: Vec<Table>,
    refusals: Vec<(String, String)>,
    curl: String,
}

fn table(caption: String, parts: &[Part]) -> Table {
    let row = |part: &Part| {
        let needed = if part.required { "必有" } else { "" };
        let cells = [part.name.as_str(), part.place, &part.kind, needed, &part.about];
        Row { cells: cells.into_iter().map(SafeHtml::text).collect(), ..Row::default() }
    };
    Table::new(caption, ["名称", "位置", "类型", "必有", "说明"]).rows(parts.iter().map(row).collect())
}

struct Group {
    name: String,
    about: String,
    operations: Vec<Operation>,
}

#[derive(Template)]
#[template(path = "api/docs.html")]
struct Docs {
    about: String,
    groups: Vec<Group>,
    scopes: Vec<(String, String)>,
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The schema behind a reference.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(to) => document.pointer(to.trim_start_matches('#')).unwrap_or(schema),
        None => schema,
    }
}

/// The type of a field in words.
fn kind(schema: &Value) -> String {
    if let Some(to) = schema["$ref"].as_str() {
        return to.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ");
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(all) = schema[several].as_array() {
            let all = all.iter().map(kind).filter(|word| word != "null");
            return all.collect::<Vec<_>>().join(" | ");
        }
    }
    let one = match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(all) => {
            all.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect::<Vec<_>>().join(" | ")
        }
        _ => "JSON".to_owned(),
    };
    match (one.as_str(), schema["format"].as_str()) {
        ("array", _) => format!("{}[]", kind(&schema["items"])),
        ("string", Some(format)) => format.to_owned(),
        _ => one,
    }
}

/// The fields of an object, one level deep; what lies deeper is named by its type.
fn fields(document: &Value, schema: &Value, place: &'static str) -> Vec<Part> {
    let schema = resolved(document, schema);
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let part = |(name, field): (&String, &Value)| Part {
        name: name.clone(),
        place,
        kind: kind(field),
        required: required.contains(&name.as_str()),
        about: words(&field["description"]),
    };
    schema["properties"].as_object().into_iter().flatten().map(part).collect()
}

const PLACES: [(&str, &str); 3] = [("path", "地址"), ("query", "参数"), ("header", "请求头")];

fn parameter(one: &Value) -> Part {
    let place = PLACES.iter().find(|(word, _)| one["in"] == *word).map_or("参数", |(_, place)| place);
    Part {
        name: words(&one["name"]),
        place,
        kind: kind(&one["schema"]),
        required: one["required"] == true,
        about: words(&one["description"]),
    }
}

/// A call that can be pasted into a terminal.
fn curl(method: &str, path: &str, operation: &Value, scope: &str) -> String {
    let mut lines = vec![format!("curl -sS -X {method} \"$BASE{path}\"")];
    if method == "GET" {
        lines[0] = format!("curl -sS \"$BASE{path}\"");
    }
    if path == "/api/v1/oauth/token" {
        lines.push("  -u \"$CLIENT_ID:$CLIENT_SECRET\" -d grant_type=client_credentials".to_owned());
        return lines.join(" \\\n");
    }
    if !scope.is_empty() {
        lines.push("  -H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    if method == "POST" {
        lines.push("  -H \"Idempotency-Key: $(uuidgen)\"".to_owned());
    }
    let content = &operation["requestBody"]["content"];
    if content["application/json"].is_object() {
        lines.push("  -H \"Content-Type: application/json\" -d @正文.json".to_owned());
    } else if content.is_object() {
        lines.push("  -H \"Content-Type: application/pdf\" --data-binary @文件.pdf".to_owned());
    }
    lines.join(" \\\n")
}

fn operation(document: &Value, path: &str, method: &str, one: &Value) -> Operation {
    let scopes = one["security"].as_array().into_iter().flatten();
    let scopes: Vec<&str> = scopes.filter_map(|one| one["oauth2"][0].as_str()).collect();
    let scope = scopes.join(" 或 ");
    let method = method.to_uppercase();
    let mut parts: Vec<Part> = one["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    let bodies = one["requestBody"]["content"].as_object().into_iter().flatten();
    for (_, content) in bodies.take(1) {
        parts.extend(fields(document, &content["schema"], "正文"));
    }
    let all = one["responses"].as_object();
    let good = |status: &str| status.starts_with('2');
    let answers = all.into_iter().flatten().filter(|(status, _)| good(status));
    let answers: Vec<Part> = answers
        .flat_map(|(_, r)| fields(document, &r["content"]["application/json"]["schema"], "答复"))
        .collect();
    let refusals = all.into_iter().flatten().filter(|(status, _)| !good(status));
    Operation {
        id: words(&one["operationId"]),
        tables: [("要什么", parts), ("答复", answers)]
            .into_iter()
            .filter(|(_, parts)| !parts.is_empty())
            .map(|(what, parts)| table(format!("{}：{what}", words(&one["summary"])), &parts))
            .collect(),
        title: words(&one["summary"]),
        about: words(&one["description"]),
        refusals: refusals.map(|(status, r)| (status.clone(), words(&r["description"]))).collect(),
        curl: curl(&method, path, one, &scope),
        scope,
        method,
        path: path.to_owned(),
    }
}

/// `GET /api/docs`.
pub(super) async fn page(look: Look) -> Result<Response, Fault> {
    let document: Value = serde_json::from_str(text()?).map_err(Fault::internal)?;
    let group = |tag: &Value| {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, one) in item.as_object().into_iter().flatten() {
                if one["tags"][0] == tag["name"] {
                    operations.push(operation(&document, path, method, one));
                }
            }
        }
        Group { name: words(&tag["name"]), about: words(&tag["description"]), operations }
    };
    let flows = &document["components"]["securitySchemes"]["oauth2"]["flows"];
    let scopes = flows["clientCredentials"]["scopes"].as_object().into_iter().flatten();
    let body = Docs {
        about: words(&document["info"]["description"]),
        groups: document["tags"].as_array().into_iter().flatten().map(group).collect(),
        scopes: scopes.map(|(name, about)| (name.clone(), words(about))).collect(),
    };
    public("开放接口", &look, &body)
}
