//! Properties of the grammars, and the real files of the shared collection.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod cda_properties;
mod charset_properties;
mod hl7_properties;
mod real_documents;
mod ssmix2_properties;
