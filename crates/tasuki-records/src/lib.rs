//! Clinical kinds, one folder each: decode from each source format, merge, view.
//!
//! A message or document becomes a [`ClinicalValue`] and a list of [`Problem`]s, never less: what
//! cannot be read is named with its place, and the original stays one step away. A message that is
//! not what its path says, or lacks what its kind is about, is no value at all but a
//! [`RecordError`], and belongs into quarantine.
#![forbid(unsafe_code)]

pub mod allergy;
pub mod attachment;
pub mod contraindication;
mod decode;
pub mod dictionary;
pub mod doctor;
pub mod document;
pub mod exam;
pub mod health_check;
pub mod infection;
pub mod injection;
mod intake;
pub mod kinds;
pub mod lab;
pub mod meal;
pub mod merge;
pub mod note;
pub mod patient;
pub mod prescription;
mod problem;
pub mod problem_list;
mod read;
mod received;
mod sheet;
pub mod stay;
pub mod v2;
pub mod view;
pub mod visit;

pub use decode::{ClinicalValue, Decoded, Sourced, decode};
pub use intake::{Examined, Identified, Reason, compare, examine, patient_in};
pub use kinds::{KINDS, Kind, Place};
pub use problem::{CODES, DIFFERS, NAMELESS, OTHER_UNIT, Problem, RecordError, THINNED};
pub use read::{Read, clinical, original_text, read};
pub use received::{NotRead, received, received_category};
