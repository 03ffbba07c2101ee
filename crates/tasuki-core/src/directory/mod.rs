//! The member directory: which communities there are, where and how each is spoken to.
//!
//! There is no central server; what every node has to agree on is one signed file. It says a
//! community's home community id, its assigning authorities, an endpoint for each transaction, the
//! certificates it is known by, and what it does otherwise than the others. Whatever is not in the
//! directory is a stranger: no request of it is believed and no reply goes to it.
//!
//! - [`Directory`]: what the file says, with its look-ups.
//! - [`read`]: bytes → [`Directory`], after the signature and before anything is believed.
//! - [`seal`](mod@seal): the signed form, Ed25519 over the exact bytes; two keys overlap at rollover.
//!
//! It holds no secret and no patient data, and does no I/O.

mod check;
mod community;
mod endpoint;
mod parse;
pub mod seal;
#[cfg(test)]
mod tests;

pub use community::{Community, Contact, Fingerprint, PeerAssertions};
pub use endpoint::{ENDPOINTS, Endpoint};
pub use parse::{DIRECTORY_BYTES_MAX, VERSION, fingerprint, read};

use crate::{Code, Fault};
use tasuki_model::{CommunityId, Instant, Oid};

/// The communities of a network, as its signed file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Counts up with every change; a file with a lower one never replaces the one in force.
    pub serial: u64,
    /// When it was made.
    pub issued: Instant,
    /// Which community's node holds the `pix-manager` role, where the network has one.
    pub pix_manager: Option<CommunityId>,
    /// Whose nodes are fed like the manager and stand by: one of them is named `pix_manager` when it
    /// has to take the manager's place.
    pub pix_standbys: Vec<CommunityId>,
    /// Every community, in the order of the file, our own among them.
    pub communities: Vec<Community>,
}

impl Directory {
    /// A community by its home community id.
    #[must_use]
    pub fn community(&self, id: &CommunityId) -> Option<&Community> {
        self.communities.iter().find(|c| c.home_community_id == *id)
    }

    /// The community that a TLS certificate belongs to. A certificate stands under one community
    /// only, or the file is refused.
    #[must_use]
    pub fn by_certificate(&self, certificate: &Fingerprint) -> Option<&Community> {
        self.communities
            .iter()
            .find(|c| c.certificates.contains(certificate))
    }

    /// The community that an assigning authority belongs to.
    #[must_use]
    pub fn by_authority(&self, authority: &Oid) -> Option<&Community> {
        self.communities
            .iter()
            .find(|c| c.authorities.contains(authority))
    }

    /// Our own entry.
    ///
    /// # Errors
    /// `DIR-008` where it is not there: a directory of another network, or our id is not the one agreed.
    pub fn member(&self, own: &CommunityId) -> Result<&Community, Fault> {
        let what = || Fault::new(Code::DirectoryWithoutUs, format!("{own}: not a member"));
        self.community(own).ok_or_else(what)
    }

    /// The communities that are fed with identities: the manager, then those that stand by.
    pub fn managers(&self) -> impl Iterator<Item = &Community> {
        let named = self.pix_manager.iter().chain(&self.pix_standbys);
        named.filter_map(|id| self.community(id))
    }

    /// Every community but one's own.
    pub fn others<'a>(&'a self, own: &'a CommunityId) -> impl Iterator<Item = &'a Community> {
        self.communities
            .iter()
            .filter(move |c| c.home_community_id != *own)
    }
}
