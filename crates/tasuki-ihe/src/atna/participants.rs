//! Who took part: the two systems of a transaction by the way the data flows, and the user behind.

use super::Reporting;
use super::event::{Flow, Kind};
use std::net::IpAddr;
use tasuki_core::audit::{Actor, AuditEvent, Exchange, Node, Side};
use tasuki_model::Role;
use tasuki_wire::atna::{Access, Coded, Participant};

fn source() -> Coded {
    Coded::new("110153", "DCM", "Source Role ID")
}

fn destination() -> Coded {
    Coded::new("110152", "DCM", "Destination Role ID")
}

impl Reporting {
    pub(super) fn participants(&self, event: &AuditEvent, kind: &Kind) -> Vec<Participant> {
        let mut participants = match &event.exchange {
            Some(exchange) => self.systems(exchange, kind),
            None => vec![self.own(&Node::default(), true, Vec::new())],
        };
        participants.extend(self.user(event));
        participants
    }

    /// The two systems: who gives first, who gets second.
    fn systems(&self, exchange: &Exchange, kind: &Kind) -> Vec<Participant> {
        let we_ask = exchange.side == Side::Asked;
        let (asker, asked) = match kind.flow {
            Flow::Query | Flow::Send => (source(), destination()),
            Flow::Fetch => (destination(), source()),
        };
        let (ours, theirs) = if we_ask {
            (asker, asked)
        } else {
            (asked, asker)
        };
        let own = self.own(&exchange.own, we_ask, vec![ours]);
        let peer = Participant {
            user_id: named(&exchange.peer.id),
            requestor: !we_ask,
            roles: vec![theirs],
            access: access(&exchange.peer),
            ..Participant::default()
        };
        let own_first = own.roles.first() == Some(&source());
        if own_first {
            vec![own, peer]
        } else {
            vec![peer, own]
        }
    }

    fn own(&self, node: &Node, requestor: bool, roles: Vec<Coded>) -> Participant {
        let id = if node.id.is_empty() {
            &self.host
        } else {
            &node.id
        };
        let at = Node {
            id: node.id.clone(),
            address: if node.address.is_empty() {
                self.host.clone()
            } else {
                node.address.clone()
            },
        };
        Participant {
            user_id: named(id),
            alternative_id: Some(self.process.to_string()),
            requestor,
            roles,
            access: access(&at),
            ..Participant::default()
        }
    }

    /// The user behind the event; nobody where it was a system's own doing.
    fn user(&self, event: &AuditEvent) -> Option<Participant> {
        let (id, name, role) = match &event.actor {
            Actor::User { user, role, .. } => {
                let name = format!("<{user}@{}>", self.home);
                (user.to_string(), Some(name), Some(*role))
            }
            Actor::Peer {
                user: Some(user),
                role,
                ..
            } => {
                let name = event.exchange.as_ref().and_then(|e| e.user.clone());
                (user.clone(), name, *role)
            }
            Actor::Anyone { name: Some(name) } => (name.clone(), None, None),
            _ => return None,
        };
        Some(Participant {
            user_id: named(&id),
            name,
            requestor: true,
            roles: role.iter().map(|role| self.role(*role)).collect(),
            ..Participant::default()
        })
    }

    fn role(&self, role: Role) -> Coded {
        match self.codes.of_role(role) {
            Some(code) => Coded::new(&code.code, &code.system, &code.text),
            None => Coded::new(role.code(), "Tasuki", role.code()),
        }
    }
}

/// `UserID` is never empty: repositories refuse it.
fn named(id: &str) -> String {
    match id {
        "" => "unknown".to_owned(),
        id => id.to_owned(),
    }
}

fn access(node: &Node) -> Option<Access> {
    match node.address.as_str() {
        "" => None,
        text if text.parse::<IpAddr>().is_ok() => Some(Access::Address(text.to_owned())),
        text => Some(Access::Name(text.to_owned())),
    }
}
