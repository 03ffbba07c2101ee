//! Which event a transaction is, by its number and our side: one table.

use tasuki_core::audit::{Action, AuditEvent, Side};
use tasuki_wire::atna::Coded;

/// Which way the data of a transaction flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Something is asked; the asker is the source of the query.
    Query,
    /// Documents are fetched: they come from the one who is asked.
    Fetch,
    /// Something is sent: it comes from the one who sends.
    Send,
}

/// What an event is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    code: &'static str,
    text: &'static str,
    /// `EventActionCode`.
    pub(super) action: char,
    /// Which way the data flows.
    pub(super) flow: Flow,
    title: &'static str,
}

const QUERY: (&str, &str) = ("110112", "Query");
const IMPORT: (&str, &str) = ("110107", "Import");
const EXPORT: (&str, &str) = ("110106", "Export");
const RECORD: (&str, &str) = ("110110", "Patient Record");

/// Transaction, title, flow, event and action where we ask or send, and where we answer. From the
/// section *Security Considerations* of each transaction in ITI TF-2.
#[rustfmt::skip]
type Row = (&'static str, &'static str, Flow, (&'static str, &'static str), char, (&'static str, &'static str), char);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("ITI-8",  "Patient Identity Feed",                       Flow::Send,  RECORD, 'U', RECORD, 'U'),
    ("ITI-9",  "PIX Query",                                   Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-10", "PIX Update Notification",                     Flow::Send,  RECORD, 'R', RECORD, 'U'),
    ("ITI-18", "Registry Stored Query",                       Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-21", "Patient Demographics Query",                  Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-22", "Patient Demographics and Visit Query",        Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-21/22 cancel", "Patient Demographics Query cancelled", Flow::Query, QUERY, 'E', QUERY, 'E'),
    ("ITI-38", "Cross Gateway Query",                         Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-39", "Cross Gateway Retrieve",                      Flow::Fetch, IMPORT, 'C', EXPORT, 'R'),
    ("ITI-41", "Provide and Register Document Set-b",         Flow::Send,  EXPORT, 'R', IMPORT, 'C'),
    ("ITI-42", "Register Document Set-b",                     Flow::Send,  EXPORT, 'R', IMPORT, 'C'),
    ("ITI-43", "Retrieve Document Set",                       Flow::Fetch, IMPORT, 'C', EXPORT, 'R'),
    ("ITI-44", "Patient Identity Feed HL7 V3",                Flow::Send,  RECORD, 'U', RECORD, 'U'),
    ("ITI-45", "PIXV3 Query",                                 Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-46", "PIXV3 Update Notification",                   Flow::Send,  RECORD, 'R', RECORD, 'U'),
    ("ITI-47", "Patient Demographics Query HL7 V3",           Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-51", "Multi-Patient Stored Query",                  Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-55", "Cross Gateway Patient Discovery",             Flow::Query, QUERY,  'E', QUERY,  'E'),
    ("ITI-57", "Update Document Set",                         Flow::Send,  EXPORT, 'R', IMPORT, 'U'),
    ("ITI-61", "Register On-Demand Document Entry",           Flow::Send,  EXPORT, 'R', IMPORT, 'C'),
    ("ITI-62", "Remove Metadata",                             Flow::Send,  RECORD, 'D', RECORD, 'D'),
    ("ITI-64", "Notify XAD-PID Link Change",                  Flow::Send,  RECORD, 'U', RECORD, 'U'),
    ("ITI-86", "Remove Documents",                            Flow::Send,  RECORD, 'D', RECORD, 'D'),
    ("ITI-92", "Restricted Update Document Set",              Flow::Send,  EXPORT, 'R', IMPORT, 'U'),
    ("TASUKI-1", "Statement",                                 Flow::Send,  RECORD, 'U', RECORD, 'D'),
];

/// Messages of a feed that state somebody new (ITI TF-2 3.8.5.1, 3.44.5.1); the others of it update.
const ADDS: &[(&str, &[&str])] = &[
    ("ITI-8", &["ADT^A01", "ADT^A04", "ADT^A05"]),
    ("ITI-44", &["PRPA_IN201301"]),
];

/// Whether a feed stated somebody new. What it was stands first in its detail.
fn adds(transaction: &str, event: &AuditEvent) -> bool {
    let said = event.detail.as_deref().unwrap_or_default();
    let mut rows = ADDS.iter().filter(|(id, _)| *id == transaction);
    rows.any(|(_, messages)| messages.iter().any(|m| said.starts_with(m)))
}

impl Kind {
    /// The kind of an event: by its transaction, or by what was done where it is none.
    pub(super) fn of(event: &AuditEvent) -> Self {
        let exchange = event.exchange.as_deref();
        let side = exchange.map_or(Side::Answered, |e| e.side);
        let transaction = exchange.map_or(event.subject.as_str(), |e| e.transaction.as_str());
        let row = TABLE.iter().find(|row| row.0 == transaction);
        let Some((_, title, flow, asked, did, answered, done)) = row else {
            return Self::of_action(event.action);
        };
        let ((code, text), action) = match side {
            Side::Asked => (*asked, *did),
            Side::Answered => (*answered, *done),
        };
        Self {
            code,
            text,
            action: if adds(transaction, event) {
                'C'
            } else {
                action
            },
            flow: *flow,
            title,
        }
    }

    fn of_action(action: Action) -> Self {
        let ((code, text), action) = match action {
            Action::SignIn | Action::SignOut => (("110114", "User Authentication"), 'E'),
            Action::PatientSearch => (QUERY, 'E'),
            Action::ChartView | Action::DocumentView => (RECORD, 'R'),
            Action::Export => (EXPORT, 'R'),
            Action::Import | Action::Quarantine => (IMPORT, 'C'),
            Action::Identity => (RECORD, 'U'),
            Action::Emergency => (("110113", "Security Alert"), 'E'),
            Action::Administration => (("110113", "Security Alert"), 'U'),
            Action::AuditView => (("110101", "Audit Log Used"), 'R'),
            Action::Node => (("110100", "Application Activity"), 'E'),
        };
        Self {
            code,
            text,
            action,
            flow: Flow::Send,
            title: "",
        }
    }

    /// `EventID`.
    pub(super) fn event(&self) -> Coded {
        Coded::new(self.code, "DCM", self.text)
    }

    /// `EventTypeCode`: the transaction, or what was done more closely.
    pub(super) fn types(&self, event: &AuditEvent) -> Vec<Coded> {
        if !self.title.is_empty() {
            let number = event.exchange.as_deref().map(|e| e.transaction.as_str());
            let number = number.unwrap_or(&event.subject);
            // What is not of the framework does not claim to be.
            let system = match number.starts_with("ITI") {
                true => "IHE Transactions",
                false => "Tasuki",
            };
            return vec![Coded::new(number, system, self.title)];
        }
        let (code, text) = match (event.action, event.subject.as_str()) {
            (Action::SignIn, _) => ("110122", "Login"),
            (Action::SignOut, _) => ("110123", "Logout"),
            (Action::Node, "stop") => ("110121", "Application Stop"),
            (Action::Node, _) => ("110120", "Application Start"),
            (Action::Emergency, _) => ("110127", "Emergency Override Started"),
            (Action::Administration, _) => ("110131", "Software Configuration"),
            _ => return Vec::new(),
        };
        vec![Coded::new(code, "DCM", text)]
    }
}

#[cfg(test)]
mod tests {
    use super::TABLE;
    use tasuki_core::directory::ENDPOINTS;

    #[test]
    fn every_transaction_there_is_has_its_row() {
        let there = |id: &str| TABLE.iter().any(|row| row.0 == id);
        let v2 = crate::TRANSACTIONS.iter().map(|t| t.id);
        let soap = crate::soap::TRANSACTIONS.iter().map(|t| t.id);
        // ITI-20 is what the row is about, and imaging has none yet.
        let others = |id: &&str| *id != "ITI-20" && !id.starts_with("RAD");
        let named = ENDPOINTS.iter().copied().filter(others);
        for id in v2.chain(soap).chain(named) {
            assert!(there(id), "{id}");
        }
    }
}
