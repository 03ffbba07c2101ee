//! The wrapper of an answer, and problems in it.

use crate::continuation::random_id;
use crate::v2::Problem;
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;
use tasuki_wire::hl7v3::{Acknowledgement, Detail, Header, Ii, Reply};
use tasuki_wire::xml::Document;

/// What goes into the wrapper of an answer: we are who the sender said we are.
pub(crate) struct Replying<'a> {
    header: &'a Header,
    id: String,
    now: Instant,
}

impl<'a> Replying<'a> {
    /// An answer to a message.
    ///
    /// # Errors
    /// A fault where there is no randomness for its id.
    pub fn to(header: &'a Header, now: Instant) -> Result<Self, Fault> {
        let hex = format!("{}{}", random_id()?, random_id()?);
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        // A UUID of version 4 (RFC 9562 §5.4).
        let id = format!(
            "{}-{}-4{}-a{}-{}",
            part(0, 8),
            part(8, 12),
            part(13, 16),
            part(17, 20),
            part(20, 32)
        );
        Ok(Self { header, id, now })
    }

    /// The wrapper.
    pub fn reply(&self) -> Reply<'_> {
        Reply {
            id: &self.id,
            at: self.now,
            sender: &self.header.receiver,
            receiver: &self.header.sender,
        }
    }

    /// The acknowledgement of a feed: `CA`, or `CE` with what is wrong.
    pub fn acknowledge(&self, code: &str, details: Vec<Detail>) -> Document {
        let acknowledgement = Acknowledgement {
            code: code.to_owned(),
            target: Ii::clone(&self.header.id),
            details,
        };
        acknowledgement.encode(&self.reply())
    }
}

/// Problems as details (ITI TF-2 3.45.4.2.3: code 204 for an unknown key, and where it stands).
pub(crate) fn details(problems: &[Problem]) -> Vec<Detail> {
    let detail = |problem: &Problem| {
        let code: Code = problem.code;
        Detail {
            code: problem.condition().0.to_owned(),
            text: format!("{} {}", code.id(), code.outside_en()),
            location: location(problem.place.name()),
        }
    };
    problems.iter().map(detail).collect()
}

fn location(element: &str) -> String {
    match element {
        "patient" => "//subject1/patient/id".to_owned(),
        "priorRegisteredRole" => "//priorRegisteredRole/id".to_owned(),
        "QPD" => "//queryByParameter/parameterList".to_owned(),
        parameter => format!("//queryByParameter/parameterList/{parameter}/value"),
    }
}
