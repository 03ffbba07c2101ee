//! Properties of the grammars, and the real files of the shared collection.

mod charset_properties;
mod hl7_properties;
mod ssmix2_properties;
