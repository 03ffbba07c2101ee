//! Text and attribute values as XML writes them (XML 1.0 §2.2, §2.4, §3.3.3).

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Content,
    Attribute,
}

/// Appends `text` so that a reader gets the same characters back.
pub(super) fn escape(out: &mut String, text: &str, within: Within) {
    // Nearly every text is plain: a pass over its bytes says so, over all of them, so that the compiler
    // takes many at once.
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.find(|c| replacement(c, within).is_some()) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        let written = chars.next().and_then(|c| replacement(c, within));
        out.push_str(written.unwrap_or_default());
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Whether a byte stands in no character that is written in another way. 0xEF begins U+FFFE and
/// U+FFFF, and many that are plain.
const fn plain(byte: u8) -> bool {
    (byte != b'&')
        & (byte != b'<')
        & (byte != b'>')
        & (byte != b'"')
        & (byte > 0x1f)
        & (byte != 0xef)
}

fn replacement(c: char, within: Within) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        // A reader turns a bare return into a line feed, everywhere.
        '\r' => Some("&#13;"),
        '"' if within == Within::Attribute => Some("&quot;"),
        // ... and in a value white space into spaces.
        '\n' if within == Within::Attribute => Some("&#10;"),
        '\t' if within == Within::Attribute => Some("&#9;"),
        '\n' | '\t' => None,
        // Not characters of XML 1.0, not even as references.
        '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => Some("\u{FFFD}"),
        // Characters, but a reader of ours takes no reference to a control: as they are.
        _ => None,
    }
}
