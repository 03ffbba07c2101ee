//! `messages/{ja,en}.toml` to typed functions.
//!
//! `[patients] title = "患者"` becomes `words.patients_title()`. `{name}` in a text becomes a
//! `&str` parameter, `{count:int}` an `i64`; `{{` and `}}` are the braces themselves. A key or
//! a parameter that only one language has stops the build. The pseudo-locale is the English
//! text, accented, longer and in brackets: what shows without brackets is a literal in a page.

use std::collections::BTreeMap;
use std::fmt::Write;

/// One text: literal pieces and parameters in turn.
enum Piece {
    Literal(String),
    Parameter { name: String, kind: Kind },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
}

type Catalogue = BTreeMap<String, Vec<Piece>>;

/// The Rust source of `impl Words`.
///
/// # Errors
/// A message with file and key when a text is missing on one side or badly written.
pub fn generate(japanese: &str, english: &str) -> Result<String, String> {
    let (ja, en) = (read(japanese)?, read(english)?);
    complete(&ja, &en, english)?;
    complete(&en, &ja, japanese)?;
    let mut rust = String::from("impl Words {\n");
    for (key, ja) in &ja {
        let en = en.get(key).ok_or(format!("{english} lacks {key}"))?;
        method(&mut rust, key, ja, en)?;
    }
    rust.push_str("}\n");
    Ok(rust)
}

fn read(path: &str) -> Result<Catalogue, String> {
    println!("cargo::rerun-if-changed={path}");
    let source = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let table: toml::Table = source.parse().map_err(|error| format!("{path}: {error}"))?;
    let mut catalogue = Catalogue::new();
    flatten(path, "", &table, &mut catalogue)?;
    Ok(catalogue)
}

fn flatten(
    path: &str,
    prefix: &str,
    table: &toml::Table,
    into: &mut Catalogue,
) -> Result<(), String> {
    for (key, value) in table {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}_{key}")
        };
        if !name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            return Err(format!(
                "{path}: {name} must be lower-case letters, digits and _"
            ));
        }
        match value {
            toml::Value::Table(inner) => flatten(path, &name, inner, into)?,
            toml::Value::String(text) => {
                let pieces = pieces(text).map_err(|error| format!("{path}: {name}: {error}"))?;
                if into.insert(name.clone(), pieces).is_some() {
                    return Err(format!("{path}: {name} is there twice"));
                }
            }
            _ => return Err(format!("{path}: {name} is not a text")),
        }
    }
    Ok(())
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                literal.push(c);
            }
            '}' => return Err("a } alone".to_owned()),
            '{' => {
                let inside: String = chars.by_ref().take_while(|&c| c != '}').collect();
                let (name, kind) = match inside.split_once(':') {
                    None => (inside.as_str(), Kind::Text),
                    Some((name, "int")) => (name, Kind::Integer),
                    Some((_, kind)) => return Err(format!("{kind} is no kind of parameter")),
                };
                if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                    return Err(format!("{{{inside}}} is no parameter"));
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Parameter {
                    name: name.to_owned(),
                    kind,
                });
            }
            other => literal.push(other),
        }
    }
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

fn complete(has: &Catalogue, must: &Catalogue, lacking: &str) -> Result<(), String> {
    for (key, pieces) in has {
        let other = must.get(key).ok_or(format!("{lacking} lacks {key}"))?;
        for (name, kind) in parameters(pieces) {
            if !parameters(other).any(|(there, same)| there == name && same == kind) {
                return Err(format!("{lacking}: {key} lacks the parameter {{{name}}}"));
            }
        }
    }
    Ok(())
}

fn parameters(pieces: &[Piece]) -> impl Iterator<Item = (&str, Kind)> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Parameter { name, kind } => Some((name.as_str(), *kind)),
        Piece::Literal(_) => None,
    })
}

fn method(rust: &mut String, key: &str, ja: &[Piece], en: &[Piece]) -> Result<(), String> {
    let mut signature = String::new();
    let mut seen: Vec<&str> = Vec::new();
    for (name, kind) in parameters(ja) {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let kind = if kind == Kind::Text {
            "&str"
        } else {
            "impl Number"
        };
        let _ = write!(signature, ", {name}: {kind}");
    }
    let _ = writeln!(rust, "    /// {}", plain(ja).replace(['\n', '\r'], " "));
    let _ = writeln!(
        rust,
        "    #[must_use]\n    pub fn {key}(self{signature}) -> Cow<'static, str> {{"
    );
    for (name, kind) in parameters(ja) {
        if kind == Kind::Integer && seen.contains(&name) {
            let _ = writeln!(rust, "        let {name} = {name}.number();");
            seen.retain(|n| *n != name);
        }
    }
    let constant = parameters(ja).next().is_none();
    rust.push_str("        match self.lang {\n");
    let pseudo = pseudo(en);
    for (language, pieces) in [("Ja", ja), ("En", en), ("Pseudo", pseudo.as_slice())] {
        let value = if constant {
            format!("Cow::Borrowed({:?})", plain(pieces))
        } else {
            format!("Cow::Owned(format!({:?}))", template(pieces))
        };
        let _ = writeln!(rust, "            Lang::{language} => {value},");
    }
    rust.push_str("        }\n    }\n\n");
    Ok(())
}

fn plain(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Parameter { name, .. } => format!("{{{name}}}"),
        })
        .collect()
}

fn template(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text.replace('{', "{{").replace('}', "}}"),
            Piece::Parameter { name, .. } => format!("{{{name}}}"),
        })
        .collect()
}

fn pseudo(english: &[Piece]) -> Vec<Piece> {
    let mut out = vec![Piece::Literal("［".to_owned())];
    let mut letters = 0;
    for piece in english {
        out.push(match piece {
            Piece::Parameter { name, kind } => Piece::Parameter {
                name: name.clone(),
                kind: *kind,
            },
            Piece::Literal(text) => {
                letters += text.chars().count();
                Piece::Literal(text.chars().map(accented).collect())
            }
        });
    }
    out.push(Piece::Literal(format!(
        "{}］",
        "~".repeat(letters.div_ceil(3))
    )));
    out
}

fn accented(letter: char) -> char {
    match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ó',
        'u' => 'ú',
        'n' => 'ñ',
        's' => 'š',
        'A' => 'Á',
        'E' => 'É',
        'S' => 'Š',
        other => other,
    }
}
