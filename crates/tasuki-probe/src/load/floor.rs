//! The floor: a server with mutual TLS that reads a request and answers with so many bytes, a thread a
//! connection. It parses, verifies and keeps nothing.

use super::Sender;
use super::crowd::{Seen, hammer};
use crate::failure::{Done, Failure};
use crate::http::Connection;
use crate::http::Response;
use crate::node::Node;
use crate::proxy::{answered, requested, server};
use rustls::{ServerConnection, StreamOwned};
use std::io::BufReader;
use std::net::TcpListener;
use std::sync::Arc;

/// The same client with the same message against an empty handler.
///
/// # Errors
/// Where it cannot listen, or a connection breaks.
pub fn measure(
    node: &Node,
    sender: &Sender,
    connections: usize,
    seconds: u64,
    message: (&str, &[u8]),
    bytes: usize,
) -> Done<Seen> {
    let address = start(node, bytes)?;
    let connect = || Connection::open(&address, &sender.tls);
    let (content_type, body) = message;
    hammer(connections, seconds, connect, |connection, _| {
        Ok(connection.post("/soap", content_type, body)?.body.len())
    })
}

fn start(node: &Node, bytes: usize) -> Done<String> {
    let fault = |error: std::io::Error| Failure::io("floor", &error);
    let config = server(node.folder(), "node")?;
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?.to_string();
    let response = Arc::new(Response {
        status: 200,
        content_type: "application/soap+xml".to_owned(),
        body: vec![b'x'; bytes],
    });
    std::thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            let (config, response) = (Arc::clone(&config), Arc::clone(&response));
            std::thread::spawn(move || -> Done {
                let _ = tcp.set_nodelay(true);
                let session = ServerConnection::new(config);
                let session = session.map_err(|error| Failure::io("floor", &error))?;
                let mut stream = BufReader::new(StreamOwned::new(session, tcp));
                while requested(&mut stream)?.is_some() {
                    answered(&mut stream, &response)?;
                }
                Ok(())
            });
        }
    });
    Ok(address)
}
