//! The form of a new request: the own patient ID and four items (kana name, birth date, sex, address or
//! telephone), whom to ask, and the patient's agreement. It registers the patient here where nobody has.

use super::{across, clerk, list};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::{
    DemographicsSource, LinkRequest, PatientRecord, Reading, RequestState, Signer, Writing,
};
use tasuki_core::{Code, Fault};
use tasuki_core::{linking, visiting};
use tasuki_model::facility::Part;
use tasuki_model::person::{Address, NameParts};
use tasuki_model::{
    ConsentId, Demographics, FacilityId, JstDay, JstTime, LocalPatientId, PersonName, RequestId,
    Sex,
};

/// What the form says in place of a member that is asked.
const ON_PAPER: &str = "paper";
/// Characters of a field.
const FIELD_MAX: usize = 120;

/// What was typed, to be shown again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub own_id: String,
    pub kana: String,
    pub name: String,
    pub birth: String,
    pub sex: String,
    pub address: String,
    pub phone: String,
    pub to: String,
    pub beyond: String,
    pub their_id: String,
    pub agreed: String,
    pub proxy: String,
    pub relation: String,
}

fn typed(visit: &Visit<'_>) -> Typed {
    let field = |name: &str| -> String {
        let value = visit.ask.form(name).unwrap_or_default();
        value.chars().take(FIELD_MAX).collect()
    };
    Typed {
        own_id: field("own_id"),
        kana: field("kana"),
        name: field("name"),
        birth: field("birth"),
        sex: field("sex"),
        address: field("address"),
        phone: field("phone"),
        to: field("to"),
        beyond: field("beyond"),
        their_id: field("their_id"),
        agreed: field("agreed"),
        proxy: field("proxy"),
        relation: field("relation"),
    }
}

fn wrong(why: &str) -> Fault {
    Fault::new(Code::RequestForm, why)
}

/// Family and given name, parted by the first space.
fn parts(text: &str) -> Option<NameParts> {
    let (family, given) = text.split_once([' ', '\u{3000}']).unwrap_or((text, ""));
    (!family.is_empty()).then(|| NameParts {
        family: family.to_owned(),
        given: given.trim().to_owned(),
    })
}

/// What the form says of the patient.
fn demographics(typed: &Typed) -> Result<Demographics, Fault> {
    // Katakana, its long mark and middle dot, and spaces.
    let kana = |c: char| matches!(c, '\u{30a1}'..='\u{30fc}' | ' ' | '\u{3000}');
    let birth = JstDay::parse_iso(&typed.birth).map_err(|_| wrong("birth date"))?;
    let sex = match typed.sex.as_str() {
        "male" => Sex::Male,
        "female" => Sex::Female,
        _ => return Err(wrong("sex")),
    };
    if typed.kana.is_empty() || !typed.kana.chars().all(kana) {
        return Err(wrong("kana name"));
    }
    if typed.address.is_empty() && typed.phone.is_empty() {
        return Err(wrong("neither address nor telephone"));
    }
    let address = Address {
        postal: String::new(),
        text: typed.address.clone(),
    };
    Ok(Demographics {
        name: PersonName {
            ideographic: parts(&typed.name),
            phonetic: parts(&typed.kana),
            alphabetic: None,
        },
        birth: Some(birth),
        birth_text: birth.basic(),
        sex,
        addresses: Vec::from_iter((!address.text.is_empty()).then_some(address)),
        phones: Vec::from_iter((!typed.phone.is_empty()).then(|| typed.phone.clone())),
        insurances: Vec::new(),
    })
}

/// A known registration is only asked for under the name and birth date that it has.
fn same(known: &PatientRecord, typed: &Demographics) -> bool {
    let (known, typed) = (&known.demographics, typed);
    let plain = |name: String| name.replace([' ', '\u{3000}'], "");
    let named = plain(known.name.kana());
    known.birth == typed.birth && (named.is_empty() || named == plain(typed.name.kana()))
}

pub(crate) fn ask(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let typed = typed(visit);
    match made(visit, &typed) {
        Ok((id, opened)) => {
            let done = if opened { "visited" } else { "asked" };
            let reply = Reply::redirect(format!("/desk/requests?done={done}"));
            Ok(reply.with_detail(format!("request {id}")))
        }
        Err(Stop::Fault(fault))
            if [Code::RequestForm, Code::RequestOther].contains(&fault.code) =>
        {
            list(visit, Some(fault.code), typed)
        }
        Err(stop) => Err(stop),
    }
}

/// The request, and whether it was opened by the consent of the visit.
fn made(visit: &Visit<'_>, typed: &Typed) -> Result<(RequestId, bool), Stop> {
    let clerk = clerk(visit)?;
    let patient = demographics(typed)?;
    let own_id = LocalPatientId::new(&typed.own_id).map_err(|_| wrong("own patient ID"))?;
    // Whoever is no member is asked on paper.
    let beyond = Some(typed.beyond.clone()).filter(|_| typed.to == ON_PAPER);
    let chosen = |tx: &dyn Reading| across::chosen(visit, tx, &typed.to);
    let chosen = visit.portal.store.reading(chosen)?;
    let to = match (&beyond, &chosen) {
        (None, None) => FacilityId::new(&typed.to).map_err(|_| wrong("whom to ask"))?,
        _ => clerk.facility.clone(),
    };
    let (across, elsewhere) = chosen.unzip();
    let beyond = beyond.or(elsewhere.map(String::from));
    let agreed = JstDay::parse_iso(&typed.agreed).map_err(|_| wrong("day of consent"))?;
    if agreed > JstDay::at(visit.now) {
        return Err(Stop::Fault(wrong("a consent of a day to come")));
    }
    let signer = match (typed.proxy.as_str(), typed.relation.as_str()) {
        ("", _) => Signer::Patient,
        (_, "") => return Err(Stop::Fault(wrong("what the proxy is to the patient"))),
        (name, relation) => Signer::Proxy {
            name: name.into(),
            relation: relation.into(),
        },
    };
    let random = crate::sign_in::random_hex()?;
    let id: String = random.chars().take(32).collect();
    let id = RequestId::new(&id).map_err(|_| wrong("an id of hex digits"))?;
    let days = visit.portal.config.visit_consent_days;
    let days = days.filter(|_| visit.ask.form("visit").is_some());
    let consent = ConsentId::new(id.as_str()).map_err(|_| wrong("an id of hex digits"))?;
    let opened = visit.portal.store.writing(|tx| {
        let discloses = |f: &tasuki_model::Facility| {
            f.id == to && f.id != clerk.facility && f.part == Part::Disclosing
        };
        if beyond.is_none() && !tx.facilities()?.iter().any(discloses) {
            return Err(wrong("no such hospital"));
        }
        let patient = registered(tx, &clerk.facility, &own_id, &patient, visit)?;
        let request = LinkRequest {
            id: id.clone(),
            from: clerk.facility.clone(),
            to: to.clone(),
            beyond: beyond.clone(),
            across: across.clone(),
            patient,
            their_id: (!typed.their_id.is_empty()).then(|| typed.their_id.clone()),
            agreed,
            signer: signer.clone(),
            state: RequestState::Asked,
            by: clerk.user.clone(),
            at: clerk.at,
            end: None,
        };
        if request.on_paper() {
            linking::ask_on_paper(tx, &request)?;
            return Ok(false);
        }
        if request.across.is_some() {
            linking::across::ask(tx, &request)?;
            return Ok(false);
        }
        linking::ask(tx, &request)?;
        match days {
            Some(days) => visiting::open(tx, &request, &consent, days),
            None => Ok(false),
        }
    })?;
    Ok((id, opened))
}

fn registered(
    tx: &dyn Writing,
    facility: &FacilityId,
    id: &LocalPatientId,
    patient: &Demographics,
    visit: &Visit<'_>,
) -> Result<tasuki_model::PatientKey, Fault> {
    if let Some(known) = tx.find_registration(facility, id)? {
        return match same(&known, patient) {
            true => Ok(known.patient_key),
            false => Err(Fault::new(Code::RequestOther, "known as somebody else")),
        };
    }
    let key = tx.ensure_registration(facility, id)?;
    let stated = JstTime::from_instant(visit.now);
    tx.put_demographics(&key, patient, &stated, DemographicsSource::PatientRecord)?;
    Ok(key)
}
