//! What is wrong between us and another community: it is asked for somebody who does not exist, once
//! for each thing that a chart needs of it. Its audit trail says that we did; nobody is named.

use super::Communities;
use crate::gateway::{Gateway, NoAnswer, Visit};
use crate::iti38::{self, RemoteEntry};
use crate::iti39;
use crate::iti45;
use crate::soap::message_id;
use std::time::Duration;
use tasuki_core::audit::AuditEvent;
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::Behalf;
use tasuki_core::policy::{AssertedUser, Scope, System, decide_system};
use tasuki_core::{Code, Fault, Released};
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{LocalPatientId, Purpose, Role};

/// How long each answer is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// What was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Documents of nobody (ITI-38).
    pub query: Result<(), NoAnswer>,
    /// A document that is none (ITI-39).
    pub retrieve: Result<(), NoAnswer>,
    /// The patient index of the network (ITI-45), where the community holds it or stands by.
    pub index: Option<Result<(), NoAnswer>>,
}

/// What a reason for no answer says of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The network, the address, TLS.
    Connection,
    /// The certificate that the community shows.
    Certificate,
    /// Who we are to it: our certificate, our assertion, its directory.
    Identity,
    /// The transaction itself.
    Exchange,
}

impl Part {
    /// What a code says of.
    #[must_use]
    pub fn of(code: Code) -> Self {
        match code {
            Code::PeerUnreachable | Code::PeerLate | Code::PeerBroke | Code::PeerLeftAlone => {
                Self::Connection
            }
            Code::PeerCertificate => Self::Certificate,
            Code::PeerRejectsUs => Self::Identity,
            _ => Self::Exchange,
        }
    }
}

impl Communities {
    /// Tries a community. Takes at most three quarters of a minute. One that is asked asynchronously is
    /// asked on the connection here: its answers would go to the node that runs.
    ///
    /// # Errors
    /// Those of [`Communities::visit`]: our own assertions cannot be made.
    pub fn check(&self, to: &Community, event: AuditEvent) -> Result<Tried, Fault> {
        let to = &Community {
            asynchronous: false,
            ..to.clone()
        };
        let now = self.gateway().network().clock.now();
        let behalf = Behalf {
            user: self.trier(),
            purpose: Purpose::Treatment,
            signed_in: now,
        };
        let visit = self.visit(Some(&behalf), event, PATIENCE)?;
        let directory = self.directory();
        let mut managers = directory.iter().flat_map(|d| d.managers());
        let holds = managers.any(|c| c.home_community_id == to.home_community_id);
        Ok(Tried {
            query: query(self.gateway(), to, &visit)?,
            retrieve: retrieve(self.gateway(), to, &visit)?,
            index: match holds {
                true => Some(index(self.gateway(), to, &visit)?),
                false => None,
            },
        })
    }

    /// In whose name: a role that opens charts, for any other would be refused.
    fn trier(&self) -> AssertedUser {
        AssertedUser {
            name_id: "connection-test".into(),
            name: "接続試験".into(),
            organisation: self.own.as_str().into(),
            organisation_id: format!("urn:oid:{}", self.own).into(),
            role: Role::Physician,
        }
    }
}

/// Nobody, released: there is nothing in it.
fn nobody() -> Result<Released<()>, Fault> {
    let system = System {
        name: "connection-test".into(),
        queries: true,
        visits: false,
        scope: Scope::Community,
    };
    let refused = |_| Fault::new(Code::InternalFault, "a connection test");
    let grant = decide_system(&system, &[]).map_err(refused)?;
    Ok(grant.release(Vec::new()).map(|_: Vec<()>| ()))
}

/// An id that nobody has.
fn unused() -> String {
    let id = message_id();
    id.trim_start_matches("urn:uuid:").replace('-', "")
}

fn query(gateway: &Gateway, to: &Community, visit: &Visit) -> Result<Result<(), NoAnswer>, Fault> {
    let patient = format!("{}^^^&{}&ISO", unused(), to.patient_authority);
    let named = nobody()?.map(|()| patient);
    Ok(iti38::ask(gateway, to, &named, visit).map(drop))
}

fn index(gateway: &Gateway, to: &Community, visit: &Visit) -> Result<Result<(), NoAnswer>, Fault> {
    let wrong = |e: tasuki_model::IdError| Fault::new(Code::InternalFault, e.to_string());
    let id = LocalPatientId::new(&unused()).map_err(wrong)?;
    iti45::asks(gateway, to, nobody()?.map(|()| id), visit)
}

fn retrieve(
    gateway: &Gateway,
    to: &Community,
    visit: &Visit,
) -> Result<Result<(), NoAnswer>, Fault> {
    let home = &to.home_community_id;
    let wanted = RemoteEntry {
        asked: home.clone(),
        home: home.clone(),
        entry: DocumentEntry {
            unique_id: Some("2.25.1".to_owned()),
            repository_id: Some(format!("{home}.1")),
            ..DocumentEntry::default()
        },
    };
    let named = nobody()?.map(|()| vec![wanted]);
    Ok(iti39::ask(gateway, to, named, visit).map(drop))
}
