//! ADT^A43 of a link change, read (ITI TF-2 3.64.4.1.2): one PID with two identifiers, one MRG with
//! one or two.

use crate::v2::{Place, Problem, StatedId};
use tasuki_core::Code;
use tasuki_model::Oid;
use tasuki_wire::hl7::Message;

/// A link change as stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChange {
    /// PID-3, first: the patient of the affinity domain from now on.
    pub patient: StatedId,
    /// PID-3, second: the hospital's ID.
    pub local: StatedId,
    /// MRG-1, first: the patient of the affinity domain until now.
    pub previous: StatedId,
    /// MRG-1, second: an ID of the same hospital that is merged into [`LinkChange::local`].
    pub subsumed: Option<StatedId>,
    /// MSH-3 as an OID, where it is one: the `sourceId` of what is written.
    pub sender: Option<Oid>,
}

impl LinkChange {
    /// Reads the message.
    ///
    /// # Errors
    /// A problem with its place: a segment or identifier that is missing or one too many.
    pub fn decode(message: &Message<'_>) -> Result<Self, Problem> {
        let [patient, local] = two(message, "PID", 3)?;
        let local = local.ok_or_else(|| {
            let place = Place::field("PID", 3).repetition(2);
            Problem::error(Code::Hl7FieldMissing, place)
        })?;
        let [previous, subsumed] = two(message, "MRG", 1)?;
        let missing = |segment, field| {
            let place = Place::field(segment, field).repetition(1);
            Problem::error(Code::Hl7FieldMissing, place)
        };
        Ok(Self {
            patient: patient.ok_or(missing("PID", 3))?,
            local,
            previous: previous.ok_or(missing("MRG", 1))?,
            subsumed,
            sender: sender(message),
        })
    }
}

/// The first two identifiers of a field; a third is one too many.
fn two(
    message: &Message<'_>,
    segment: &'static str,
    field: usize,
) -> Result<[Option<StatedId>; 2], Problem> {
    let whole = Place::segment(segment);
    let mut segments = message.body().all(segment);
    let missing = Problem::error(Code::Hl7FieldMissing, whole);
    let found = segments.next().ok_or(missing)?;
    if segments.next().is_some() {
        return Err(Problem::error(Code::Hl7FieldWrong, whole));
    }
    let place = Place::field(segment, field);
    let mut stated = StatedId::all(found.field(field), place)?.into_iter();
    let both = [stated.next(), stated.next()];
    match stated.next() {
        None => Ok(both.map(|id| id.filter(|id| !id.id.is_empty()))),
        Some(third) => Err(Problem::error(Code::Hl7FieldWrong, third.place)),
    }
}

/// HD-2, else HD-1, of MSH-3 (3.64.4.1.2.1 wants an OID there; many senders have a name).
fn sender(message: &Message<'_>) -> Option<Oid> {
    let stated = message.segments().first()?.field(3).rep(0);
    let mut parts = [2, 1].into_iter();
    parts.find_map(|n| Oid::new(&stated.comp(n).value().into_string()).ok())
}
