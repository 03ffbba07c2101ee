//! ITI-22 Patient Demographics and Visit Query (ITI TF-2 3.22): as ITI-21, and where the patient is.
//!
//! The visit is the one that the hospital's feed stated last (PV1 of ITI-8). It says more than who
//! somebody is, so a system is told of visits only where its configuration says so.

mod visit;

pub(crate) use visit::{visit_fits, visit_stated, write_visit};

use crate::exchange::{Answer, Exchange, Stop};
use crate::iti21::{Kind, respond_as};
use crate::transaction::{Handler, MESSAGE_BYTES_MAX, Transaction};
use crate::v2::{Place, Problem};
use tasuki_core::Code;
use tasuki_core::audit::Action;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-22",
    title: "Patient Demographics and Visit Query",
    messages: &[("QBP", "ZV1")],
    bytes_max: MESSAGE_BYTES_MAX,
    audit: Action::PatientSearch,
    handler: Handler::Query(respond),
};

fn respond(exchange: &Exchange<'_>) -> Result<Answer, Stop> {
    if !exchange.peer.system.visits {
        let place = Place::field("MSH", 9);
        return Err(Problem::error(Code::SystemMayNotAsk, place).into());
    }
    let kind = Kind {
        response: ["RSP", "ZV2", "RSP_ZV2"],
        visits: true,
    };
    respond_as(exchange, &kind)
}
