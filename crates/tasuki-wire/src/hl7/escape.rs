//! Escape sequences inside a value (HL7 v2.5 §2.7).
//!
//! Read: `\F\ \S\ \T\ \R\ \E\`, `\Xhh…\` for ASCII bytes, `\.br\ \.sp\ \.ce\` as line breaks;
//! highlighting and the other formatting commands carry no text and are dropped. Everything else
//! (charset switches, local `\Z…\`, a lone backslash in a path or a yen amount) stays as it is:
//! leaving a character too many is better than losing one.

use std::borrow::Cow;

use super::Delimiters;

/// The text of a raw value. Borrowed unless it holds an escape sequence.
pub(super) fn unescape<'m>(raw: &'m str, delimiters: &Delimiters) -> Cow<'m, str> {
    let mark = char::from(delimiters.escape);
    if !raw.as_bytes().contains(&delimiters.escape) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        let replaced = after
            .split_once(mark)
            .and_then(|(name, tail)| Some((meaning(name, delimiters)?, tail)));
        match replaced {
            Some((text, tail)) => {
                out.push_str(&text);
                rest = tail;
            }
            None => {
                out.push(mark);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn meaning(name: &str, delimiters: &Delimiters) -> Option<Cow<'static, str>> {
    let one = |byte: u8| Some(Cow::Owned(char::from(byte).to_string()));
    match name {
        "F" => one(delimiters.field),
        "S" => one(delimiters.component),
        "T" => one(delimiters.subcomponent),
        "R" => one(delimiters.repetition),
        "E" => one(delimiters.escape),
        "H" | "N" => Some(Cow::Borrowed("")),
        _ if name.starts_with('.') => formatting(name.get(1..3)?),
        _ => hexadecimal(name.strip_prefix('X')?),
    }
}

fn formatting(command: &str) -> Option<Cow<'static, str>> {
    match command {
        "br" | "sp" | "ce" => Some(Cow::Borrowed("\n")),
        "fi" | "nf" | "in" | "ti" | "sk" => Some(Cow::Borrowed("")),
        _ => None,
    }
}

/// ASCII only: a byte above 0x7F would need the charset of the moment, which a value does not know.
fn hexadecimal(digits: &str) -> Option<Cow<'static, str>> {
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let text = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
            // `+1` would pass as a number.
            (byte.is_ascii() && pair.iter().all(u8::is_ascii_hexdigit)).then_some(char::from(byte))
        })
        .collect::<Option<String>>()?;
    Some(Cow::Owned(text))
}

/// Writes `text` so that [`unescape`] gives it back: delimiters, controls and a text that would
/// otherwise read as null.
pub(super) fn escape_into(out: &mut String, text: &str, delimiters: &Delimiters) {
    let mark = char::from(delimiters.escape);
    let mut body = text;
    if text == "\"\"" {
        hex_into(out, b'"', mark);
        body = "\"";
    }
    for c in body.chars() {
        let name = match u8::try_from(u32::from(c)) {
            Ok(byte) if byte == delimiters.field => "F",
            Ok(byte) if byte == delimiters.component => "S",
            Ok(byte) if byte == delimiters.subcomponent => "T",
            Ok(byte) if byte == delimiters.repetition => "R",
            Ok(byte) if byte == delimiters.escape => "E",
            Ok(b'\n') => ".br",
            Ok(byte @ (0..=0x1F | 0x7F)) => {
                hex_into(out, byte, mark);
                continue;
            }
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push(mark);
        out.push_str(name);
        out.push(mark);
    }
}

fn hex_into(out: &mut String, byte: u8, mark: char) {
    out.push(mark);
    out.push('X');
    for digit in [byte >> 4, byte & 0x0F] {
        out.extend(char::from_digit(u32::from(digit), 16).map(|c| c.to_ascii_uppercase()));
    }
    out.push(mark);
}
