//! Which patient of ours a message is about, and whether the others may be told.

use super::Across;
use crate::gateway::{NoAnswer, Visit};
use crate::iti45;
use crate::soap::Stop;
use crate::xds::patient::{PatientCx, subject};
use tasuki_core::directory::Community;
use tasuki_core::policy::{PeerGrant, decide_peer};
use tasuki_core::{Labelled, Released};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::RegistryObject;
use tasuki_model::{
    Category, EntryUuid, FacilityId, Labels, LocalPatientId, Oid, PatientKey, PersonId,
    Registration,
};

/// A patient whom others may be asked about.
pub(super) struct Ours {
    /// Who, let out to be named.
    pub person: Released<PersonId>,
    /// What may be given of this patient.
    pub grant: PeerGrant,
    /// The registration that what comes belongs to.
    own: (PatientKey, FacilityId),
}

impl Ours {
    /// What came of this patient, with what the policy has to know of it.
    pub fn labelled(
        &self,
        across: &Across<'_>,
        object: RegistryObject,
    ) -> Labelled<RegistryObject> {
        let affinity = &across.registry.affinity;
        let (category, confidentiality) = match &object {
            RegistryObject::Entry(entry) => {
                (affinity.category(entry), affinity.confidentiality(entry))
            }
            _ => (Category::Record, Confidentiality::Normal),
        };
        let labels = Labels {
            patient_key: self.own.0.clone(),
            facility: self.own.1.clone(),
            category,
            department: None,
            day: None,
            author: None,
            confidentiality,
            document: EntryUuid::from_urn(&object.header().id).ok(),
        };
        Labelled::new(labels, object)
    }
}

impl Across<'_> {
    /// The patient of one of our ids (CX). Nothing for one who is unknown, and for one whom none of
    /// the system's facilities discloses.
    pub(super) fn ours(&self, cx: &str) -> Result<Option<Ours>, Stop> {
        let Some(cx) = PatientCx::parse(cx) else {
            return Ok(None);
        };
        let registry = &self.registry;
        let records = registry.store.reading(|tx| {
            let known = registry.known(tx, cx.clone())?;
            match known.registrations.first() {
                Some(record) => tx.registrations_of(&record.person),
                None => Ok(Vec::new()),
            }
        })?;
        let Some(person) = records.first().map(|record| record.person.clone()) else {
            return Ok(None);
        };
        let subjects: Vec<_> = records
            .iter()
            .map(|record| subject(record, self.exchange.now))
            .collect();
        let grant = decide_peer(self.caller(), &subjects)?;
        let named = grant.name(self.facilities, person);
        let own = grant.shared(self.facilities);
        Ok(named
            .zip(own)
            .map(|(person, own)| Ours { person, grant, own }))
    }

    /// The patient of ours who has this id (CX) in another community, by the index of the network.
    /// Nothing where it is nobody whom we may ask about: such an object is not there.
    pub(super) fn of_theirs(
        &self,
        to: &Community,
        cx: &str,
        visit: &Visit,
    ) -> Result<Result<Option<Ours>, NoAnswer>, Stop> {
        let Some(theirs) = theirs(to, cx) else {
            return Ok(Ok(None));
        };
        // The id is one that the community has just told us: there is nothing of ours in it.
        let known = match iti45::here(self.gateway(), &self.nothing(theirs)?, visit) {
            Ok(known) => known,
            Err(no) => return Ok(Err(no)),
        };
        for id in known {
            let cx = format!("{}^^^&{}&ISO", id.local_id, id.authority);
            if let Some(ours) = self.ours(&cx)? {
                return Ok(Ok(Some(ours)));
            }
        }
        Ok(Ok(None))
    }
}

/// An id of the authority that the directory names for the community.
fn theirs(to: &Community, cx: &str) -> Option<Registration> {
    let mut parts = cx.split('^');
    let local_id = LocalPatientId::new(parts.next()?).ok()?;
    let authority = parts.nth(2)?.split('&').nth(1)?;
    let authority = Oid::new(authority).ok()?;
    (authority == to.patient_authority).then_some(Registration {
        authority,
        local_id,
    })
}
