//! Why a community gave no answer that could be used: an outcome, which is shown, and no fault.

use crate::soap::Unanswered;
use tasuki_core::{Code, SourceState};
use tasuki_model::Instant;
use tasuki_wire::ebrim::EbrimError;
use tasuki_wire::hl7v3::V3Error;
use tasuki_wire::mtom::MtomError;
use tasuki_wire::soap::{self, FaultCode, SoapError};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer {
    /// Stable code, for the audit trail and for `tasuki peers check`.
    pub code: Code,
    /// What is wrong, for an operator. Holds nothing of a patient.
    pub what: String,
    /// Since when it has not answered, where its breaker knows.
    pub since: Option<Instant>,
}

impl NoAnswer {
    /// For a reason.
    #[must_use]
    pub fn new(code: Code, what: impl Into<String>) -> Self {
        Self {
            code,
            what: what.into(),
            since: None,
        }
    }

    /// Whether the community is in trouble: what opens its breaker. One that refuses us is well.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        !matches!(
            self.code,
            Code::PeerRejectsUs
                | Code::PeerDoesNotOffer
                | Code::NoAddressForReplies
                | Code::AnswersFull
                | Code::AuditAway
        )
    }

    /// Whether it has answered, with a fault.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self.code, Code::PeerRejectsUs | Code::PeerFaults)
    }

    /// What the report on this source says.
    #[must_use]
    pub fn state(&self, now: Instant) -> SourceState {
        match self.code {
            Code::PeerRejectsUs => SourceState::Refused,
            Code::PeerDoesNotOffer | Code::NoAddressForReplies => SourceState::NotAsked,
            _ => SourceState::Unavailable {
                since: self.since.unwrap_or(now),
            },
        }
    }

    /// An answer that cannot be read.
    pub(crate) fn garbled(what: impl ToString) -> Self {
        // Errors of the grammars quote what they found; of an answer that may be patient data.
        let what = what.to_string();
        let code: String = what.split([':', ' ']).next().unwrap_or_default().to_owned();
        Self::new(Code::AnswerGarbled, code)
    }
}

impl From<Unanswered> for NoAnswer {
    fn from(unanswered: Unanswered) -> Self {
        Self::new(unanswered.code, unanswered.why)
    }
}

impl From<&soap::Fault> for NoAnswer {
    fn from(fault: &soap::Fault) -> Self {
        let code = match fault.code {
            // A gateway says with it that assertion, purpose or certificate will not do.
            FaultCode::Sender => Code::PeerRejectsUs,
            _ => Code::PeerFaults,
        };
        let subcode = fault.subcode.map_or("", |s| s.name);
        Self::new(code, subcode)
    }
}

impl From<SoapError> for NoAnswer {
    fn from(error: SoapError) -> Self {
        Self::garbled(error)
    }
}

impl From<MtomError> for NoAnswer {
    fn from(error: MtomError) -> Self {
        Self::garbled(error)
    }
}

impl From<EbrimError> for NoAnswer {
    fn from(error: EbrimError) -> Self {
        Self::garbled(error)
    }
}

impl From<V3Error> for NoAnswer {
    fn from(error: V3Error) -> Self {
        Self::garbled(error)
    }
}
