//! This node as an audit repository (ITI-20): audit messages of others by syslog over TLS, each kept
//! in our own chained trail as it came.
//!
//! A message that is no audit message is kept as well, as refused with its code: who can make a
//! repository forget by writing badly has won. A frame that is none ends the connection, for nothing
//! after it could be found; that is kept too. Nothing is answered: syslog has no answers.

use super::{listener, tls};
use crate::node::Node;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::audit::{
    Action, Actor, AuditEvent, AuditedQuery, Ending, Exchange, Node as At, Side,
};
use tasuki_core::{Code, Fault};
use tasuki_wire::atna::{AtnaError, Message, syslog};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// Connections at once.
const CONNECTIONS: usize = 256;
/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A connection ends after so long without a byte.
const IDLE: Duration = Duration::from_secs(600);
/// Events that become durable together.
const BATCH: usize = 200;
/// What is kept of a message that is none.
const REFUSED_BYTES_MAX: usize = 4_096;

/// A listener under way.
pub(super) struct Receiving {
    tasks: JoinSet<()>,
    address: Option<SocketAddr>,
}

/// Binds what `[audit]` names and starts to take messages there.
pub(super) async fn start(
    node: &Arc<Node>,
    stopped: &watch::Receiver<bool>,
) -> Result<Receiving, Fault> {
    let config = &node.config.audit;
    let mut tasks = JoinSet::new();
    let mut address = None;
    if let Some(listen) = config.listen {
        let acceptor = tls::Mutual::read("audit", config.tls_files())?.acceptor()?;
        let socket = listener::bind(listen).await?;
        address = Some(listener::address(&socket)?);
        tasks.spawn(run(socket, acceptor, Arc::clone(node), stopped.clone()));
    }
    Ok(Receiving { tasks, address })
}

impl Receiving {
    /// Where it listens, for the log; empty where it does not.
    pub fn address(&self) -> String {
        self.address.map_or_else(String::new, |a| a.to_string())
    }

    /// Waits until it has ended.
    pub async fn join(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn run(
    socket: TcpListener,
    acceptor: TlsAcceptor,
    node: Arc<Node>,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            _ = stopped.wait_for(|s| *s) => break,
        };
        while connections.try_join_next().is_some() {}
        let (Ok((stream, peer)), Ok(place)) = (accepted, Arc::clone(&places).try_acquire_owned())
        else {
            // No place, or a connection that was gone again: the sender tries later.
            continue;
        };
        let (acceptor, node, until) = (acceptor.clone(), Arc::clone(&node), stopped.clone());
        connections.spawn(async move {
            take(stream, peer, &acceptor, &node, until).await;
            drop(place);
        });
    }
    while connections.join_next().await.is_some() {}
}

/// One connection until it ends.
async fn take(
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: &TlsAcceptor,
    node: &Arc<Node>,
    mut stopped: watch::Receiver<bool>,
) {
    let Ok(Ok(mut stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await else {
        return;
    };
    let from = peer.ip().to_string();
    let mut buffer = Vec::new();
    let mut piece = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = tokio::time::timeout(IDLE, stream.read(&mut piece)) => read,
            _ = stopped.wait_for(|s| *s) => return,
        };
        let Ok(Ok(count @ 1..)) = read else { return };
        buffer.extend_from_slice(piece.get(..count).unwrap_or_default());
        let (events, ended) = events(node, &from, &mut buffer);
        if let Err(fault) = keep(node, events).await {
            // Not kept: the connection ends, and a sender that counts what it sent comes again.
            tracing::error!(code = fault.code.id(), "{}", fault.inside);
            return;
        }
        if ended {
            return;
        }
    }
}

/// The events of every whole frame; true where nothing more can be found.
fn events(node: &Node, from: &str, buffer: &mut Vec<u8>) -> (Vec<AuditEvent>, bool) {
    let mut events = Vec::new();
    loop {
        match syslog::take(buffer) {
            Ok(Some(frame)) => events.push(event(node, from, &frame)),
            Ok(None) => return (events, false),
            Err(error) => {
                events.push(refused(node, from, buffer, &error));
                return (events, true);
            }
        }
    }
}

fn event(node: &Node, from: &str, frame: &[u8]) -> AuditEvent {
    let said = syslog::message(frame).and_then(|text| Message::decode(text).map(|m| (m, text)));
    match said {
        Ok((message, text)) => {
            let sender = match message.source.site {
                Some(site) => format!("{} {site}", message.source.id),
                None => message.source.id,
            };
            received(node, from, &sender, text)
        }
        Err(error) => refused(node, from, frame, &error),
    }
}

fn received(node: &Node, from: &str, sender: &str, text: &[u8]) -> AuditEvent {
    let at = |id: &str, address: &str| At {
        id: id.to_owned(),
        address: address.to_owned(),
    };
    let exchange = Exchange {
        query: Some(AuditedQuery {
            id: String::new(),
            text: String::from_utf8_lossy(text).into_owned(),
            home: None,
        }),
        ..Exchange::new("ITI-20", Side::Answered, at("", ""), at(sender, from))
    };
    AuditEvent {
        actor: Actor::System {
            name: sender.to_owned(),
        },
        exchange: Some(Box::new(exchange)),
        items: 1,
        ..AuditEvent::of_process(node.clock.now(), Action::Import, "audit", "ITI-20")
    }
}

fn refused(node: &Node, from: &str, bytes: &[u8], error: &AtnaError) -> AuditEvent {
    let kept = bytes
        .get(..bytes.len().min(REFUSED_BYTES_MAX))
        .unwrap_or_default();
    AuditEvent {
        actor: Actor::Anyone { name: None },
        ending: Ending::Refused,
        code: Some(error.code().to_owned()),
        items: 0,
        ..received(node, from, "", kept)
    }
}

async fn keep(node: &Arc<Node>, events: Vec<AuditEvent>) -> Result<(), Fault> {
    let store = Arc::clone(&node.store);
    let kept = tokio::task::spawn_blocking(move || {
        for batch in events.chunks(BATCH) {
            store.append_audit(batch)?;
        }
        Ok(())
    });
    kept.await
        .unwrap_or_else(|e| Err(Fault::new(Code::InternalFault, format!("broke off: {e}"))))
}
