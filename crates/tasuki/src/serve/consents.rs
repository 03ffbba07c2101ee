//! Consents become documents for other systems: what has been marked is looked at again and again, for as long as
//! the node serves.

use super::jobs::{pause, report};
use crate::node::Node;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::Fault;
use tasuki_ihe::Network;
use tasuki_ihe::xds::consents;
use tokio::sync::watch;

/// How often it is looked.
const EVERY: Duration = Duration::from_millis(500);
/// Registrations of one round, each in a transaction of its own.
const ROUND: u32 = 100;

/// Publishes until the node stops. Begins with what is not as the setting says: it may have been changed while the
/// node was away.
pub(super) fn published(
    node: &Arc<Node>,
    network: &Arc<Network>,
    stopped: &watch::Receiver<bool>,
) -> impl Future<Output = ()> + Send + 'static {
    let publishes = node.config.portal.consent_documents;
    let (node, network) = (Arc::clone(node), Arc::clone(network));
    let mut until = stopped.clone();
    async move {
        let mut marked = false;
        loop {
            let (node, network) = (Arc::clone(&node), Arc::clone(&network));
            let work = move || round(&node, &network, publishes, marked);
            let done = tokio::task::spawn_blocking(work).await;
            marked |= matches!(done, Ok(Ok(())));
            report("publishing consents", done);
            if !pause(EVERY, &mut until).await {
                break;
            }
        }
    }
}

fn round(node: &Node, network: &Network, publishes: bool, marked: bool) -> Result<(), Fault> {
    if !marked {
        node.store.writing(|tx| tx.mark_consents(publishes))?;
    }
    while consents::publish(network, publishes, ROUND)? == ROUND as usize {}
    Ok(())
}
