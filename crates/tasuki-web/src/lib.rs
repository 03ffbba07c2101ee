//! The portal: server-rendered pages that work without scripts.
//!
//! - [`pages`]: the registry of pages, one folder each.
//! - [`pipeline`]: written once for all of them: limits → session → page → audit → answer.
//! - `edge`: the one file that turns an [`Egress`](tasuki_core::Egress) into an HTTP response.
//! - [`explanation`]: why two registrations are taken for one person, in sentences.
//! - `on_demand`: a summary of our own facilities' records for who asks from outside.
//! - [`words`]: the message catalogue. No page holds a text of its own.
//!
//! Knows no SQL, XML or SOAP, and opens no socket: the binary does.
#![forbid(unsafe_code)]

pub mod assets;
mod chart;
mod compress;
mod edge;
mod emergency;
pub mod explanation;
mod launch;
#[cfg(test)]
mod literals;
mod marks;
mod on_demand;
pub mod pages;
pub mod password;
pub mod pipeline;
mod shell;
mod sign_in;
mod terminals;
mod upload;
mod visit;
pub mod words;

pub use emergency::EmergencyRules;
pub use launch::{Launch, LaunchKey, LaunchKeys};
pub use on_demand::Summaries;
pub use pipeline::{Portal, PortalConfig, serve};
pub use terminals::{ShownCertificate, TerminalDemand, TerminalRules};
pub use upload::Attachments;
