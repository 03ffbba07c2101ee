//! Doctors and nurses of each facility: few, so that the same names come back in a chart.

use crate::dice::Dice;

/// Somebody who works at a facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Local code.
    pub id: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Given name.
    pub given: &'static str,
}

const fn who(id: &'static str, family: &'static str, given: &'static str) -> Staff {
    Staff { id, family, given }
}

const DOCTORS: [[Staff; 4]; 12] = [
    [
        who("DR0012", "水沢", "一郎"),
        who("DR0027", "相原", "典子"),
        who("DR0031", "早瀬", "徹"),
        who("DR0044", "久我", "真理"),
    ],
    [
        who("m104", "大磯", "健"),
        who("m121", "三枝", "陽子"),
        who("m133", "戸部", "亮"),
        who("m140", "汐田", "薫"),
    ],
    [
        who("S-0301", "東野", "学"),
        who("S-0311", "雲井", "香織"),
        who("S-0320", "木場", "剛"),
        who("S-0333", "辰巳", "恵"),
    ],
    [
        who("A01", "青葉", "文夫"),
        who("A02", "青葉", "千尋"),
        who("A01", "青葉", "文夫"),
        who("A01", "青葉", "文夫"),
    ],
    [
        who("1", "汐見", "豊"),
        who("1", "汐見", "豊"),
        who("2", "汐見", "直美"),
        who("1", "汐見", "豊"),
    ],
    FUTABA,
    FUTABA,
    FUTABA,
    KASUMI,
    KASUMI,
    SHIRAHO,
    SHIRAHO,
];

/// Doctors of the neighbouring communities: one house each.
const FUTABA: [Staff; 4] = [
    who("F001", "大山", "登"),
    who("F002", "蓮根", "涼子"),
    who("F003", "赤塚", "誠"),
    who("F004", "成増", "由美"),
];
const KASUMI: [Staff; 4] = [
    who("kd-11", "落合", "進"),
    who("kd-12", "永山", "律子"),
    who("kd-13", "関戸", "渉"),
    who("kd-14", "貝取", "澄子"),
];
const SHIRAHO: [Staff; 4] = [
    who("900011", "葛西", "昇"),
    who("900012", "船堀", "美樹"),
    who("900013", "小岩", "隆"),
    who("900014", "篠崎", "朋子"),
];

const NURSES: [Staff; 3] = [
    who("NS0301", "看護", "花江"),
    who("NS0317", "若葉", "里美"),
    who("NS0322", "白石", "遥"),
];

/// The doctor of a department at a facility, and a nurse of the day.
#[must_use]
pub fn staff(facility: usize, department: &str, dice: &mut Dice) -> (Staff, Staff) {
    // A department's patients keep seeing the same doctor.
    let seat = department.bytes().map(usize::from).sum::<usize>() % 4;
    let doctors = DOCTORS.get(facility).unwrap_or(&DOCTORS[0]);
    let doctor = doctors.get(seat).copied().unwrap_or(DOCTORS[0][0]);
    (doctor, *dice.pick(&NURSES))
}
