//! What every HL7 v3 transaction of the patient index shares: who asks, identifiers as the v2
//! transactions know them, problems as details of an acknowledgement.
//!
//! The meaning is that of ITI-8, ITI-9 and ITI-21 and is not written a second time: a message is
//! read, given to theirs, and what comes of it is written as HL7 v3.

mod asking;
mod reply;

pub(crate) use asking::{asking_id, between};
pub(crate) use reply::{Replying, details};

use crate::peers::Authority;
use crate::soap::{Exchange, Problem, Stop};
use crate::v2::{Place, StatedId};
use tasuki_core::Code;
use tasuki_core::policy::{Scope, System, decide_peer};
use tasuki_model::Oid;
use tasuki_wire::hl7v3::{Ii, V3Error};

/// The system that asks: as the configuration has it, or another community, which is told what any
/// system of the community may be told and of no visits.
///
/// # Errors
/// [`Stop::Wrong`] for a purpose or a role that opens nothing.
pub(crate) fn system(exchange: &Exchange<'_>) -> Result<System, Stop> {
    let caller = exchange.caller;
    if let Some(known) = caller.system() {
        return Ok(known.system.clone());
    }
    decide_peer(caller.caller(), &[])?;
    Ok(System {
        name: caller.caller().community().as_str().into(),
        queries: true,
        visits: false,
        scope: Scope::Community,
    })
}

/// An identifier as the v2 transactions know it. `element` is where it stands.
pub(crate) fn stated(id: &Ii, element: &'static str, number: usize) -> StatedId {
    StatedId {
        id: id.extension.clone(),
        authority: authority(id),
        place: Place::segment(element).repetition(number + 1),
    }
}

/// An assigning authority. A root that is no OID is none that anybody here knows.
pub(crate) fn authority(id: &Ii) -> Authority {
    let oid = Oid::new(&id.root).is_ok();
    Authority {
        // The name of an authority is for people; where there is a root, that alone counts.
        namespace: if id.root.is_empty() {
            id.authority.clone()
        } else {
            String::new()
        },
        universal: id.root.clone(),
        kind: if oid { "ISO" } else { "" }.to_owned(),
    }
}

/// A message that cannot be read has no wrapper to answer under: a fault.
pub(crate) fn unreadable(error: V3Error) -> Stop {
    let code = Code::from_id(error.code()).unwrap_or(Code::SoapShape);
    Stop::Wrong(Problem::new(code, error.path()))
}
