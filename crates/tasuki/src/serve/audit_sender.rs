//! The audit trail on its way to audit repositories: syslog over TLS (RFC 5425, ITI-20), a cursor
//! for each repository, which survives restarts.
//!
//! Syslog has no acknowledgement. So a batch counts as sent only when the connection has outlived it
//! by a moment: what was written into a connection that breaks is sent again on the next one. A
//! repository may get an event twice, and never misses one.

use super::tls;
use crate::config::{AuditRepository, Config};
use crate::node::Node;
use rustls::pki_types::ServerName;
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::policy::AssertedCodes;
use tasuki_core::ports::{AuditRow, Store};
use tasuki_core::{Code, Fault};
use tasuki_ihe::atna::Reporting;
use tasuki_wire::atna::syslog;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Events in one batch.
const BATCH: u32 = 200;
/// How often new events are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The longest pause after failures.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// How long a connection has to outlive a batch.
const OUTLIVES: Duration = Duration::from_millis(200);
/// How long connecting, and writing a batch, may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// One trail on its way to one repository.
struct Line {
    store: Arc<dyn Store>,
    repository: AuditRepository,
    reporting: Reporting,
    connector: TlsConnector,
    server: ServerName<'static>,
}

/// Starts to send a node's own trail, and that of the index it holds, to every repository of the
/// configuration.
///
/// # Errors
/// `CFG-003` for files or a name that cannot be used.
pub(super) fn start(
    node: &Node,
    index: Option<&Arc<dyn Store>>,
    stopped: &watch::Receiver<bool>,
) -> Result<JoinSet<()>, Fault> {
    let mut tasks = JoinSet::new();
    let host = host();
    let trails = [
        (Some(&node.store), host.clone()),
        (index, format!("{host}/pix")),
    ];
    for repository in &node.config.audit.repositories {
        for (store, system) in &trails {
            if let Some(store) = store {
                let line = line(&node.config, repository, store, system)?;
                tasks.spawn(line.run(stopped.clone()));
            }
        }
    }
    Ok(tasks)
}

fn line(
    config: &Config,
    repository: &AuditRepository,
    store: &Arc<dyn Store>,
    system: &str,
) -> Result<Line, Fault> {
    let server = ServerName::try_from(repository.tls_name.clone()).map_err(|_| {
        let what = format!("audit.repository {}: tls_name", repository.name);
        Fault::new(Code::ConfigInvalid, what)
    })?;
    Ok(Line {
        store: Arc::clone(store),
        repository: repository.clone(),
        reporting: Reporting {
            home: config.community.home_community_id.clone(),
            host: host(),
            system: system.to_owned(),
            process: std::process::id(),
            codes: AssertedCodes::standard()?,
        },
        connector: tls::Mutual::read("audit", config.audit.tls_files())?.connector()?,
        server,
    })
}

fn host() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}

impl Line {
    async fn run(self, mut stopped: watch::Receiver<bool>) {
        let line = Arc::new(self);
        let mut connection = None;
        let mut pause = LOOK_EVERY;
        loop {
            let sent = tokio::select! {
                sent = line.send(&mut connection) => sent,
                _ = stopped.wait_for(|s| *s) => return,
            };
            pause = match sent {
                Ok(()) => LOOK_EVERY,
                Err(fault) => {
                    connection = None;
                    let name = &*line.repository.name;
                    tracing::warn!(
                        code = fault.code.id(),
                        repository = name,
                        "{}",
                        fault.inside
                    );
                    (pause * 2).min(PAUSE_MAX)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stopped.wait_for(|s| *s) => return,
            }
        }
    }

    /// Sends everything there is.
    async fn send(
        self: &Arc<Self>,
        connection: &mut Option<TlsStream<TcpStream>>,
    ) -> Result<(), Fault> {
        loop {
            let line = Arc::clone(self);
            let rows = blocking(move || line.rows()).await?;
            let Some(last) = rows.len().checked_sub(1) else {
                return Ok(());
            };
            let stream = match connection {
                Some(stream) => stream,
                None => connection.insert(self.connect().await?),
            };
            let frames: Vec<u8> = rows.iter().flat_map(|row| self.frame(row)).collect();
            deliver(stream, &frames).await?;
            let line = Arc::clone(self);
            blocking(move || line.pass(&rows)).await?;
            if last + 1 < BATCH as usize {
                return Ok(());
            }
        }
    }

    fn rows(&self) -> Result<Vec<AuditRow>, Fault> {
        let name = &self.repository.name;
        self.store.reading(|tx| tx.audit_after(name, BATCH))
    }

    /// The cursor passes every row of a batch.
    fn pass(&self, rows: &[AuditRow]) -> Result<(), Fault> {
        self.store.writing(|tx| {
            for (n, row) in rows.iter().enumerate() {
                // The last of each stream says it all.
                if rows.get(n + 1).is_none_or(|next| next.stream != row.stream) {
                    tx.pass_audit(&self.repository.name, &row.stream, row.seq)?;
                }
            }
            Ok(())
        })
    }

    fn frame(&self, row: &AuditRow) -> Vec<u8> {
        // What we received from others is theirs to send: two repositories would never end.
        let Some(event) = row.event.as_ref().filter(|event| event.subject != "ITI-20") else {
            return Vec::new();
        };
        let message = self.reporting.message(event).encode();
        syslog::frame(event.at, &self.reporting.host, message.as_str())
    }

    #[allow(clippy::disallowed_methods)] // The client by which audit repositories are reached.
    async fn connect(&self) -> Result<TlsStream<TcpStream>, Fault> {
        let connecting = async {
            let stream = TcpStream::connect(&self.repository.address).await?;
            let _ = stream.set_nodelay(true);
            self.connector.connect(self.server.clone(), stream).await
        };
        match tokio::time::timeout(PATIENCE, connecting).await {
            Ok(connected) => connected.map_err(away),
            Err(_) => Err(away("no connection in time")),
        }
    }
}

/// Writes a batch, and waits whether the connection outlives it.
async fn deliver(stream: &mut TlsStream<TcpStream>, frames: &[u8]) -> Result<(), Fault> {
    let writing = async {
        stream.write_all(frames).await?;
        stream.flush().await
    };
    match tokio::time::timeout(PATIENCE, writing).await {
        Ok(written) => written.map_err(away)?,
        Err(_) => return Err(away("a batch was not taken in time")),
    }
    let mut said = [0; 64];
    match tokio::time::timeout(OUTLIVES, stream.read(&mut said)).await {
        Err(_) => Ok(()),
        Ok(Ok(0)) => Err(away("the connection ended")),
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(away(error)),
    }
}

fn away(why: impl std::fmt::Display) -> Fault {
    Fault::new(Code::AuditRepositoryAway, why.to_string())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|e| Err(Fault::new(Code::InternalFault, format!("broke off: {e}"))))
}
