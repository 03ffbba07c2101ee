//! Where answers of an asynchronous exchange come (WS-Addressing, ITI TF-2 V.3.7): an endpoint over
//! mutual TLS that keeps what is posted to it until somebody asks for the answer to a message.

use crate::fail;
use crate::failure::{Done, Failure};
use crate::http::Response;
use crate::mime;
use crate::proxy::{Stream, answered, requested, server};
use crate::tree::{first, parse};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long an answer is waited for.
const WITHIN: Duration = Duration::from_secs(20);

/// What has come, with the message that it is an answer to.
type Kept = Mutex<Vec<(String, Response)>>;

/// An endpoint for answers.
pub struct Replies {
    /// Its address.
    pub address: String,
    kept: Arc<(Kept, Condvar)>,
}

impl Replies {
    /// Listens as `name`, a certificate of `folder`. It ends with the process.
    ///
    /// # Errors
    /// Where it cannot listen, or the certificates cannot be read.
    pub fn start(folder: &Path, name: &str) -> Done<Self> {
        let fault = |error: std::io::Error| Failure::io("replies", &error);
        let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        let config = server(folder, name)?;
        let kept: Arc<(Kept, Condvar)> = Arc::default();
        let keeping = Arc::clone(&kept);
        std::thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let (config, kept) = (Arc::clone(&config), Arc::clone(&keeping));
                // A broken connection is told by the answer that never comes.
                std::thread::spawn(move || drop(serve(tcp, &config, &kept)));
            }
        });
        Ok(Self {
            address: format!("https://{address}/replies"),
            kept,
        })
    }

    /// The answer to a message.
    ///
    /// # Errors
    /// Where none comes.
    pub fn wait(&self, id: &str) -> Done<Response> {
        let (kept, come) = &*self.kept;
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = |kept: &mut Vec<(String, Response)>| !kept.iter().any(|(to, _)| to == id);
        let waited = come.wait_timeout_while(kept, WITHIN, missing);
        let (mut kept, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match kept.iter().position(|(to, _)| to == id) {
            Some(at) => Ok(kept.swap_remove(at).1),
            None => fail!("no answer came to the address of replies"),
        }
    }
}

fn serve(tcp: TcpStream, config: &Arc<ServerConfig>, kept: &(Kept, Condvar)) -> Done {
    let session = ServerConnection::new(Arc::clone(config));
    let session = session.map_err(|error| Failure::io("replies", &error))?;
    let mut stream: Stream = BufReader::new(StreamOwned::new(session, tcp));
    while let Some((content_type, body)) = requested(&mut stream)? {
        let (envelope, _) = mime::read(&content_type, &body)?;
        let envelope = String::from_utf8_lossy(&envelope).into_owned();
        let document = parse(&envelope)?;
        let header = first(document.root_element(), "Header");
        let related = header.and_then(|header| first(header, "RelatesTo"));
        let id = related.and_then(|node| node.text()).unwrap_or_default();
        let response = Response {
            status: 200,
            content_type,
            body,
        };
        let mut all = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((id.trim().to_owned(), response));
        drop(all);
        kept.1.notify_all();
        let taken = Response {
            status: 202,
            content_type: String::new(),
            body: Vec::new(),
        };
        answered(&mut stream, &taken)?;
    }
    Ok(())
}
