//! 連携登録 across communities: a facility of the sender's asks one of ours to tie a patient's IDs, with the patient's
//! agreement; or takes that back. It waits on the desk of the facility that is asked, beside its own community's.

use super::{By, Effect, Telling, Told, bounded, link_answer, wrong};
use crate::gateway::{Audited, NoAnswer};
use crate::soap::Stop;
use serde::{Deserialize, Serialize};
use tasuki_core::Code;
use tasuki_core::linking::across;
use tasuki_core::policy::release_link_request;
use tasuki_core::ports::{
    ForeignRequest, LinkRequest, LinkSide, LinkWaiting, PatientRecord, RequestState, Signer,
    Writing,
};
use tasuki_model::person::{Address, NameParts};
use tasuki_model::{
    Demographics, Facility, FacilityCode, JstDay, PatientKey, PersonName, RequestId, Sex,
};

/// Requests and answers that one round tells, and what each is called.
const BATCH: u32 = 100;
const NAMED: &str = "link ";
/// After so many seconds a request that could not be told is told no more; its line says that it was not taken.
const GIVEN_UP_SECONDS: i64 = 90 * 86_400;
/// Facilities that one agreement names.
const VIEWERS_MAX: usize = 20;

/// A facility of the sender's asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkAsked {
    /// The request, as who asks calls it.
    pub request: String,
    /// Who asks, by name.
    pub facility: String,
    /// Its telephone.
    pub phone: String,
    /// Who is asked: 医療機関コード.
    pub to: String,
    /// The patient's ID where it was made.
    pub own_id: String,
    /// Family and given name in kana.
    pub kana: [String; 2],
    /// Family and given name in kanji; empty where not said.
    pub kanji: [String; 2],
    /// Birth date, `YYYY-MM-DD`.
    pub birth: String,
    /// `male`, `female`, or nothing where it is not known.
    pub sex: String,
    /// Address of the patient.
    pub address: String,
    /// Telephone of the patient.
    pub patient_phone: String,
    /// The patient's ID where it is asked, if known.
    #[serde(default)]
    pub their_id: String,
    /// The day of the agreement.
    pub agreed: String,
    /// Who signed, where it was not the patient: name, and what they are to the patient.
    #[serde(default)]
    pub proxy: Option<[String; 2]>,
    /// The facilities that may see, by name.
    pub viewers: Vec<String>,
}

/// A request is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkTakenBack {
    /// The request, as who asked calls it.
    pub request: String,
}

struct Asked {
    told: LinkAsked,
    named: RequestId,
    to: FacilityCode,
    agreed: JstDay,
    demographics: Demographics,
}

struct TakenBack(RequestId);

fn forged(place: &str) -> Stop {
    wrong(Code::StatementForged, place)
}

/// Nothing of it is longer than a form takes. What is missing of the patient is for the clerk to see.
pub(super) fn read(told: &LinkAsked) -> Result<Box<dyn Effect>, Stop> {
    let texts = [
        &told.facility,
        &told.phone,
        &told.own_id,
        &told.address,
        &told.patient_phone,
        &told.their_id,
    ];
    let names = told.kana.iter().chain(&told.kanji).chain(&told.viewers);
    let proxy = told.proxy.iter().flatten();
    let all = texts.into_iter().chain(names).chain(proxy);
    bounded(all, "link-request")?;
    let unsaid = [&told.facility, &told.own_id].iter().any(|t| t.is_empty());
    if unsaid || told.viewers.len() > VIEWERS_MAX {
        return Err(forged("link-request"));
    }
    let day = |text: &str, place: &str| JstDay::parse_iso(text).map_err(|_| forged(place));
    let birth = day(&told.birth, "birth")?;
    let sex = match told.sex.as_str() {
        "male" => Sex::Male,
        "female" => Sex::Female,
        "" => Sex::Unknown,
        _ => return Err(forged("sex")),
    };
    Ok(Box::new(Asked {
        named: RequestId::new(&told.request).map_err(|_| forged("request"))?,
        to: FacilityCode::new(&told.to).map_err(|_| forged("to"))?,
        agreed: day(&told.agreed, "agreed")?,
        demographics: demographics(told, birth, sex),
        told: told.clone(),
    }))
}

fn demographics(told: &LinkAsked, birth: JstDay, sex: Sex) -> Demographics {
    let parts = |[family, given]: &[String; 2]| {
        (!family.is_empty()).then(|| NameParts {
            family: family.clone(),
            given: given.clone(),
        })
    };
    let said = |text: &String| (!text.is_empty()).then(|| text.clone());
    Demographics {
        name: PersonName {
            ideographic: parts(&told.kanji),
            phonetic: parts(&told.kana),
            alphabetic: None,
        },
        birth: Some(birth),
        birth_text: birth.basic(),
        sex,
        addresses: Vec::from_iter(said(&told.address).map(|text| Address {
            postal: String::new(),
            text,
        })),
        phones: Vec::from_iter(said(&told.patient_phone)),
        insurances: Vec::new(),
    }
}

pub(super) fn read_taken_back(told: &LinkTakenBack) -> Result<Box<dyn Effect>, Stop> {
    let named = RequestId::new(&told.request).map_err(|_| forged("request"))?;
    Ok(Box::new(TakenBack(named)))
}

impl Effect for Asked {
    fn write(&self, _: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop> {
        let told = &self.told;
        let Some(to) = across::asked_here(tx, &self.to)? else {
            tx.put_link_waiting(&LinkWaiting {
                peer: by.from.clone(),
                request: self.named.clone(),
                side: LinkSide::Unknown,
                at: by.now,
            })?;
            return Ok(Vec::new());
        };
        let signer = match &told.proxy {
            None => Signer::Patient,
            Some([name, relation]) => Signer::Proxy {
                name: name.as_str().into(),
                relation: relation.as_str().into(),
            },
        };
        across::take(
            tx,
            &ForeignRequest {
                id: across::id_here(by.from, &self.named)?,
                named: self.named.clone(),
                community: by.from.clone(),
                facility: told.facility.as_str().into(),
                phone: told.phone.as_str().into(),
                to: to.id,
                own_id: told.own_id.as_str().into(),
                demographics: self.demographics.clone(),
                their_id: Some(told.their_id.clone()).filter(|id| !id.is_empty()),
                agreed: self.agreed,
                signer,
                viewers: told.viewers.clone(),
                state: RequestState::Asked,
                at: by.now,
                end: None,
            },
        )?;
        Ok(Vec::new())
    }
}

impl Effect for TakenBack {
    fn write(&self, _: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop> {
        across::taken_back(tx, by.from, &self.0, by.now)?;
        Ok(Vec::new())
    }
}

/// What a request of ours says to who is asked.
fn asked(request: &LinkRequest, patient: &PatientRecord, from: Option<&Facility>) -> LinkAsked {
    let of = &patient.demographics;
    let parts = |parts: Option<&NameParts>| {
        parts.map_or_else(Default::default, |p| [p.family.clone(), p.given.clone()])
    };
    let first = |all: Option<&String>| all.cloned().unwrap_or_default();
    let name = from.map_or_else(String::new, |f| f.name.clone());
    LinkAsked {
        request: request.id.to_string(),
        facility: name.clone(),
        phone: from.map_or_else(String::new, |f| f.phone.clone()),
        to: request
            .across
            .as_ref()
            .map_or_else(String::new, |a| a.facility.to_string()),
        own_id: patient.local_id.to_string(),
        kana: parts(of.name.phonetic.as_ref()),
        kanji: parts(of.name.ideographic.as_ref()),
        birth: of.birth.map_or_else(String::new, |day| day.to_string()),
        sex: match of.sex {
            Sex::Male => "male",
            Sex::Female => "female",
            _ => "",
        }
        .to_owned(),
        address: first(of.addresses.first().map(|a| &a.text)),
        patient_phone: first(of.phones.first()),
        their_id: request.their_id.clone().unwrap_or_default(),
        agreed: request.agreed.to_string(),
        proxy: match &request.signer {
            Signer::Patient => None,
            Signer::Proxy { name, relation } => Some([name.to_string(), relation.to_string()]),
        },
        viewers: vec![name],
    }
}

/// Tells a community what is asked of it, what was taken back, and what became of what it has asked.
pub(super) fn tell(telling: &Telling<'_>) -> Result<usize, NoAnswer> {
    let store = telling.communities.gateway().network().store();
    let peer = &telling.to.home_community_id;
    let waiting = store.reading(|tx| tx.links_waiting(peer, telling.batch(NAMED, BATCH)))?;
    let mut told = 0;
    for waiting in &waiting {
        let late = waiting.at < telling.now.plus_seconds(-GIVEN_UP_SECONDS);
        let over = match waiting.side {
            _ if late => {
                let code = Code::PeerUnreachable.id();
                tracing::error!(code, community = %peer, "a link request was given up");
                telling.communities.refusals().over(peer, &named(waiting));
                true
            }
            LinkSide::Own => own(telling, waiting)?,
            LinkSide::Foreign | LinkSide::Unknown => link_answer::tell(telling, waiting)?,
        };
        if over {
            store.writing(|tx| tx.link_told(waiting))?;
            told += 1;
        }
    }
    Ok(told)
}

/// What one of them is called.
pub(super) fn named(waiting: &LinkWaiting) -> String {
    format!("{NAMED}{:?} {}", waiting.side, waiting.request)
}

/// Whether it waits no more.
fn own(telling: &Telling<'_>, waiting: &LinkWaiting) -> Result<bool, NoAnswer> {
    let store = telling.communities.gateway().network().store();
    let found = store.reading(|tx| {
        let Some(request) = tx.link_request(&waiting.request)? else {
            return Ok(None);
        };
        let patient = tx.registration(&request.patient)?;
        let from = tx.facilities()?.into_iter().find(|f| f.id == request.from);
        Ok(patient.map(|patient| (request, patient, from)))
    })?;
    let Some((request, patient, from)) = found else {
        return Ok(true);
    };
    let told = match request.state {
        RequestState::Asked => {
            Told::LinkRequest(Box::new(asked(&request, &patient, from.as_ref())))
        }
        RequestState::Withdrawn => Told::LinkTakenBack(LinkTakenBack {
            request: request.id.to_string(),
        }),
        RequestState::Approved | RequestState::Returned => return Ok(true),
    };
    let release = |text| release_link_request(&request, text);
    if !telling.state(&named(waiting), told, release, Audited::default())? {
        return Ok(false);
    }
    store.writing(|tx| match tx.link_request(&request.id)? {
        Some(now) if now.state == RequestState::Asked => across::delivered(tx, now, telling.now),
        _ => Ok(()),
    })?;
    Ok(true)
}
