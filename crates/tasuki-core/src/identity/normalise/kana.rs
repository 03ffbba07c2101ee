//! Kana to a key of one byte per mora, so that a slip of one kana is one edit.
//!
//! Folded: half width, hiragana, small kana (キヨウコ = キョウコ), ヴァ and バ, ヂ ヅ ヲ, long vowels
//! (オオ オウ オー, ユウ ユー), marks and spaces. What is no kana is dropped.

/// Rows of the syllabary: consonant by vowel. The place in the list is the mora's byte.
const MORAE: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンガギグゲゴザジズゼゾダデドバビブベボパピプペポッ";

/// Vowel of a mora: 1 ア … 5 オ, 0 for ン and ッ.
fn vowel(c: char) -> u8 {
    match c {
        'ヤ' | 'ワ' => 1,
        'ユ' => 3,
        'ヨ' => 5,
        'ン' | 'ッ' => 0,
        'デ' => 4,
        'ド' => 5,
        'ダ' => 1,
        'ラ'..='ロ' => ((c as u32 - 'ラ' as u32) % 5 + 1) as u8,
        'マ'..='モ' => ((c as u32 - 'マ' as u32) % 5 + 1) as u8,
        'ナ'..='ノ' => ((c as u32 - 'ナ' as u32) % 5 + 1) as u8,
        _ => {
            let at = MORAE.chars().position(|m| m == c).unwrap_or(0);
            let rows = [
                ("アイウエオ", 0),
                ("カキクケコ", 5),
                ("サシスセソ", 10),
                ("タチツテト", 15),
            ];
            match rows
                .iter()
                .find(|(_, from)| (*from..from + 5).contains(&at))
            {
                Some((_, from)) => (at - from) as u8 + 1,
                None => later_vowel(c),
            }
        }
    }
}

fn later_vowel(c: char) -> u8 {
    for row in [
        "ハヒフヘホ",
        "ガギグゲゴ",
        "ザジズゼゾ",
        "バビブベボ",
        "パピプペポ",
    ] {
        if let Some(at) = row.chars().position(|m| m == c) {
            return at as u8 + 1;
        }
    }
    0
}

/// The byte of a mora; morae are numbered from 1.
fn byte(c: char) -> Option<u8> {
    table()
        .get((c as u32).checked_sub(0x30A0)? as usize)
        .copied()
        .filter(|b| *b != 0)
}

/// Byte of every character of the katakana block, and its vowel beside it.
fn tables() -> &'static ([u8; 96], [u8; 96]) {
    static TABLES: std::sync::OnceLock<([u8; 96], [u8; 96])> = std::sync::OnceLock::new();
    TABLES.get_or_init(|| {
        let (mut bytes, mut vowels) = ([0u8; 96], [0u8; 96]);
        for (at, c) in MORAE.chars().enumerate() {
            let place = (c as u32 - 0x30A0) as usize;
            if let (Some(b), Some(v)) = (bytes.get_mut(place), vowels.get_mut(place)) {
                *b = at as u8 + 1;
                *v = vowel(c);
            }
        }
        (bytes, vowels)
    })
}

fn table() -> &'static [u8; 96] {
    &tables().0
}

fn vowel_of(c: char) -> u8 {
    (c as u32)
        .checked_sub(0x30A0)
        .and_then(|p| tables().1.get(p as usize))
        .copied()
        .unwrap_or(0)
}

/// Full-width katakana, large, of one character of kana; voiced marks are joined before.
fn large(c: char) -> char {
    let c = if ('\u{3041}'..='\u{3096}').contains(&c) {
        char::from_u32(c as u32 + 0x60).unwrap_or(c)
    } else {
        c
    };
    match c {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        'ヂ' => 'ジ',
        'ヅ' => 'ズ',
        'ヲ' => 'オ',
        'ヰ' => 'イ',
        'ヱ' => 'エ',
        other => other,
    }
}

/// The key of a kana name; empty where there is no kana in it.
#[must_use]
pub fn kana_key(text: &str) -> Vec<u8> {
    if text.is_empty() {
        return Vec::new();
    }
    let text = super::nfkc(text);
    let mut key = Vec::with_capacity(16);
    let mut vowel = 0u8;
    let mut vu = false;
    for raw in text.chars() {
        // ヴ before a small vowel is the バ row; alone it is ブ.
        if raw == 'ヴ' || raw == 'ゔ' {
            push(&mut key, 'ブ');
            (vowel, vu) = (3, true);
            continue;
        }
        if vu {
            vu = false;
            let replaced = match raw {
                'ァ' => Some('バ'),
                'ィ' => Some('ビ'),
                'ェ' => Some('ベ'),
                'ォ' => Some('ボ'),
                _ => None,
            };
            if let Some(c) = replaced {
                key.pop();
                push(&mut key, c);
                vowel = vowel_of(c);
                continue;
            }
        }
        let c = large(raw);
        // A long vowel is heard, written three ways, and left out.
        let long = (vowel == 5 && matches!(c, 'ウ' | 'オ')) || (vowel == 3 && c == 'ウ');
        if long || byte(c).is_none() {
            continue;
        }
        push(&mut key, c);
        vowel = vowel_of(c);
    }
    key.truncate(32);
    key
}

fn push(key: &mut Vec<u8>, c: char) {
    if let Some(b) = byte(c) {
        key.push(b);
    }
}

/// Whether a text is written in kana only.
pub(crate) fn is_kana(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| {
            ('\u{3041}'..='\u{30FF}').contains(&c) || ('\u{FF66}'..='\u{FF9F}').contains(&c)
        })
}
