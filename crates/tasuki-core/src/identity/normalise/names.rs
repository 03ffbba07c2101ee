//! Names: which field holds what, and who is not to be linked by name at all.

use super::kana::{is_kana, kana_key};
use super::kanji::kanji_key;
use super::{Raw, nfkc};
use std::borrow::Cow;
use std::sync::OnceLock;

/// Name keys of a registration. Empty = not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameKeys {
    /// Morae of the family name.
    pub family_kana: Vec<u8>,
    /// Morae of the given name.
    pub given_kana: Vec<u8>,
    /// Folded kanji of the family name.
    pub family: String,
    /// Folded kanji of the given name.
    pub given: String,
    /// The family name unfolded.
    pub family_plain: String,
    /// The given name unfolded.
    pub given_plain: String,
    /// ベビー, 第一子, 男児 …: a newborn without a name yet.
    pub unnamed: bool,
    /// テスト, デモ …: not a person.
    pub test: bool,
}

/// What stands in place of a newborn's given name.
const UNNAMED: &[&str] = &[
    "ベビー",
    "べびー",
    "赤ちゃん",
    "新生児",
    "男児",
    "女児",
    "BABY",
];
/// Readings of 第一子 and so on, whole: ダイ alone begins many a name.
const ORDINALS: &[&str] = &["ダイイチシ", "ダイニシ", "ダイサンシ"];
/// What stands in the name of a patient that tests a system.
const TEST: &[&str] = &[
    "テスト",
    "試験",
    "TEST",
    "デモ",
    "ダミー",
    "DUMMY",
    "サンプル",
    "研修",
];

/// One field for the whole name, cut at its space.
fn parts<'a>(family: &'a str, given: &'a str) -> (Cow<'a, str>, Cow<'a, str>) {
    let (family, given) = (nfkc(family), nfkc(given));
    if given.trim().is_empty()
        && let Some((f, g)) = family.trim().split_once(char::is_whitespace)
    {
        return (f.to_owned().into(), g.trim().to_owned().into());
    }
    (family, given)
}

/// Whether a text begins with one of these words, in capitals or not.
fn begins(text: &str, words: &[&str]) -> bool {
    let head = text.as_bytes();
    words.iter().any(|word| {
        head.get(..word.len())
            .is_some_and(|h| h.eq_ignore_ascii_case(word.as_bytes()))
    })
}

fn is_unnamed(text: &str) -> bool {
    static KEYS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let ordinals = || KEYS.get_or_init(|| ORDINALS.iter().map(|o| kana_key(o)).collect());
    begins(text, UNNAMED)
        || (text.starts_with('第') && text.ends_with('子'))
        || (text.starts_with(['ダ', 'だ']) && ordinals().contains(&kana_key(text)))
}

/// The keys of a registration's names.
#[must_use]
pub fn name_keys(raw: &Raw<'_>) -> NameKeys {
    let (family, given) = parts(raw.family_kanji, raw.given_kanji);
    let (family_kana, given_kana) = parts(raw.family_kana, raw.given_kana);
    let fields = [&family, &given, &family_kana, &given_kana];
    let mut keys = NameKeys {
        family_kana: kana_key(&family_kana),
        given_kana: kana_key(&given_kana),
        unnamed: is_unnamed(&given) || is_unnamed(&given_kana),
        test: fields.iter().any(|t| begins(t, TEST)),
        ..NameKeys::default()
    };
    // Kana in the kanji field is a reading, not a writing.
    if is_kana(&given) || (given.is_empty() && is_kana(&family)) {
        if keys.family_kana.is_empty() && keys.given_kana.is_empty() {
            keys.family_kana = kana_key(&family);
            keys.given_kana = kana_key(&given);
        }
        if is_kana(&family) || family.is_empty() {
            return keys;
        }
    }
    (keys.family, keys.family_plain) = kanji_key(&family);
    if !is_kana(&given)
        || given
            .chars()
            .all(|c| ('\u{3041}'..='\u{3096}').contains(&c))
    {
        (keys.given, keys.given_plain) = kanji_key(&given);
    }
    if keys.family_kana.is_empty() && keys.given_kana.is_empty() {
        let (family, given) = parts(raw.family_roman, raw.given_roman);
        keys.family_kana = roman_key(&family);
        keys.given_kana = roman_key(&given);
    }
    keys
}

/// Latin letters to morae, by way of katakana: Hepburn and Kunrei, long vowels dropped.
fn roman_key(text: &str) -> Vec<u8> {
    let text = text.to_ascii_lowercase();
    let mut kana = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let found = ROMAN.iter().find(|(roman, _)| rest.starts_with(roman));
        let taken = match found {
            Some((roman, k)) => {
                kana.push_str(k);
                roman.len()
            }
            None => {
                let mut chars = rest.chars();
                let first = chars.next();
                // A doubled consonant is ッ; an n or m before another consonant is ン.
                match (first, chars.next()) {
                    (Some('n' | 'm'), _) => kana.push('ン'),
                    (Some(a), Some(b)) if a == b => kana.push('ッ'),
                    (Some('t'), Some('c')) => kana.push('ッ'),
                    _ => {}
                }
                first.map_or(1, char::len_utf8)
            }
        };
        rest = rest.get(taken..).unwrap_or("");
    }
    kana_key(&kana)
}

/// Longest first.
const ROMAN: &[(&str, &str)] = &[
    ("kya", "キャ"),
    ("kyu", "キュ"),
    ("kyo", "キョ"),
    ("gya", "ギャ"),
    ("gyu", "ギュ"),
    ("gyo", "ギョ"),
    ("sha", "シャ"),
    ("shu", "シュ"),
    ("sho", "ショ"),
    ("shi", "シ"),
    ("sya", "シャ"),
    ("syu", "シュ"),
    ("syo", "ショ"),
    ("cha", "チャ"),
    ("chu", "チュ"),
    ("cho", "チョ"),
    ("chi", "チ"),
    ("tya", "チャ"),
    ("tyu", "チュ"),
    ("tyo", "チョ"),
    ("tsu", "ツ"),
    ("nya", "ニャ"),
    ("nyu", "ニュ"),
    ("nyo", "ニョ"),
    ("hya", "ヒャ"),
    ("hyu", "ヒュ"),
    ("hyo", "ヒョ"),
    ("bya", "ビャ"),
    ("byu", "ビュ"),
    ("byo", "ビョ"),
    ("pya", "ピャ"),
    ("pyu", "ピュ"),
    ("pyo", "ピョ"),
    ("mya", "ミャ"),
    ("myu", "ミュ"),
    ("myo", "ミョ"),
    ("rya", "リャ"),
    ("ryu", "リュ"),
    ("ryo", "リョ"),
    ("zya", "ジャ"),
    ("zyu", "ジュ"),
    ("zyo", "ジョ"),
    ("ja", "ジャ"),
    ("ju", "ジュ"),
    ("jo", "ジョ"),
    ("ji", "ジ"),
    ("zi", "ジ"),
    ("si", "シ"),
    ("ti", "チ"),
    ("tu", "ツ"),
    ("hu", "フ"),
    ("fu", "フ"),
    ("fa", "ファ"),
    ("fi", "フィ"),
    ("fe", "フェ"),
    ("fo", "フォ"),
    ("va", "バ"),
    ("vi", "ビ"),
    ("vu", "ブ"),
    ("ve", "ベ"),
    ("vo", "ボ"),
    ("la", "ラ"),
    ("li", "リ"),
    ("lu", "ル"),
    ("le", "レ"),
    ("lo", "ロ"),
    ("ka", "カ"),
    ("ki", "キ"),
    ("ku", "ク"),
    ("ke", "ケ"),
    ("ko", "コ"),
    ("ga", "ガ"),
    ("gi", "ギ"),
    ("gu", "グ"),
    ("ge", "ゲ"),
    ("go", "ゴ"),
    ("sa", "サ"),
    ("su", "ス"),
    ("se", "セ"),
    ("so", "ソ"),
    ("za", "ザ"),
    ("zu", "ズ"),
    ("ze", "ゼ"),
    ("zo", "ゾ"),
    ("ta", "タ"),
    ("te", "テ"),
    ("to", "ト"),
    ("da", "ダ"),
    ("di", "ジ"),
    ("du", "ズ"),
    ("de", "デ"),
    ("do", "ド"),
    ("na", "ナ"),
    ("ni", "ニ"),
    ("nu", "ヌ"),
    ("ne", "ネ"),
    ("no", "ノ"),
    ("ha", "ハ"),
    ("hi", "ヒ"),
    ("he", "ヘ"),
    ("ho", "ホ"),
    ("ba", "バ"),
    ("bi", "ビ"),
    ("bu", "ブ"),
    ("be", "ベ"),
    ("bo", "ボ"),
    ("pa", "パ"),
    ("pi", "ピ"),
    ("pu", "プ"),
    ("pe", "ペ"),
    ("po", "ポ"),
    ("ma", "マ"),
    ("mi", "ミ"),
    ("mu", "ム"),
    ("me", "メ"),
    ("mo", "モ"),
    ("ya", "ヤ"),
    ("yu", "ユ"),
    ("yo", "ヨ"),
    ("ra", "ラ"),
    ("ri", "リ"),
    ("ru", "ル"),
    ("re", "レ"),
    ("ro", "ロ"),
    ("wa", "ワ"),
    ("wo", "オ"),
    ("oh", "オ"),
    ("a", "ア"),
    ("i", "イ"),
    ("u", "ウ"),
    ("e", "エ"),
    ("o", "オ"),
];
