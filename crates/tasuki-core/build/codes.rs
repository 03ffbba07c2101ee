//! `codes.toml` to Rust: one variant a code and one `match` a column.

use std::collections::BTreeSet;
use std::fmt::Write;

const CATEGORIES: &[&str] = &[
    "incorrect",
    "forbidden",
    "not_found",
    "conflict",
    "unsupported",
    "unavailable",
    "busy",
    "fault",
];
const ORIGINS: &[&str] = &["caller", "peer", "us"];
const RETRIES: &[&str] = &["never", "after"];

/// A column of the generated enum: its method, what it documents, and its Rust value per code.
struct Column {
    method: &'static str,
    returns: &'static str,
    says: &'static str,
    value: fn(&toml::Table) -> Result<String, String>,
}

const COLUMNS: &[Column] = &[
    Column {
        method: "id",
        returns: "&'static str",
        says: "The stable code, such as `REC-004`.",
        value: |code| Ok(format!("{:?}", text(code, "id")?)),
    },
    Column {
        method: "category",
        returns: "Category",
        says: "What kind of not-success it is.",
        value: |code| variant(code, "category", "Category", CATEGORIES),
    },
    Column {
        method: "origin",
        returns: "Origin",
        says: "Whose doing it is.",
        value: |code| variant(code, "origin", "Origin", ORIGINS),
    },
    Column {
        method: "retry",
        returns: "Retry",
        says: "Whether the same request may succeed later.",
        value: |code| variant(code, "retry", "Retry", RETRIES),
    },
    Column {
        method: "inside",
        returns: "&'static str",
        says: "For the log and the operator, in English.",
        value: |code| Ok(format!("{:?}", text(code, "inside")?)),
    },
    Column {
        method: "outside_ja",
        returns: "&'static str",
        says: "What happened, for the screen, in Japanese.",
        value: |code| spoken(code, "outside", "ja"),
    },
    Column {
        method: "outside_en",
        returns: "&'static str",
        says: "What happened, for the screen, in English.",
        value: |code| spoken(code, "outside", "en"),
    },
    Column {
        method: "advice_ja",
        returns: "&'static str",
        says: "What the reader can do, in Japanese.",
        value: |code| spoken(code, "advice", "ja"),
    },
    Column {
        method: "advice_en",
        returns: "&'static str",
        says: "What the reader can do, in English.",
        value: |code| spoken(code, "advice", "en"),
    },
];

/// The Rust source of `enum Code`.
///
/// # Errors
/// A message naming the first entry that is incomplete, unknown or twice there.
pub fn generate(source: &str) -> Result<String, String> {
    let table: toml::Table = source
        .parse()
        .map_err(|error| format!("codes.toml: {error}"))?;
    let codes: Vec<&toml::Table> = table
        .get("code")
        .and_then(toml::Value::as_array)
        .map(|codes| codes.iter().filter_map(toml::Value::as_table).collect())
        .ok_or("codes.toml: no [[code]]")?;
    unique(&codes)?;
    let mut rust = String::new();
    rust.push_str("/// Every error with a name of its own (`codes.toml`).\n");
    rust.push_str(
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum Code {\n",
    );
    for code in &codes {
        let _ = writeln!(
            rust,
            "    /// `{}`: {}",
            text(code, "id")?,
            text(code, "inside")?
        );
        let _ = writeln!(rust, "    {},", text(code, "name")?);
    }
    rust.push_str("}\n\nimpl Code {\n    /// Every code, in the order of the file.\n");
    let names: Result<Vec<String>, String> = codes
        .iter()
        .map(|code| Ok(format!("Self::{}", text(code, "name")?)))
        .collect();
    let _ = writeln!(
        rust,
        "    pub const ALL: &'static [Self] = &[{}];",
        names?.join(", ")
    );
    for column in COLUMNS {
        method(&mut rust, &codes, column)?;
    }
    rust.push_str("}\n");
    Ok(rust)
}

fn method(rust: &mut String, codes: &[&toml::Table], column: &Column) -> Result<(), String> {
    let _ = writeln!(
        rust,
        "\n    /// {}\n    #[must_use]\n    #[allow(clippy::too_many_lines, reason = \"one arm a code\")]",
        column.says
    );
    let _ = writeln!(
        rust,
        "    pub const fn {}(self) -> {} {{\n        match self {{",
        column.method, column.returns
    );
    for code in codes {
        let _ = writeln!(
            rust,
            "            Self::{} => {},",
            text(code, "name")?,
            (column.value)(code)?
        );
    }
    rust.push_str("        }\n    }\n");
    Ok(())
}

fn unique(codes: &[&toml::Table]) -> Result<(), String> {
    for key in ["id", "name"] {
        let mut seen = BTreeSet::new();
        for code in codes {
            let value = text(code, key)?;
            if !seen.insert(value) {
                return Err(format!("codes.toml: {key} {value} is there twice"));
            }
        }
    }
    for code in codes {
        let id = text(code, "id")?;
        let well_formed = id.split_once('-').is_some_and(|(area, number)| {
            area.len() == 3
                && area
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && number.len() == 3
                && number.bytes().all(|b| b.is_ascii_digit())
        });
        if !well_formed {
            return Err(format!(
                "codes.toml: {id} is not three letters, a dash and three digits"
            ));
        }
    }
    Ok(())
}

fn text<'t>(code: &'t toml::Table, key: &str) -> Result<&'t str, String> {
    let id = code
        .get("id")
        .and_then(toml::Value::as_str)
        .unwrap_or("a code without id");
    match code.get(key).and_then(toml::Value::as_str) {
        Some(value) if !value.trim().is_empty() => Ok(value),
        _ => Err(format!("codes.toml: {id} has no {key}")),
    }
}

fn spoken(code: &toml::Table, key: &str, language: &str) -> Result<String, String> {
    let id = text(code, "id")?;
    let spoken = code.get(key).and_then(toml::Value::as_table);
    let value = spoken
        .and_then(|spoken| spoken.get(language))
        .and_then(toml::Value::as_str);
    value
        .map(|value| format!("{value:?}"))
        .ok_or(format!("codes.toml: {id} has no {key}.{language}"))
}

fn variant(code: &toml::Table, key: &str, kind: &str, allowed: &[&str]) -> Result<String, String> {
    let value = text(code, key)?;
    if !allowed.contains(&value) {
        return Err(format!(
            "codes.toml: {} has {key} = {value:?}",
            text(code, "id")?
        ));
    }
    let camel: String = value
        .split('_')
        .flat_map(|word| {
            word.chars()
                .enumerate()
                .map(|(i, c)| if i == 0 { c.to_ascii_uppercase() } else { c })
        })
        .collect();
    Ok(format!("{kind}::{camel}"))
}
