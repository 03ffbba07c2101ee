//! Where somebody lives, as a hospital writes it. Wards are real, parts of towns are made up of what
//! such parts are called.

use super::people::Home;
use super::write::{Level, Style, mistyped};
use crate::dice::Dice;

const CITIES: [&str; 12] = [
    "東京都杉並区",
    "東京都中野区",
    "東京都府中市",
    "東京都調布市",
    "神奈川県川崎市高津区",
    "埼玉県さいたま市浦和区",
    "千葉県柏市",
    "東京都江東区",
    "東京都大田区",
    "東京都北区",
    "埼玉県川口市",
    "東京都葛飾区",
];
const PARTS: [&str; 20] = [
    "本",
    "緑",
    "桜",
    "松",
    "若葉",
    "日の出",
    "栄",
    "富士見",
    "旭",
    "宮",
    "上",
    "中央",
    "元",
    "新",
    "東",
    "西",
    "南",
    "北",
    "泉",
    "花園",
];
const ENDS: [&str; 10] = [
    "町", "台", "丘", "が丘", "ヶ谷", "野", "原", "田", "沢", "山",
];
const HOUSES: [&str; 6] = ["コーポ", "ハイム", "メゾン", "第二", "パークハイツ", "荘"];

/// Postal code and address.
pub(super) fn place(dice: &mut Dice, level: Level, style: Style, home: &Home) -> (String, String) {
    let city = CITIES.get(home.town % 12).copied().unwrap_or("");
    let part = PARTS.get(home.town / 12 % 20).copied().unwrap_or("");
    let end = ENDS.get(home.town / 240).copied().unwrap_or("");
    let postal = format!(
        "{:03}{:04}",
        130 + home.town % 12 * 7,
        home.town * 37 % 10_000
    );
    let [chome, block, number] = home.numbers;
    let city = match style.address {
        0 => city,
        _ => city.trim_start_matches("東京都"),
    };
    let mut address = match style.address {
        1 => format!("{city}{part}{end}{chome}丁目{block}番{number}号"),
        2 => format!("{city}{part}{end}{chome}－{block}－{number}"),
        _ => format!("{city}{part}{end}{chome}-{block}-{number}"),
    };
    if dice.chance(0.07 * level.0) {
        address = format!("{city}{part}{end}");
    } else if let Some((house, room)) = home.building.filter(|_| dice.chance(0.8)) {
        address.push_str(&format!(
            " {}{room}",
            HOUSES.get(house).copied().unwrap_or("")
        ));
    }
    if dice.chance(0.04 * level.0) {
        address.clear();
    }
    let postal = if dice.chance(0.08 * level.0) {
        String::new()
    } else {
        mistyped(dice, level, 0.008, postal)
    };
    (postal, address)
}
