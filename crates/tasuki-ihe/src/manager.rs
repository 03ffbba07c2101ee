//! The patient index of the network (role `pix-manager`): one more [`Network`], on a store of its
//! own, whose domains are the communities of the member directory. A community's patient IDs are
//! those that it exchanges (XAD-PID), so that nothing of its hospitals' numbers leaves it.
//!
//! It holds what the communities feed and nothing else: no document, no user. Linking is the identity
//! engine's, as within a community.

use crate::network::Network;
use tasuki_core::directory::{Community, Directory};
use tasuki_core::{Code, Fault};
use tasuki_model::facility::{Part, Shape};
use tasuki_model::{CommunityId, Facility, FacilityCode, FacilityId};

/// The domain of a community in the index of the network. Nothing for an id too long for one.
#[must_use]
pub fn member_facility(community: &CommunityId) -> Option<FacilityId> {
    FacilityId::new(&format!("c-{community}")).ok()
}

/// The name of the queue of changed identifiers that a community is told of (ITI-46).
pub(crate) fn notice_queue(community: &CommunityId) -> String {
    format!("notify:{community}")
}

impl Network {
    /// Makes the communities of a directory the domains of this index, and tells those of changes that
    /// take notifications. One that has left keeps its
    /// domain, so that its IDs are not taken for another's.
    ///
    /// # Errors
    /// Those of the store; `DIR-005` for a home community id that makes no domain.
    pub fn put_communities(&self, directory: &Directory) -> Result<(), Fault> {
        let known = self.store.reading(|tx| tx.facilities())?;
        for community in &directory.communities {
            let domain = domain(community)?;
            if !known.contains(&domain) {
                self.store.writing(|tx| tx.put_facility(&domain))?;
            }
        }
        let told = directory.communities.iter();
        let told = told.filter(|c| c.endpoint("ITI-46").is_some());
        let queues: Vec<_> = told.map(|c| notice_queue(&c.home_community_id)).collect();
        self.store.writing(|tx| tx.set_consumers(&queues))?;
        self.fresh_domains().map(drop)
    }
}

fn domain(community: &Community) -> Result<Facility, Fault> {
    let home = &community.home_community_id;
    let wrong = || Fault::new(Code::DirectoryInvalid, format!("{home}: makes no domain"));
    // A 医療機関コード is asked of every facility; here it is only a number that nobody else has.
    let digest = ring::digest::digest(&ring::digest::SHA256, home.as_str().as_bytes());
    let digits = digest.as_ref().iter().map(|byte| byte % 10).take(10);
    let code: String = digits.map(|digit| char::from(b'0' + digit)).collect();
    let name = community.name.to_string();
    Ok(Facility {
        id: member_facility(home).ok_or_else(wrong)?,
        code: FacilityCode::new(&code).map_err(|_| wrong())?,
        community: home.clone(),
        authority: community.patient_authority.clone(),
        name_en: String::new(),
        short: name.chars().take(4).collect(),
        badge: name.chars().take(2).collect(),
        name,
        shape: Shape::Disc,
        part: Part::Disclosing,
        phone: String::new(),
        offers: tasuki_model::facility::Offers::default(),
    })
}
