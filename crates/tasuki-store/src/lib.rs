//! The ports of the core on a database and an object store
#![forbid(unsafe_code)]
