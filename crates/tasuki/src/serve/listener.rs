//! A bounded listener: so many connections, so long for a handshake and a header, and an end.

use super::tls::Reloadable;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::{Code, Fault};
use tasuki_web::ShownCertificate;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Connections at once.
const CONNECTIONS_MAX: usize = 2_048;
/// For a TLS handshake, and for the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(10);

pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address)
        .await
        .map_err(|e| Fault::new(Code::AddressInUse, format!("{address}: {e}")))
}

pub(super) fn address(listener: &TcpListener) -> Result<SocketAddr, Fault> {
    listener
        .local_addr()
        .map_err(|e| Fault::new(Code::AddressInUse, e.to_string()))
}

/// The next connection. Out of file handles or the like is not a reason to stop, nor to spin.
pub(super) async fn accept(listener: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    match listener.accept().await {
        Ok(pair) => Some(pair),
        Err(error) => {
            tracing::warn!("accept: {error}");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

/// Accepts until `stopped` turns true, then lets open requests end.
pub(super) async fn run<A, F>(
    listener: TcpListener,
    tls: Option<Arc<Reloadable>>,
    mut stopped: watch::Receiver<bool>,
    answer: A,
) where
    A: Fn(String, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            accepted = accept(&listener) => accepted,
            _ = stopped.wait_for(|s| *s) => break,
        };
        let Some((stream, peer)) = accepted else {
            continue;
        };
        let (tls, answer, stopped) = (tls.clone(), answer.clone(), stopped.clone());
        open.spawn(async move {
            connection(stream, peer, tls, stopped, answer).await;
            drop(place);
        });
    }
    while open.join_next().await.is_some() {}
}

async fn connection<A, F>(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<Reloadable>>,
    stopped: watch::Receiver<bool>,
    answer: A,
) where
    A: Fn(String, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return talk(stream, peer, None, stopped, answer).await;
    };
    let Some(acceptor) = tls.acceptor() else {
        return;
    };
    if let Ok(Ok(stream)) = tokio::time::timeout(HEAD_TIME, acceptor.accept(stream)).await {
        let shown = tls.shown(stream.get_ref().1.peer_certificates());
        talk(stream, peer, shown, stopped, answer).await;
    }
}

async fn talk<S, A, F>(
    stream: S,
    peer: SocketAddr,
    shown: Option<ShownCertificate>,
    mut stopped: watch::Receiver<bool>,
    answer: A,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    A: Fn(String, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        if let Some(shown) = &shown {
            request.extensions_mut().insert(shown.clone());
        }
        let answered = answer(peer.ip().to_string(), request);
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
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
