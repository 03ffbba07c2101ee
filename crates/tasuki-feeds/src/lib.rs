//! How records come in: import, watch, quarantine, resume
#![forbid(unsafe_code)]
