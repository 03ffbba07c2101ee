//! The listener of HL7 v2 messages: so many connections and no more, one message at a time on each,
//! an end to waiting, and only an [`Egress`] to the socket.

use super::health::Traffic;
use super::places::Places;
use super::tls::{Reloadable, fingerprint_of};
use crate::config::Mllp;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tasuki_core::release::Payload;
use tasuki_core::{Clock, Code, Egress};
use tasuki_ihe::peers::Fingerprint;
use tasuki_ihe::{Arrival, MESSAGE_BYTES_MAX, Network};
use tasuki_wire::mllp::{Unframer, frame};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// For a TLS handshake, for a message to come whole, for an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(30);
/// Connections that are told at once that there is no place; further ones are only closed.
const GOODBYES: usize = 32;

/// Messages worked on at once. Each holds a thread of the pool that the portal uses too: a crowd
/// here must not take every one of them. Whoever waits is bounded by the number of connections.
const MESSAGES_AT_ONCE: usize = 64;

/// What every connection of a listener shares.
pub(super) struct Door {
    network: Arc<Network>,
    clock: Arc<dyn Clock>,
    idle: Duration,
    places: Arc<Places>,
    goodbyes: Arc<Semaphore>,
    work: Semaphore,
    traffic: Arc<Traffic>,
}

impl Door {
    pub fn new(
        network: Arc<Network>,
        clock: Arc<dyn Clock>,
        config: &Mllp,
        traffic: Arc<Traffic>,
    ) -> Self {
        Self {
            network,
            clock,
            idle: Duration::from_secs(u64::from(config.idle_seconds)),
            places: Arc::new(Places::new(
                config.connections,
                config.connections_per_address,
                &traffic,
            )),
            goodbyes: Arc::new(Semaphore::new(GOODBYES)),
            work: Semaphore::new(MESSAGES_AT_ONCE),
            traffic,
        }
    }

    /// Says that there is no place, to as many as can be told without anybody else waiting.
    fn refuse(&self, stream: TcpStream, tls: bool) {
        tracing::debug!(code = Code::MllpFull.id(), "an MLLP connection too many");
        let Ok(place) = Arc::clone(&self.goodbyes).try_acquire_owned() else {
            return;
        };
        if tls {
            // A handshake only to say no is work that an attacker would have us do.
            return;
        }
        let egress = tasuki_ihe::refuse(self.clock.now(), Code::MllpFull);
        tokio::spawn(async move {
            let _ = tokio::time::timeout(Duration::from_secs(2), goodbye(stream, egress)).await;
            drop(place);
        });
    }
}

/// Sends a last word and waits until it was taken: closing on unread bytes would throw it away.
async fn goodbye<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, egress: Egress) {
    if send(&mut stream, egress).await && stream.shutdown().await.is_ok() {
        let mut rest = [0; 4096];
        while stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
    }
}

/// Accepts until `stopped` turns true, then lets messages under way end.
pub(super) async fn run(
    listener: TcpListener,
    tls: Option<Arc<Reloadable>>,
    door: Arc<Door>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = super::listener::accept(&listener) => accepted,
            _ = stopped.wait_for(|s| *s) => break,
        };
        let Some((stream, peer)) = accepted else {
            continue;
        };
        match door.places.enter(peer.ip()) {
            Some(place) => {
                let talk = connection(
                    stream,
                    peer,
                    tls.clone(),
                    Arc::clone(&door),
                    stopped.clone(),
                );
                open.spawn(async move {
                    talk.await;
                    drop(place);
                });
            }
            None => door.refuse(stream, tls.is_some()),
        }
    }
    while open.join_next().await.is_some() {}
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<Reloadable>>,
    door: Arc<Door>,
    stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return talk(stream, (None, peer), &door, stopped).await;
    };
    let Some(acceptor) = tls.acceptor() else {
        return;
    };
    match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => {
            let shown = stream.get_ref().1.peer_certificates();
            let certificate = shown.and_then(<[_]>::first).map(|der| fingerprint_of(der));
            talk(stream, (certificate, peer), &door, stopped).await;
        }
        Ok(Err(error)) => tracing::warn!(%peer, "MLLP handshake: {error}"),
        Err(_) => {}
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    (certificate, peer): (Option<Fingerprint>, SocketAddr),
    door: &Arc<Door>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut unframer = Unframer::new(MESSAGE_BYTES_MAX);
    let mut piece = vec![0; 16 * 1024];
    let mut until = tokio::time::Instant::now() + door.idle;
    let mut began = false;
    loop {
        match unframer.message() {
            Ok(Some(message)) => {
                let Some(egress) = answer(door, message, certificate, peer.ip().to_string()).await
                else {
                    break;
                };
                if !send(&mut stream, egress).await || *stopped.borrow() {
                    break;
                }
                until = tokio::time::Instant::now() + door.idle;
                continue;
            }
            // A message that has begun has to end, however slowly its bytes come.
            Ok(None) if unframer.within() && !began => {
                until = tokio::time::Instant::now() + PATIENCE.min(door.idle);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(code = error.code(), "{error}");
                let code = Code::from_id(error.code()).unwrap_or(Code::Hl7TooLarge);
                let egress = tasuki_ihe::refuse(door.clock.now(), code);
                let last = tokio::time::timeout(Duration::from_secs(2), goodbye(stream, egress));
                let _ = last.await;
                return;
            }
        }
        began = unframer.within();
        let read = tokio::select! {
            read = tokio::time::timeout_at(until, stream.read(&mut piece)) => read,
            _ = stopped.wait_for(|s| *s), if !began => break,
        };
        // A peer that breaks off, or says nothing, is no news.
        let Ok(Ok(count @ 1..)) = read else { break };
        unframer.push(piece.get(..count).unwrap_or_default());
    }
    if unframer.dropped() > 0 {
        tracing::warn!(bytes = unframer.dropped(), "bytes outside any MLLP frame");
    }
    let _ = stream.shutdown().await;
}

async fn answer(
    door: &Arc<Door>,
    message: Vec<u8>,
    certificate: Option<Fingerprint>,
    address: String,
) -> Option<Egress> {
    let _place = door.work.acquire().await.ok()?;
    let network = Arc::clone(&door.network);
    let work = tokio::task::spawn_blocking(move || {
        network.answer(&Arrival {
            bytes: &message,
            certificate: certificate.as_ref(),
            address: &address,
        })
    });
    door.traffic.messages.fetch_add(1, Relaxed);
    work.await
        .inspect_err(|error| tracing::error!("a message broke off: {error}"))
        .ok()
}

/// The one place of this edge that writes to its socket.
pub(super) async fn send<S: AsyncWrite + Unpin>(stream: &mut S, egress: Egress) -> bool {
    let Payload::Body(body) = egress.into_payload() else {
        return false;
    };
    let framed = frame(&body.bytes);
    let sent = tokio::time::timeout(PATIENCE, async {
        stream.write_all(&framed).await?;
        stream.flush().await
    });
    matches!(sent.await, Ok(Ok(())))
}
