//! What medicine needs to tell a story: drugs, analytes, diseases, usages.
//!
//! Public codes stand here only where they are certain (JLAC10, ICD-10, a few HOT9); everything
//! else gets the facility's own code, as in real storages.

pub mod diseases;
pub mod drugs;
pub mod labs;
