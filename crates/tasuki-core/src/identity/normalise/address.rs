//! Addresses: the town, and the town with up to three numbers; the building apart.

use super::nfkc;

/// Key of an address. Empty = not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressKey {
    /// Municipality and town, without prefecture.
    pub town: String,
    /// Town with 丁目-番-号; empty where no number stands.
    pub place: String,
}

/// What parts numbers: hyphens and dashes of every kind, ノ and の, and the words for the parts.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐'..='―' | '−' | 'ー' | 'ｰ' | '－' | 'の' | 'ノ')
}

const PREFECTURES: &[&str] = &["東京都", "北海道", "京都府", "大阪府"];

fn without_prefecture(text: &str) -> &str {
    for name in PREFECTURES {
        if let Some(rest) = text.strip_prefix(name) {
            return rest;
        }
    }
    // Every other prefecture ends in 県 after two or three characters.
    let at: Vec<(usize, char)> = text.char_indices().take(4).collect();
    for place in [2, 3] {
        if let Some((i, '県')) = at.get(place) {
            return text.get(i + '県'.len_utf8()..).unwrap_or(text);
        }
    }
    text
}

fn kanji_digit(c: char) -> Option<u32> {
    "〇一二三四五六七八九"
        .chars()
        .position(|d| d == c)
        .map(|d| d as u32)
}

/// A number in kanji before 丁目, at the end of the town: `三丁目`, `十二丁目`.
fn take_kanji_number(town: &mut String) -> Option<u32> {
    let tail: Vec<char> = town
        .chars()
        .rev()
        .take_while(|c| kanji_digit(*c).is_some() || *c == '十')
        .collect();
    if tail.is_empty() {
        return None;
    }
    let mut value = 0;
    let mut pending = None;
    for &c in tail.iter().rev() {
        match kanji_digit(c) {
            Some(d) => pending = Some(pending.unwrap_or(0) * 10 + d),
            None => value += pending.take().unwrap_or(1) * 10,
        }
    }
    let cut: usize = tail.iter().map(|c| c.len_utf8()).sum();
    town.truncate(town.len() - cut);
    Some(value + pending.unwrap_or(0))
}

/// The key of an address in one line.
#[must_use]
pub fn address_key(text: &str) -> AddressKey {
    if text.is_empty() {
        return AddressKey::default();
    }
    let text = nfkc(text);
    let mut town = String::new();
    let mut numbers: Vec<u32> = Vec::new();
    let mut rest = without_prefecture(text.trim()).chars().peekable();
    while let Some(&c) = rest.peek() {
        if c.is_ascii_digit() {
            break;
        }
        rest.next();
        if c == '丁' && rest.peek() == Some(&'目') {
            rest.next();
            if let Some(n) = take_kanji_number(&mut town) {
                numbers.push(n);
                break;
            }
        }
        push_town(&mut town, c, rest.peek().copied());
    }
    if town.contains('字') {
        town = town.replace("大字", "").replace('字', "");
    }
    while numbers.len() < 3 {
        // Between numbers only marks and the words for the parts may stand.
        while rest
            .peek()
            .is_some_and(|c| is_dash(*c) || "丁目番地号".contains(*c))
        {
            rest.next();
        }
        let mut number = None;
        while let Some(d) = rest.peek().and_then(|c| c.to_digit(10)) {
            number = Some(number.unwrap_or(0u32).saturating_mul(10).saturating_add(d));
            rest.next();
        }
        match number {
            Some(n) => numbers.push(n),
            None => break,
        }
    }
    let place = if numbers.is_empty() {
        String::new()
    } else {
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        format!("{town}{}", numbers.join("-"))
    };
    AddressKey { town, place }
}

/// ヶ ケ が ガ between kanji are one.
fn push_town(town: &mut String, c: char, next: Option<char>) {
    let c = match c {
        c if c.is_whitespace() => return,
        'ヶ' | 'ケ' | 'ガ' | 'ｹ' | '𛀀'
            if next.is_some_and(|n| ('\u{4E00}'..='\u{9FFF}').contains(&n)) =>
        {
            'が'
        }
        other => other,
    };
    town.push(c);
}
