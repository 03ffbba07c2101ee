//! Grammars, decode and encode, without I/O: HL7 v2.5, ISO 2022, SS-MIX2 names, CDA
#![forbid(unsafe_code)]
