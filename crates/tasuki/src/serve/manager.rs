//! The role `pix-manager`: where the member directory names this community, its node holds the
//! patient index of the network, or stands by with a copy of it. The index is a store of its own
//! beside the node's, so that nothing of other communities lies among our own registrations.
//!
//! A node that stands by is fed by every community like the one that holds the role; it takes its
//! place when a directory is signed that says so.

use super::feeding::{self, Feed, Notify, Telling};
use super::jobs::{pause, report};
use crate::args::Args;
use crate::communities::Composed;
use crate::config::Config;
use crate::members;
use crate::node::{self, Node};
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::identity::cross_reference::CrossReference;
use tasuki_core::ports::Store;
use tasuki_core::{Clock, Code, Fault};
use tasuki_ihe::gateway::Gateway;
use tasuki_ihe::peers::Peers;
use tasuki_ihe::soap::Members;
use tasuki_ihe::{CrossReferenced, Network, Settings};
use tasuki_model::CommunityId;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often what was fed is linked, beside what a query settles by itself.
const SETTLE_EVERY: Duration = Duration::from_secs(1);
/// How long a statement under way may take to end when the node stops.
const END_WITHIN: Duration = Duration::from_secs(5);
/// Rounds of settling between two signatures of its audit chain: every ten minutes.
const SIGN_AFTER: u32 = 600;

/// What this node does for the index of the network: holds it or not, and feeds it.
pub(super) struct Role {
    manager: Option<Manager>,
    jobs: JoinSet<()>,
}

/// Opens the index, where we hold it, and begins to link what is fed.
pub(super) fn start(
    args: &Args,
    node: &Node,
    stopped: &watch::Receiver<bool>,
) -> Result<Role, Fault> {
    let mut role = Role {
        manager: open(args, node)?,
        jobs: JoinSet::new(),
    };
    if let Some(manager) = &role.manager {
        manager.start(&mut role.jobs, stopped);
    }
    Ok(role)
}

impl Role {
    /// What answers for the index, where we hold it.
    pub fn network(&self) -> Option<&Arc<Network>> {
        self.manager.as_ref().map(|manager| &manager.network)
    }

    /// Begins to feed whoever holds it, and to notify the communities where we do.
    pub fn feed(
        &mut self,
        composed: Option<&Composed>,
        clock: &Arc<dyn Clock>,
        stopped: &watch::Receiver<bool>,
    ) {
        let Some(composed) = composed else {
            return;
        };
        let mut start = |telling: Arc<dyn Telling>| {
            feeding::start(telling, clock, &mut self.jobs, stopped);
        };
        start(Arc::new(Feed(Arc::clone(composed.communities()))));
        if let Some(manager) = &self.manager {
            let network = Arc::clone(&manager.network);
            start(Arc::new(Notify(Gateway::new(network, composed.asking()))));
        }
    }

    /// Takes up the communities of the directory. A role that comes new is taken at the next start.
    pub fn reload(&self, config: &Config) -> Result<(), Fault> {
        match &self.manager {
            Some(manager) => manager.reload(config),
            None => Ok(()),
        }
    }

    /// Ends its work when nothing is asked of it any more.
    pub async fn close(mut self) -> Result<(), Fault> {
        let ended = async { while self.jobs.join_next().await.is_some() {} };
        // What is not acknowledged is told again after the next start.
        let _ = tokio::time::timeout(END_WITHIN, ended).await;
        match self.manager {
            Some(manager) => {
                manager.identity.close()?;
                manager.store.close()
            }
            None => Ok(()),
        }
    }
}

/// The index of the network.
struct Manager {
    store: Arc<dyn Store>,
    identity: Arc<CrossReference>,
    network: Arc<Network>,
}

/// Opens it where the directory in force gives us the role.
fn open(args: &Args, node: &Node) -> Result<Option<Manager>, Fault> {
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
    let store = tasuki_store::open(&config)?;
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
    fn reload(&self, config: &Config) -> Result<(), Fault> {
        members::put_in_force(config, self.network.members())?;
        match self.network.members().directory() {
            Some(directory) => self.network.put_communities(&directory),
            None => Ok(()),
        }
    }

    /// Links what is fed, and signs its audit chain, until the node stops.
    fn start(&self, jobs: &mut JoinSet<()>, stopped: &watch::Receiver<bool>) {
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
