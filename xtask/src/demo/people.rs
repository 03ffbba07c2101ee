//! Who can sign in to a demo, and whom to look for.

/// Somebody who can sign in: (name, person, role, facility, section).
pub type SignIn = [&'static str; 5];

/// Who can sign in at community A.
pub const SIGN_INS: [SignIn; 13] = [
    ["mizusawa", "水沢 一郎", "physician", "1311234567", "内科"],
    ["kango", "看護 恵", "nurse", "1311234567", "内科病棟"],
    ["yakuzai", "薬剤 正", "pharmacist", "1311234567", "薬剤部"],
    ["wakaba", "若葉 里美", "nurse", "1314567890", ""],
    ["asano", "浅野 誠", "physician", "1314567890", ""],
    [
        "madoguchi",
        "窓口 直子",
        "clerk",
        "1311234567",
        "地域連携室",
    ],
    ["renkei", "連携 和子", "clerk", "1311234567", "地域連携室"],
    ["uketsuke", "受付 花江", "clerk", "1314567890", "受付"],
    [
        "shisetsu",
        "施設 一代",
        "facility-administrator",
        "1311234567",
        "情報管理室",
    ],
    [
        "shisetsu2",
        "施設 双葉",
        "facility-administrator",
        "1311234567",
        "情報管理室",
    ],
    ["unyo", "運用 太郎", "network-operator", "1311234567", ""],
    ["kanri", "管理 次郎", "network-operator", "1311234567", ""],
    ["kojo", "個情 守", "privacy-officer", "1311234567", ""],
];

/// The password of everybody in a demo: what is protected here is nobody's.
pub const PASSWORD: &str = "tasuki-demo-2026";

/// People to look for: what makes each a case for the matching of patients, and the name.
pub const CASES: [[&str; 2]; 7] = [
    [
        "twins of one household",
        "佐々木 陽菜, 佐々木 陽葵 2018-05-05",
    ],
    [
        "same name and birth date, strangers",
        "鈴木 一郎 1955-01-15 (two of them)",
    ],
    [
        "married: another family name",
        "田中 美咲, now 小林 美咲 1993-07-21",
    ],
    ["moved across the town", "高橋 健一 1968-11-02"],
    [
        "foreign resident",
        "NGUYEN VAN ANH グエン ヴァンアイン 1996-09-02",
    ],
    [
        "another kanji of the same reading",
        "山本 裕子, 山本 優子 1975-02-14",
    ],
    ["not disclosed by one hospital", "渡辺 茂 1938-06-30"],
];
