//! Who may speak to us, and which assigning authorities there are.
//!
//! A peer is told by MSH-3 and MSH-4 together with where it comes from: over TLS its certificate
//! has to be the one configured (ITI-19 node authentication), and a peer with a certificate is not
//! believed on a connection without. An assigning authority is told by its OID (CX-4.2), or by a
//! namespace (CX-4.1) where the configuration names it; where both are sent they have to agree.

use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::policy::System;
use tasuki_model::{Facility, FacilityId, Oid};
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{Comp, Field};

/// SHA-256 of a certificate in DER.
pub type Fingerprint = [u8; 32];

/// A system that is known by configuration.
#[derive(Debug, Clone)]
pub struct Peer {
    /// What it says in MSH-3: the namespace, the universal id or the whole field.
    pub application: Box<str>,
    /// What it says in MSH-4, in the same way.
    pub facility: Box<str>,
    /// Its certificate; a peer without one speaks only where no TLS is asked for.
    pub certificate: Option<Fingerprint>,
    /// How it writes where MSH-18 says nothing.
    pub charset: Option<Charset>,
    /// Facilities whose patient IDs it may state (ITI-8).
    pub feeds: BTreeSet<FacilityId>,
    /// What it may ask and be told.
    pub system: System,
}

/// Every peer of a node.
#[derive(Debug, Clone, Default)]
pub struct Peers(pub Vec<Peer>);

impl Peers {
    /// The peer that a header and a connection name together.
    pub fn verify(
        &self,
        application: Field<'_>,
        facility: Field<'_>,
        certificate: Option<&Fingerprint>,
    ) -> Option<&Peer> {
        let mut named = self
            .0
            .iter()
            .filter(|peer| peer.says(application, facility));
        named.find(|peer| peer.certificate.as_ref() == certificate)
    }
}

impl Peer {
    /// Whether MSH-3 and MSH-4 name it. Proves nothing.
    #[must_use]
    pub fn says(&self, application: Field<'_>, facility: Field<'_>) -> bool {
        names(application, &self.application) && names(facility, &self.facility)
    }
}

/// Whether an HD field says a configured name.
fn names(field: Field<'_>, name: &str) -> bool {
    let said = |n| {
        field
            .comp(n)
            .value()
            .text()
            .is_some_and(|text| text == name)
    };
    field.raw() == name || said(1) || said(2)
}

/// CX-4 as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authority {
    /// Namespace, CX-4.1.
    pub namespace: String,
    /// Universal id, CX-4.2.
    pub universal: String,
    /// Type of the universal id, CX-4.3; `ISO` for an OID.
    pub kind: String,
}

impl Authority {
    /// Reads CX-4.
    #[must_use]
    pub fn of(comp: Comp<'_>) -> Self {
        let part = |n| comp.sub(n).into_string().trim().to_owned();
        Self {
            namespace: part(1),
            universal: part(2),
            kind: part(3),
        }
    }

    /// True if nothing was sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.namespace.is_empty() && self.universal.is_empty()
    }
}

/// The domain in which one facility issues patient IDs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The facility.
    pub facility: FacilityId,
    /// Its OID.
    pub authority: Oid,
    /// The name that goes beside the OID; may be empty.
    pub namespace: Box<str>,
}

/// Every domain of the community.
#[derive(Debug, Clone, Default)]
pub struct Domains {
    all: Vec<Domain>,
    by_oid: BTreeMap<Box<str>, usize>,
    by_namespace: BTreeMap<Box<str>, usize>,
}

impl Domains {
    /// The domains of some facilities; `namespaces` are configured names of some of them.
    #[must_use]
    pub fn new(facilities: &[Facility], namespaces: &BTreeMap<Box<str>, FacilityId>) -> Self {
        let mut domains = Self::default();
        for (place, facility) in facilities.iter().enumerate() {
            let own = namespaces.iter().find(|(_, id)| **id == facility.id);
            domains.all.push(Domain {
                facility: facility.id.clone(),
                authority: facility.authority.clone(),
                namespace: own.map(|(name, _)| name.clone()).unwrap_or_default(),
            });
            let oid = facility.authority.as_str().into();
            domains.by_oid.insert(oid, place);
            for (name, _) in namespaces.iter().filter(|(_, id)| **id == facility.id) {
                domains.by_namespace.insert(name.clone(), place);
            }
        }
        domains
    }

    /// The domain that an authority names; nothing if it names none, or two.
    #[must_use]
    pub fn resolve(&self, authority: &Authority) -> Option<&Domain> {
        let named = self.by_namespace.get(authority.namespace.as_str());
        if authority.universal.is_empty() {
            return self.all.get(*named?);
        }
        if !matches!(authority.kind.as_str(), "ISO" | "") {
            return None;
        }
        let place = self.by_oid.get(authority.universal.as_str())?;
        if named.is_some_and(|other| other != place) {
            return None;
        }
        self.all.get(*place)
    }

    /// The domain of a facility.
    #[must_use]
    pub fn of(&self, facility: &FacilityId) -> Option<&Domain> {
        self.all.iter().find(|domain| domain.facility == *facility)
    }
}
