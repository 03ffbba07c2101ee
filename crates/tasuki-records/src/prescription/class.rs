//! What a medicine is for, to paint one class of a chart: the digits of 日本標準商品分類 (87) with which
//! a YJ code begins; without one, the ingredient. A medicine that neither tells has no class, which is
//! said, and stays grey.

use super::classes::{BY_CODE, BY_NAME};
use super::drug;
use tasuki_model::Coded;

/// A class as a chart paints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 降圧薬 (214, 217).
    BloodPressure,
    /// 利尿薬 (213).
    Diuretic,
    /// 抗血栓薬 (333, 339).
    Antithrombotic,
    /// 糖尿病薬 (396, 249 insulin).
    Diabetes,
    /// 脂質異常症薬 (218).
    Lipid,
    /// 消化器薬 (23).
    Digestive,
    /// 鎮痛・解熱薬 (114).
    Analgesic,
    /// 抗菌薬 (61, 62).
    Antibacterial,
    /// ステロイド (245).
    Steroid,
    /// 骨粗鬆症薬 (311, 399).
    Bone,
    /// 呼吸器薬 (22).
    Respiratory,
    /// 睡眠・精神・認知症 (112, 117, 119).
    Nervous,
    /// 抗悪性腫瘍薬 (42).
    Antineoplastic,
}

impl Class {
    /// Every class, in the order of a choice.
    pub const ALL: &'static [Self] = &[
        Self::BloodPressure,
        Self::Diuretic,
        Self::Antithrombotic,
        Self::Diabetes,
        Self::Lipid,
        Self::Digestive,
        Self::Analgesic,
        Self::Antibacterial,
        Self::Steroid,
        Self::Bone,
        Self::Respiratory,
        Self::Nervous,
        Self::Antineoplastic,
    ];

    /// Its word in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BloodPressure => "blood-pressure",
            Self::Diuretic => "diuretic",
            Self::Antithrombotic => "antithrombotic",
            Self::Diabetes => "diabetes",
            Self::Lipid => "lipid",
            Self::Digestive => "digestive",
            Self::Analgesic => "analgesic",
            Self::Antibacterial => "antibacterial",
            Self::Steroid => "steroid",
            Self::Bone => "bone",
            Self::Respiratory => "respiratory",
            Self::Nervous => "nervous",
            Self::Antineoplastic => "antineoplastic",
        }
    }

    /// The class of that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.code() == code)
    }

    /// The class of a drug, where code or name tell it.
    #[must_use]
    pub fn of(drug: &Coded) -> Option<Self> {
        if let Some(code) = drug::yj(drug) {
            let found = BY_CODE.iter().find(|(start, _)| code.starts_with(start));
            return found.map(|(_, class)| *class);
        }
        let name = drug::ingredient(drug)?;
        let found = BY_NAME.iter().find(|(_, names, endings)| {
            names.iter().any(|whole| name.starts_with(whole))
                || endings.iter().any(|end| name.ends_with(end))
        });
        found.map(|(class, ..)| *class)
    }
}
