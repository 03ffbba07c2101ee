//! Registrations, the persons projected over them, and who discloses whom.

use crate::Fault;
use crate::policy::Terms;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tasuki_model::{
    Demographics, FacilityId, Instant, JstDay, JstTime, LocalPatientId, PatientKey, PersonId, Sex,
    UserId,
};

/// One registration with what its facility says of the patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientRecord {
    /// Storage key.
    pub patient_key: PatientKey,
    /// The person it is projected to.
    pub person: PersonId,
    /// The facility.
    pub facility: FacilityId,
    /// Its ID for the patient.
    pub local_id: LocalPatientId,
    /// What it says of the patient.
    pub demographics: Demographics,
    /// When it last said so.
    pub stated: Option<JstTime>,
    /// 開示対象設定: the facility has set this patient to disclosed.
    pub disclosed: bool,
    /// What consent and facility take away from that.
    pub terms: Terms,
    /// The registration that took this one's place (HL7 A40): this ID is no longer given out.
    pub survivor: Option<PatientKey>,
}

/// How much a statement of demographics is worth: a message's copy never overrides the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DemographicsSource {
    /// The PID segment of any message.
    Message,
    /// The patient record itself (ADT-00).
    PatientRecord,
}

/// What a user looks for. Every field given must fit; none given finds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatientSearch {
    /// A local patient ID at the user's own facility, exact, or without its leading zeros.
    pub local_id: Option<String>,
    /// Beginning of the name in kanji, kana (either script) or Latin letters, as typed.
    pub name: Option<String>,
    /// Date of birth.
    pub birth: Option<JstDay>,
    /// Sex.
    pub sex: Option<Sex>,
}

/// One line of a patient list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientHit {
    /// The registration at the user's own facility.
    pub record: PatientRecord,
    /// When a document of this registration was last received.
    pub latest: Option<Instant>,
}

/// What a link event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinkDecision {
    /// One person, decided by rule.
    Automatic,
    /// One person, decided by a human.
    Same,
    /// Not one person, decided by a human.
    NotSame,
    /// A person's decision on the pair is taken back, or an automatic link no longer holds.
    Unlink,
    /// Two IDs of one facility became one (HL7 A40): `a` survives, `b` is no longer in use.
    Merged,
}

/// One event in the history of identity. Never changed, never removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkEvent {
    /// One registration.
    pub a: PatientKey,
    /// The other.
    pub b: PatientKey,
    /// What was decided.
    pub decision: LinkDecision,
    /// By whom, where by a human.
    pub by: Option<UserId>,
    /// When.
    pub at: Instant,
    /// Evidence as versioned JSON: levels, weights, guards, or the human's words.
    pub evidence: String,
}

impl LinkEvent {
    /// Whether a person decided: at the desk, at the console, or at the facility that merged IDs.
    /// Only the engine links automatically, and only it takes back without a name.
    #[must_use]
    pub fn is_human(&self) -> bool {
        match self.decision {
            LinkDecision::Same | LinkDecision::NotSame | LinkDecision::Merged => true,
            LinkDecision::Automatic => false,
            LinkDecision::Unlink => self.by.is_some(),
        }
    }

    /// What holds for each pair by these events, in their order: what a human said last, unless taken back,
    /// else what the engine did.
    #[must_use]
    pub fn standing(events: &[Self]) -> BTreeMap<(&PatientKey, &PatientKey), LinkDecision> {
        let mut said = BTreeMap::new();
        let mut found = BTreeMap::new();
        for event in events {
            let pair = ((&event.a).min(&event.b), (&event.a).max(&event.b));
            let log = match event.is_human() {
                true => &mut said,
                false => &mut found,
            };
            log.insert(pair, event.decision);
        }
        said.retain(|_, decision| *decision != LinkDecision::Unlink);
        found.extend(said);
        found
    }
}

/// Reading registrations.
pub trait Patients {
    /// The registration of a local ID at a facility.
    fn find_registration(
        &self,
        facility: &FacilityId,
        id: &LocalPatientId,
    ) -> Result<Option<PatientRecord>, Fault>;

    /// The registrations of a person, by facility.
    fn registrations_of(&self, person: &PersonId) -> Result<Vec<PatientRecord>, Fault>;

    /// One registration by its key.
    fn registration(&self, key: &PatientKey) -> Result<Option<PatientRecord>, Fault>;

    /// The registrations of one facility by their local IDs, at most so many.
    fn registrations_at(
        &self,
        facility: &FacilityId,
        limit: u32,
    ) -> Result<Vec<PatientRecord>, Fault>;

    /// Patients registered at one facility that fit, at most `limit` of them, and whether there
    /// are more.
    fn search_patients(
        &self,
        facility: &FacilityId,
        search: &PatientSearch,
        limit: u32,
    ) -> Result<(Vec<PatientHit>, bool), Fault>;

    /// Patients of one facility with the newest documents first.
    fn recent_patients(&self, facility: &FacilityId, limit: u32) -> Result<Vec<PatientHit>, Fault>;

    /// Other registrations at this facility with the same name (kanji or kana) and another
    /// person: the warning in the banner.
    fn same_name(&self, record: &PatientRecord) -> Result<Vec<PatientRecord>, Fault>;

    /// The link events that touch a registration, oldest first.
    fn link_events(&self, key: &PatientKey) -> Result<Vec<LinkEvent>, Fault>;
}

/// Writing registrations.
pub trait PatientsWrite {
    /// The registration of a local ID, made if it is new (then its own person, not disclosed).
    fn ensure_registration(
        &self,
        facility: &FacilityId,
        id: &LocalPatientId,
    ) -> Result<PatientKey, Fault>;

    /// States demographics if they come from a better source than what is there, or from one as
    /// good and `stated` is not older; returns whether they were taken. Search keys (kana and
    /// kanji folded) are derived here.
    fn put_demographics(
        &self,
        key: &PatientKey,
        demographics: &Demographics,
        stated: &JstTime,
        source: DemographicsSource,
    ) -> Result<bool, Fault>;

    /// Sets or withdraws 開示対象 for one registration.
    fn set_disclosed(&self, key: &PatientKey, disclosed: bool) -> Result<(), Fault>;

    /// Appends a link event and projects persons anew for the registrations it touches.
    fn put_link(&self, event: &LinkEvent) -> Result<(), Fault> {
        self.put_links(std::slice::from_ref(event))
    }

    /// Appends link events and projects persons anew once for all that they touch.
    fn put_links(&self, events: &[LinkEvent]) -> Result<(), Fault>;
}
