//! Emergencies: who found whom, for what reason, until when; the doctors whom a disclosing facility has
//! let in by telephone; and what privacy officers are told of it.
//!
//! A grant is a row that is read in the snapshot in which is decided, so that its end holds at once.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{
    CommunityId, Demographics, EmergencyId, FacilityId, Instant, PatientKey, PersonId,
    Registration, Role, UserId, WatchId,
};

/// How a patient was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmergencyDoor {
    /// By the patient ID of the disclosing facility (`ID@施設`).
    PatientId,
    /// By that ID, by a doctor whom the facility has let in.
    Invited,
    /// By surname, given name, birth date and sex.
    Demographics,
}

/// Why the record is opened. The text beside it says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmergencyReason {
    /// 患者の生命、身体の保護のために必要.
    Life,
    /// 災害時の診療のために必要.
    Disaster,
}

/// Somebody who is not registered here, as other communities are asked about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundElsewhere {
    /// What was typed, and fits.
    pub said: Demographics,
    /// The IDs of the communities that know one person of it.
    pub ids: Vec<Registration>,
}

/// One more stretch of time, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// When it was asked for.
    pub at: Instant,
    /// Why.
    pub why: Box<str>,
}

/// Why a found patient's record was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// When.
    pub at: Instant,
    /// The choice.
    pub reason: EmergencyReason,
    /// In words.
    pub words: Box<str>,
    /// Who else is at the bedside, as typed.
    pub team: Box<str>,
    /// Every extension, oldest first.
    pub extended: Vec<Extension>,
}

/// One emergency of one user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Its id.
    pub id: EmergencyId,
    /// Whose.
    pub user: UserId,
    /// Where the user works.
    pub facility: FacilityId,
    /// As what.
    pub role: Role,
    /// Who was found.
    pub person: PersonId,
    /// How.
    pub door: EmergencyDoor,
    /// Where they are known only elsewhere: how.
    pub elsewhere: Option<FoundElsewhere>,
    /// When they were found.
    pub found: Instant,
    /// When and why the record was opened; nothing while it was not.
    pub opening: Option<Opening>,
    /// Until when it is open; the moment of finding while it is not.
    pub until: Instant,
}

impl Emergency {
    /// Whether the record is open.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        self.opening.is_some() && now < self.until
    }

    /// The key under which what others send for it is kept. No registration has it, so that nobody
    /// reads it without this grant.
    ///
    /// # Errors
    /// None for an id that was made here.
    pub fn shelf(&self) -> Result<PatientKey, Fault> {
        PatientKey::new(&format!("emergency-{}", self.id))
            .map_err(|e| Fault::new(crate::Code::InternalFault, e.to_string()))
    }
}

/// A doctor whom a disclosing facility lets in, registered by its clerk by telephone (緊急カルテ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Whose record.
    pub patient: PatientKey,
    /// The doctor's sign-in name.
    pub doctor: Box<str>,
    /// Until when it holds.
    pub until: Instant,
    /// Who registered it.
    pub by: UserId,
}

/// Why a line stands in the privacy officer's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WatchKind {
    /// A record was opened in an emergency.
    Emergency,
    /// A record was opened in an emergency while disaster mode was in force: nobody has to judge it at
    /// once.
    Disaster,
    /// Somebody tries one patient ID after the other.
    Wandering,
    /// A record of somebody with the reader's own family name.
    OwnName,
    /// A record of somebody who works here.
    Colleague,
    /// Far more records than usual in a day.
    Volume,
}

/// What was said of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It was right.
    Justified,
    /// It was not.
    NotJustified,
    /// The reader is asked back.
    Asked,
}

/// One thing that was said of a line, by the officer or by who was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict; nothing for the answer of who was asked.
    pub verdict: Option<Verdict>,
    /// In words.
    pub words: Box<str>,
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// A user of another community, as it asserts one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedPeer {
    /// Which.
    pub community: CommunityId,
    /// What its audit trail calls the user.
    pub name_id: Box<str>,
    /// Name in full.
    pub name: Box<str>,
    /// Where the user works.
    pub organisation: Box<str>,
    /// As what.
    pub role: Role,
}

/// A line of the privacy officer's queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Its id.
    pub id: WatchId,
    /// The facility that is told.
    pub facility: FacilityId,
    /// Why.
    pub kind: WatchKind,
    /// Who did it.
    pub user: UserId,
    /// That user's facility.
    pub from: FacilityId,
    /// Where the user is of another community: who it says that it is. `user` and `from` name nobody of
    /// ours then.
    #[serde(default)]
    pub peer: Option<WatchedPeer>,
    /// The registration at the facility that is told, where there is one.
    pub patient: Option<PatientKey>,
    /// The emergency, where it is one.
    pub emergency: Option<EmergencyId>,
    /// When.
    pub at: Instant,
    /// What was said of it, oldest first.
    pub judged: Vec<Judgement>,
}

impl Watch {
    /// The last verdict.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.judged.iter().rev().find_map(|j| j.verdict)
    }

    /// Whether somebody still has to judge it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.verdict() {
            None => self.kind != WatchKind::Disaster,
            verdict => verdict == Some(Verdict::Asked),
        }
    }
}

/// Reading emergencies.
pub trait Emergencies {
    /// One.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn emergency(&self, id: &EmergencyId) -> Result<Option<Emergency>, Fault>;

    /// Those of a user, the newest first, at most `limit`.
    fn emergencies_of(&self, user: &UserId, limit: u32) -> Result<Vec<Emergency>, Fault>;

    /// The grant by which a user may read a person's record now.
    fn open_emergency(
        &self,
        user: &UserId,
        person: &PersonId,
        now: Instant,
    ) -> Result<Option<Emergency>, Fault>;

    /// Until when a doctor has been let in to a registration; nothing where not, or no longer.
    fn invitation(
        &self,
        patient: &PatientKey,
        doctor: &str,
        now: Instant,
    ) -> Result<Option<Instant>, Fault>;

    /// Doctors let in to registrations, the last first, at most `limit`.
    fn invitations(&self, now: Instant, limit: u32) -> Result<Vec<Invitation>, Fault>;

    /// Lines of a facility's queue, the newest first, at most `limit`.
    fn watched(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Watch>, Fault>;

    /// Lines about what a user did that were asked back and not answered.
    fn asked_back(&self, user: &UserId, limit: u32) -> Result<Vec<Watch>, Fault>;

    /// One line.
    fn watch(&self, id: &WatchId) -> Result<Option<Watch>, Fault>;
}

/// Writing them.
pub trait EmergenciesWrite {
    /// Adds an emergency or puts its present state in its place.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn put_emergency(&self, emergency: &Emergency) -> Result<(), Fault>;

    /// Lets a doctor in, in the place of what was said before.
    fn put_invitation(&self, invitation: &Invitation) -> Result<(), Fault>;

    /// Adds a line or what was said of it.
    fn put_watch(&self, watch: &Watch) -> Result<(), Fault>;
}
