//! 病名 (PPR-01, PPR^ZD1): the diseases of a patient, all of them in one message
//! (JAHIS 病名情報データ交換規約 Ver.3.1C).
//!
//! A disease has its 管理番号 (MEDIS) and ICD-10, may be suspected only, and has an outcome. The
//! folder is not called `problem`, which is this crate's word for what could not be read.

mod from_ssmix2;
pub mod merge;
mod sameness;
mod state;
#[cfg(test)]
mod tests;
mod view;

use serde::{Deserialize, Serialize};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Coded, JstTime, SmolStr};
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};
use crate::v2::OrderHead;

/// The kind.
pub const KIND: Kind = Kind {
    id: "problem_list",
    title_key: "kind-problem",
    codes: &[DataKind::Ppr01],
    category: Category::Problem,
    place: Place::Undated,
    decode: Some(from_ssmix2::decode),
};

/// A patient's diseases as one facility states them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProblemList {
    /// The diseases.
    pub entries: Vec<Disease>,
}

/// One disease (PRB with the segments that follow it).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Disease {
    /// PRB-1 (HL70287): AD added, UP updated, DE deleted, CO corrected, UN unchanged.
    pub action: SmolStr,
    /// PRB-2.
    pub action_time: Option<JstTime>,
    /// PRB-3: 病名管理番号 and name (MDCDX2).
    pub disease: Coded,
    /// PRB-4: the facility's own id of the entry.
    pub id: SmolStr,
    /// PRB-7: 診断日.
    pub diagnosed: Option<JstTime>,
    /// PRB-9: 転帰日.
    pub resolved: Option<JstTime>,
    /// PRB-10: ICD-10 with its year in `version`, and 区分 (外来時, 入院時 … JHSD0004) as second coding.
    pub classes: Vec<Coded>,
    /// PRB-13 (JHSD0005): `1` suspected.
    pub confirmation: Coded,
    /// PRB-14 (HL70241): 転帰.
    pub outcome: Coded,
    /// PRB-15: date of the state in PRB-14.
    pub outcome_time: Option<JstTime>,
    /// PRB-16: 発症日.
    pub onset: Option<JstTime>,
    /// PRB-17: onset in words.
    pub onset_text: SmolStr,
    /// PRB-18 (JHSD0007): `1` main diagnosis.
    pub ranking: Coded,
    /// PRB-25 (HL70177): how sensitive it is.
    pub sensitivity: Coded,
    /// ZPR: the parts of the name.
    pub wording: Option<Wording>,
    /// ZPD: 歯式.
    pub teeth: Vec<Coded>,
    /// ZI1-2: insurance under which it is treated.
    pub insurance: Coded,
    /// ORC: who stated it, for which department.
    pub order: OrderHead,
    /// NTE.
    pub comments: Vec<String>,
}

/// ZPR: prefix modifiers, body and suffix modifiers, by 管理番号 and by exchange code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wording {
    /// ZPR-1.
    pub prefixes: Vec<Coded>,
    /// ZPR-2.
    pub body: Coded,
    /// ZPR-3.
    pub suffixes: Vec<Coded>,
    /// ZPR-4 to ZPR-6: the same by exchange codes.
    pub exchange: [Vec<Coded>; 3],
    /// ZPR-7.
    pub comment: SmolStr,
}

impl ProblemList {
    /// The strictest PRB-25 of the list: the diseases of one file are shown or withheld together.
    pub(crate) fn confidentiality(&self) -> Confidentiality {
        let codes = self
            .entries
            .iter()
            .filter_map(|disease| disease.sensitivity.codings.first());
        let level = |code: &str| match code {
            "V" => Confidentiality::VeryRestricted,
            "R" | "PSY" | "PRS" | "HIV" => Confidentiality::Restricted,
            _ => Confidentiality::Normal,
        };
        codes
            .map(|coding| level(&coding.code))
            .max()
            .unwrap_or_default()
    }
}

impl Disease {
    /// 疑い.
    #[must_use]
    pub fn is_suspected(&self) -> bool {
        self.confirmation
            .codings
            .first()
            .is_some_and(|coding| coding.code == "1")
    }

    /// 主診断.
    #[must_use]
    pub fn is_main(&self) -> bool {
        self.ranking
            .codings
            .first()
            .is_some_and(|coding| coding.code == "1")
    }

    /// Taken back by the facility.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.action == "DE"
    }

    /// The whole name: prefixes, body and suffixes where they are given, else PRB-3.
    #[must_use]
    pub fn name(&self) -> String {
        let whole = self.disease.display();
        let Some(wording) = &self.wording else {
            return whole.to_owned();
        };
        let suffixes = wording.suffixes.iter();
        let parts = wording
            .prefixes
            .iter()
            .chain([&wording.body])
            .chain(suffixes);
        let joined: String = parts.map(Coded::display).collect();
        // PRB-3 may hold the whole name or the body alone; the longer one says more.
        if joined.chars().count() > whole.chars().count() {
            joined
        } else {
            whole.to_owned()
        }
    }

    /// ICD-10 codes in the order sent.
    pub fn icd10(&self) -> impl Iterator<Item = &str> {
        let codings = self.classes.iter().flat_map(|class| &class.codings);
        codings
            .filter(|coding| coding.system.starts_with("I10"))
            .map(|coding| coding.code.as_str())
    }
}
