//! 異体字 and 旧字体: one key for characters that stand for one another in names.
//!
//! The groups are written from the variant relations of the Unicode Han database (kZVariant,
//! kSemanticVariant, kCompatibilityVariant; Unicode License v3) and from the tables of old forms in
//! the appendix of the enforcement rules of the Family Register Act (a public legal text), kept to
//! what occurs in names. The first character of a group is its key. Groups such as 斎 斉 join
//! characters that are not variants of each other but are interchanged by clerks: the key is equal,
//! the characters are not, and the comparison says so on a level of its own.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Version of the table; stored with every decision.
pub const TABLE_VERSION: &str = "kanji-1";

const GROUPS: &[&str] = &[
    "高髙",
    "崎﨑嵜埼碕",
    "斎齋斉齊齎",
    "辺邊邉",
    "浜濱濵",
    "沢澤",
    "広廣",
    "国國圀",
    "島嶋嶌",
    "桜櫻",
    "竜龍",
    "滝瀧",
    "富冨",
    "吉𠮷",
    "真眞",
    "恵惠",
    "徳德",
    "栄榮",
    "関關",
    "円圓",
    "曽曾",
    "渕淵渊",
    "亀龜",
    "寿壽",
    "実實",
    "静靜",
    "礼禮",
    "万萬",
    "来來",
    "彦彥",
    "清淸",
    "瀬瀨",
    "槙槇",
    "遥遙",
    "郎郞",
    "増增",
    "横橫",
    "黒黑",
    "緑綠",
    "弥彌",
    "条條",
    "鉄鐵銕",
    "蔵藏",
    "豊豐",
    "児兒",
    "薫薰",
    "凛凜",
    "晋晉",
    "学學",
    "応應",
    "桧檜",
    "柳栁",
    "館舘",
    "岡崗",
    "桑桒",
    "船舩",
    "峰峯",
    "野埜",
    "橋槗",
    "頼賴",
    "翠翆",
    "藤籐",
    "巌巖厳嚴",
    "与與",
    "会會",
    "伝傳",
    "体體",
    "兎兔",
    "勲勳",
    "参參",
    "双雙",
    "収收",
    "叶葉",
    "号號",
    "単單",
    "団團",
    "図圖",
    "塩鹽",
    "壮壯",
    "売賣",
    "変變",
    "奥奧",
    "奨奬",
    "嬢孃",
    "宝寶",
    "専專",
    "対對",
    "将將",
    "峡峽",
    "巣巢",
    "帯帶",
    "庁廳",
    "弁辨",
    "弐貳",
    "従從",
    "悦悅",
    "戸戶",
    "戦戰",
    "択擇",
    "拝拜",
    "拡擴",
    "挙擧",
    "捜搜",
    "斉齊",
    "斌彬",
    "晃晄",
    "暁曉",
    "暦曆",
    "杉杦",
    "松枩",
    "枢樞",
    "桟棧",
    "楽樂",
    "様樣",
    "権權",
    "歓歡",
    "歩步",
    "歳歲",
    "気氣",
    "沖冲",
    "浄淨",
    "渓溪",
    "温溫",
    "湾灣",
    "為爲",
    "焼燒",
    "状狀",
    "瑶瑤",
    "畑畠",
    "県縣",
    "禄祿",
    "禅禪",
    "稲稻",
    "穂穗",
    "穣穰",
    "窓窗",
    "経經",
    "絵繪",
    "継繼",
    "総總",
    "縁緣",
    "声聲",
    "聡聰",
    "芦蘆",
    "芸藝",
    "荘莊",
    "萌萠",
    "蒋蔣",
    "蛍螢",
    "衛衞",
    "覚覺",
    "譲讓",
    "豫予",
    "贯貫",
    "賛贊",
    "転轉",
    "郷鄕",
    "釈釋",
    "鋭銳",
    "録錄",
    "閑閒",
    "隠隱",
    "雑雜",
    "霊靈",
    "青靑",
    "頬頰",
    "顕顯",
    "餅餠",
    "駅驛",
    "騒騷",
    "鶏鷄",
    "鴎鷗",
    "麦麥",
    "黄黃",
    "歯齒",
    "倶俱",
    "剥剝",
    "掴摑",
    "梼檮",
    "涛濤",
    "祷禱",
    "箪簞",
    "莱萊",
    "蝋蠟",
    "醤醬",
    "頴穎",
    "鯵鰺",
    "麺麵",
    "蝉蟬",
    "侠俠",
    "尭堯",
    "槇槙",
    "灯燈",
    "籠篭",
    "鶴靏靍",
    "梁樑",
    "杰傑",
    "洌冽",
    "祇祗",
];

/// Marks that stand for a character a system could not print.
const LOST: &[char] = &['〓', '■', '●', '?', '？', '\u{FFFD}'];

/// The table, by character.
fn table() -> &'static [(char, char)] {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = BTreeMap::new();
        for group in GROUPS {
            let Some(first) = group.chars().next() else {
                continue;
            };
            // A key that is itself folded by an earlier group keeps that group's key.
            let key = table.get(&first).copied().unwrap_or(first);
            for c in group.chars().skip(1) {
                if c != key {
                    table.entry(c).or_insert(key);
                }
            }
        }
        table.into_iter().collect()
    })
}

fn folded(c: char) -> char {
    let table = table();
    let at = table.binary_search_by_key(&c, |entry| entry.0).ok();
    at.and_then(|at| table.get(at)).map_or(c, |entry| entry.1)
}

/// The folded key of a kanji name and the same name merely composed: equal keys of unequal names
/// are "other character". A lost character becomes `*`. Empty where there is no name.
#[must_use]
pub fn kanji_key(text: &str) -> (String, String) {
    if text.is_empty() {
        return (String::new(), String::new());
    }
    let plain: String = super::nfkc(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '・' && !is_variation_selector(*c))
        .map(|c| if LOST.contains(&c) { '*' } else { c })
        .collect();
    let key = plain.chars().map(folded).collect();
    (key, plain)
}

/// 異体字セレクタ: says which drawing of one character is meant.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
