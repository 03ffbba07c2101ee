//! The listener of SOAP messages: TLS with certificates on both sides, so many connections and
//! messages and no more, an end to waiting, and only an [`Egress`](tasuki_core::Egress) to the
//! socket.
//!
//! - `tls`: who gets a connection.
//! - `request`: a request becomes a message; large contents go to the store while they come.
//! - `response`: the one place of this edge that writes to its socket.

mod request;
mod response;
mod tls;
mod whole;

use super::health::Traffic;
use super::listener;
use super::places::{Place, Places};
use super::tls::fingerprint_of;
use crate::config::{Soap, SoapPeer, fingerprint};
use crate::node::Node;
use crate::peer::PeerClient;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::directory::Endpoint;
use tasuki_core::policy::System;
use tasuki_core::ports::Store;
use tasuki_core::{Code, Fault};
use tasuki_ihe::Network;
use tasuki_ihe::iti46::NOTIFICATIONS;
use tasuki_ihe::peers::Fingerprint;
use tasuki_ihe::soap::{Members, TRANSACTIONS, Transaction};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// For a TLS handshake, and for the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// Under this path the index of the network is asked and fed; everything else is the community's.
const MANAGER_PATH: &str = "/pix";
/// Under this path its notifications are taken (ITI-46); they look like a feed.
const NOTIFICATIONS_PATH: &str = "/pix/notifications";
/// Under this path answers come to what we have asked asynchronously.
const REPLIES_PATH: &str = "/replies";

/// What is taken at a path.
enum Taking {
    Requests(&'static [Transaction]),
    Replies,
}

/// What every connection of the listener shares.
struct Door {
    network: Arc<Network>,
    /// The patient index of the network, where we hold it.
    manager: Option<Arc<Network>>,
    store: Arc<dyn Store>,
    tls: tls::Acceptors,
    peers: Arc<PeerClient>,
    places: Arc<Places>,
    traffic: Arc<Traffic>,
    work: Arc<Semaphore>,
    /// Our address, without its path.
    origin: String,
    message_time: Duration,
}

impl Door {
    /// Who answers at a path, and what is taken there.
    fn at(&self, path: &str) -> (Arc<Network>, Taking) {
        let manager = self.manager.as_ref().filter(|_| path == MANAGER_PATH);
        let network = Arc::clone(manager.unwrap_or(&self.network));
        match path {
            NOTIFICATIONS_PATH => (network, Taking::Requests(NOTIFICATIONS)),
            REPLIES_PATH => (network, Taking::Replies),
            _ => (network, Taking::Requests(TRANSACTIONS)),
        }
    }
}

/// The listener under way.
pub(super) struct Listening {
    door: Option<Arc<Door>>,
    address: Option<SocketAddr>,
    tasks: JoinSet<()>,
}

/// Who may speak, as the configuration says.
pub(super) fn members(node: &Node) -> Result<Members, Fault> {
    let own = node.config.community.home_community_id.clone();
    let systems = node.config.soap.peers.iter().map(|peer| system(node, peer));
    Ok(Members::new(own, systems.collect::<Result<_, _>>()?))
}

fn system(node: &Node, peer: &SoapPeer) -> Result<tasuki_ihe::soap::SoapPeer, Fault> {
    let wrong = || Fault::new(Code::ConfigInvalid, format!("soap.peer {}", peer.name));
    Ok(tasuki_ihe::soap::SoapPeer {
        certificate: fingerprint(&peer.certificate_sha256).ok_or_else(wrong)?,
        system: System {
            name: peer.name.as_str().into(),
            queries: peer.queries,
            visits: peer.visits,
            scope: super::patient_index::scope(node, peer.domains.as_deref())?,
        },
        feeds: super::patient_index::facilities(node, &peer.feeds)?,
        asserts: peer.assertions,
        population: peer.population,
        across: super::patient_index::facilities(node, &peer.across)?,
        replies: peer
            .replies
            .iter()
            .filter_map(|a| Endpoint::new(a))
            .collect(),
    })
}

/// Binds what `[soap]` names and starts to answer there.
pub(super) async fn start(
    node: &Arc<Node>,
    network: &Arc<Network>,
    manager: Option<&Arc<Network>>,
    traffic: &Arc<Traffic>,
    stopped: &watch::Receiver<bool>,
) -> Result<Listening, Fault> {
    let config = &node.config.soap;
    let mut listening = Listening {
        door: None,
        address: None,
        tasks: JoinSet::new(),
    };
    let Some(address) = config.listen else {
        return Ok(listening);
    };
    let endpoint = Endpoint::new(&config.address);
    let door = Arc::new(Door {
        network: Arc::clone(network),
        manager: manager.map(Arc::clone),
        store: Arc::clone(&node.store),
        tls: tls::Acceptors::read(config, network)?,
        peers: Arc::new(PeerClient::new(config, Arc::clone(&node.store))?),
        places: Arc::new(Places::new(
            config.connections,
            config.connections_per_address,
            traffic,
        )),
        traffic: Arc::clone(traffic),
        work: Arc::new(Semaphore::new(config.messages_at_once as usize)),
        origin: endpoint.map_or_else(String::new, |e| {
            e.as_str().trim_end_matches(e.path()).to_owned()
        }),
        message_time: Duration::from_secs(u64::from(config.message_seconds)),
    });
    // What came before a restart is not taken again.
    network.recall_messages()?;
    let socket = listener::bind(address).await?;
    listening.address = Some(listener::address(&socket)?);
    let task = run(socket, Arc::clone(&door), stopped.clone());
    listening.tasks.spawn(task);
    listening.door = Some(door);
    Ok(listening)
}

impl Listening {
    /// Where it listens, for the log; empty where it does not.
    pub fn address(&self) -> String {
        let address = self.address.as_ref();
        address.map_or_else(String::new, ToString::to_string)
    }

    /// Reads the certificates again; on failure the old ones stay.
    pub fn reload(&self, config: &Soap) -> Result<(), Fault> {
        match &self.door {
            Some(door) => door.tls.reload(config, &door.network),
            None => Ok(()),
        }
    }

    /// Waits until the listener has ended.
    pub async fn join(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Accepts until `stopped` turns true, then lets messages under way end.
async fn run(listener: TcpListener, door: Arc<Door>, mut stopped: watch::Receiver<bool>) {
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listener::accept(&listener) => accepted,
            _ = stopped.wait_for(|s| *s) => break,
        };
        let Some((stream, peer)) = accepted else {
            continue;
        };
        match door.places.enter(peer.ip()) {
            Some(place) => {
                let (door, stopped) = (Arc::clone(&door), stopped.clone());
                open.spawn(connection(stream, peer, door, place, stopped));
            }
            // A handshake only to say no is work that an attacker would have us do.
            None => tracing::warn!(code = Code::SoapFull.id(), "a SOAP connection too many"),
        }
    }
    while open.join_next().await.is_some() {}
}

/// Who is at the other end of a connection.
struct Caller {
    certificate: Option<Fingerprint>,
    address: String,
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    door: Arc<Door>,
    _place: Place,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = door.tls.acceptor() else {
        return;
    };
    let stream = match tokio::time::timeout(HEAD_TIME, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return tracing::warn!(%peer, "SOAP handshake: {error}"),
        Err(_) => return,
    };
    let shown = stream.get_ref().1.peer_certificates();
    let caller = Arc::new(Caller {
        certificate: shown.and_then(<[_]>::first).map(|der| fingerprint_of(der)),
        address: peer.ip().to_string(),
    });
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (door, caller) = (Arc::clone(&door), Arc::clone(&caller));
        async move { Ok::<_, Infallible>(request::answer(door, caller, request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // A peer that breaks off is no news.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|s| *s) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
