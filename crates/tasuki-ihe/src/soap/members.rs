//! Who may speak: the communities of the member directory, and systems of our own community that
//! the configuration names. Both are told by the certificate of the connection (ITI-19).
//!
//! This is the step *verify caller* of the pipeline. It alone makes a [`Verified`].

use super::asking::Recipient;
use super::fault::Problem;
use crate::dialect;
use crate::peers::Fingerprint;
use crate::xua::Asserters;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use tasuki_core::directory::{Community, Directory, Endpoint};
use tasuki_core::elsewhere::Behalf;
use tasuki_core::policy::{AssertedCodes, PeerCaller, System};
use tasuki_core::{Code, Fault};
use tasuki_model::{CommunityId, FacilityId, Instant};
use tasuki_wire::saml::{VerifyingKey, WSSE};
use tasuki_wire::soap::{Envelope, Subcode};

/// A system of our own community.
#[derive(Debug, Clone)]
pub struct SoapPeer {
    /// Its certificate.
    pub certificate: Fingerprint,
    /// What it may ask and be told; its name is that of the audit trail.
    pub system: System,
    /// Facilities whose patients and documents it may state.
    pub feeds: BTreeSet<FacilityId>,
    /// Where it takes replies of an asynchronous exchange.
    pub replies: Vec<Endpoint>,
    /// Whether each of its messages has to assert a user of our community (XUA).
    pub asserts: bool,
    /// Whether it may ask over every patient who fits (ITI-51 without a patient).
    pub population: bool,
    /// Facilities on whose behalf its queries and retrieves go on to other communities (XCA,
    /// Initiating Gateway); none: it asks this community only.
    pub across: BTreeSet<FacilityId>,
}

/// What a message shows of its sender.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    /// The certificate of the connection, where it has one.
    pub certificate: Option<&'a Fingerprint>,
    /// The message.
    pub envelope: &'a Envelope,
    /// Its bytes as they came: what a signature is over.
    pub bytes: &'a [u8],
    /// Our address that it was sent to.
    pub addressed: &'a str,
    /// Whether no user stands behind such a message: without an assertion it is its community's own,
    /// also of one whose users are asserted.
    pub by_node: bool,
    /// When it came.
    pub now: Instant,
}

/// A caller that has been verified.
#[derive(Debug, Clone)]
pub struct Verified {
    caller: PeerCaller,
    system: Option<Arc<SoapPeer>>,
    replies: Vec<Endpoint>,
    certificates: Vec<Fingerprint>,
    tls12: bool,
    user: Option<String>,
    colleague: Option<Behalf>,
}

impl Verified {
    /// Who asks, for the policy.
    #[must_use]
    pub const fn caller(&self) -> &PeerCaller {
        &self.caller
    }

    /// The user that it asserts, as the audit trail writes one.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The user of our own community for whom a system of ours speaks, where it asserts one: on whose
    /// behalf other communities are asked for it.
    #[must_use]
    pub const fn colleague(&self) -> Option<&Behalf> {
        self.colleague.as_ref()
    }

    /// Its line in the configuration, where it is a system of our own community.
    #[must_use]
    pub fn system(&self) -> Option<&SoapPeer> {
        self.system.as_deref()
    }

    /// Where replies to this address go, if they may go there for this caller.
    #[must_use]
    pub fn replies_at(&self, address: &str) -> Option<Recipient> {
        let endpoint = self.replies.iter().find(|e| e.as_str() == address)?;
        Some(Recipient {
            endpoint: endpoint.clone(),
            certificates: self.certificates.clone(),
            tls12: self.tls12,
        })
    }
}

/// Everybody who may speak.
pub struct Members {
    own: Option<CommunityId>,
    systems: Vec<Arc<SoapPeer>>,
    in_force: RwLock<Option<Arc<InForce>>>,
}

/// A directory, and whose assertions are believed by it.
#[derive(Debug)]
struct InForce {
    directory: Arc<Directory>,
    asserters: Asserters,
}

impl Members {
    /// Systems of our own community. The other communities come with a directory.
    #[must_use]
    pub fn new(own: CommunityId, systems: Vec<SoapPeer>) -> Self {
        Self {
            own: Some(own),
            systems: systems.into_iter().map(Arc::new).collect(),
            in_force: RwLock::new(None),
        }
    }

    /// Nobody at all.
    #[must_use]
    pub(crate) const fn nobody() -> Self {
        Self {
            own: None,
            systems: Vec::new(),
            in_force: RwLock::new(None),
        }
    }

    /// Our own community.
    #[must_use]
    pub const fn own(&self) -> Option<&CommunityId> {
        self.own.as_ref()
    }

    fn in_force(&self) -> Option<Arc<InForce>> {
        let in_force = self.in_force.read();
        in_force.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys that a community signs with; none where it has none, or is a stranger.
    #[must_use]
    pub(crate) fn assertion_keys(&self, of: &CommunityId) -> Vec<VerifyingKey> {
        let in_force = self.in_force();
        in_force.map_or_else(Vec::new, |f| f.asserters.keys_of(of).to_vec())
    }

    /// The directory in force.
    #[must_use]
    pub fn directory(&self) -> Option<Arc<Directory>> {
        self.in_force().map(|f| Arc::clone(&f.directory))
    }

    /// Puts a newer directory in force, with the table of what roles and purposes in assertions
    /// mean. What is under way goes on with the one before.
    ///
    /// # Errors
    /// `DIR-006` for one with a lower serial than the one in force, `DIR-008` where this node has no
    /// community, `SAM-013` for a certificate whose key cannot verify assertions, `DIA-001` for a
    /// dialect nobody knows. The one before stays then.
    pub fn set_directory(&self, directory: Directory, codes: AssertedCodes) -> Result<(), Fault> {
        let Some(own) = self.own.clone() else {
            return Err(Fault::new(Code::DirectoryWithoutUs, "no community"));
        };
        dialect::known(&directory)?;
        let asserters = Asserters::new(own, &directory, codes)?;
        let mut kept = self
            .in_force
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = kept.as_ref().map(|f| f.directory.serial)
            && directory.serial < before
        {
            let what = format!("serial {}; in force is {before}", directory.serial);
            return Err(Fault::new(Code::DirectoryOlder, what));
        }
        *kept = Some(Arc::new(InForce {
            directory: Arc::new(directory),
            asserters,
        }));
        Ok(())
    }

    /// Whether the certificate of a connection is anybody's, before a byte of it is read.
    #[must_use]
    pub fn knows(&self, certificate: &Fingerprint) -> bool {
        self.systems.iter().any(|s| s.certificate == *certificate)
            || self
                .directory()
                .is_some_and(|d| d.by_certificate(certificate).is_some())
    }

    /// Whether a connection of this certificate may use TLS 1.2.
    #[must_use]
    pub fn allows_tls12(&self, certificate: &Fingerprint) -> bool {
        let directory = self.directory();
        let community = directory
            .as_ref()
            .and_then(|d| d.by_certificate(certificate));
        community.is_some_and(|community| community.tls12)
    }

    /// Header blocks that this step understands: (namespace, local name).
    #[must_use]
    pub const fn understands(&self) -> &'static [(&'static str, &'static str)] {
        &[(WSSE.uri, "Security")]
    }

    /// Says who is behind a message.
    ///
    /// # Errors
    /// A [`Problem`] with `SAM-015` for a certificate that nobody has, and the other `SAM` codes for
    /// the assertion of a community that makes them.
    pub fn verify(&self, shown: &Credentials<'_>) -> Result<Verified, Problem> {
        let unknown = || Problem::new(Code::PeerUnknown, "certificate");
        let certificate = shown.certificate.ok_or_else(unknown)?;
        let own = self.own.as_ref().ok_or_else(unknown)?;
        let mut systems = self.systems.iter();
        if let Some(system) = systems.find(|s| s.certificate == *certificate) {
            let (user, colleague) = self.colleague(system, shown)?.unzip();
            return Ok(Verified {
                user,
                colleague,
                caller: PeerCaller::system(own, &system.system.name),
                replies: system.replies.clone(),
                certificates: vec![*certificate],
                tls12: false,
                system: Some(Arc::clone(system)),
            });
        }
        let in_force = self.in_force().ok_or_else(unknown)?;
        let community = in_force.directory.by_certificate(certificate);
        let community = community.ok_or_else(unknown)?;
        let mut headers = shown.envelope.headers.iter();
        let by_itself = shown.by_node && !headers.any(|h| *h.element.namespace == *WSSE.uri);
        let alone = by_itself.then(|| Community {
            assertions: None,
            ..community.clone()
        });
        let believed = in_force
            .asserters
            .caller(
                alone.as_ref().unwrap_or(community),
                shown.bytes,
                shown.addressed,
                shown.now,
            )
            .map_err(not_believed)?;
        Ok(Verified {
            user: believed.audit_name(),
            caller: believed.caller,
            replies: community.replies.clone(),
            certificates: community.certificates.clone(),
            tls12: community.tls12,
            system: None,
            colleague: None,
        })
    }

    /// The user that a system of ours asserts, where it has to.
    fn colleague(
        &self,
        system: &SoapPeer,
        shown: &Credentials<'_>,
    ) -> Result<Option<(String, Behalf)>, Problem> {
        if !system.asserts {
            return Ok(None);
        }
        let none = || {
            Problem::new(
                Code::AssertionMissing,
                "no directory says who asserts our users",
            )
        };
        let in_force = self.in_force().ok_or_else(none)?;
        let asserted = in_force.asserters.colleague(
            &in_force.directory,
            shown.bytes,
            shown.addressed,
            shown.now,
        );
        let (asserted, behalf) = asserted.map_err(not_believed)?;
        Ok(Some((asserted.audit_name(), behalf)))
    }
}

fn not_believed(disbelief: crate::xua::Disbelief) -> Problem {
    // WS-Security 1.0 §12.
    let subcode = Subcode {
        namespace: WSSE,
        name: "FailedAuthentication",
    };
    Problem::new(disbelief.code, disbelief.why).with(subcode)
}
