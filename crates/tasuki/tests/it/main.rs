//! The node as its users meet it: the real binary, real files, real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod account;
mod audit_repository;
mod backup;
mod browsers;
mod chaos;
#[path = "../../../tasuki-store/tests/it/cluster.rs"]
mod cluster;
mod communities;
mod consent;
mod console;
mod desk;
mod dictionary;
mod directory;
mod disaster;
mod emergency;
mod grants;
mod http;
mod index;
mod kills;
mod launch;
mod logs;
mod members;
mod mllp;
mod notes;
mod odd;
mod openid;
mod oversight;
mod peers;
mod postgres;
mod print;
mod pseudo;
mod requests;
mod rights;
mod security;
mod silent;
mod soap;
mod soap_community;
mod soap_large;
mod soap_peers;
mod soap_source;
mod states;
mod terminals;
mod trail_away;
mod users;
mod visit;
mod world;
