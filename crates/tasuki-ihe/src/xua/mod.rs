//! Assertions about users across communities (XUA, ITI TF-2 3.40): ours, and those of peers.
//!
//! A caller is told by the certificate of its connection, which the member directory pins; where its
//! community asserts its users, the assertion has to be of that same community. A community without
//! assertions is heard as an organisation. Replay is not judged here: one assertion serves a whole
//! fan-out, and each message has its own `wsa:MessageID`.

mod asserting;
#[cfg(test)]
mod tests;

pub use asserting::AssertingParty;

use std::collections::BTreeMap;
use tasuki_core::directory::{Community, Directory, PeerAssertions};
use tasuki_core::elsewhere::Behalf;
use tasuki_core::policy::{AssertedCodes, AssertedUser, PeerCaller};
use tasuki_core::{Code, Fault};
use tasuki_model::{CommunityId, Instant, Purpose};
use tasuki_wire::saml::{Assertion, Trust, VerifyingKey, verify};

/// How far the clocks of two communities may be apart, in seconds.
const SKEW_SECONDS: i64 = 60;

/// Whose assertions are believed: made anew with each directory.
#[derive(Debug)]
pub struct Asserters {
    own: CommunityId,
    codes: AssertedCodes,
    keys: BTreeMap<CommunityId, Vec<VerifyingKey>>,
}

/// A caller of another community that is who it says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Believed {
    /// For the policy and the audit trail.
    pub caller: PeerCaller,
    /// Its assertion, where its community makes one.
    pub assertion: Option<Assertion>,
}

/// Why a caller is not believed: for the audit trail, and for the implementer at the other end.
/// There is nothing of a patient in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disbelief {
    /// The stable code.
    pub code: Code,
    /// What is wrong.
    pub why: String,
}

impl Believed {
    /// The user as ITI TF-2 3.20.7.8 writes one in the audit trail.
    #[must_use]
    pub fn audit_name(&self) -> Option<String> {
        self.assertion.as_ref().map(Assertion::audit_name)
    }
}

impl Asserters {
    /// Those of a directory. `own` is our own community, for whom assertions have to be.
    ///
    /// # Errors
    /// `SAM-013` for a certificate whose key cannot verify assertions.
    pub fn new(
        own: CommunityId,
        directory: &Directory,
        codes: AssertedCodes,
    ) -> Result<Self, Fault> {
        let mut keys = BTreeMap::new();
        for community in &directory.communities {
            let id = &community.home_community_id;
            let certificates = community.assertions.iter().flat_map(|a| &a.certificates);
            let read = certificates.map(|der| {
                VerifyingKey::from_certificate(der)
                    .map_err(|e| Fault::new(Code::SigningKeyUnusable, format!("{id}: xua: {e}")))
            });
            keys.insert(id.clone(), read.collect::<Result<_, _>>()?);
        }
        Ok(Self { own, codes, keys })
    }

    /// The keys of a community.
    pub(crate) fn keys_of(&self, community: &CommunityId) -> &[VerifyingKey] {
        self.keys.get(community).map_or(&[], Vec::as_slice)
    }

    /// The table of roles and purposes.
    #[must_use]
    pub fn codes(&self) -> &AssertedCodes {
        &self.codes
    }

    /// Who of `community` sent an envelope; the certificate of the connection said which community
    /// it is. `addressed` is our address that was asked: one of the audiences that an assertion may
    /// be for, as is our home community id, bare or as a URN.
    ///
    /// # Errors
    /// [`Disbelief`] with a `SAM` code.
    pub fn caller(
        &self,
        community: &Community,
        envelope: &[u8],
        addressed: &str,
        now: Instant,
    ) -> Result<Believed, Disbelief> {
        let Some(assertions) = &community.assertions else {
            let caller = PeerCaller::organisation(community);
            let caller = caller.map_err(|e| disbelief(Code::AssertionMissing, e))?;
            let assertion = None;
            return Ok(Believed { caller, assertion });
        };
        let assertion = self.verified(community, assertions, envelope, addressed, now)?;
        let caller = self.asserted(community, &assertion)?;
        let assertion = Some(assertion);
        Ok(Believed { caller, assertion })
    }

    /// Which user of our own community a system of ours speaks for: asserted by our own token
    /// service, for treatment. It opens nothing that the system may not ask by itself.
    ///
    /// # Errors
    /// [`Disbelief`] with a `SAM` code; `SAM-001` too where our entry has no token service.
    pub fn colleague(
        &self,
        directory: &Directory,
        envelope: &[u8],
        addressed: &str,
        now: Instant,
    ) -> Result<(Assertion, Behalf), Disbelief> {
        let none = || disbelief(Code::AssertionMissing, "our entry has no token service");
        let mut communities = directory.communities.iter();
        let own = communities.find(|c| c.home_community_id == self.own);
        let own = own.ok_or_else(none)?;
        let assertions = own.assertions.as_ref().ok_or_else(none)?;
        let assertion = self.verified(own, assertions, envelope, addressed, now)?;
        let (user, purpose) = self.meant(&assertion)?;
        if purpose != Purpose::Treatment {
            let said = &assertion.purpose;
            return Err(not_in_table("purpose", &said.system, &said.code));
        }
        let signed_in = assertion.authenticated;
        let behalf = Behalf {
            user,
            purpose,
            signed_in,
        };
        Ok((assertion, behalf))
    }

    fn verified(
        &self,
        community: &Community,
        assertions: &PeerAssertions,
        envelope: &[u8],
        addressed: &str,
        now: Instant,
    ) -> Result<Assertion, Disbelief> {
        let urn = format!("urn:oid:{}", self.own);
        let keys = self.keys.get(&community.home_community_id);
        let trust = Trust {
            issuer: &assertions.issuer,
            home: community.home_community_id.as_str(),
            keys: keys.map_or(&[], Vec::as_slice),
            audiences: &[addressed, &urn, self.own.as_str()],
            skew_seconds: SKEW_SECONDS,
        };
        verify(envelope, &trust, now).map_err(|error| {
            let code = Code::from_id(error.code());
            disbelief(code.unwrap_or(Code::AssertionMalformed), error)
        })
    }

    fn asserted(
        &self,
        community: &Community,
        assertion: &Assertion,
    ) -> Result<PeerCaller, Disbelief> {
        let (user, purpose) = self.meant(assertion)?;
        PeerCaller::asserted(community, user, purpose)
            .map_err(|refusal| disbelief(Code::AssertionMissing, refusal))
    }

    /// The user and the purpose of an assertion, by the table of codes.
    fn meant(&self, assertion: &Assertion) -> Result<(AssertedUser, Purpose), Disbelief> {
        let (role, purpose) = (&assertion.role, &assertion.purpose);
        let user = AssertedUser {
            name_id: assertion.name_id.as_str().into(),
            name: assertion.subject_id.as_str().into(),
            organisation: assertion.organisation.as_str().into(),
            organisation_id: assertion.organisation_id.as_str().into(),
            role: self
                .codes
                .role(&role.system, &role.code)
                .ok_or_else(|| not_in_table("role", &role.system, &role.code))?,
        };
        let purpose = self
            .codes
            .purpose(&purpose.system, &purpose.code)
            .ok_or_else(|| not_in_table("purpose", &purpose.system, &purpose.code))?;
        Ok((user, purpose))
    }
}

fn disbelief(code: Code, why: impl ToString) -> Disbelief {
    let why = why.to_string();
    Disbelief { code, why }
}

fn not_in_table(what: &str, system: &str, code: &str) -> Disbelief {
    let short = |text: &str| -> String { text.chars().take(64).collect() };
    let why = format!(
        "{what} {} of {} is not in the table",
        short(code),
        short(system)
    );
    disbelief(Code::AssertionCodes, why)
}
