//! Our requests to other systems: HTTPS with certificates on both sides, the other's pinned by the
//! member directory. A few connections are kept open for each; every wait has an end.
//!
//! The only place of the node that connects to a peer over HTTP, and it sends only an
//! [`Egress`](tasuki_core::Egress).

mod body;
mod clock;
mod connection;
mod tls;

use crate::config::Soap;
use crate::intake::{Intake, Shape};
use crate::pace::Pace;
pub(crate) use body::FromStore;
use body::{Leaving, Of};
use bytes::Bytes;
use clock::Clocks;
use connection::Connections;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::ports::Store;
use tasuki_core::pressure::time_for;
use tasuki_core::{Code, Egress, Fault};
use tasuki_ihe::soap::{Asked, Asking, Problem, Received, Recipient, Unanswered};
use tasuki_wire::soap::Envelope;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Pieces of an answer between the connection and the thread that takes it apart.
const PIECES: usize = 8;

/// The client of a node.
pub struct PeerClient {
    connections: Connections,
    clocks: Clocks,
    store: Arc<dyn Store>,
}

impl PeerClient {
    /// With the certificate of the node's SOAP listener.
    ///
    /// # Errors
    /// `CFG-003` where its files cannot be read.
    pub fn new(config: &Soap, store: Arc<dyn Store>) -> Result<Self, Fault> {
        Ok(Self {
            connections: Connections::new(tls::Identity::read(config)?),
            clocks: Clocks::default(),
            store,
        })
    }

    /// Seconds by which the clock of a recipient was ahead of ours when it answered last; nothing
    /// where it has not said.
    #[must_use]
    pub fn clock_off(&self, of: &Recipient) -> Option<i64> {
        self.clocks.off(of)
    }

    async fn send(&self, to: &Recipient, egress: Egress) -> Result<Response<Incoming>, Unanswered> {
        let (media_type, body) = Leaving::of(egress)?;
        let endpoint = &to.endpoint;
        let request = Request::post(endpoint.path())
            .header(header::HOST, host(endpoint.host(), endpoint.port()))
            .header(header::CONTENT_TYPE, media_type)
            .header(header::USER_AGENT, "tasuki")
            .body(body)
            .map_err(|e| Unanswered::new(Code::InternalFault, e.to_string()))?;
        let response = self.connections.send(to, request).await?;
        self.clocks.note(to, response.headers());
        Ok(response)
    }

    /// Takes an answer apart while it comes. Where it breaks off, or stops, nothing of it is kept.
    async fn receive(
        &self,
        response: Response<Incoming>,
        mut pace: Pace,
    ) -> Result<Received, Unanswered> {
        let status = response.status();
        let told = response.headers().get(header::CONTENT_TYPE);
        let text = told.and_then(|value| value.to_str().ok());
        let shape = Shape::of(text.unwrap_or_default()).map_err(|_| {
            let why = format!(
                "status {status}, Content-Type {:.80}",
                text.unwrap_or("none")
            );
            Unanswered::new(Code::PeerGarbage, why)
        })?;
        let (pieces, mut coming) = mpsc::channel(PIECES);
        let store = Arc::clone(&self.store);
        let work = tokio::task::spawn_blocking(move || {
            let mut intake = Intake::new(&shape, store);
            while let Some(piece) = coming.blocking_recv() {
                let piece: Bytes = piece;
                intake.push(&piece).map_err(wrong)?;
            }
            let taken = intake.finish().map_err(wrong)?;
            let envelope = Envelope::decode(&taken.envelope).map_err(|e| wrong((&e).into()))?;
            Ok(Received {
                envelope,
                attachments: taken.attachments.unwrap_or_default(),
            })
        });
        let mut body = response.into_body();
        let whole = loop {
            match next(&mut body, &mut pace).await {
                Ok(Some(data)) => {
                    // Whoever takes it apart has seen enough.
                    if pieces.send(data).await.is_err() {
                        break Ok(());
                    }
                }
                Ok(None) => break Ok(()),
                Err(unanswered) => break Err(unanswered),
            }
        };
        drop(pieces);
        let received = work.await;
        let broke = |e: tokio::task::JoinError| Unanswered::new(Code::InternalFault, e.to_string());
        whole.and(received.map_err(broke)?)
    }
}

fn wrong(problem: Problem) -> Unanswered {
    Unanswered::new(problem.code, problem.place)
}

fn host(host: &str, port: u16) -> String {
    match port {
        443 => host.to_owned(),
        port => format!("{host}:{port}"),
    }
}

/// The next piece of an answer, within its pace.
async fn next(body: &mut Incoming, pace: &mut Pace) -> Result<Option<Bytes>, Unanswered> {
    loop {
        let frame = tokio::time::timeout_at(pace.due(), body.frame()).await;
        let late = |_| Unanswered::new(Code::PeerLate, "an answer that stopped");
        let Some(frame) = frame.map_err(late)? else {
            return Ok(None);
        };
        let broke = |e: hyper::Error| Unanswered::new(Code::PeerBroke, e.to_string());
        if let Ok(data) = frame.map_err(broke)?.into_data() {
            pace.moved(Instant::now(), data.len());
            return Ok(Some(data));
        }
    }
}

/// Waits no longer than that.
async fn within<T>(
    time: Duration,
    work: impl Future<Output = Result<T, Unanswered>>,
) -> Result<T, Unanswered> {
    let late = || Unanswered::new(Code::PeerLate, format!("{} s", time.as_secs_f32()));
    tokio::time::timeout(time, work)
        .await
        .unwrap_or_else(|_| Err(late()))
}

impl Asking for PeerClient {
    fn ask<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        time: Duration,
    ) -> Asked<'a, Received> {
        Box::pin(async move {
            let pace = Pace::begin(Instant::now(), time);
            let response = within(time, self.send(to, request)).await?;
            self.receive(response, pace).await
        })
    }

    fn hand_over<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        time: Duration,
    ) -> Asked<'a, Option<Received>> {
        Box::pin(async move {
            let pace = Pace::begin(Instant::now(), time);
            let response = within(time, self.send(to, request)).await?;
            match response.status() {
                StatusCode::ACCEPTED => Ok(None),
                _ => self.receive(response, pace).await.map(Some),
            }
        })
    }

    fn reply<'a>(&'a self, to: &'a Recipient, reply: Egress, time: Duration) -> Asked<'a, ()> {
        // A reply may have documents in it.
        let time = time + time_for(reply.size());
        Box::pin(within(time, async move {
            let response = self.send(to, reply).await?;
            match response.status() {
                status if status.is_success() => Ok(()),
                status => Err(Unanswered::new(
                    Code::PeerGarbage,
                    format!("status {status}"),
                )),
            }
        }))
    }
}
