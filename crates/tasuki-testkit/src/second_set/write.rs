//! A registration as a hospital writes it down: its system's style, what it left out, what somebody
//! misheard, misread or mistyped.

use super::names::{FORMS, HOMOPHONES, LOOKALIKES};
use super::people::{Cover, Person, WINDOW};
use super::place::place;
use crate::dice::Dice;

/// How often things go wrong or are left out, at the ordinary level; multiplied for a harsh one.
#[derive(Clone, Copy, Debug)]
pub struct Level(pub f64);

/// The style of one hospital's system.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    half_width: bool,
    hiragana: bool,
    old_forms: bool,
    big_kana: bool,
    one_field: bool,
    no_space: bool,
    date: usize,
    /// Which way addresses are written.
    pub address: usize,
}

impl Style {
    /// The style of a hospital.
    pub fn new(dice: &mut Dice) -> Self {
        Self {
            half_width: dice.chance(0.3),
            hiragana: dice.chance(0.05),
            old_forms: dice.chance(0.4),
            big_kana: dice.chance(0.1),
            one_field: dice.chance(0.05),
            no_space: dice.chance(0.01),
            date: dice.below(6),
            address: dice.below(3),
        }
    }
}

/// The columns after `record_id`, in the order that `tasuki identity link` names them.
pub type Fields = [String; 15];

/// Writes somebody down on a day of the window.
pub fn registration(
    dice: &mut Dice,
    level: Level,
    style: Style,
    person: &Person,
    day: i64,
) -> Fields {
    // A card of former times: what is written is what was.
    let said = if dice.chance(0.05 * level.0) {
        (day - dice.between(200, 1_500)).max(0)
    } else {
        day
    };
    let at = |change: i64| usize::from(said >= change);
    let [named, moved, insured, called] = person.changes.map(at);
    let (mut kanji, mut kana) = names(dice, level, person, day, named);
    if dice.chance(0.003 * level.0) {
        kanji = (kanji.1, kanji.0);
        kana = (kana.1, kana.0);
    }
    let home = person.homes.get(moved);
    let cover = person.covers.get(insured);
    let (postal, address) = home
        .map(|h| place(dice, level, style, h))
        .unwrap_or_default();
    let mobile = person.mobiles.get(called).cloned().flatten();
    let line = home.and_then(|h| h.line.clone());
    let phone = if dice.chance(0.65) {
        mobile.or(line)
    } else {
        line.or(mobile)
    };
    let [insurer, symbol, number, branch] = cover
        .map(|c| insurance(dice, level, c, person.branch, day))
        .unwrap_or_default();
    let roman = person
        .roman
        .filter(|_| dice.chance(0.6))
        .map_or((String::new(), String::new()), |(f, g)| {
            (f.into(), g.into())
        });
    let (kanji, kana) = dressed(dice, level, style, kanji, kana);
    [
        kanji.0,
        kanji.1,
        kana.0,
        kana.1,
        roman.0,
        roman.1,
        sex(dice, level, person.male),
        birth(dice, level, style, person.born),
        postal,
        address,
        telephone(dice, level, phone),
        insurer,
        symbol,
        number,
        branch,
    ]
}

type Pair = (String, String);

fn names(dice: &mut Dice, level: Level, person: &Person, day: i64, named: usize) -> (Pair, Pair) {
    let family = person.family.get(named).cloned().unwrap_or_default();
    if person.roman.is_some() {
        let way = usize::from(dice.chance(0.35));
        let heard = person.heard.get(way).cloned().unwrap_or_default();
        let kanji = if dice.chance(0.5) {
            heard.clone()
        } else {
            Pair::default()
        };
        return (kanji, heard);
    }
    let born_within = WINDOW - person.born;
    if person.unnamed && (0..60).contains(&(day - born_within)) {
        let baby = "ベビー".to_owned();
        return ((family.0, baby.clone()), (family.1, baby));
    }
    let mut kanji = (family.0, person.given.0.clone());
    let mut kana = (family.1, person.given.1.clone());
    if dice.chance(0.008 * level.0) {
        kanji.1 = swapped(&kanji.1, &HOMOPHONES, dice);
    }
    if dice.chance(0.004 * level.0) {
        kanji.0 = swapped(&kanji.0, &HOMOPHONES, dice);
    }
    if dice.chance(0.006 * level.0) {
        kana.1 = swapped(&kana.1, &LOOKALIKES, dice);
    }
    if dice.chance(0.004 * level.0) {
        kana.0 = swapped(&kana.0, &LOOKALIKES, dice);
    }
    if dice.chance(0.015 * level.0) {
        kanji = Pair::default();
    } else if dice.chance(0.02 * level.0) {
        kana = Pair::default();
    }
    (kanji, kana)
}

/// One character of a text put for another of its pair, either way.
fn swapped(text: &str, pairs: &[(char, char)], dice: &mut Dice) -> String {
    let mut left = 1 + dice.below(2);
    let other = |c: char| {
        pairs.iter().find_map(|&(a, b)| match c {
            c if c == a => Some(b),
            c if c == b => Some(a),
            _ => None,
        })
    };
    text.chars()
        .map(|c| match other(c) {
            Some(other) if left > 0 => {
                left -= 1;
                if left == 0 { other } else { c }
            }
            _ => c,
        })
        .collect()
}

/// The names as the system holds them.
fn dressed(
    dice: &mut Dice,
    level: Level,
    style: Style,
    mut kanji: Pair,
    mut kana: Pair,
) -> (Pair, Pair) {
    let form = |text: &str| -> String {
        let old = |c: char| FORMS.iter().find(|(new, _)| *new == c).map_or(c, |f| f.1);
        text.chars().map(old).collect()
    };
    if style.old_forms && dice.chance(0.5) {
        kanji = (form(&kanji.0), form(&kanji.1));
    }
    let kana_form = |text: &str| -> String {
        let mut text = text.to_owned();
        if style.big_kana {
            for (small, big) in [("ョ", "ヨ"), ("ュ", "ユ"), ("ャ", "ヤ"), ("ッ", "ツ")] {
                text = text.replace(small, big);
            }
        }
        if style.hiragana {
            text = text
                .chars()
                .map(|c| match c {
                    'ァ'..='ヶ' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
                    c => c,
                })
                .collect();
        } else if style.half_width {
            text = half_width(&text);
        }
        text
    };
    kana = (kana_form(&kana.0), kana_form(&kana.1));
    let one =
        |(family, given): Pair, between: &str| (format!("{family}{between}{given}"), String::new());
    if style.no_space && dice.chance(level.0 * 0.2) {
        kanji = one(kanji, "");
    } else if style.one_field && !kanji.0.is_empty() {
        kanji = one(kanji, "　");
        kana = one(kana, " ");
    }
    (kanji, kana)
}

/// Katakana in half width, as systems of the eighties hold it.
fn half_width(text: &str) -> String {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ";
    let half = |c: char| {
        FULL.chars()
            .zip(HALF.chars())
            .find(|(f, _)| *f == c)
            .map(|p| p.1)
    };
    let mut out = String::new();
    for c in text.chars() {
        let below = |step: u32| char::from_u32(c as u32 - step).and_then(half);
        match (half(c), c) {
            (Some(h), _) => out.push(h),
            (None, 'ヴ') => out.push_str("ｳﾞ"),
            (None, 'パ' | 'ピ' | 'プ' | 'ペ' | 'ポ') => {
                out.extend(below(2));
                out.push('ﾟ');
            }
            (None, 'ガ'..='ポ') => {
                out.extend(below(1));
                out.push('ﾞ');
            }
            _ => out.push(c),
        }
    }
    out
}

fn sex(dice: &mut Dice, level: Level, male: bool) -> String {
    if dice.chance(0.005 * level.0) {
        return String::new();
    }
    let male = male != dice.chance(0.0025 * level.0);
    if male { "M" } else { "F" }.to_owned()
}

/// A birth date: right, or wrong as people get it wrong.
fn birth(dice: &mut Dice, level: Level, style: Style, born: i64) -> String {
    if dice.chance(0.003 * level.0) {
        return String::new();
    }
    let epoch = jiff::civil::date(2026, 4, 1);
    let days = jiff::Span::new().days(born);
    let date = epoch.checked_sub(days).unwrap_or(epoch);
    let (mut year, mut month, mut day) = (
        i64::from(date.year()),
        i64::from(date.month()),
        i64::from(date.day()),
    );
    if dice.chance(0.009 * level.0) {
        match dice.below(6) {
            0 => year -= 1,
            1 => year += if year < 1970 { 10 } else { -10 },
            2 if day <= 12 => (month, day) = (day, month),
            3 if (1927..1989).contains(&year) => year += 63,
            4 => day = if day % 10 == 9 { day - 1 } else { day + 1 }.min(28),
            _ => (month, day) = (1, 1),
        }
    }
    match style.date {
        0 => format!("{year}{month:02}{day:02}"),
        1 => format!("{year}/{month}/{day}"),
        2 if (1927..1989).contains(&year) => format!("S{:02}.{month:02}.{day:02}", year - 1925),
        3 if (1990..2019).contains(&year) => format!("平成{}年{month}月{day}日", year - 1988),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}

/// A digit pressed beside the right one, now and then.
pub(super) fn mistyped(dice: &mut Dice, level: Level, share: f64, digits: String) -> String {
    if digits.is_empty() || !dice.chance(share * level.0) {
        return digits;
    }
    let at = dice.below(digits.len());
    let wrong = char::from(b'0' + dice.below(10) as u8);
    digits
        .chars()
        .enumerate()
        .map(|(i, c)| {
            if i == at && c.is_ascii_digit() {
                wrong
            } else {
                c
            }
        })
        .collect()
}

fn telephone(dice: &mut Dice, level: Level, phone: Option<String>) -> String {
    let Some(phone) = phone.filter(|_| !dice.chance(0.15 * level.0)) else {
        return String::new();
    };
    let phone = mistyped(dice, level, 0.011, phone);
    let parts = (phone.get(..3), phone.get(3..7), phone.get(7..));
    match (dice.below(4), parts) {
        (0, (Some(a), Some(b), Some(c))) => format!("{a}-{b}-{c}"),
        (1, (Some(a), Some(b), Some(c))) => format!("{a} ({b}) {c}"),
        (2, _) if dice.chance(0.1) => format!("{phone} 自宅"),
        _ => phone,
    }
}

/// Number of the insurer, symbol, number, 枝番.
fn insurance(dice: &mut Dice, level: Level, cover: &Cover, branch: i64, day: i64) -> [String; 4] {
    if dice.chance(0.1 * level.0) {
        return Default::default();
    }
    let number = mistyped(dice, level, 0.009, cover.number.clone());
    let number = if dice.chance(0.05) {
        format!("{number:0>8}")
    } else {
        number
    };
    let symbol = match dice.below(5) {
        0 => cover
            .symbol
            .chars()
            .filter_map(|c| char::from_u32(c as u32 + 0xFEE0))
            .collect(),
        _ => cover.symbol.clone(),
    };
    // Since the spring of 2021 cards have it.
    let has_branch = !cover.own && day > WINDOW - 5 * 365 && !dice.chance(0.15 * level.0);
    let branch = if has_branch {
        format!("{branch:02}")
    } else {
        String::new()
    };
    [cover.insurer.clone(), symbol, number, branch]
}
