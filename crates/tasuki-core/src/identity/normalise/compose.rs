//! NFKC (UAX #15) of a field. What registrations are written in is composed already, or in full or
//! half width; that is recognised character by character, and only the rest takes the long way.

use super::FIELD_CHARS_MAX;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// What NFKC leaves as it is, and what never joins with a character beside it.
fn is_settled(c: char) -> bool {
    matches!(c,
        '\u{20}'..='\u{7E}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FE}'
        | '々' | '〇' | '〓' | '‐' | '−' | '\u{20000}'..='\u{2A6DF}' | '\u{3400}'..='\u{4DBF}')
}

/// Half-width katakana, U+FF66 to U+FF9D, in full width.
const FULL_WIDTH: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// Full-width forms of U+FF61 and on: punctuation, then katakana; the two voice marks apart.
fn full_width(c: char) -> Option<char> {
    static TABLE: std::sync::OnceLock<Vec<char>> = std::sync::OnceLock::new();
    let table = TABLE.get_or_init(|| FULL_WIDTH.chars().collect());
    match c {
        '･' => Some('・'),
        '\u{FF66}'..='\u{FF9D}' => table.get(c as usize - 0xFF66).copied(),
        '\u{3000}' => Some(' '),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0),
        c if is_settled(c) => Some(c),
        _ => None,
    }
}

/// A kana with its voice mark (`ﾞ`) or half-voice mark (`ﾟ`).
fn voiced(c: char, mark: char) -> Option<char> {
    let step = match (c, mark) {
        ('ウ', 'ﾞ') => return Some('ヴ'),
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', 'ﾟ') => 2,
        ('カ'..='ト' | 'ハ'..='ホ', 'ﾞ') if is_unvoiced(c) => 1,
        _ => return None,
    };
    char::from_u32(c as u32 + step)
}

/// Kana of the rows that have a voiced form, in its plain one.
fn is_unvoiced(c: char) -> bool {
    "カキクケコサシスセソタチツテトハヒフヘホ".contains(c)
}

/// The short way: nothing where some character needs the long one.
fn composed(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, 'ﾞ' | 'ﾟ') {
            let joined = voiced(out.pop()?, c)?;
            out.push(joined);
        } else {
            out.push(full_width(c)?);
        }
    }
    Some(out)
}

/// NFKC of a field, bounded.
pub(crate) fn nfkc(text: &str) -> Cow<'_, str> {
    // No more bytes than characters allowed: certainly not too long.
    let short = text.len() <= FIELD_CHARS_MAX;
    if short && text.chars().all(is_settled) {
        return Cow::Borrowed(text);
    }
    if short && let Some(composed) = composed(text) {
        return Cow::Owned(composed);
    }
    Cow::Owned(text.chars().take(FIELD_CHARS_MAX).nfkc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_gives_what_the_standard_does(
            text in "[ -~ァ-ヶぁ-んｦ-ﾟﾞﾟカハウキ髙﨑渡邉々〇０-９Ａ-ｚ　ー−‐･（）①㈱Å]{0,12}"
        ) {
            let whole: String = text.nfkc().collect();
            prop_assert_eq!(nfkc(&text), whole);
        }
    }
}
