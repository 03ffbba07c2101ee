//! No page holds a text of its own: every template and every source file is looked through.

use std::path::{Path, PathBuf};

/// Attributes that a reader sees or hears.
const SPOKEN: [&str; 4] = ["aria-label=\"", "title=\"", "alt=\"", "placeholder=\""];

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

fn sources(ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, ending, &mut found);
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        (name, std::fs::read_to_string(path).unwrap())
    };
    found.into_iter().map(read).collect()
}

/// A template without its expressions and statements.
fn bare(template: &str) -> String {
    let mut left = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let end = match rest.get(at..at + 2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => "{",
        };
        left.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = after.find(end).map_or("", |n| &after[n + end.len()..]);
    }
    left + rest
}

/// Texts between tags and in spoken attributes that hold a letter.
fn literals(template: &str) -> Vec<String> {
    let bare = bare(template);
    let (mut texts, mut found) = (String::new(), Vec::new());
    for piece in bare.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        texts.push_str(text);
        texts.push('\n');
        for attribute in SPOKEN {
            let value = tag.split_once(attribute).map(|(_, rest)| rest);
            found.extend(value.and_then(|v| v.split('"').next()).map(str::to_owned));
        }
    }
    found.extend(texts.lines().map(|line| line.trim().to_owned()));
    // A single letter is the name of a key.
    let letters = |text: &String| text.chars().filter(|c| c.is_alphabetic()).count();
    found.retain(|text| letters(text) > 1);
    found
}

#[test]
fn a_literal_is_found_and_an_expression_is_none() {
    let template =
        "<p title=\"Hello\" class=\"x\">{{ w.a(\"b\") }} {% if c %}◀{% endif %}<b>g</b>日付</p>";
    assert_eq!(literals(template), ["Hello", "日付"]);
    assert_eq!(literals("<a href=\"x\">{{ a }}/{{ b }}</a>"), [""; 0]);
}

#[test]
fn no_template_holds_a_text_of_its_own() {
    let templates = sources(".html");
    assert!(templates.len() > 15);
    for (name, template) in templates {
        assert_eq!(literals(&template), [""; 0], "{name}");
    }
}

#[test]
fn no_source_holds_a_japanese_text_of_its_own() {
    // Dates are spelt out, and typed dates are read, where a catalogue cannot.
    let spelt = [
        ("pages/words_of.rs", "{}年{}月{}日"),
        ("pages/patients/mod.rs", "年"),
        ("pages/patients/mod.rs", "日"),
    ];
    for (name, source) in sources(".rs") {
        if name.ends_with("tests.rs") || name == "literals.rs" {
            continue;
        }
        let code = source.split("#[cfg(test)]").next().unwrap();
        let japanese = |c: char| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
        let lines = code.lines().map(str::trim);
        for line in lines.filter(|line| !line.starts_with("//") && line.contains(japanese)) {
            let code = line.split(" // ").next().unwrap();
            let known = spelt
                .iter()
                .any(|(n, text)| *n == name && code.contains(text));
            assert!(known || !code.contains(japanese), "{name}: {line}");
        }
    }
}
