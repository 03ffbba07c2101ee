//! Stays: planned and actual admission, leave, transfer and discharge
//! (ADT-21, -22, -31, -32, -41, -42, -51, -52 with their cancellations).
//!
//! Each message is one event; a stay is what a reader makes of the events in order. The time of an
//! event stands in another field for nearly every trigger (the storage specification's 診療日 table).

mod from_ssmix2;
pub mod merge;
#[cfg(test)]
mod tests;
mod view;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, JstTime, SmolStr};
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};
use crate::v2::{Encounter, Location, Staff};

/// The kind.
pub const KIND: Kind = Kind {
    id: "stay",
    title_key: "kind-stay",
    codes: &[
        DataKind::Adt21,
        DataKind::Adt22,
        DataKind::Adt31,
        DataKind::Adt32,
        DataKind::Adt41,
        DataKind::Adt42,
        DataKind::Adt51,
        DataKind::Adt52,
    ],
    category: Category::Stay,
    place: Place::Band,
    decode: Some(from_ssmix2::decode),
};

/// What happened, or is to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StayChange {
    /// 入院予定.
    AdmissionPlanned,
    /// 入院.
    Admitted,
    /// 外出・外泊.
    LeaveStarted,
    /// 外出・外泊からの帰院.
    LeaveEnded,
    /// 転科・転棟予定.
    TransferPlanned,
    /// 転科・転棟.
    Transferred,
    /// 退院予定.
    DischargePlanned,
    /// 退院.
    Discharged,
}

/// One event of a stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayEvent {
    /// What happened.
    pub change: StayChange,
    /// True if it is taken back.
    pub cancelled: bool,
    /// When it happened or is to happen; by the field that the trigger prescribes.
    pub at: Option<JstTime>,
    /// PV1: where and under whom, after the event.
    pub encounter: Encounter,
    /// PV1-6: where before.
    pub from: Option<Location>,
    /// PV2-1: where it is planned to be.
    pub planned: Option<Location>,
    /// PV1-17.
    pub admitting: Option<Staff>,
    /// PV1-36: 転帰 code (HL70112), as sent.
    pub outcome: SmolStr,
    /// PV1-44.
    pub admitted: Option<JstTime>,
    /// PV1-45.
    pub discharged: Option<JstTime>,
    /// PV2-8.
    pub expected_admission: Option<JstTime>,
    /// PV2-9.
    pub expected_discharge: Option<JstTime>,
    /// PV2-47.
    pub expected_return: Option<JstTime>,
    /// EVN-2.
    pub recorded: Option<JstTime>,
    /// EVN-4: reason, as sent.
    pub reason: SmolStr,
}
