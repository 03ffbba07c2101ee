//! The way to the node under test: SOAP over mutual TLS as a system of its community or as
//! another community, each with an assertion of its user, and patients by
//! an identity feed (ITI-8) over MLLP and TLS.

use super::session::{From, Wire};
use super::values::Patients;
use crate::fail;
use crate::failure::{Done, Failure};
use crate::http::Connection;
use crate::mllp;
use crate::node::{Beside, FACILITY_AUTHORITY, Node, home, token_services};
use crate::replies::Replies;
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
pub struct Link<'a> {
    node: &'a Node,
    soap: String,
    mllp: String,
    system: Caller,
    community: Caller,
    registered: BTreeSet<String>,
    moves: usize,
    beside: Option<Others<'a>>,
}

/// The communities beside the node under test.
struct Others<'a> {
    beside: &'a Beside,
    systems: Vec<Caller>,
    /// How many people the index of the network is known to have linked.
    linked: usize,
}

/// Somebody who sends: a certificate, and assertions that are used again while they hold.
struct Caller {
    tls: Arc<ClientConfig>,
    tokens: Option<TokenService>,
    headers: BTreeMap<Variant, String>,
    connection: Option<Connection>,
}

impl Caller {
    fn new(folder: &Path, name: &str, tokens: Option<TokenService>) -> Done<Self> {
        Ok(Self {
            tls: tls::client(folder, name)?,
            tokens,
            headers: BTreeMap::new(),
            connection: None,
        })
    }

    fn ask(
        &mut self,
        address: &str,
        request: &Request,
        assertion: Variant,
        replies: Option<&Replies>,
    ) -> Done<Answer> {
        let header = match (self.headers.get(&assertion), &self.tokens) {
            (Some(header), _) => header.clone(),
            (None, Some(tokens)) => {
                let header = tokens.header(assertion)?;
                self.headers.insert(assertion, header.clone());
                header
            }
            (None, None) => String::new(),
        };
        let mut request = request.clone();
        request.headers.push_str(&header);
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(address, &self.tls)?,
        };
        let answer = match replies {
            Some(replies) => {
                soap::ask_elsewhere(&mut connection, "/soap", ADDRESS, &request, replies)?
            }
            None => soap::ask(&mut connection, "/soap", ADDRESS, &request)?,
        };
        // After a failure the next message goes over a connection of its own.
        self.connection = Some(connection);
        Ok(answer)
    }
}

impl<'a> Link<'a> {
    /// A link to a node; `soap` is where its SOAP is asked, where that is not the node itself.
    ///
    /// # Errors
    /// Where the certificates cannot be read.
    pub fn new(node: &'a Node, soap: Option<&str>, beside: Option<&'a Beside>) -> Done<Self> {
        let [own, other] = token_services(node.folder()).map(Some);
        let beside = beside.map(|beside| -> Done<Others<'_>> {
            let systems = beside.others.iter();
            let systems = systems.map(|_| Caller::new(node.folder(), "system", None));
            Ok(Others {
                beside,
                systems: systems.collect::<Done<_>>()?,
                linked: 0,
            })
        });
        Ok(Self {
            node,
            soap: soap.unwrap_or(&node.soap).to_owned(),
            mllp: node.mllp.clone(),
            system: Caller::new(node.folder(), "system", own)?,
            community: Caller::new(node.folder(), "community", other)?,
            registered: BTreeSet::new(),
            moves: 0,
            beside: beside.transpose()?,
        })
    }
}

impl Patients for Link<'_> {
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

impl Link<'_> {
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
        let beside = self.beside.iter().flat_map(|b| &b.beside.others);
        let others = beside.map(|node| node.mllp.as_str());
        for address in std::iter::once(self.mllp.as_str()).chain(others) {
            let mut told = mllp::feed(address, &self.system.tls, message);
            // A node that has just started says that it is busy: its index is being loaded.
            for _ in 0..TRIES {
                match &told {
                    Err(Failure(why)) if why.contains(BUSY) => std::thread::sleep(PAUSE),
                    _ => break,
                }
                told = mllp::feed(address, &self.system.tls, message);
            }
            told?;
        }
        Ok(())
    }

    /// Waits until the index of the network knows that each person is one in all communities: the
    /// nodes feed it by themselves.
    fn settled(&mut self) -> Done {
        let Some(others) = &mut self.beside else {
            return Ok(());
        };
        let people = self.registered.len() as u64;
        if others.linked == self.registered.len() {
            return Ok(());
        }
        let everywhere = others.systems.len() as u64 + 1;
        for _ in 0..TRIES {
            if others.beside.linked()? == [people * everywhere, people, 0] {
                others.linked = self.registered.len();
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
        fail!(
            "the index has not linked {people} people: {:?}",
            others.beside.linked()?
        )
    }
}

impl Wire for Link<'_> {
    fn relink(&mut self, now: [&str; 2], until_now: [Option<&str>; 2]) -> Done {
        self.moves += 1;
        self.feed(&mllp::link_change(now, until_now, self.moves))
    }

    fn ask(&mut self, request: &Request, from: From) -> Done<Answer> {
        if let (Some(n), Some(others)) = (from.to.checked_sub(1), &mut self.beside) {
            let node = others.beside.others.get(n);
            let (Some(node), Some(system)) = (node, others.systems.get_mut(n)) else {
                fail!("nobody stands at {n}")
            };
            return system.ask(&node.soap, request, from.assertion, None);
        }
        self.settled()?;
        let caller = match from.other {
            true => &mut self.community,
            false => &mut self.system,
        };
        let replies = self.node.replies.get(usize::from(from.other));
        let replies = replies.filter(|_| from.elsewhere);
        caller.ask(&self.soap, request, from.assertion, replies)
    }

    fn forwarded(&mut self) -> Vec<(String, String)> {
        let others = self.beside.iter();
        let fronts = others.flat_map(|others| others.beside.fronts.iter().enumerate());
        let seen = fronts.flat_map(|(n, front)| {
            let seen = front.seen().into_iter();
            seen.map(move |envelope| (home(n + 1).to_owned(), envelope))
        });
        seen.collect()
    }

    fn first_fails(&mut self, fails: bool) {
        let others = self.beside.iter();
        if let Some(front) = others.flat_map(|others| &others.beside.fronts).next() {
            front.fail(fails);
        }
    }
}
