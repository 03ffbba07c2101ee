//! Bytes of the documents that lie in extended storages: PDF, PNG, CDA R2.

pub mod cda;
pub mod pdf;
pub mod png;
