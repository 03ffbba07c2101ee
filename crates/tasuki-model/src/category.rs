//! The categories of clinical data that consent and policy speak of, and the rows of the calendar.
//!
//! One category per thing a patient can be asked about ("may others see your injections?"); the
//! SS-MIX2 codes behind a category are in the kind registry of `tasuki-records`.

use serde::{Deserialize, Serialize};

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// A category of patient data, as consent and policy use it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[repr(u8)]
        pub enum Category { $($(#[$doc])* $name),+ }

        impl Category {
            /// Every category, in the order in which screens list them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable word stored and exchanged.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The category of a stored word.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

categories! {
    /// 患者基本情報, 担当医.
    Basic = "basic",
    /// 外来受付.
    Visit = "visit",
    /// 入退院, 外泊, 転科転棟.
    Stay = "stay",
    /// 処方.
    Prescription = "prescription",
    /// 注射.
    Injection = "injection",
    /// 検体検査.
    Lab = "lab",
    /// 画像, キー画像.
    Image = "image",
    /// 放射線・内視鏡・生理検査のオーダと報告.
    Report = "report",
    /// その他の文書ファイル (紹介状など).
    File = "file",
    /// 診療記録, 退院時サマリー.
    Record = "record",
    /// 患者メモ・ノート.
    Note = "note",
    /// 病名.
    Problem = "problem",
    /// アレルギー.
    Allergy = "allergy",
    /// 食事.
    Meal = "meal",
    /// 同意文書: what a patient has agreed to, for other systems. Nothing of the record.
    Consent = "consent",
}

impl Category {
    /// Whether it is of the record, which a consent opens or keeps back: neither who somebody is, nor what they
    /// have agreed to.
    #[must_use]
    pub const fn is_of_the_record(self) -> bool {
        !matches!(self, Self::Basic | Self::Consent)
    }

    /// Every category of the record, in the order in which screens list them.
    pub fn of_the_record() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|c| c.is_of_the_record())
    }
}

#[cfg(test)]
mod tests {
    use super::Category;

    #[test]
    fn every_code_leads_back() {
        for &category in Category::ALL {
            assert_eq!(Category::from_code(category.code()), Some(category));
        }
        assert_eq!(Category::from_code("genome"), None);
        let apart = Category::ALL.iter().filter(|c| !c.is_of_the_record());
        assert_eq!(
            apart.copied().collect::<Vec<_>>(),
            [Category::Basic, Category::Consent]
        );
        assert_eq!(Category::of_the_record().count(), Category::ALL.len() - 2);
    }
}
