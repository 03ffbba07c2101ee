//! The patient index of a node for other systems: its transactions as the configuration says, and
//! the listeners in front of them.

use super::health::Traffic;
use super::listener;
use super::mllp::{self, Door};
use super::notices;
use super::on_demand;
use super::tls::{self, Reloadable};
use crate::config::{Config, Mllp, fingerprint};
use crate::members;
use crate::node::Node;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tasuki_core::policy::{Scope, System};
use tasuki_core::{Code, Fault};
use tasuki_ihe::iti10::Consumer;
use tasuki_ihe::peers::{Peer, Peers};
use tasuki_ihe::{CrossReferenced, Network, Settings};
use tasuki_model::FacilityId;
use tasuki_wire::charset::{Charset, Declaration};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Listeners under way.
pub(super) struct Listening {
    tasks: JoinSet<()>,
    plain: Option<SocketAddr>,
    over_tls: Option<SocketAddr>,
    tls: Option<Arc<Reloadable>>,
    network: Arc<Network>,
    consumers: Vec<Consumer>,
    data_dir: PathBuf,
}

/// Binds what `[mllp]` names and starts to answer there.
pub(super) async fn start(
    node: &Arc<Node>,
    traffic: &Arc<Traffic>,
    stopped: &watch::Receiver<bool>,
) -> Result<Listening, Fault> {
    let config = &node.config.mllp;
    let network = Arc::new(network(node)?);
    let mut listening = Listening {
        tasks: JoinSet::new(),
        plain: None,
        over_tls: None,
        tls: tls::of_mllp(config)?,
        network: Arc::clone(&network),
        consumers: Vec::new(),
        data_dir: node.data_dir.clone(),
    };
    let lines = notices::lines(node)?;
    listening.consumers = lines.iter().map(|line| line.consumer().clone()).collect();
    network.set_consumers(&listening.consumers)?;
    for line in lines {
        let told = line.run(Arc::clone(&network), stopped.clone());
        listening.tasks.spawn(told);
    }
    let clock = Arc::clone(&node.clock);
    let door = Arc::new(Door::new(network, clock, config, Arc::clone(traffic)));
    if let Some(address) = config.listen {
        let socket = listener::bind(address).await?;
        listening.plain = Some(listener::address(&socket)?);
        let task = mllp::run(socket, None, Arc::clone(&door), stopped.clone());
        listening.tasks.spawn(task);
    }
    if let Some(address) = config.listen_tls {
        let socket = listener::bind(address).await?;
        listening.over_tls = Some(listener::address(&socket)?);
        let task = mllp::run(socket, listening.tls.clone(), door, stopped.clone());
        listening.tasks.spawn(task);
    }
    Ok(listening)
}

impl Listening {
    /// Where it listens, for the log: without and with TLS; empty where it does not.
    pub fn addresses(&self) -> (String, String) {
        let text = |address: &Option<SocketAddr>| {
            address.map_or_else(String::new, |address| address.to_string())
        };
        (text(&self.plain), text(&self.over_tls))
    }

    /// What the listeners share with that of SOAP.
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Reads the certificates and the member directory again; on failure the old ones stay.
    pub fn reload(&self, config: &Config) -> Result<(), Fault> {
        let tls = self.tls.as_ref();
        tls.map_or(Ok(()), |tls| tls.reload_mllp(&config.mllp))?;
        members::put_newer_in_force(config, self.network.members(), &self.data_dir)?;
        self.network.set_consumers(&self.consumers)
    }

    /// Waits until every listener has ended.
    pub async fn join(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

pub(crate) fn network(node: &Arc<Node>) -> Result<Network, Fault> {
    let config = &node.config.mllp;
    let mut namespaces = std::collections::BTreeMap::new();
    for domain in &config.domains {
        let facility = node.facility(&domain.facility)?.id;
        namespaces.insert(domain.namespace.as_str().into(), facility);
    }
    let settings = Settings {
        application: config.application.clone(),
        facility: config.facility.clone(),
        peers: Peers(peers(node, config)?),
        namespaces,
    };
    let cross = Arc::clone(&node.identity) as Arc<dyn CrossReferenced>;
    let repository = crate::node::repository(&node.config)?;
    let registry = node.config.registry.settings(&node.config, repository)?;
    let network = Network::new(
        Arc::clone(&node.store),
        Arc::clone(&node.clock),
        cross,
        settings,
    )?
    .with_members(super::soap::members(node)?)
    .with_registry(registry);
    let network = match node.config.registry.on_demand {
        true => network.with_on_demand(on_demand::source(node)),
        false => network,
    };
    members::put_newer_in_force(&node.config, network.members(), &node.data_dir)?;
    Ok(network)
}

fn peers(node: &Node, config: &Mllp) -> Result<Vec<Peer>, Fault> {
    let wrong = |what: String| Fault::new(Code::ConfigInvalid, what);
    let mut peers = Vec::new();
    for peer in &config.peers {
        let charset = match peer
            .charset
            .as_deref()
            .map(|name| Declaration::parse(name, '~'))
        {
            None | Some(Declaration::Absent) => None,
            Some(Declaration::Known(charset)) => Some(charset),
            Some(Declaration::Unknown(name)) => {
                return Err(wrong(format!("mllp.peer {}: charset {name}", peer.name)));
            }
        };
        peers.push(Peer {
            application: peer.application.as_str().into(),
            facility: peer.facility.as_str().into(),
            certificate: peer.certificate_sha256.as_deref().and_then(fingerprint),
            charset: charset.filter(|charset| *charset != Charset::Ascii),
            feeds: facilities(node, &peer.feeds)?,
            system: System {
                name: peer.name.as_str().into(),
                queries: peer.queries,
                visits: peer.visits,
                scope: scope(node, peer.domains.as_deref())?,
            },
        });
    }
    Ok(peers)
}

pub(super) fn facilities(node: &Node, codes: &[String]) -> Result<BTreeSet<FacilityId>, Fault> {
    codes
        .iter()
        .map(|code| node.facility(code).map(|facility| facility.id))
        .collect()
}

/// The facilities whose IDs a system is told.
pub(super) fn scope(node: &Node, domains: Option<&[String]>) -> Result<Scope, Fault> {
    Ok(match domains {
        None => Scope::Community,
        Some(codes) => Scope::Facilities(facilities(node, codes)?),
    })
}
