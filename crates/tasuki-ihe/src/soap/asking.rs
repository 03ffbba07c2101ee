//! Asking another system: where a request goes, what comes back, and why nothing did. How it gets
//! there is behind [`Asking`]; only an [`Egress`] leaves, as everywhere.

use crate::peers::Fingerprint;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tasuki_core::directory::{Community, Endpoint};
use tasuki_core::ports::Incoming;
use tasuki_core::{Code, Egress};
use tasuki_wire::mtom::Attachments;
use tasuki_wire::soap::Envelope;

/// Where a request or a reply goes, and whom it may find there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address.
    pub endpoint: Endpoint,
    /// The certificates that it may show; nothing is sent to any other.
    pub certificates: Vec<Fingerprint>,
    /// Whether it may be spoken to over TLS 1.2.
    pub tls12: bool,
}

impl Recipient {
    /// Where a community takes a transaction, such as `ITI-38`.
    #[must_use]
    pub fn of(community: &Community, transaction: &str) -> Option<Self> {
        Some(Self {
            endpoint: community.endpoint(transaction)?.clone(),
            certificates: community.certificates.clone(),
            tls12: community.tls12,
        })
    }
}

/// An answer as it came. A SOAP fault is one too: [`Envelope::fault`].
#[derive(Debug)]
pub struct Received {
    /// The message.
    pub envelope: Envelope,
    /// The parts beside it; nothing where it was not multipart.
    pub attachments: Attachments<Incoming>,
}

/// Why there is no answer. An outcome, not a fault: the source could not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// `NET-…`, or the code of what is wrong with the answer.
    pub code: Code,
    /// For whoever runs this node. Holds no patient data.
    pub why: String,
}

impl Unanswered {
    /// No answer, with its reason.
    #[must_use]
    pub fn new(code: Code, why: impl Into<String>) -> Self {
        Self {
            code,
            why: why.into(),
        }
    }
}

/// What [`Asking`] gives back.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, Unanswered>> + Send + 'a>>;

/// Sends requests and replies. Implemented by the node over HTTPS.
pub trait Asking: Send + Sync {
    /// Sends a request and waits for its answer: at most `within` until it begins, and as long as it
    /// comes, but not longer than one of its size may take.
    fn ask<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        within: Duration,
    ) -> Asked<'a, Received>;

    /// Sends a request whose answer comes on a connection of its own. Nothing where it was taken
    /// (HTTP 202); what came, where it was answered at once: by a fault, or by one who does not know
    /// the other way. As it stands here, everybody is one of those.
    fn hand_over<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        within: Duration,
    ) -> Asked<'a, Option<Received>> {
        Box::pin(async move { self.ask(to, request, within).await.map(Some) })
    }

    /// Sends a reply of an asynchronous exchange; done when it was taken (HTTP 2xx).
    fn reply<'a>(&'a self, to: &'a Recipient, reply: Egress, within: Duration) -> Asked<'a, ()>;
}
