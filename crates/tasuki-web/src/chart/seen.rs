//! Which copies of other communities' documents a page has shown: it goes into the audit event, from which their
//! communities are told.

use super::Copied;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use tasuki_core::audit::CopiesSeen;
use tasuki_model::{Category, CommunityId};

/// Patients of other communities of one page: more than anybody has registrations elsewhere.
const PATIENTS_MAX: usize = 64;

type ByPatient = BTreeMap<(CommunityId, String), BTreeSet<Category>>;

/// What has been shown so far.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<ByPatient>);

impl Seen {
    fn note(&self, copies: &[Copied], kinds: impl Fn(&Copied) -> Option<Category>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for copied in copies {
            let row = &copied.row;
            let key = (row.source.clone(), row.patient.to_string());
            if all.len() < PATIENTS_MAX || all.contains_key(&key) {
                all.entry(key).or_default().extend(kinds(copied));
            }
        }
    }

    /// They are counted and listed.
    pub fn listed(&self, copies: &[Copied]) {
        self.note(copies, |_| None);
    }

    /// They are read.
    pub fn read(&self, copies: &[Copied]) {
        self.note(copies, |copied| Some(copied.row.category));
    }

    /// For the audit event.
    pub fn told(&self) -> Vec<CopiesSeen> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = |((community, patient), kinds): (&(CommunityId, String), &BTreeSet<Category>)| {
            CopiesSeen {
                community: community.clone(),
                patient: patient.clone(),
                kinds: kinds.clone(),
            }
        };
        let named = all.iter().filter(|((_, patient), _)| !patient.is_empty());
        named.map(one).collect()
    }
}
