//! From what a hospital has registered to keys that can be compared. Once, at ingest; the
//! registered form is kept elsewhere and never overwritten.

mod address;
mod birth;
mod compose;
mod insurance;
mod kana;
mod kanji;
mod names;

pub use address::{AddressKey, address_key};
pub use birth::{BirthKey, birth_key};
pub use insurance::{InsuranceKey, insurance_key};
pub use kana::kana_key;
pub use kanji::{TABLE_VERSION as KANJI_TABLE_VERSION, kanji_key};
pub use names::{NameKeys, name_keys};

use tasuki_model::JstDay;

/// A registration as text, field by field. Empty = not sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Raw<'a> {
    /// 姓, or the whole name where a system keeps it in one field.
    pub family_kanji: &'a str,
    /// 名.
    pub given_kanji: &'a str,
    /// セイ, in any kana.
    pub family_kana: &'a str,
    /// メイ, in any kana.
    pub given_kana: &'a str,
    /// Family name in Latin letters.
    pub family_roman: &'a str,
    /// Given name in Latin letters.
    pub given_roman: &'a str,
    /// `M`, `F`, or anything else.
    pub sex: &'a str,
    /// Date of birth in any form that systems print.
    pub birth: &'a str,
    /// Postal code.
    pub postal: &'a str,
    /// Address in one line.
    pub address: &'a str,
    /// Telephone number.
    pub phone: &'a str,
    /// 保険者番号.
    pub insurer: &'a str,
    /// 記号.
    pub symbol: &'a str,
    /// 番号.
    pub number: &'a str,
    /// 枝番.
    pub branch: &'a str,
}

impl<'a> Raw<'a> {
    /// The columns of a file of registrations, in the order of [`of`](Self::of).
    pub const COLUMNS: [&'static str; 15] = [
        "family_kanji",
        "given_kanji",
        "family_kana",
        "given_kana",
        "family_roman",
        "given_roman",
        "sex",
        "birth_date",
        "postal_code",
        "address",
        "phone",
        "insurer_no",
        "insured_symbol",
        "insured_no",
        "insured_branch",
    ];

    /// A registration from the values of its columns.
    #[must_use]
    pub fn of(values: [&'a str; 15]) -> Self {
        let [
            family_kanji,
            given_kanji,
            family_kana,
            given_kana,
            family_roman,
            given_roman,
            sex,
            birth,
            postal,
            address,
            phone,
            insurer,
            symbol,
            number,
            branch,
        ] = values;
        Self {
            family_kanji,
            given_kanji,
            family_kana,
            given_kana,
            family_roman,
            given_roman,
            sex,
            birth,
            postal,
            address,
            phone,
            insurer,
            symbol,
            number,
            branch,
        }
    }
}

/// The comparable form of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    /// Names.
    pub name: NameKeys,
    /// 1 male, 2 female, 0 not known.
    pub sex: u8,
    /// Birth date.
    pub birth: Option<BirthKey>,
    /// Seven digits as a number, or 0.
    pub postal: u32,
    /// Town, and town with house numbers.
    pub address: AddressKey,
    /// Digits of the telephone number as a number, or 0.
    pub phone: u64,
    /// Insurance.
    pub insurance: Option<InsuranceKey>,
}

/// Longest field read, in characters: a name of 30 names or an address of a page is cut.
const FIELD_CHARS_MAX: usize = 200;

pub(crate) use compose::nfkc;

/// The digits of a text, whatever their width.
pub(crate) fn digits(text: &str) -> String {
    text.chars()
        .take(FIELD_CHARS_MAX)
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
            _ => None,
        })
        .collect()
}

/// Normalises a registration.
#[must_use]
pub fn keys(raw: &Raw<'_>) -> Keys {
    let phone = digits(raw.phone);
    Keys {
        name: name_keys(raw),
        sex: match raw.sex.trim() {
            "M" | "1" | "男" | "男性" => 1,
            "F" | "2" | "女" | "女性" => 2,
            _ => 0,
        },
        birth: birth_key(raw.birth),
        postal: postal(raw.postal),
        address: address_key(raw.address),
        // A number of fewer than nine digits is an extension or a remark, not a line of a home.
        phone: if (9..=15).contains(&phone.len()) {
            phone.parse().unwrap_or(0)
        } else {
            0
        },
        insurance: insurance_key(raw.insurer, raw.symbol, raw.number, raw.branch),
    }
}

impl Keys {
    /// The same with a birth date after this day taken as not known: nobody is born tomorrow.
    #[must_use]
    pub fn born_by(mut self, today: JstDay) -> Self {
        let day = |b: &BirthKey| (i32::from(b.year), b.month, b.day);
        let last = (
            i32::from(today.year()),
            today.month().unsigned_abs(),
            today.day().unsigned_abs(),
        );
        self.birth = self.birth.filter(|b| day(b) <= last);
        self
    }
}

fn postal(text: &str) -> u32 {
    let digits = digits(text);
    if digits.len() == 7 {
        digits.parse().unwrap_or(0)
    } else {
        0
    }
}

#[cfg(test)]
mod tests;
