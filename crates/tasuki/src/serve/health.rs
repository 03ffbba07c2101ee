//! `/live`, `/ready`, `/metrics` on the loopback listener. Numbers of the node, never of a patient.

use crate::node::Node;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use tasuki_core::release::{Body as OutBody, NonClinical, Payload};
use tasuki_core::{Egress, Fault};

/// A metric: its name and what it counts.
pub struct Metric {
    /// Name in the exposition.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
}

/// Every metric of a node.
pub const METRICS: &[Metric] = &[
    Metric {
        name: "tasuki_ready",
        help: "1 when the node answers requests",
    },
    Metric {
        name: "tasuki_clock_back_seconds",
        help: "seconds the clock has stepped back",
    },
    Metric {
        name: "tasuki_audit_index_lag",
        help: "audit rows not yet in the search index",
    },
    Metric {
        name: "tasuki_untold",
        help: "registrations of whose identifiers other systems have still to be told",
    },
    Metric {
        name: "tasuki_mllp_connections",
        help: "HL7 v2 connections open now",
    },
    Metric {
        name: "tasuki_mllp_turned_away_total",
        help: "HL7 v2 connections for which there was no place, since the start",
    },
    Metric {
        name: "tasuki_mllp_messages_total",
        help: "HL7 v2 messages answered, whatever the answer, since the start",
    },
    Metric {
        name: "tasuki_soap_connections",
        help: "SOAP connections open now",
    },
    Metric {
        name: "tasuki_soap_turned_away_total",
        help: "SOAP connections for which there was no place, since the start",
    },
    Metric {
        name: "tasuki_soap_messages_total",
        help: "SOAP messages answered, whatever the answer, since the start",
    },
    Metric {
        name: "tasuki_resident_bytes",
        help: "memory in use",
    },
];

/// What goes through a listener.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    /// Connections open now.
    pub connections: AtomicI64,
    /// Connections for which there was no place.
    pub turned_away: AtomicI64,
    /// Messages answered.
    pub messages: AtomicI64,
}

/// The node's health.
pub(crate) struct Health {
    node: Arc<Node>,
    ready: AtomicBool,
    clock_back: AtomicI64,
    /// Of the HL7 v2 listeners.
    pub mllp: Arc<Traffic>,
    /// Of the SOAP listener.
    pub soap: Arc<Traffic>,
}

impl Health {
    pub fn new(node: Arc<Node>) -> Self {
        Self {
            node,
            ready: AtomicBool::new(false),
            clock_back: AtomicI64::new(0),
            mllp: Arc::default(),
            soap: Arc::default(),
        }
    }

    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }

    pub fn set_clock_back(&self, seconds: i64) {
        self.clock_back.store(seconds, Ordering::Release);
    }

    pub async fn answer(self: Arc<Self>, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let health = Arc::clone(&self);
        let answered = tokio::task::spawn_blocking(move || health.page(&path)).await;
        let (status, text) = answered.unwrap_or((500, "broken off\n".to_owned()));
        let egress = Egress::non_clinical(NonClinical::Health(OutBody::new(
            "text/plain; charset=utf-8",
            text.into_bytes(),
        )));
        send(status, egress)
    }

    fn page(&self, path: &str) -> (u16, String) {
        match path {
            "/live" => (200, "live\n".to_owned()),
            "/ready" => match self.ready() {
                Ok(true) => (200, "ready registry repository portal\n".to_owned()),
                Ok(false) => (503, "not ready\n".to_owned()),
                Err(fault) => (503, format!("not ready: {}\n", fault.code.id())),
            },
            "/metrics" => (200, self.metrics()),
            _ => (404, "/live /ready /metrics\n".to_owned()),
        }
    }

    fn ready(&self) -> Result<bool, Fault> {
        if !self.ready.load(Ordering::Acquire) {
            return Ok(false);
        }
        self.node.store.reading(|tx| tx.facilities()).map(|_| true)
    }

    fn metrics(&self) -> String {
        let lag = self.node.store.reading(|tx| tx.audit_lag()).ok();
        let untold = self.node.store.reading(|tx| tx.untold()).ok();
        let count = |of: &AtomicI64| Some(of.load(Ordering::Relaxed));
        let mut text = String::new();
        for metric in METRICS {
            let value = match metric.name {
                "tasuki_ready" => Some(i64::from(self.ready().unwrap_or(false))),
                "tasuki_clock_back_seconds" => Some(self.clock_back.load(Ordering::Acquire)),
                "tasuki_audit_index_lag" => lag.and_then(|n| i64::try_from(n).ok()),
                "tasuki_untold" => untold.and_then(|n| i64::try_from(n).ok()),
                "tasuki_mllp_connections" => count(&self.mllp.connections),
                "tasuki_soap_connections" => count(&self.soap.connections),
                "tasuki_mllp_turned_away_total" => count(&self.mllp.turned_away),
                "tasuki_soap_turned_away_total" => count(&self.soap.turned_away),
                "tasuki_mllp_messages_total" => count(&self.mllp.messages),
                "tasuki_soap_messages_total" => count(&self.soap.messages),
                _ => resident_bytes(),
            };
            // A figure that cannot be read is absent, not zero.
            if let Some(value) = value {
                let _ = writeln!(
                    text,
                    "# HELP {} {}\n{} {value}",
                    metric.name, metric.help, metric.name
                );
            }
        }
        text
    }
}

/// Resident memory from /proc, in bytes.
fn resident_bytes() -> Option<i64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: i64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4_096)
}

#[allow(clippy::disallowed_methods)] // The one place of this edge that writes to its socket.
fn send(status: u16, egress: Egress) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Payload::Body(body) = egress.into_payload() {
        if let Ok(media) = HeaderValue::from_str(&body.media_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        *response.body_mut() = Body::from(body.bytes.into_owned());
    }
    response
}
