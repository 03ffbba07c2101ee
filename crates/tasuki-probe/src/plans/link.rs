//! The way to the node under test: SOAP over mutual TLS as a system of its community or as
//! another community, each with an assertion of its user, and patients by
//! an identity feed (ITI-8) over MLLP and TLS.

use super::session::{From, Wire};
use super::values::Patients;
use crate::failure::{Done, Failure};
use crate::http::Connection;
use crate::mllp;
use crate::node::{FACILITY_AUTHORITY, Node, token_services};
use crate::soap::{self, Answer, Request};
use crate::tls;
use crate::token::{TokenService, Variant};
use rustls::ClientConfig;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
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
    system: Caller,
    community: Caller,
    registered: BTreeSet<String>,
    moves: usize,
}

/// Somebody who sends: a certificate, and assertions that are used again while they hold.
struct Caller {
    tls: Arc<ClientConfig>,
    tokens: TokenService,
    headers: BTreeMap<Variant, String>,
    connection: Option<Connection>,
}

impl Caller {
    fn new(folder: &Path, name: &str, tokens: TokenService) -> Done<Self> {
        Ok(Self {
            tls: tls::client(folder, name)?,
            tokens,
            headers: BTreeMap::new(),
            connection: None,
        })
    }

    fn ask(&mut self, address: &str, request: &Request, assertion: Variant) -> Done<Answer> {
        let header = match self.headers.get(&assertion) {
            Some(header) => header.clone(),
            None => {
                let header = self.tokens.header(assertion)?;
                self.headers.insert(assertion, header.clone());
                header
            }
        };
        let mut request = request.clone();
        request.headers.push_str(&header);
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(address, &self.tls)?,
        };
        let answer = soap::ask(&mut connection, "/soap", ADDRESS, &request)?;
        // After a failure the next message goes over a connection of its own.
        self.connection = Some(connection);
        Ok(answer)
    }
}

impl Link {
    /// A link to a node; `soap` is where its SOAP is asked, where that is not the node itself.
    ///
    /// # Errors
    /// Where the certificates cannot be read.
    pub fn new(node: &Node, soap: Option<&str>) -> Done<Self> {
        let [own, other] = token_services(node.folder());
        Ok(Self {
            soap: soap.unwrap_or(&node.soap).to_owned(),
            mllp: node.mllp.clone(),
            system: Caller::new(node.folder(), "system", own)?,
            community: Caller::new(node.folder(), "community", other)?,
            registered: BTreeSet::new(),
            moves: 0,
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
        self.feed(&message)?;
        self.registered.insert(local.to_owned());
        Ok(())
    }
}

impl Link {
    /// Somebody whom a plan asks for by name.
    ///
    /// # Errors
    /// Where the node does not take it.
    pub fn admit(&mut self, local: &str, person: &[String; 3]) -> Done {
        self.feed(&mllp::admitted(local, FACILITY_AUTHORITY, 9_999, person))?;
        self.registered.insert(local.to_owned());
        Ok(())
    }

    fn feed(&self, message: &str) -> Done {
        let mut told = mllp::feed(&self.mllp, &self.system.tls, message);
        // A node that has just started says that it is busy: its index is being loaded.
        for _ in 0..TRIES {
            match &told {
                Err(Failure(why)) if why.contains(BUSY) => std::thread::sleep(PAUSE),
                _ => break,
            }
            told = mllp::feed(&self.mllp, &self.system.tls, message);
        }
        told.map(drop)
    }
}

impl Wire for Link {
    fn relink(&mut self, now: [&str; 2], until_now: [Option<&str>; 2]) -> Done {
        self.moves += 1;
        self.feed(&mllp::link_change(now, until_now, self.moves))
    }

    fn ask(&mut self, request: &Request, from: From) -> Done<Answer> {
        let caller = match from.other {
            true => &mut self.community,
            false => &mut self.system,
        };
        caller.ask(&self.soap, request, from.assertion)
    }
}
