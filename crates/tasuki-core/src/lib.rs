//! What the network does: policy, release, gathering, audit, identity, and the ports it needs
#![forbid(unsafe_code)]

pub mod codes;
