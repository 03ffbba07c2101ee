//! Who has opened which note. A reader's own chip tells what is new to them; who has read a note is told
//! to the author's facility only.

use super::profession::Profession;
use crate::pages::words_of;
use crate::visit::{Stop, Visit};
use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::Fault;
use tasuki_core::ports::{NoteReceipt, PatientRecord};
use tasuki_model::{FacilityId, SmolStr, UserId};

/// A receipt this young is of this very visit: the page still fills, and the note stays new on it.
const VISIT_SECONDS: i64 = 60;

/// A reader beside a note.
pub(super) struct Reader {
    pub profession: Profession,
    /// Name, role, facility and time in words.
    pub says: String,
}

/// The receipts of a chart's notes.
pub(super) struct Readers {
    receipts: Vec<NoteReceipt>,
    names: BTreeMap<UserId, String>,
    facilities: BTreeMap<FacilityId, String>,
    user: UserId,
}

impl Readers {
    pub fn of(visit: &Visit<'_>, records: &[PatientRecord]) -> Result<Self, Stop> {
        let keys: Vec<_> = records.iter().map(|r| r.patient_key.clone()).collect();
        let user = visit.who()?.account.id.clone();
        let read = visit.portal.store.reading(|tx| {
            let receipts = tx.note_receipts(&keys)?;
            let mut names = BTreeMap::new();
            for reader in receipts.iter().map(|r| &r.user).collect::<BTreeSet<_>>() {
                if let Some(account) = tx.account(reader)? {
                    names.insert(reader.clone(), account.name);
                }
            }
            let facilities = tx.facilities()?.into_iter();
            let facilities = facilities.map(|f| (f.id.clone(), f.short)).collect();
            Ok::<_, Fault>((receipts, names, facilities))
        })?;
        let (receipts, names, facilities) = read;
        Ok(Self {
            receipts,
            names,
            facilities,
            user,
        })
    }

    fn mine(&self, note: &str) -> Option<&NoteReceipt> {
        let mut mine = self.receipts.iter();
        mine.find(|r| r.note == note && r.user == self.user)
    }

    /// Whether a note is new to the reader of this page.
    pub fn is_new(&self, visit: &Visit<'_>, note: &str) -> bool {
        self.mine(note)
            .is_none_or(|r| visit.now.seconds_since(r.at) < VISIT_SECONDS)
    }

    /// Everybody who has opened a note but its author, each once.
    pub fn of_note(&self, visit: &Visit<'_>, note: &str, author: &str) -> Vec<Reader> {
        let read = self.receipts.iter().filter(|r| r.note == note);
        let mut seen = BTreeSet::new();
        let others = read.filter(|r| r.user.as_str() != author && seen.insert(r.user.clone()));
        let reader = |r: &NoteReceipt| {
            let name = self.names.get(&r.user).map_or("", String::as_str);
            let facility = self.facilities.get(&r.facility).map_or("", String::as_str);
            let (role, at) = (words_of::role(visit.w, r.role), r.at.in_jst().to_string());
            let says = visit
                .w
                .notes_reader(name, role.as_ref(), facility, at.as_str());
            Reader {
                profession: Profession::of(visit.w, Some(r.role)),
                says: says.into_owned(),
            }
        };
        others.map(reader).collect()
    }

    /// Keeps a receipt of each note that was shown for the first time.
    pub fn note_shown(
        &self,
        visit: &Visit<'_>,
        own: &PatientRecord,
        shown: &[SmolStr],
    ) -> Result<(), Stop> {
        let who = visit.who()?;
        let new = shown.iter().filter(|note| self.mine(note).is_none());
        let receipts: Vec<NoteReceipt> = new
            .map(|note| NoteReceipt {
                patient_key: own.patient_key.clone(),
                note: note.clone(),
                user: who.account.id.clone(),
                role: who.session.membership.role,
                facility: who.facility.id.clone(),
                at: visit.now,
            })
            .collect();
        if receipts.is_empty() {
            return Ok(());
        }
        let write = |tx: &dyn tasuki_core::ports::Writing| {
            receipts.iter().try_for_each(|r| tx.put_note_receipt(r))
        };
        visit.portal.store.writing(write).map_err(Stop::from)
    }
}
