//! What is wrong with a message, and the SOAP fault that says so: the one mapping of this edge.

use tasuki_core::Code;
use tasuki_core::fault::Category;
use tasuki_core::policy::Refusal;
use tasuki_wire::ebrim::EbrimError;
use tasuki_wire::mtom::MtomError;
use tasuki_wire::soap::{self, FaultCode, SoapError, Subcode};

/// One thing that is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code; what to change is in its advice.
    pub code: Code,
    /// Where, for whoever wrote the message. Holds nothing of a patient.
    pub place: String,
    /// The code that a standard has for it.
    pub subcode: Option<Subcode>,
    /// Header blocks that were not understood (namespace, local name).
    pub not_understood: Vec<(String, String)>,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn new(code: Code, place: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            subcode: None,
            not_understood: Vec::new(),
        }
    }

    /// The same with the code of a standard.
    #[must_use]
    pub fn with(self, subcode: Subcode) -> Self {
        Self {
            subcode: Some(subcode),
            ..self
        }
    }

    /// The fault that is sent.
    #[must_use]
    pub fn fault(&self) -> soap::Fault {
        let code = self.code;
        let both = |ja: &str, en: &str| {
            let pair = |language: &str, text: &str| (language.to_owned(), text.to_owned());
            vec![pair("en", en), pair("ja", ja)]
        };
        let detail = soap::Problem {
            code: code.id().to_owned(),
            place: self.place.clone(),
            advice: both(code.advice_ja(), code.advice_en()),
        };
        let reasons = both(code.outside_ja(), code.outside_en());
        soap::Fault {
            subcode: self.subcode,
            not_understood: self.not_understood.clone(),
            ..soap::Fault::new(fault_code(code), reasons, detail)
        }
    }
}

fn fault_code(code: Code) -> FaultCode {
    match code {
        Code::SoapVersion => return FaultCode::VersionMismatch,
        Code::SoapNotUnderstood => return FaultCode::MustUnderstand,
        _ => {}
    }
    match code.category() {
        Category::Incorrect
        | Category::Forbidden
        | Category::NotFound
        | Category::Conflict
        | Category::Unsupported => FaultCode::Sender,
        Category::Unavailable | Category::Busy | Category::Fault => FaultCode::Receiver,
    }
}

/// The status of a fault (SOAP 1.2 part 2 §7.5.2.2).
pub(super) fn status(fault: &soap::Fault) -> u16 {
    match fault.code {
        FaultCode::Sender => 400,
        _ => 500,
    }
}

fn coded(id: &str, said: &str) -> Problem {
    let code = Code::from_id(id).unwrap_or(Code::InternalFault);
    // Errors of the grammars say their code first.
    let place = said.strip_prefix(id).unwrap_or(said);
    Problem::new(code, place.trim_start_matches([':', ' ']))
}

impl From<&SoapError> for Problem {
    fn from(error: &SoapError) -> Self {
        Self {
            subcode: error.subcode(),
            ..coded(error.code(), &error.to_string())
        }
    }
}

impl From<MtomError> for Problem {
    fn from(error: MtomError) -> Self {
        coded(error.code(), &error.to_string())
    }
}

impl From<&EbrimError> for Problem {
    fn from(error: &EbrimError) -> Self {
        coded(error.code(), &error.to_string())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let place = match refusal {
            Refusal::Credentials => "caller",
            Refusal::Purpose => "purpose of use",
            Refusal::Role | Refusal::NoPatient => "role",
        };
        Self::new(Code::PeerRefused, place)
    }
}
