//! Who may speak: the communities of the member directory, and systems of our own community that
//! the configuration names. Both are told by the certificate of the connection (ITI-19).
//!
//! This is the step *verify caller* of the pipeline. It alone makes a [`Verified`].

use super::fault::Problem;
use crate::peers::Fingerprint;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use tasuki_core::Code;
use tasuki_core::directory::{Directory, Endpoint};
use tasuki_core::policy::{PeerCaller, System};
use tasuki_model::{CommunityId, FacilityId, Instant};
use tasuki_wire::soap::Envelope;

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
    /// When it came.
    pub now: Instant,
}

/// A caller that has been verified.
#[derive(Debug, Clone)]
pub struct Verified {
    caller: PeerCaller,
    system: Option<Arc<SoapPeer>>,
    replies: Vec<Endpoint>,
}

impl Verified {
    /// Who asks, for the policy.
    #[must_use]
    pub const fn caller(&self) -> &PeerCaller {
        &self.caller
    }

    /// Its line in the configuration, where it is a system of our own community.
    #[must_use]
    pub fn system(&self) -> Option<&SoapPeer> {
        self.system.as_deref()
    }

    /// The endpoint of this address, if replies to this caller may go there.
    #[must_use]
    pub fn replies_at(&self, address: &str) -> Option<&Endpoint> {
        self.replies.iter().find(|e| e.as_str() == address)
    }
}

/// Everybody who may speak.
pub struct Members {
    own: Option<CommunityId>,
    systems: Vec<Arc<SoapPeer>>,
    directory: RwLock<Option<Arc<Directory>>>,
}

impl Members {
    /// Systems of our own community, and the other communities as the directory says.
    #[must_use]
    pub fn new(own: CommunityId, systems: Vec<SoapPeer>, directory: Option<Directory>) -> Self {
        Self {
            own: Some(own),
            systems: systems.into_iter().map(Arc::new).collect(),
            directory: RwLock::new(directory.map(Arc::new)),
        }
    }

    /// Nobody at all.
    #[must_use]
    pub(crate) const fn nobody() -> Self {
        Self {
            own: None,
            systems: Vec::new(),
            directory: RwLock::new(None),
        }
    }

    /// Our own community.
    #[must_use]
    pub const fn own(&self) -> Option<&CommunityId> {
        self.own.as_ref()
    }

    /// The directory in force.
    #[must_use]
    pub fn directory(&self) -> Option<Arc<Directory>> {
        let directory = self.directory.read();
        directory.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a newer directory in force.
    pub fn set_directory(&self, directory: Directory) {
        let kept = self.directory.write();
        *kept.unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(directory));
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
        &[]
    }

    /// Says who is behind a message.
    ///
    /// # Errors
    /// A [`Problem`] with `SAM-015` for a certificate that nobody has.
    pub fn verify(&self, shown: &Credentials<'_>) -> Result<Verified, Problem> {
        let unknown = || Problem::new(Code::PeerUnknown, "certificate");
        let certificate = shown.certificate.ok_or_else(unknown)?;
        let own = self.own.as_ref().ok_or_else(unknown)?;
        let mut systems = self.systems.iter();
        if let Some(system) = systems.find(|s| s.certificate == *certificate) {
            return Ok(Verified {
                caller: PeerCaller::system(own, &system.system.name),
                replies: system.replies.clone(),
                system: Some(Arc::clone(system)),
            });
        }
        let directory = self.directory().ok_or_else(unknown)?;
        let community = directory.by_certificate(certificate).ok_or_else(unknown)?;
        Ok(Verified {
            caller: PeerCaller::organisation(community)
                .map_err(|_| Problem::new(Code::AssertionMissing, "wsse:Security"))?,
            replies: community.replies.clone(),
            system: None,
        })
    }
}
