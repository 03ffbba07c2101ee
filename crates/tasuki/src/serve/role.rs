//! What this node does for the patient index of the network: holds it or stands by, where the member
//! directory says so, and feeds whoever holds it.

use super::feeding;
use super::manager::{self, Manager};
use super::telling::{Feed, Notify, Telling, Withdraw};
use crate::args::Args;
use crate::communities::Composed;
use crate::config::Config;
use crate::node::Node;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::ports::Store;
use tasuki_core::{Clock, Fault};
use tasuki_ihe::Network;
use tasuki_ihe::gateway::Gateway;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a statement under way may take to end when the node stops.
const END_WITHIN: Duration = Duration::from_secs(5);

/// What this node does for the index of the network: holds it or not, and feeds it.
pub(super) struct Role {
    manager: Option<Manager>,
    withdraw: Option<Arc<Withdraw>>,
    jobs: JoinSet<()>,
}

/// Opens the index, where we hold it, and begins to link what is fed.
pub(super) fn start(
    args: &Args,
    node: &Node,
    stopped: &watch::Receiver<bool>,
) -> Result<Role, Fault> {
    let mut role = Role {
        manager: manager::open(args, node)?,
        withdraw: None,
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
        self.manager.as_ref().map(Manager::network)
    }

    /// Where the index lies, where we hold it.
    pub fn store(&self) -> Option<&Arc<dyn Store>> {
        self.manager.as_ref().map(Manager::store)
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
        let communities = || Arc::clone(composed.communities());
        let withdraw = Arc::new(Withdraw::new(communities()));
        // Known before anybody is given anything: what is withdrawn right after it is noted for them too.
        withdraw.whom();
        self.withdraw = Some(Arc::clone(&withdraw));
        feeding::start(
            withdraw,
            feeding::WITHDRAWALS_EVERY,
            clock,
            &mut self.jobs,
            stopped,
        );
        let mut start = |telling: Arc<dyn Telling>| {
            feeding::start(telling, feeding::LOOK_EVERY, clock, &mut self.jobs, stopped);
        };
        start(Arc::new(Feed(communities())));
        if let Some(manager) = &self.manager {
            let network = Arc::clone(manager.network());
            let gateway = Gateway::new(network, composed.asking());
            let gateway = gateway.answered_to(composed.communities().gateway().network());
            start(Arc::new(Notify(gateway)));
        }
    }

    /// Takes up the communities of the directory. A role that comes new is taken at the next start.
    pub fn reload(&self, config: &Config) -> Result<(), Fault> {
        match &self.manager {
            Some(manager) => manager.reload(config),
            None => Ok(()),
        }
    }

    /// Takes up who is told of withdrawals, when the communities of the directory are in force.
    pub fn reloaded(&self) {
        if let Some(withdraw) = &self.withdraw {
            withdraw.whom();
        }
    }

    /// Ends its work when nothing is asked of it any more.
    pub async fn close(mut self) -> Result<(), Fault> {
        let ended = async { while self.jobs.join_next().await.is_some() {} };
        // What is not acknowledged is told again after the next start.
        let _ = tokio::time::timeout(END_WITHIN, ended).await;
        match self.manager {
            Some(manager) => manager.close(),
            None => Ok(()),
        }
    }
}
