//! The way to the node under test: SOAP over mutual TLS as a system of its community, and patients by
//! an identity feed (ITI-8) over MLLP and TLS.

use super::session::Wire;
use super::values::Patients;
use crate::failure::{Done, Failure};
use crate::http::Connection;
use crate::mllp;
use crate::node::{FACILITY_AUTHORITY, Node};
use crate::soap::{self, Answer, Request};
use crate::tls;
use rustls::ClientConfig;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Where the node is asked, as its configuration calls it.
const ADDRESS: &str = "https://node.example.jp/soap";

/// ERR-3 of a node that asks to come again (HL7 table 0357).
const BUSY: &str = "206^";
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// Connections to one node.
pub struct Link {
    soap: String,
    mllp: String,
    tls: Arc<ClientConfig>,
    connection: Option<Connection>,
    registered: BTreeSet<String>,
}

impl Link {
    /// A link to a node; `soap` is where its SOAP is asked, where that is not the node itself.
    ///
    /// # Errors
    /// Where the certificates cannot be read.
    pub fn new(node: &Node, soap: Option<&str>) -> Done<Self> {
        Ok(Self {
            soap: soap.unwrap_or(&node.soap).to_owned(),
            mllp: node.mllp.clone(),
            tls: tls::client(node.folder(), "system")?,
            connection: None,
            registered: BTreeSet::new(),
        })
    }
}

impl Patients for Link {
    fn register(&mut self, local: &str) -> Done {
        if self.registered.contains(local) {
            return Ok(());
        }
        let number = self.registered.len();
        let message = mllp::admission(local, FACILITY_AUTHORITY, number);
        let mut told = mllp::feed(&self.mllp, &self.tls, &message);
        // A node that has just started says that it is busy: its index is being loaded.
        for _ in 0..TRIES {
            match &told {
                Err(Failure(why)) if why.contains(BUSY) => std::thread::sleep(PAUSE),
                _ => break,
            }
            told = mllp::feed(&self.mllp, &self.tls, &message);
        }
        told?;
        self.registered.insert(local.to_owned());
        Ok(())
    }
}

impl Wire for Link {
    fn ask(&mut self, request: &Request) -> Done<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(&self.soap, &self.tls)?,
        };
        let answer = soap::ask(&mut connection, "/soap", ADDRESS, request)?;
        // After a failure the next message goes over a connection of its own.
        self.connection = Some(connection);
        Ok(answer)
    }
}
