//! Search keys of names: how a name is typed must not matter. NFKC (half-width kana become
//! full-width, full-width letters ASCII), hiragana become katakana, Latin letters upper case,
//! spaces and separators go. Variant kanji are another matter and are left to identity.

use unicode_normalization::UnicodeNormalization;

/// The search key of a name or of the beginning of one.
#[must_use]
pub fn normalise_search(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '・' | '･' | '^' | '=' | '＝'))
        .flat_map(katakana)
        .collect()
}

fn katakana(c: char) -> impl Iterator<Item = char> {
    // U+3041 … U+3096 stand 0x60 below their katakana; ゝ and ゞ as well.
    let folded = match c {
        '\u{3041}'..='\u{3096}' | '\u{309d}' | '\u{309e}' => {
            char::from_u32(c as u32 + 0x60).unwrap_or(c)
        }
        _ => c,
    };
    folded.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::normalise_search;

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        for typed in ["とうきょう はなこ", "トウキョウ　ハナコ", "ﾄｳｷｮｳ ﾊﾅｺ"]
        {
            assert_eq!(normalise_search(typed), "トウキョウハナコ", "{typed}");
        }
        assert_eq!(normalise_search("Ｔｏｋｙｏ hanako"), "TOKYOHANAKO");
        assert_eq!(normalise_search("東京　花子"), "東京花子");
        assert_eq!(normalise_search(" 　"), "");
        assert_eq!(normalise_search("ガゞ"), "ガヾ");
    }
}
