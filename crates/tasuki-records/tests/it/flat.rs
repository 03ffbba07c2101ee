//! A value as lines of `path = text`, empty parts left out: what a person can check by hand.

use serde::Serialize;
use serde_json::Value;

pub fn flat(value: &impl Serialize) -> Vec<String> {
    let mut lines = Vec::new();
    walk(&serde_json::to_value(value).unwrap(), "", &mut lines);
    lines
}

fn walk(value: &Value, path: &str, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) if is_coded(fields) => {
            lines.push(format!("{path} = {}", coded(fields)))
        }
        Value::Object(fields) if fields.contains_key("precision") => {
            lines.push(format!(
                "{path} = {} ({})",
                text(&fields["text"]),
                text(&fields["precision"])
            ));
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                walk(field, &path, lines);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                walk(item, &format!("{path}[{n}]"), lines);
            }
        }
        Value::Null | Value::Bool(false) => {}
        other if text(other).is_empty() => {}
        other => lines.push(format!("{path} = {}", text(other))),
    }
    lines.retain(|line| !line.ends_with(" = "));
}

fn is_coded(fields: &serde_json::Map<String, Value>) -> bool {
    fields.contains_key("codings") && fields.contains_key("original_text")
}

fn coded(fields: &serde_json::Map<String, Value>) -> String {
    let one = |coding: &Value| {
        let version = text(&coding["version"]);
        let version = if version.is_empty() {
            version
        } else {
            format!(" v{version}")
        };
        format!(
            "{} «{}» [{}{version}]",
            text(&coding["code"]),
            text(&coding["text"]),
            text(&coding["system"])
        )
    };
    let codings: Vec<_> = fields["codings"]
        .as_array()
        .unwrap()
        .iter()
        .map(one)
        .collect();
    let original = text(&fields["original_text"]);
    [codings.join(" + "), original].join(" ").trim().to_owned()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('\n', "⏎"),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
