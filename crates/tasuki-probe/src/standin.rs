//! What stands in front of a community that the node under test asks: it ends TLS as that community,
//! passes every message on as the node under test, and keeps it. When it is told to, it answers every
//! query with an error of its own (plan 15814).

use crate::failure::{Done, Failure};
use crate::http::{Connection, Response};
use crate::mime;
use crate::proxy::{Stream, answered, requested, server};
use crate::tls;
use crate::tree::{first, parse};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The action of a query, for which it can answer with an error.
const QUERY: &str = "urn:ihe:iti:2007:CrossGatewayQuery";

/// A community's front.
pub struct StandIn {
    /// `host:port` where it listens.
    pub address: String,
    shared: Arc<Shared>,
}

struct Shared {
    config: Arc<ServerConfig>,
    folder: PathBuf,
    node: String,
    fails: AtomicBool,
    seen: Mutex<Vec<String>>,
}

impl StandIn {
    /// Listens as `name`, a certificate of `folder`, in front of a node. It ends with the process.
    ///
    /// # Errors
    /// Where it cannot listen, or the certificates cannot be read.
    pub fn start(folder: &Path, name: &str, node: &str) -> Done<Self> {
        let fault = |error: std::io::Error| Failure::io("stand-in", &error);
        let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?.to_string();
        let shared = Arc::new(Shared {
            config: server(folder, name)?,
            folder: folder.to_owned(),
            node: node.to_owned(),
            fails: AtomicBool::new(false),
            seen: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                // A broken connection is the asker's to tell of.
                std::thread::spawn(move || drop(shared.serve(tcp)));
            }
        });
        Ok(Self { address, shared })
    }

    /// Whether queries are answered with an error from now on.
    pub fn fail(&self, fails: bool) {
        self.shared.fails.store(fails, Ordering::Relaxed);
    }

    /// The envelopes that came since it was last asked.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        let mut seen = (self.shared.seen.lock()).unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut seen)
    }
}

impl Shared {
    fn serve(&self, tcp: TcpStream) -> Done {
        let session = ServerConnection::new(Arc::clone(&self.config));
        let session = session.map_err(|error| Failure::io("stand-in", &error))?;
        let mut stream: Stream = BufReader::new(StreamOwned::new(session, tcp));
        let mut upstream: Option<Connection> = None;
        while let Some((content_type, body)) = requested(&mut stream)? {
            let (envelope, _) = mime::read(&content_type, &body)?;
            let envelope = String::from_utf8_lossy(&envelope).into_owned();
            let failing = self.fails.load(Ordering::Relaxed) && envelope.contains(QUERY);
            let failed = failing.then(|| failure(&envelope)).transpose()?;
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.push(envelope);
            drop(seen);
            let response = match failed {
                Some(failed) => failed,
                None => {
                    let mut connection = match upstream.take() {
                        Some(connection) => connection,
                        None => Connection::open(&self.node, &tls::client(&self.folder, "node")?)?,
                    };
                    let response = connection.post("/soap", &content_type, &body)?;
                    upstream = Some(connection);
                    response
                }
            };
            answered(&mut stream, &response)?;
        }
        Ok(())
    }
}

/// A registry error in answer to a query.
fn failure(envelope: &str) -> Done<Response> {
    let document = parse(envelope)?;
    let header = first(document.root_element(), "Header");
    let id = header.and_then(|header| first(header, "MessageID"));
    let id = id.and_then(|id| id.text()).unwrap_or_default();
    let body = format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header>\
         <a:Action>{QUERY}Response</a:Action><a:RelatesTo>{id}</a:RelatesTo></s:Header><s:Body>\
         <q:AdhocQueryResponse xmlns:q=\"urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0\" \
         xmlns:r=\"urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0\" \
         status=\"urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure\">\
         <r:RegistryErrorList><r:RegistryError errorCode=\"XDSRegistryError\" \
         codeContext=\"the stand-in fails\" \
         severity=\"urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error\"/>\
         </r:RegistryErrorList></q:AdhocQueryResponse></s:Body></s:Envelope>"
    );
    Ok(Response {
        status: 200,
        content_type: "application/soap+xml; charset=UTF-8".to_owned(),
        body: body.into_bytes(),
    })
}
