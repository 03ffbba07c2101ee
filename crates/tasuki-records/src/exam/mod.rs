//! 放射線, 内視鏡, 生理検査 (OMG-01/-02/-03 orders, OMG^O19; OMG-11/-12 performance, OMI^Z23; OMG-13
//! results, ORU^R01), and observation reports of the extended storage (ORU^R30: vital signs).
//!
//! An order stands as parent (`PA`) and children (`CH`), one child per view or procedure. OMI^Z23 is
//! a Japanese message: ZE1 says what was done with which staff, drugs and material, ZE2 the exposure,
//! IPC which DICOM study came of it.

mod from_ssmix2;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use from_ssmix2::report;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, Coded, JstTime, Quantity, SmolStr};
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};
use crate::v2::{Encounter, Observation, OrderHead, Staff, Timing};

/// The kind.
pub const KIND: Kind = Kind {
    id: "exam",
    title_key: "kind-exam",
    codes: &[
        DataKind::Omg01,
        DataKind::Omg11,
        DataKind::Omg02,
        DataKind::Omg12,
        DataKind::Omg03,
        DataKind::Omg13,
    ],
    category: Category::Report,
    place: Place::Row,
    decode: Some(from_ssmix2::decode),
};

/// Which department examines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Discipline {
    /// 放射線.
    Radiology,
    /// 内視鏡.
    Endoscopy,
    /// 生理.
    Physiology,
    /// Not said by the kind.
    #[default]
    Other,
}

/// An order of examinations, what was done, or what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exam {
    /// Department.
    pub discipline: Discipline,
    /// True if nothing has been done yet.
    pub ordered_only: bool,
    /// PV1.
    pub encounter: Encounter,
    /// The order's parts in the order sent: whole, parent, children.
    pub requests: Vec<Request>,
}

/// One ORC/OBR.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Request {
    /// ORC; ORC-1 is `NW`, `PA` or `CH`.
    pub order: OrderHead,
    /// TQ1.
    pub timing: Timing,
    /// OBR-2.
    pub placer: SmolStr,
    /// OBR-4 (JJ1017, LENDO, JLAC10).
    pub test: Coded,
    /// OBR-7.
    pub at: Option<JstTime>,
    /// OBR-8.
    pub until: Option<JstTime>,
    /// OBR-13.
    pub clinical_information: SmolStr,
    /// OBR-16.
    pub requester: Option<Staff>,
    /// OBR-22.
    pub reported: Option<JstTime>,
    /// OBR-25.
    pub status: SmolStr,
    /// OBR-29: number of the parent.
    pub parent: SmolStr,
    /// OBR-31.
    pub reasons: Vec<Coded>,
    /// NTE.
    pub comments: Vec<String>,
    /// OBX before the first step: findings, or what the examiner must know.
    pub observations: Vec<Observation>,
    /// ZE1.
    pub steps: Vec<Step>,
    /// IPC.
    pub studies: Vec<Study>,
}

/// ZE1: one thing done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Step {
    /// ZE1-2: result code as sent (`RS`).
    pub kind: SmolStr,
    /// ZE1-3.
    pub procedure: Coded,
    /// ZE1-6: profession of the performer.
    pub profession: Coded,
    /// ZE1-7.
    pub by: Option<Staff>,
    /// OBX: staff, times, drugs, material.
    pub observations: Vec<Observation>,
    /// ZE2.
    pub exposures: Vec<Exposure>,
}

/// ZE2: one exposure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exposure {
    /// ZE2-2: tube voltage.
    pub voltage: Option<Quantity>,
    /// ZE2-3: tube current.
    pub current: Option<Quantity>,
    /// ZE2-4: distance.
    pub distance: Option<Quantity>,
    /// ZE2-5: time.
    pub time: Option<Quantity>,
    /// ZE2-6: how many.
    pub count: SmolStr,
    /// ZE2-7: field, in words.
    pub field: SmolStr,
}

/// IPC: the DICOM study.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Study {
    /// IPC-1: accession number.
    pub accession: SmolStr,
    /// IPC-2: requested procedure id.
    pub procedure: SmolStr,
    /// IPC-3: study instance UID.
    pub uid: SmolStr,
    /// IPC-5 (DCM): modality.
    pub modality: Coded,
}

impl Exam {
    /// The requests that say most: the children, else the parents, which repeat the whole, else all.
    #[must_use]
    pub fn telling(&self) -> Vec<&Request> {
        let control = self.telling_control();
        self.requests
            .iter()
            .filter(|request| request.is_controlled_by(control))
            .collect()
    }

    /// ORC-1 of the telling requests; none if all of them tell.
    fn telling_control(&self) -> Option<&'static str> {
        let sent = |control| {
            self.requests
                .iter()
                .any(|request| request.order.control == control)
        };
        ["CH", "PA"].into_iter().find(|control| sent(*control))
    }

    /// Every observation, the steps' included.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.requests.iter().flat_map(|request| {
            let steps = request.steps.iter().flat_map(|step| &step.observations);
            request.observations.iter().chain(steps)
        })
    }

    /// The DICOM studies, each once, in the order sent.
    #[must_use]
    pub fn studies(&self) -> Vec<&Study> {
        let mut seen = HashSet::new();
        let all = self.requests.iter().flat_map(|request| &request.studies);
        all.filter(|study| seen.insert(*study)).collect()
    }
}

impl Request {
    fn is_controlled_by(&self, control: Option<&str>) -> bool {
        control.is_none_or(|control| self.order.control == control)
    }
}
