//! The role `pix-manager`: where the member directory names this community, its node holds the
//! patient index of the network, or stands by with a copy of it. The index is a store of its own
//! beside the node's, so that nothing of other communities lies among our own registrations.
//!
//! A node that stands by is fed by every community like the one that holds the role; it takes its
//! place when a directory is signed that says so.

use super::jobs::{pause, report};
use crate::args::Args;
use crate::config::Config;
use crate::members;
use crate::node::{self, Node};
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::identity::cross_reference::CrossReference;
use tasuki_core::ports::Store;
use tasuki_core::{Code, Fault};
use tasuki_ihe::peers::Peers;
use tasuki_ihe::soap::Members;
use tasuki_ihe::{CrossReferenced, Network, Settings};
use tasuki_model::CommunityId;
use tasuki_store::StoreConfig;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often what was fed is linked, beside what a query settles by itself.
const SETTLE_EVERY: Duration = Duration::from_secs(1);
/// Rounds of settling between two signatures of its audit chain: every ten minutes.
const SIGN_AFTER: u32 = 600;

/// The index of the network.
pub(super) struct Manager {
    store: Arc<dyn Store>,
    identity: Arc<CrossReference>,
    network: Arc<Network>,
}

/// Where the store of the index lies, where the directory in force gives us the role.
fn place(args: &Args, node: &Node) -> Result<Option<StoreConfig>, Fault> {
    let own = &node.config.community.home_community_id;
    let Some(directory) = members::read(&node.config)? else {
        return Ok(None);
    };
    if !directory.managers().any(|c| c.home_community_id == *own) {
        return Ok(None);
    }
    let mut config = node::store_config(args, &node.config)?;
    config.data_dir = config.data_dir.join("pix");
    config.keys_dir = config.keys_dir.map(|keys| keys.join("pix"));
    // Where both lie in one database they are two communities in it.
    config.community = CommunityId::new(&format!("{own}.3"))
        .map_err(|e| Fault::new(Code::ConfigInvalid, format!("home_community_id: {e}")))?;
    Ok(Some(config))
}

/// The same where there is one already, for whoever copies it.
pub(crate) fn config(args: &Args, node: &Node) -> Result<Option<StoreConfig>, Fault> {
    let place = place(args, node)?;
    Ok(place.filter(|config| config.data_dir.exists()))
}

/// The store of the index, where the directory in force gives us the role.
pub(crate) fn store(args: &Args, node: &Node) -> Result<Option<Arc<dyn Store>>, Fault> {
    let place = place(args, node)?;
    place.map(|config| tasuki_store::open(&config)).transpose()
}

/// Opens it, where we have the role.
pub(super) fn open(args: &Args, node: &Node) -> Result<Option<Manager>, Fault> {
    let own = &node.config.community.home_community_id;
    let Some(store) = store(args, node)? else {
        return Ok(None);
    };
    let identity = CrossReference::new(Arc::clone(&store), Arc::clone(&node.clock))?;
    let identity = Arc::new(identity);
    let settings = Settings {
        application: node.config.mllp.application.clone(),
        facility: node.config.mllp.facility.clone(),
        peers: Peers::default(),
        namespaces: std::collections::BTreeMap::new(),
    };
    let cross = Arc::clone(&identity) as Arc<dyn CrossReferenced>;
    let network = Network::new(Arc::clone(&store), Arc::clone(&node.clock), cross, settings)?
        .with_members(Members::new(own.clone(), Vec::new()))
        .as_pix_manager();
    let manager = Manager {
        store,
        identity,
        network: Arc::new(network),
    };
    manager.reload(&node.config)?;
    Ok(Some(manager))
}

impl Manager {
    /// What answers for it.
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Where it lies.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Ends its work when nothing is asked of it any more.
    pub fn close(&self) -> Result<(), Fault> {
        self.identity.close()?;
        self.store.close()
    }

    /// Takes up the communities of the directory.
    pub fn reload(&self, config: &Config) -> Result<(), Fault> {
        members::put_in_force(config, self.network.members())?;
        match self.network.members().directory() {
            Some(directory) => self.network.put_communities(&directory),
            None => Ok(()),
        }
    }

    /// Links what is fed, and signs its audit chain, until the node stops.
    pub fn start(&self, jobs: &mut JoinSet<()>, stopped: &watch::Receiver<bool>) {
        let (store, identity) = (Arc::clone(&self.store), Arc::clone(&self.identity));
        let mut until = stopped.clone();
        jobs.spawn(async move {
            let mut rounds = 0;
            loop {
                let identity = Arc::clone(&identity);
                let settled = tokio::task::spawn_blocking(move || settle(&identity));
                report("settling the index of the network", settled.await);
                rounds = (rounds + 1) % SIGN_AFTER;
                if rounds == 0 {
                    let store = Arc::clone(&store);
                    let signed = tokio::task::spawn_blocking(move || store.sign_segment());
                    report("signing the audit chain of the index", signed.await);
                }
                if !pause(SETTLE_EVERY, &mut until).await {
                    break;
                }
            }
        });
    }
}

fn settle(identity: &CrossReference) -> Result<(), Fault> {
    match identity.settle() {
        Err(fault) if fault.code == Code::IdentityElsewhere => Ok(()),
        settled => settled.map(drop),
    }
}
