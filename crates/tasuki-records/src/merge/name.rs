//! Names as keys: what two systems write differently although they mean the same characters.

use unicode_normalization::UnicodeNormalization;

/// A name in one width and one case, without blanks: `アムロジピン錠２．５ｍｇ「ＴＣＫ」` and
/// `アムロジピン錠2.5mg「TCK」` become equal. Only the writing is levelled; no word is understood,
/// left out or put in the place of another.
#[must_use]
pub fn normal_name(name: &str) -> String {
    let level = |c: char| match c {
        // What NFKC leaves apart although nobody tells them apart in print.
        '−' | '–' | '—' | '‐' | '‑' | 'ｰ' => '-',
        'μ' | 'µ' => 'u',
        '〔' | '［' | '[' => '(',
        '〕' | '］' | ']' => ')',
        c => c,
    };
    name.nfkc()
        .map(level)
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .flat_map(char::to_lowercase)
        .collect()
}
