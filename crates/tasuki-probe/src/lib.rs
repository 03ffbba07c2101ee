//! A running node, asked from outside: over its own sockets, with certificates of its own making, and
//! with nothing of Tasuki's own code, so that a mistake in how Tasuki reads cannot hide the same
//! mistake in how it writes.
//!
//! - [`plans`]: the plans of the NIST XDS toolkit, step by step.
//! - [`load`]: how fast it answers, beside a floor.
//! - [`node`]: a node with a community of its own, made and started for a run.
//! - the rest: TLS, HTTP, MIME, SOAP, assertions and XPath, as far as these two need them.
//!
//! XPath is judged by `xmllint`, schemas too; certificates are made by `openssl` and assertions
//! signed by `xmlsec1`. It is no client for anybody's use: what it is sent, it holds in memory.
#![forbid(unsafe_code)]

pub mod certificates;
pub mod failure;
pub mod faulty;
pub mod http;
pub mod load;
pub mod mime;
pub mod mllp;
pub mod node;
pub mod plans;
pub mod proxy;
pub mod relay;
pub mod replies;
pub mod soap;
pub mod standin;
pub mod tls;
pub mod token;
pub mod tree;
pub mod xpath;
