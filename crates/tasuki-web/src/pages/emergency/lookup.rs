//! Who is meant: by the patient ID of a disclosing facility, or by four items that fit one person and
//! nobody else. A patient who has refused emergencies in advance is nobody.

use super::typed;
use crate::emergency::despite_refusal;
use crate::visit::{Stop, Visit};
use tasuki_core::elsewhere::Sought;
use tasuki_core::identity::normalise::kana_key;
use tasuki_core::policy::release_sought;
use tasuki_core::ports::{EmergencyDoor, FoundElsewhere, PatientRecord, PatientSearch, Reading};
use tasuki_core::{Code, Fault};
use tasuki_model::facility::Part;
use tasuki_model::person::{NameParts, PersonName};
use tasuki_model::{Demographics, EmergencyId, Facility, PatientKey, PersonId, Sex};

/// Hits of one facility that are looked at: two are as good as nobody.
const HITS_MAX: u32 = 5;
/// What stands for the facility that the network names for emergencies.
const EMS: &str = "ems";

/// Who was found.
pub(super) struct Found {
    pub person: PersonId,
    pub door: EmergencyDoor,
    pub elsewhere: Option<FoundElsewhere>,
}

/// What became of looking.
pub(super) enum Looked {
    Found(Box<Found>),
    /// Nobody in particular; the facility whose IDs were tried, where one was.
    Nobody(Option<Box<Facility>>),
}

fn unsaid(what: &str) -> Stop {
    Stop::Fault(Fault::new(Code::EmergencyUnsaid, what))
}

/// Facilities that disclose, in the order of their codes.
pub(super) fn disclosing(tx: &dyn Reading) -> Result<Vec<Facility>, Fault> {
    let mut all = tx.facilities()?;
    all.retain(|facility| facility.part == Part::Disclosing);
    Ok(all)
}

/// By `患者ID@施設`, or by an ID and the facility that is chosen beside it.
pub(super) fn by_id(visit: &Visit<'_>) -> Result<Looked, Stop> {
    let text = typed(visit, "id").replace('＠', "@");
    let (id, place) = text.split_once('@').unwrap_or((text.as_str(), ""));
    let (id, place) = (id.trim().to_owned(), place.trim().to_owned());
    if id.is_empty() {
        return Err(unsaid("no patient ID"));
    }
    let rules = &visit.portal.config.emergency;
    let place = match place.to_ascii_lowercase().as_str() {
        "" | EMS => match visit.ask.form("facility") {
            Some(chosen) => chosen.to_owned(),
            None => rules.ems.clone().ok_or_else(|| unsaid("no facility"))?,
        },
        _ => place,
    };
    let doctor = visit.who()?.account.sign_in_name.clone();
    let search = PatientSearch {
        local_id: Some(id),
        ..PatientSearch::default()
    };
    let found = visit.portal.store.reading(|tx| {
        let all = disclosing(tx)?;
        let named = |f: &&Facility| {
            [f.id.as_str(), f.code.as_str(), &f.name, &f.short].contains(&place.as_str())
        };
        let Some(facility) = all.iter().find(named).cloned() else {
            return Ok((None, None));
        };
        let (hits, more) = tx.search_patients(&facility.id, &search, HITS_MAX)?;
        let [hit] = &hits[..] else {
            return Ok((None, Some(facility)));
        };
        let invited = tx.invitation(&hit.record.patient_key, &doctor, visit.now)?;
        let record = (!more).then(|| (hit.record.clone(), invited.is_some()));
        Ok((record, Some(facility)))
    })?;
    let (record, facility) = found;
    let admitted = record.filter(|(record, invited)| {
        // In a disaster nobody can wait for a telephone.
        let by_id = *invited || rules.by_patient_id || visit.in_disaster();
        by_id && (despite_refusal(visit) || record.terms.let_emergency())
    });
    Ok(match admitted {
        Some((record, invited)) => Looked::Found(Box::new(Found {
            person: record.person,
            door: match invited {
                true => EmergencyDoor::Invited,
                false => EmergencyDoor::PatientId,
            },
            elsewhere: None,
        })),
        None => Looked::Nobody(facility.map(Box::new)),
    })
}

/// The four items as typed.
fn said(visit: &Visit<'_>) -> Result<Demographics, Stop> {
    let (family, given) = (typed(visit, "family"), typed(visit, "given"));
    let birth = crate::pages::patients::parse_birth(&typed(visit, "birth"));
    let sex = match visit.ask.form("sex") {
        Some("m") => Some(Sex::Male),
        Some("f") => Some(Sex::Female),
        Some("o") => Some(Sex::Other),
        _ => None,
    };
    let (Some(birth), Some(sex)) = (birth, sex) else {
        return Err(unsaid("birth date or sex"));
    };
    if family.is_empty() || given.is_empty() {
        return Err(unsaid("surname or given name"));
    }
    let parts = NameParts { family, given };
    let kana = !kana_key(&parts.family).is_empty() && !kana_key(&parts.given).is_empty();
    let name = match kana {
        true => PersonName {
            phonetic: Some(parts),
            ..PersonName::default()
        },
        false => PersonName {
            ideographic: Some(parts),
            ..PersonName::default()
        },
    };
    Ok(Demographics {
        name,
        birth_text: birth.basic(),
        birth: Some(birth),
        sex,
        ..Demographics::default()
    })
}

/// By surname, given name, birth date and sex: here first, then at those who may know.
pub(super) fn by_items(visit: &Visit<'_>, id: &EmergencyId) -> Result<Looked, Stop> {
    let said = said(visit)?;
    let despite = despite_refusal(visit);
    let mut here = visit.portal.store.reading(|tx| everybody(tx, &said))?;
    let refused = here.iter().any(|r| !despite && !r.terms.let_emergency());
    here.dedup_by(|a, b| a.person == b.person);
    if refused {
        return Ok(Looked::Nobody(None));
    }
    match &here[..] {
        [one] => Ok(Looked::Found(Box::new(Found {
            person: one.person.clone(),
            door: EmergencyDoor::Demographics,
            elsewhere: None,
        }))),
        [] => elsewhere(visit, id, said),
        _ => Ok(Looked::Nobody(None)),
    }
}

/// Registrations of every disclosing facility that fit all four items exactly, by person.
fn everybody(tx: &dyn Reading, said: &Demographics) -> Result<Vec<PatientRecord>, Fault> {
    let search = PatientSearch {
        local_id: None,
        name: Some(said.name.display()),
        birth: said.birth,
        sex: Some(said.sex),
    };
    let mut fit = Vec::new();
    for facility in disclosing(tx)? {
        let (hits, _) = tx.search_patients(&facility.id, &search, HITS_MAX)?;
        let records = hits.into_iter().map(|hit| hit.record);
        fit.extend(records.filter(|record| same_name(&record.demographics, said)));
    }
    fit.sort_by(|a: &PatientRecord, b| a.person.cmp(&b.person));
    Ok(fit)
}

/// A search finds beginnings; an emergency takes whole names only.
fn same_name(a: &Demographics, said: &Demographics) -> bool {
    let whole = |text: String| text.replace([' ', '　'], "");
    match said.name.phonetic.is_some() {
        true => kana_key(&whole(a.name.kana())) == kana_key(&whole(said.name.kana())),
        false => whole(a.name.display()) == whole(said.name.display()),
    }
}

/// Other communities, by the network's index or one by one.
fn elsewhere(visit: &Visit<'_>, id: &EmergencyId, said: Demographics) -> Result<Looked, Stop> {
    let Some(others) = &visit.portal.others else {
        return Ok(Looked::Nobody(None));
    };
    let who = visit.who()?;
    let shelf = PatientKey::new(&format!("emergency-{id}")).map_err(|_| Stop::Refused)?;
    let person = PersonId::new(&format!("emergency-{id}")).map_err(|_| Stop::Refused)?;
    let named = release_sought(&who.caller(), shelf, said.clone()).ok_or(Stop::Refused)?;
    let mut event = visit.event(tasuki_core::audit::Action::PatientSearch, "emergency-find")?;
    event.purpose = Some(tasuki_model::Purpose::Emergency);
    event.person = Some(person.clone());
    let behalf = tasuki_core::elsewhere::Behalf {
        purpose: tasuki_model::Purpose::Emergency,
        ..crate::chart::behalf(who)
    };
    let ids = others.seek(&Sought {
        named,
        behalf,
        event,
    })?;
    Ok(match ids.is_empty() {
        true => Looked::Nobody(None),
        false => Looked::Found(Box::new(Found {
            person,
            door: EmergencyDoor::Demographics,
            elsewhere: Some(FoundElsewhere { said, ids }),
        })),
    })
}
