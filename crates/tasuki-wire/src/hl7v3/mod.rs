//! HL7 v3 messages of the patient index (HL7 2008 Normative Edition; ITI TF-2 3.44 to 3.47, 3.55):
//! the feed (`PRPA_IN201301UV02`, `…02`, `…04`), the query for identifiers (`…09`, `…10`), the query
//! by demographics (`…05`, `…06`), and the acknowledgement (`MCCI_IN000002UV01`).
//!
//! Read from an element, as a SOAP body holds one, and written as a document in the default
//! namespace. What a message means is for the transactions. What a patient is said to be is read into
//! [`tasuki_model::Demographics`]; parts of it that nobody here keeps (race, religion) are passed over.

mod answer;
mod error;
mod feed;
mod pdq;
mod person;
mod pix;
#[cfg(test)]
mod tests;
mod values;
mod wrapper;

pub use answer::{Acknowledgement, Detail, Found, PatientAnswer, QueryAnswer};
pub use error::V3Error;
pub use feed::{Event, Feed};
pub use pdq::PdqQuery;
pub use pix::PixQuery;
pub use values::Ii;
pub use wrapper::{Header, Reply};

use crate::xml::Namespace;

/// The namespace of everything here. Without a prefix: `xsi:type` names types in it.
pub const V3: Namespace<'static> = Namespace::new("", "urn:hl7-org:v3");
const XSI: Namespace<'static> = Namespace::new("xsi", "http://www.w3.org/2001/XMLSchema-instance");
/// The code system of interactions.
const INTERACTIONS: &str = "2.16.840.1.113883.1.6";
