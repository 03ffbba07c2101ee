//! IHE transactions, one folder each: how a message is read and written, what is answered to it,
//! and how we ask where we are the one who asks. The pipeline around them is written once.
//!
//! Here so far: the patient index over HL7 v2 (ITI TF-2 3.8, 3.9, 3.10, 3.21, 3.22), and the
//! pipeline of transactions over SOAP. No sockets: bytes come in as an [`Arrival`] or as a
//! [`soap::Arrived`], and only an [`Egress`](tasuki_core::Egress) goes out.
#![forbid(unsafe_code)]

mod abreast;
pub mod atna;
pub mod communities;
mod continuation;
pub mod dialect;
mod ended;
mod exchange;
pub mod gateway;
pub mod initiating;
pub mod iti10;
pub mod iti18;
pub mod iti21;
pub mod iti22;
pub mod iti38;
pub mod iti39;
pub mod iti41;
pub mod iti42;
pub mod iti43;
pub mod iti44;
pub mod iti45;
pub mod iti46;
pub mod iti47;
pub mod iti55;
pub mod iti57;
pub mod iti61;
pub mod iti62;
pub mod iti64;
pub mod iti8;
pub mod iti86;
pub mod iti9;
pub mod iti92;
mod manager;
mod network;
pub mod peers;
mod pipeline;
pub mod soap;
pub mod statement;
mod together;
mod transaction;
mod v2;
mod v3;
pub mod xds;
pub mod xua;

pub use ended::refuse;
pub use manager::member_facility;
pub use network::{AsProjected, CrossReferenced, Network, Settings};
pub use pipeline::Arrival;
pub use transaction::{MESSAGE_BYTES_MAX, Side, TRANSACTIONS, Transaction};
pub use v2::{Place, Problem, Severity, StatedId};
