//! ADT messages of the feed, read and written (ITI TF-2 3.8.4.1.2, 3.8.4.2.2; HL7 v2.5 §3.3).

use crate::iti22;
use crate::v2::{Header, Place, Problem, StatedId};
use tasuki_core::Code;
use tasuki_core::ports::StatedVisit;
use tasuki_model::person::Insurance;
use tasuki_model::{Demographics, JstDay, JstTime, Sex};
use tasuki_wire::hl7::people::{
    address, address_rep, name_field, patient_id_rep, person_name, phone, phone_rep,
};
use tasuki_wire::hl7::{Field, Message, MessageBuilder, Segment, reps};

/// What a feed is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `A01`, `A04`, `A05`, `A08`, `A31`: the patient is as stated.
    Revised,
    /// `A40`: these IDs (MRG-1) are no longer in use; those of PID-3 stand for the patient.
    Merged(Vec<StatedId>),
}

/// One message of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// What it is about.
    pub event: Event,
    /// PID-3, the null value left out.
    pub ids: Vec<StatedId>,
    /// What is said of the patient; what is not said is empty.
    pub demographics: Demographics,
    /// Places of PID that say `""`: delete what is known.
    pub deleted: Vec<usize>,
    /// PV1, where it says of a visit.
    pub visit: Option<StatedVisit>,
    /// PID-33, else EVN-2, else MSH-7.
    pub stated: Option<JstTime>,
}

/// Repetitions of names, addresses and telephones that are taken.
const REPETITIONS_MAX: usize = 16;

impl Feed {
    pub(crate) fn decode(message: &Message<'_>, header: &Header) -> Result<Self, Problem> {
        let missing = |place| Problem::error(Code::Hl7FieldMissing, place);
        let pid = message.first("PID").ok_or(missing(Place::segment("PID")))?;
        let mut ids = StatedId::all(pid.field(3), Place::field("PID", 3))?;
        ids.retain(|stated| !stated.id.is_empty());
        let event = match header.trigger.as_str() {
            "A40" => {
                let mrg = message.first("MRG").ok_or(missing(Place::segment("MRG")))?;
                let mut prior = StatedId::all(mrg.field(1), Place::field("MRG", 1))?;
                prior.retain(|stated| !stated.id.is_empty());
                Event::Merged(prior)
            }
            _ => Event::Revised,
        };
        let mut demographics = demographics(pid);
        demographics.insurances = message
            .body()
            .all("IN1")
            .take(REPETITIONS_MAX)
            .map(insurance)
            .collect();
        if event == Event::Revised && demographics.name.display().trim().is_empty() {
            return Err(missing(Place::field("PID", 5)));
        }
        let time = |segment: &str, field| {
            let said = message.first(segment)?.field(field).value().text()?;
            JstTime::parse_hl7(said.trim()).ok()
        };
        let stated = time("PID", 33)
            .or_else(|| time("EVN", 2))
            .or_else(|| JstTime::parse_hl7(header.time.trim()).ok());
        let deleted = [5, 7, 8, 11, 13]
            .into_iter()
            .filter(|n| pid.field(*n).rep(0).comp(1).is_null())
            .collect();
        Ok(Self {
            event,
            ids,
            demographics,
            deleted,
            visit: message.first("PV1").and_then(iti22::visit_stated),
            stated,
        })
    }

    /// What is known after this feed: what it says, what it deletes, and the rest as before
    /// (HL7 v2.5 §2.5.3: an empty field leaves what is known as it is).
    #[must_use]
    pub fn over(&self, known: &Demographics) -> Demographics {
        let mut now = self.demographics.clone();
        let kept = |field: usize, said: bool| !said && !self.deleted.contains(&field);
        if kept(5, !now.name.display().is_empty()) {
            now.name.clone_from(&known.name);
        }
        if kept(7, !now.birth_text.is_empty()) {
            now.birth = known.birth;
            now.birth_text.clone_from(&known.birth_text);
        }
        if kept(8, now.sex != Sex::Unknown) {
            now.sex = known.sex;
        }
        if kept(11, !now.addresses.is_empty()) {
            now.addresses.clone_from(&known.addresses);
        }
        if kept(13, !now.phones.is_empty()) {
            now.phones.clone_from(&known.phones);
        }
        if now.insurances.is_empty() {
            now.insurances.clone_from(&known.insurances);
        }
        now
    }

    /// Writes EVN, PID, MRG and PV1 after a header that is there already. `trigger` is MSH-9.2.
    pub fn encode(&self, trigger: &str, message: &mut MessageBuilder) {
        let stated = self.stated.as_ref().map_or("", JstTime::text);
        message.segment("EVN").set(1, trigger).set(2, stated);
        let id = |stated: &StatedId| {
            let authority = &stated.authority;
            patient_id_rep(&stated.id, &authority.namespace, &authority.universal)
        };
        let said = &self.demographics;
        let pid = message.segment("PID");
        pid.set(3, reps(self.ids.iter().map(id)))
            .set(5, name_field(&said.name))
            .set(7, said.birth_text.as_str())
            .set(8, said.sex.code())
            .set(11, reps(said.addresses.iter().map(address_rep)))
            .set(13, reps(said.phones.iter().map(|n| phone_rep(n))));
        if let Event::Merged(prior) = &self.event {
            message.segment("MRG").set(1, reps(prior.iter().map(id)));
        }
        iti22::write_visit(self.visit.as_ref(), message);
    }
}

fn demographics(pid: &Segment<'_>) -> Demographics {
    let text = |n| pid.field(n).value().into_string().trim().to_owned();
    let birth_text = text(7);
    Demographics {
        name: person_name(pid.field(5)),
        // Only a whole day identifies; a year or month is kept as sent.
        birth: (birth_text.get(..8)).and_then(|day| JstDay::parse_basic(day).ok()),
        birth_text,
        sex: Sex::from_code(&text(8)),
        addresses: bounded(pid.field(11)).filter_map(address).collect(),
        phones: [13, 14]
            .into_iter()
            .flat_map(|n| bounded(pid.field(n)))
            .filter_map(phone)
            .collect(),
        insurances: Vec::new(),
    }
}

fn bounded<'m>(field: Field<'m>) -> impl Iterator<Item = tasuki_wire::hl7::Rep<'m>> {
    field
        .reps()
        .filter(|rep| !rep.is_null())
        .take(REPETITIONS_MAX)
}

fn insurance(in1: &Segment<'_>) -> Insurance {
    let text = |n| in1.field(n).value().into_string().trim().to_owned();
    Insurance {
        insurer: text(3),
        symbol: text(10),
        number: text(11),
        ..Insurance::default()
    }
}
