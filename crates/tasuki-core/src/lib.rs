//! What the network does, without sockets, tables or markup.
//!
//! - [`release`]: patient data leaves only as [`Released`], and bytes only as [`Egress`].
//! - [`policy`]: the one place that decides and that makes `Released`.
//! - [`gather`]: items and the report of every source asked, never one without the other.
//! - [`elsewhere`]: what other communities hold of a patient, as a chart visit gathers it.
//! - [`audit`]: one event per transaction, chained and signed.
//! - [`directory`]: which communities there are, from a signed file.
//! - [`publish`]: what the portal writes becomes documents of the registry.
//! - [`on_demand`]: what makes documents when they are retrieved.
//! - [`terminal`]: what certifies the browsers of a facility.
//! - [`ports`]: what the core needs of a store, a clock, a key ring. Synchronous on purpose: see
//!   the measurement in docs/benchmarks.md.
#![forbid(unsafe_code)]

pub mod audit;
pub mod breaker;
pub mod clock;
pub mod codes;
pub mod directory;
pub mod elsewhere;
pub mod fault;
pub mod gather;
pub mod hints;
pub mod identity;
pub mod linking;
pub mod on_demand;
pub mod policy;
pub mod ports;
pub mod pressure;
pub mod provider;
pub mod publish;
pub mod release;
pub mod terminal;
pub mod visiting;

pub use clock::Clock;
pub use codes::Code;
pub use fault::Fault;
pub use gather::{Gathered, Section, SourceReport, SourceState};
pub use policy::{Caller, Grant};
pub use release::{Egress, Labelled, NonClinical, Released};
