//! QBP^Q23 and RSP^K23, read and written (ITI TF-2 3.9.4.1.2, 3.9.4.2.2).

use crate::peers::{Authority, Domain};
use crate::v2::{Place, Problem, StatedId};
use tasuki_core::Code;
use tasuki_core::ports::PersonIdentifier;
use tasuki_wire::hl7::people::patient_id_rep;
use tasuki_wire::hl7::{Message, MessageBuilder, RepValue, comps, reps, subs};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PixQuery {
    /// QPD-2: the tag under which the answer goes back.
    pub tag: String,
    /// QPD-3: the ID that is known; empty where QPD has none.
    pub id: StatedId,
    /// QPD-4: the domains whose IDs are wanted; all where there are none.
    pub domains: Vec<(Authority, Place)>,
}

/// Domains that one query may name.
const DOMAINS_MAX: usize = 200;

impl PixQuery {
    pub(crate) fn decode(message: &Message<'_>) -> Result<Self, Problem> {
        let missing = |place| Problem::error(Code::Hl7FieldMissing, place);
        let qpd = message.first("QPD").ok_or(missing(Place::segment("QPD")))?;
        let tag = qpd.field(2).value().into_string();
        if tag.is_empty() {
            return Err(missing(Place::field("QPD", 2)));
        }
        let place = Place::field("QPD", 3).repetition(1);
        let mut domains = Vec::new();
        for (n, rep) in qpd.field(4).places().enumerate() {
            let place = Place::field("QPD", 4).repetition(n + 1);
            if n >= DOMAINS_MAX {
                return Err(Problem::error(Code::Hl7FieldWrong, place));
            }
            if !rep.is_empty() {
                domains.push((Authority::of(rep.comp(4)), place));
            }
        }
        Ok(Self {
            tag,
            id: StatedId::of(qpd.field(3).rep(0), place),
            domains,
        })
    }

    /// Writes QPD and RCP after a header that is there already.
    pub fn encode(&self, message: &mut MessageBuilder) {
        let authority = &self.id.authority;
        let domain = |(authority, _): &(Authority, Place)| -> RepValue {
            let Authority {
                namespace,
                universal,
                kind,
            } = authority;
            let parts = [namespace.as_str(), universal.as_str(), kind.as_str()];
            comps(["".into(), "".into(), "".into(), subs(parts)])
        };
        message
            .segment("QPD")
            .set(1, "IHE PIX Query")
            .set(2, self.tag.as_str())
            .set(
                3,
                patient_id_rep(&self.id.id, &authority.namespace, &authority.universal),
            )
            .set(4, reps(self.domains.iter().map(domain)));
        message.segment("RCP").set(1, "I");
    }
}

/// Writes the PID of an answer: identifiers and, because PID-5 is required, a name that is none
/// (ITI TF-2 3.9.4.2.2.5: the second repetition says type `S`, the first is empty).
pub(crate) fn write_identifiers(
    message: &mut MessageBuilder,
    ids: &[PersonIdentifier],
    domain: impl Fn(&PersonIdentifier) -> Option<Domain>,
) {
    let rep = |id: &PersonIdentifier| {
        let domain = domain(id)?;
        let (local, oid) = (id.local_id.as_str(), domain.authority.as_str());
        Some(patient_id_rep(local, &domain.namespace, oid))
    };
    message
        .segment("PID")
        .set(3, reps(ids.iter().filter_map(rep)))
        .set(5, reps([comps([""]), comps(["", "", "", "", "", "", "S"])]));
}
