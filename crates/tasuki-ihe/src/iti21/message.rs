//! QBP^Q22 read and written (ITI TF-2 3.21.4.1.2): QPD-3 names fields of PID and what they have to
//! hold, RCP-2 how many patients one answer may hold, DSC where it goes on.

use crate::peers::Authority;
use crate::v2::{Place, Problem};
use tasuki_core::Code;
use tasuki_wire::hl7::{Message, MessageBuilder, comps, reps, subs};

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PdqQuery {
    /// QPD-2.
    pub tag: String,
    /// QPD-3: field and value, in order.
    pub parameters: Vec<(String, String)>,
    /// QPD-8: the domains whose IDs are wanted.
    pub domains: Vec<Authority>,
    /// RCP-2.1: patients in one answer.
    pub quantity: Option<usize>,
    /// Where a former answer is to go on.
    pub continuation: Option<Continuation>,
}

/// DSC-1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation(pub String);

/// Repetitions of QPD-3 and QPD-8 that are taken.
const REPETITIONS_MAX: usize = 64;

impl PdqQuery {
    pub(crate) fn decode(message: &Message<'_>) -> Result<Self, Problem> {
        let missing = |place| Problem::error(Code::Hl7FieldMissing, place);
        let qpd = message.first("QPD").ok_or(missing(Place::segment("QPD")))?;
        let tag = qpd.field(2).value().into_string();
        if tag.is_empty() {
            return Err(missing(Place::field("QPD", 2)));
        }
        let dsc = message.first("DSC").and_then(|d| d.field(1).value().text());
        let mut query = Self {
            tag,
            quantity: quantity(message)?,
            continuation: dsc.map(|pointer| Continuation(pointer.into_owned())),
            ..Self::default()
        };
        for (field, n, rep) in [3, 8]
            .into_iter()
            .flat_map(|f| {
                qpd.field(f)
                    .places()
                    .enumerate()
                    .map(move |(n, r)| (f, n, r))
            })
            .filter(|(_, _, rep)| !rep.is_empty())
        {
            if n >= REPETITIONS_MAX {
                let place = Place::field("QPD", field).repetition(n + 1);
                return Err(Problem::error(Code::Hl7FieldWrong, place));
            }
            match field {
                3 => query.parameters.push((
                    rep.comp(1).value().into_string(),
                    rep.comp(2).value().into_string(),
                )),
                _ => query.domains.push(Authority::of(rep.comp(4))),
            }
        }
        if query.parameters.is_empty() && query.continuation.is_none() {
            return Err(missing(Place::field("QPD", 3)));
        }
        Ok(query)
    }

    /// Writes QPD, RCP and DSC after a header that is there already.
    pub fn encode(&self, message: &mut MessageBuilder) {
        let parameter = |(field, value): &(String, String)| comps([field.as_str(), value.as_str()]);
        let domain = |authority: &Authority| {
            let parts = [
                authority.namespace.as_str(),
                authority.universal.as_str(),
                authority.kind.as_str(),
            ];
            comps(["".into(), "".into(), "".into(), subs(parts)])
        };
        message
            .segment("QPD")
            .set(1, "IHE PDQ Query")
            .set(2, self.tag.as_str())
            .set(3, reps(self.parameters.iter().map(parameter)))
            .set(8, reps(self.domains.iter().map(domain)));
        let rcp = message.segment("RCP");
        rcp.set(1, "I");
        if let Some(quantity) = self.quantity {
            rcp.set(2, comps([quantity.to_string(), "RD".to_owned()]));
        }
        if let Some(Continuation(pointer)) = &self.continuation {
            message.segment("DSC").set(1, pointer.as_str()).set(2, "I");
        }
    }
}

fn quantity(message: &Message<'_>) -> Result<Option<usize>, Problem> {
    let said = message
        .first("RCP")
        .and_then(|rcp| rcp.field(2).value().text());
    let Some(said) = said else {
        return Ok(None);
    };
    match said.trim().parse() {
        Ok(quantity @ 1..) => Ok(Some(quantity)),
        _ => Err(Problem::error(Code::Hl7FieldWrong, Place::field("RCP", 2))),
    }
}
