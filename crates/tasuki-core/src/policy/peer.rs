//! What a verified caller of a community may be given: another community's gateway, or a system of
//! our own that speaks IHE.
//!
//! Two things have been verified before one is a [`PeerCaller`]: the TLS certificate is pinned in
//! the member directory, and where the directory says that the community asserts its users (XUA,
//! ITI-40), an assertion of its own issuer stands behind the request. A community without XUA is
//! heard as an organisation, for treatment only; an emergency has to be somebody's.
//!
//! In an emergency the answering community decides by its own rule ([`PeerEmergencies`]): an asserted
//! physician of a community that takes part may be given what is not disclosed, as a user of ours who has
//! opened the record is. Who has refused emergencies in advance is then known only as far as for treatment.
//!
//! Existence is secret: a registration that is not disclosed, and one that is not there, give the
//! same grant, which opens nothing. So [`decide_peer`] refuses a caller, never a patient.

use super::{Asker, Refusal, Subject, categories, judge};
use crate::audit::Actor;
use crate::directory;
use crate::release::{Labelled, Receipt, Released};
use std::collections::{BTreeMap, BTreeSet};
use tasuki_model::{CommunityId, FacilityId, Labels, PatientKey, Purpose, Role};

/// A user as the community's assertion says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertedUser {
    /// `saml:NameID`: what the audit trail calls the user, together with the issuer.
    pub name_id: Box<str>,
    /// Name in full (`urn:oasis:names:tc:xspa:1.0:subject:subject-id`).
    pub name: Box<str>,
    /// Organisation (`urn:oasis:names:tc:xspa:1.0:subject:organization`).
    pub organisation: Box<str>,
    /// Its id (`urn:oasis:names:tc:xspa:1.0:subject:organization-id`).
    pub organisation_id: Box<str>,
    /// Role, by the table of codes.
    pub role: Role,
}

/// On whose behalf a community asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerSubject {
    /// A user that the community asserts.
    User(AssertedUser),
    /// The community as an organisation: it asserts nobody.
    Organisation,
    /// A system of our own community, by its name in the configuration.
    System(Box<str>),
}

/// Who asks from outside. Made from what the directory says of its community only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerCaller {
    community: CommunityId,
    subject: PeerSubject,
    purpose: Purpose,
    /// The directory lets its community take part in emergencies.
    takes_part: bool,
}

/// This community's own rule for emergencies of others' users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PeerEmergencies {
    /// They are answered at all.
    pub answered: bool,
    /// A patient's refusal in advance does not hold.
    pub despite_refusal: bool,
}

impl PeerCaller {
    /// A community that asserts nobody.
    ///
    /// # Errors
    /// [`Refusal::Credentials`] where the directory says that it asserts its users.
    pub fn organisation(community: &directory::Community) -> Result<Self, Refusal> {
        if community.assertions.is_some() {
            return Err(Refusal::Credentials);
        }
        Ok(Self {
            community: community.home_community_id.clone(),
            subject: PeerSubject::Organisation,
            purpose: Purpose::Treatment,
            takes_part: false,
        })
    }

    /// A user whose verified assertion `community`'s own issuer signed.
    ///
    /// # Errors
    /// [`Refusal::Credentials`] where the directory knows no assertions of this community.
    pub fn asserted(
        community: &directory::Community,
        user: AssertedUser,
        purpose: Purpose,
    ) -> Result<Self, Refusal> {
        if community.assertions.is_none() {
            return Err(Refusal::Credentials);
        }
        Ok(Self {
            community: community.home_community_id.clone(),
            subject: PeerSubject::User(user),
            purpose,
            takes_part: community.in_emergencies(),
        })
    }

    /// A system of our own community that the configuration lets ask, for treatment.
    #[must_use]
    pub fn system(own: &CommunityId, name: &str) -> Self {
        Self {
            community: own.clone(),
            subject: PeerSubject::System(name.into()),
            purpose: Purpose::Treatment,
            takes_part: false,
        }
    }

    /// Its community.
    #[must_use]
    pub fn community(&self) -> &CommunityId {
        &self.community
    }

    /// On whose behalf it asks.
    #[must_use]
    pub fn subject(&self) -> &PeerSubject {
        &self.subject
    }

    /// What for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Who opens a record in an emergency, where somebody may: an asserted user in a role that does so, of
    /// a community that takes part.
    #[must_use]
    pub fn in_emergency(&self) -> Option<&AssertedUser> {
        match &self.subject {
            PeerSubject::User(user)
                if self.takes_part
                    && self.purpose == Purpose::Emergency
                    && super::role_opens_emergencies(user.role) =>
            {
                Some(user)
            }
            _ => None,
        }
    }

    /// Who it is in the audit trail.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let (user, organisation, role) = match &self.subject {
            PeerSubject::User(user) => (
                Some(user.name_id.to_string()),
                Some(user.organisation.to_string()),
                Some(user.role),
            ),
            PeerSubject::Organisation => (None, None, None),
            PeerSubject::System(name) => (None, Some(name.to_string()), None),
        };
        Actor::Peer {
            community: self.community.clone(),
            user,
            organisation,
            role,
        }
    }

    pub(super) fn may_see(&self, category: tasuki_model::Category) -> bool {
        match &self.subject {
            PeerSubject::User(user) => categories::role_may_see(user.role, category),
            // Who of its people sees what is then that organisation's own rule.
            PeerSubject::Organisation | PeerSubject::System(_) => true,
        }
    }
}

/// What a peer may be given of some registrations. Made by [`decide_peer`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerGrant {
    caller: PeerCaller,
    open: BTreeMap<PatientKey, Subject>,
}

/// Decides what a peer may be given of these registrations: those their facility discloses, and in an
/// emergency those that the rule has opened ([`Subject::opened_to`]).
///
/// # Errors
/// [`Refusal::Purpose`] for a purpose that opens no records, [`Refusal::Role`] for a role that sees
/// no patients. Never for a patient.
pub fn decide_peer(caller: &PeerCaller, registrations: &[Subject]) -> Result<PeerGrant, Refusal> {
    if !matches!(caller.purpose, Purpose::Treatment | Purpose::Emergency) {
        return Err(Refusal::Purpose);
    }
    if let PeerSubject::User(user) = &caller.subject
        && !categories::role_opens_charts(user.role)
    {
        return Err(Refusal::Role);
    }
    let urgent = caller.in_emergency().is_some();
    let opens = |r: &&Subject| r.disclosed || (urgent && r.opens_in_emergency());
    let open = registrations.iter().filter(opens);
    let open = open.map(|r| (r.patient_key.clone(), r.clone()));
    Ok(PeerGrant {
        caller: caller.clone(),
        open: open.collect(),
    })
}

/// Whether a caller may put documents and metadata into our registry: systems and users of our own
/// community only.
///
/// # Errors
/// [`Refusal::Credentials`] for everybody else.
pub fn may_submit(caller: &PeerCaller, own: &CommunityId) -> Result<(), Refusal> {
    if caller.community == *own {
        Ok(())
    } else {
        Err(Refusal::Credentials)
    }
}

impl PeerGrant {
    /// Who was granted it.
    #[must_use]
    pub fn caller(&self) -> &PeerCaller {
        &self.caller
    }

    /// The registrations that may be asked for. Asking for others finds nothing that could be
    /// released, so a query should not even name them.
    #[must_use]
    pub fn registrations(&self) -> Vec<PatientKey> {
        self.open.keys().cloned().collect()
    }

    /// The registration by which the person may be named to other communities on behalf of these
    /// facilities: one of theirs, and disclosed. Only a system of our own asks others through us.
    #[must_use]
    pub fn shared(&self, facilities: &BTreeSet<FacilityId>) -> Option<(PatientKey, FacilityId)> {
        if !matches!(self.caller.subject, PeerSubject::System(_)) {
            return None;
        }
        let mut own = self.open.values().filter(|subject| {
            facilities.contains(&subject.facility) && subject.terms.let_outside()
        });
        let own = own.next()?;
        Some((own.patient_key.clone(), own.facility.clone()))
    }

    /// Lets out what names the person to other communities, so that they can be asked on behalf of
    /// these facilities: until one of them has itself set the patient to disclosed, nobody outside is
    /// told that it knows the patient at all.
    pub fn name<T>(&self, facilities: &BTreeSet<FacilityId>, by: T) -> Option<Released<T>> {
        let (key, _) = self.shared(facilities)?;
        let receipt = Receipt {
            patients: vec![key],
            items: 1,
            ..Receipt::default()
        };
        Some(Released::new(by, receipt))
    }

    /// The registrations of a receipt that an emergency has opened: their facilities are told.
    #[must_use]
    pub fn to_tell(&self, receipt: &Receipt) -> Vec<(PatientKey, FacilityId)> {
        if self.caller.in_emergency().is_none() {
            return Vec::new();
        }
        let given = receipt.patients.iter().filter_map(|key| self.open.get(key));
        let opened = given.filter(|subject| subject.opens_in_emergency());
        opened
            .map(|subject| (subject.patient_key.clone(), subject.facility.clone()))
            .collect()
    }

    fn covers(&self, labels: &Labels) -> bool {
        let subject = self.open.get(&labels.patient_key);
        subject.is_some_and(|subject| judge(&Asker::Peer(&self.caller), subject, labels).permits())
    }

    /// Lets out what the grant covers and takes the rest away.
    pub fn release<T>(&self, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
        Released::covered(items, |labels| self.covers(labels))
    }

    /// Lets one item out, or nothing: withheld and unknown look the same.
    pub fn release_one<T>(&self, item: Option<Labelled<T>>) -> Option<Released<T>> {
        let item = item.filter(|i| self.covers(i.labels()))?;
        let (labels, value) = item.into_parts();
        let receipt = Receipt::over(std::iter::once(&labels), 0);
        Some(Released::new(value, receipt))
    }
}
