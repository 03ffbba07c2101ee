//! 検体検査 (OML-01 order, OML^O33; OML-11 result, OUL^R22), microbiology included
//! (JAHIS 臨床検査データ交換規約).
//!
//! Specimen → panel (OBR) → results (OBX). Results that belong together (organism and amount) share
//! OBX-4; a susceptibility panel names its organism in OBR-26. OML-01 is the order although many call
//! it the result.

mod from_ssmix2;
pub mod item;
mod measure;
mod measured;
pub mod merge;
pub mod range;
pub mod series;
#[cfg(test)]
mod tests;
mod view;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, Coded, JstTime, Quantity, SmolStr};
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};
use crate::v2::{Encounter, Observation, OrderHead, Parent, Staff, Timing};

/// The kind.
pub const KIND: Kind = Kind {
    id: "lab",
    title_key: "kind-lab",
    codes: &[DataKind::Oml01, DataKind::Oml11],
    category: Category::Lab,
    place: Place::Row,
    decode: Some(from_ssmix2::decode),
};

/// A lab order or report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lab {
    /// True for OML-01: what is to be examined, without results.
    pub ordered_only: bool,
    /// PV1.
    pub encounter: Encounter,
    /// NTE before the first specimen.
    pub comments: Vec<String>,
    /// The specimens.
    pub specimens: Vec<Specimen>,
}

/// SPM.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Specimen {
    /// SPM-2: specimen number.
    pub id: SmolStr,
    /// SPM-4: 材料 (JLAC10, three digits).
    pub material: Coded,
    /// SPM-8 and -10: site, in words where it is not coded.
    pub site: Coded,
    /// SPM-12: amount.
    pub amount: Option<Quantity>,
    /// SPM-17, its start: 採取日時.
    pub collected: Option<JstTime>,
    /// SPM-18.
    pub received: Option<JstTime>,
    /// SPM-27.
    pub container: Coded,
    /// The panels.
    pub panels: Vec<Panel>,
}

/// OBR with its results.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Panel {
    /// ORC. Boxed to keep panels, of which there are many, small.
    pub order: Box<OrderHead>,
    /// TQ1: for when it was asked, and how urgently.
    pub timing: Timing,
    /// OBR-2.
    pub placer: SmolStr,
    /// OBR-3.
    pub filler: SmolStr,
    /// OBR-4.
    pub test: Coded,
    /// OBR-7: 採取日時 where there is no SPM-17.
    pub collected: Option<JstTime>,
    /// OBR-13: clinical information for the laboratory.
    pub clinical_information: SmolStr,
    /// OBR-16.
    pub requester: Option<Staff>,
    /// OBR-22: 報告日時.
    pub reported: Option<JstTime>,
    /// OBR-24 (HL70074): section, such as `MB`.
    pub section: SmolStr,
    /// OBR-25: status of the panel.
    pub status: SmolStr,
    /// OBR-26.
    pub parent: Option<Box<Parent>>,
    /// NTE of the panel.
    pub comments: Vec<String>,
    /// OBX.
    pub results: Vec<Observation>,
}

impl Lab {
    /// All panels, whichever specimen they are of.
    pub fn panels(&self) -> impl Iterator<Item = &Panel> {
        self.specimens.iter().flat_map(|specimen| &specimen.panels)
    }
}

impl Panel {
    /// Results tied by OBX-4, in the order of their first member; a result without OBX-4 stands alone.
    #[must_use]
    pub fn findings(&self) -> Vec<Vec<&Observation>> {
        let mut findings: Vec<Vec<&Observation>> = Vec::new();
        let mut by_sub_id = HashMap::new();
        for result in &self.results {
            let next = findings.len();
            let place = match result.sub_id.as_str() {
                "" => next,
                sub_id => *by_sub_id.entry(sub_id).or_insert(next),
            };
            match findings.get_mut(place) {
                Some(finding) => finding.push(result),
                None => findings.push(vec![result]),
            }
        }
        findings
    }
}
