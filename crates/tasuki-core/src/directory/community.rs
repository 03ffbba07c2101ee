//! One community of the directory.

use super::endpoint::Endpoint;
use std::collections::BTreeMap;
use tasuki_model::facility::Offers;
use tasuki_model::{CommunityId, Oid};

/// SHA-256 of a certificate in DER.
pub type Fingerprint = [u8; 32];

/// A community as the others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// Home community id, without `urn:oid:`.
    pub home_community_id: CommunityId,
    /// Its name, as screens and reports of gaps show it.
    pub name: Box<str>,
    /// The assigning authority of the patient IDs that its ITI-38 takes: the one its answers to
    /// ITI-45 are asked for in. One of `authorities`.
    pub patient_authority: Oid,
    /// Every assigning authority whose patient IDs it issues, that one among them.
    pub authorities: Vec<Oid>,
    /// Where it takes each transaction, by `ITI-38` and so on; what is not here is not sent.
    pub endpoints: BTreeMap<Box<str>, Endpoint>,
    /// Where it takes WS-Addressing replies of an asynchronous exchange. A reply goes nowhere else.
    pub replies: Vec<Endpoint>,
    /// Whether it is asked asynchronously: its answers come on a connection of its own, to the first
    /// of the asker's `replies`.
    pub asynchronous: bool,
    /// Certificates of its nodes. Two or more overlap when one is exchanged.
    pub certificates: Vec<Fingerprint>,
    /// Whether TLS 1.2 is allowed with it; 1.3 otherwise.
    pub tls12: bool,
    /// Which dialect it speaks: a folder of `dialect/`.
    pub dialect: Box<str>,
    /// Its assertions (XUA, ITI-40). Without them it is heard for treatment only, as an organisation.
    pub assertions: Option<PeerAssertions>,
    /// Whether unconfirmed identification by demographics (XCPD, ITI-55) is agreed with it.
    pub discovery: bool,
    /// Which kinds of data it offers.
    pub offers: Offers,
    /// Whom to call.
    pub contacts: Vec<Contact>,
}

/// Who asserts a community's users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerAssertions {
    /// `saml:Issuer` of its assertions, in full.
    pub issuer: Box<str>,
    /// Certificates of the keys that sign them, in DER. Two overlap when one is exchanged.
    pub certificates: Vec<Box<[u8]>>,
    /// Whether it takes part in emergencies: its users may be answered by the rule for them, and it is
    /// asked for somebody without an ID.
    pub emergency: bool,
}

/// Somebody at a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name or desk.
    pub name: Box<str>,
    /// Telephone; empty if not said.
    pub phone: Box<str>,
    /// Mail address; empty if not said.
    pub mail: Box<str>,
}

impl Community {
    /// Where it takes a transaction, by its number such as `ITI-38`.
    #[must_use]
    pub fn endpoint(&self, transaction: &str) -> Option<&Endpoint> {
        self.endpoints.get(transaction)
    }

    /// Whether it takes part in emergencies.
    #[must_use]
    pub fn in_emergencies(&self) -> bool {
        self.assertions.as_ref().is_some_and(|a| a.emergency)
    }

    /// Whether it may be asked for somebody by demographics (ITI-55).
    #[must_use]
    pub fn offers_discovery(&self) -> bool {
        self.discovery && self.endpoint("ITI-55").is_some()
    }

    /// Whether an address is one that replies of an asynchronous exchange may go to.
    #[must_use]
    pub fn takes_replies_at(&self, address: &str) -> Option<&Endpoint> {
        self.replies.iter().find(|e| e.as_str() == address)
    }
}
