//! ITI-10: consumers are told of changed identifiers, each at its own pace. One that is away is
//! asked again, later and later, and what waits for it is kept; one that refuses the same thing
//! again and again is no longer told of it, and the audit trail says so.

use super::mllp::send;
use super::patient_index::scope;
use super::tls;
use crate::config::MllpConsumer;
use crate::node::Node;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::policy::System;
use tasuki_core::{Code, Egress, Fault};
use tasuki_ihe::Network;
use tasuki_ihe::iti10::{Consumer, NoticeId, Taken};
use tasuki_model::PatientKey;
use tasuki_wire::mllp::Unframer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

/// How often the queue is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest pause after a consumer was away.
const PAUSE_MAX: Duration = Duration::from_secs(300);
/// For a connection, and for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Registrations taken up at once.
const BATCH: u32 = 100;
/// How often the same thing may be refused.
const REFUSALS_MAX: u8 = 5;
/// Bytes of an acknowledgement.
const ANSWER_MAX: usize = 64 * 1024;

/// One consumer and how to reach it.
pub(super) struct Line {
    consumer: Consumer,
    address: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// The consumers of the configuration.
pub(super) fn lines(node: &Node) -> Result<Vec<Line>, Fault> {
    node.config
        .mllp
        .consumers
        .iter()
        .map(|consumer| line(node, consumer))
        .collect()
}

fn line(node: &Node, config: &MllpConsumer) -> Result<Line, Fault> {
    let tls = match &config.tls_name {
        None => None,
        Some(name) => {
            let server = ServerName::try_from(name.clone()).map_err(|_| {
                let what = format!("mllp.consumer {}: tls_name {name}", config.name);
                Fault::new(Code::ConfigInvalid, what)
            })?;
            Some((
                tls::Mutual::read("mllp", node.config.mllp.tls_files())?.connector()?,
                server,
            ))
        }
    };
    Ok(Line {
        consumer: Consumer {
            system: System {
                name: config.name.as_str().into(),
                queries: true,
                visits: false,
                scope: scope(node, config.domains.as_deref())?,
            },
            application: config.application.clone(),
            facility: config.facility.clone(),
        },
        address: config.address.clone(),
        tls,
    })
}

impl Line {
    /// Who is told.
    pub fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    /// Tells the consumer what there is to tell until the node stops.
    pub async fn run(self, network: Arc<Network>, mut stopped: watch::Receiver<bool>) {
        let line = Arc::new(self);
        let mut refusals = HashMap::new();
        let mut pause = LOOK_EVERY;
        loop {
            let told = tokio::select! {
                told = line.tell(&network, &mut refusals) => told,
                _ = stopped.wait_for(|s| *s) => return,
            };
            pause = match told {
                Ok(()) => LOOK_EVERY,
                Err(fault) => {
                    let name = &*line.consumer.system.name;
                    tracing::warn!(code = fault.code.id(), consumer = name, "{}", fault.inside);
                    (pause * 2).min(PAUSE_MAX)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stopped.wait_for(|s| *s) => return,
            }
        }
    }

    /// One round: everything that waits, over one connection.
    async fn tell(
        self: &Arc<Self>,
        network: &Arc<Network>,
        refusals: &mut HashMap<Vec<PatientKey>, u8>,
    ) -> Result<(), Fault> {
        let mut connection: Option<Box<dyn Stream>> = None;
        loop {
            let (line, reader) = (Arc::clone(self), Arc::clone(network));
            let notices = blocking(move || reader.notices(&line.consumer, BATCH)).await?;
            if notices.is_empty() {
                return Ok(());
            }
            for notice in notices {
                let stream = match &mut connection {
                    Some(stream) => stream,
                    None => connection.insert(self.connect().await?),
                };
                let (egress, id) = notice.split();
                let answer = exchange(stream, egress).await?;
                self.take(network, refusals, id, answer).await?;
            }
        }
    }

    async fn take(
        self: &Arc<Self>,
        network: &Arc<Network>,
        refusals: &mut HashMap<Vec<PatientKey>, u8>,
        id: NoticeId,
        answer: Vec<u8>,
    ) -> Result<(), Fault> {
        let (line, writer, asked) = (Arc::clone(self), Arc::clone(network), id.clone());
        let taken = blocking(move || writer.noticed(&line.consumer, &asked, &answer)).await?;
        match taken {
            Taken::Yes => {
                refusals.remove(&id.patients());
                return Ok(());
            }
            Taken::Unclear => return Err(away("the answer is of another message")),
            Taken::Refused => {}
        }
        let count = refusals.entry(id.patients()).or_default();
        *count += 1;
        if *count < REFUSALS_MAX {
            return Err(away("the notification was refused"));
        }
        refusals.remove(&id.patients());
        let (line, writer) = (Arc::clone(self), Arc::clone(network));
        blocking(move || writer.give_up(&line.consumer, &id)).await
    }

    #[allow(clippy::disallowed_methods)] // The client by which MLLP peers are reached.
    async fn connect(&self) -> Result<Box<dyn Stream>, Fault> {
        let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect(&self.address));
        let stream = match connecting.await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(away(error)),
            Err(_) => return Err(away("no connection in time")),
        };
        let _ = stream.set_nodelay(true);
        let Some((connector, name)) = &self.tls else {
            return Ok(Box::new(stream));
        };
        match tokio::time::timeout(PATIENCE, connector.connect(name.clone(), stream)).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(away(error)),
            Err(_) => Err(away("no handshake in time")),
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

fn away(why: impl std::fmt::Display) -> Fault {
    Fault::new(Code::ConsumerAway, why.to_string())
}

async fn exchange(stream: &mut Box<dyn Stream>, egress: Egress) -> Result<Vec<u8>, Fault> {
    if !send(stream, egress).await {
        return Err(away("the connection broke off"));
    }
    let mut unframer = Unframer::new(ANSWER_MAX);
    let mut piece = [0; 4096];
    let answer = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(message) = unframer.message().map_err(away)? {
                return Ok(message);
            }
            match stream.read(&mut piece).await.map_err(away)? {
                0 => return Err(away("the connection ended before an answer")),
                count => unframer.push(piece.get(..count).unwrap_or_default()),
            }
        }
    });
    answer
        .await
        .unwrap_or_else(|_| Err(away("no answer in time")))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|e| Err(Fault::new(Code::InternalFault, format!("broke off: {e}"))))
}
