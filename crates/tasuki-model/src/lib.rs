//! The words of the network: ids, people, documents, time, codes, provenance, consent
#![forbid(unsafe_code)]
