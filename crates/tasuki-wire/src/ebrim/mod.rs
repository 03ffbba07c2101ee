//! ebRIM 3.0 and ebRS 3.0 as XDS uses them: XDS metadata and the messages around it, read from the
//! body of a SOAP message and written as one (ITI TF-3, 4.2.3 and 4.3.1; OASIS ebXML RegRep 3.0).
//!
//! - metadata: [`read_objects`], [`write_objects`]; a [`Submission`] of submission sets, entries,
//!   folders and associations.
//! - requests: [`SubmitObjects`] (ITI-42, 57, 61, 92), [`ProvideAndRegister`] (ITI-41),
//!   [`AdhocQuery`] (ITI-18, 38, 51), [`RetrieveRequest`] (ITI-39, 43), [`RemoveObjects`] (ITI-62),
//!   [`RemoveDocuments`] (ITI-86).
//! - answers: [`RegistryResponse`], [`QueryResponse`], [`RetrieveResponse`].
//!
//! Reading never drops in silence: what XDS does not define stays as an extra slot, and what is
//! there twice, without a code or of an unknown scheme becomes a [`Problem`] that names object and
//! attribute. What an attribute *may* hold (a CX, an OID, a time) is not looked at here.
//!
//! Deliberately not here: ebRIM 2.1, the schema order of elements (real senders put `Slot` after
//! `Name`, and nothing depends on it), and the bytes of documents: those are parts of the MIME
//! package, or base64 that [`Carried`] hands on.

mod adhoc;
mod decode;
mod encode;
mod error;
pub mod names;
mod problem;
mod remove;
mod response;
mod retrieve;
mod submit;
#[cfg(test)]
mod tests;
mod values;
mod written;

pub use adhoc::{AdhocQuery, Found, Parameter, QueryResponse, ReturnType};
pub use decode::{Read, read_objects};
pub use encode::write_objects;
pub use error::EbrimError;
pub use problem::{Problem, What};
pub use remove::{RemoveDocuments, RemoveObjects};
pub use response::{RegistryError, RegistryResponse, ResponseStatus, Severity};
pub use retrieve::{Carried, DocumentAnswer, DocumentRequest, RetrieveRequest, RetrieveResponse};
pub use submit::{ProvideAndRegister, SubmitObjects};
pub use values::Value;
pub use written::{Told, Written};

pub use tasuki_model::xds::Submission;

/// The most objects, references or documents of one message.
pub const OBJECTS_MAX: usize = 20_000;
