//! The summary that this community makes on demand (On-Demand Document Source, ITI TF-1 10.1.1.6;
//! DocumentEntryType of ITI TF-3 4.2.5.2): its entry, how it is found, and how it is made.
//!
//! There is one for each person under the id that the community issued (XAD-PID), and nothing is kept for
//! it: its ids are that id, as a UUID of version 8 in the place of 4 (RFC 9562 §5.4, 5.8). So it stays the
//! same for as long as the id does, and is found by either of its own. It is in no submission set.
//!
//! Deliberately not: the option to persist what was made (ITI TF-2 3.43.4.2.2). What is made is for who
//! asked, at that moment; kept, it would outlast the consent that it was made under.

use super::patient::{Known, PatientCx};
use super::{Registry, XdsCode, XdsProblem};
use std::sync::Arc;
use tasuki_core::on_demand::{Summarising, Summary, SummaryAsked};
use tasuki_core::policy::PeerCaller;
use tasuki_core::ports::{PatientRecord, Reading};
use tasuki_core::{Fault, Labelled, Released};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::{Author, DocumentEntry, Header, ObjectType, RegistryObject, Text};
use tasuki_model::{
    AvailabilityStatus, Category, Coding, EntryUuid, Labels, PersonId, UniqueId, XadPid,
};

const VERSION: u128 = 0xf << 76;
const ISSUED: u128 = 4 << 76;
const OF_OTHERS: u128 = 8 << 76;

/// Summaries in one request: each costs as much as a page.
pub(crate) const SUMMARIES_MAX: usize = 4;

/// Where on-demand documents come from.
#[derive(Clone)]
pub struct OnDemandSource {
    /// What makes them.
    pub making: Arc<dyn Summarising>,
    /// The community's name, as the institution of their author.
    pub institution: Box<str>,
}

impl std::fmt::Debug for OnDemandSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OnDemandSource({})", self.institution)
    }
}

/// The number of the summary of an id that was issued here.
fn number_of(pid: &str) -> Option<u128> {
    let issued = u128::from_str_radix(pid, 16).ok()?;
    (issued & VERSION == ISSUED).then_some((issued & !VERSION) | OF_OTHERS)
}

/// The id whose summary a number is.
fn pid_of(number: u128) -> Option<XadPid> {
    let issued = (number & !VERSION) | ISSUED;
    let ours = number & VERSION == OF_OTHERS;
    ours.then(|| XadPid::new(&format!("{issued:032X}")).ok())?
}

fn named(unique: &str) -> Option<XadPid> {
    pid_of(unique.strip_prefix("2.25.")?.parse().ok()?)
}

fn numbered(id: &EntryUuid) -> Option<XadPid> {
    pid_of(u128::from_str_radix(id.as_str(), 16).ok()?)
}

fn uuid_of(number: u128) -> Option<EntryUuid> {
    EntryUuid::new(&format!("{number:032x}")).ok()
}

/// What the policy has to know of it, by one of the registrations that it would be made of: it says of a
/// patient that there is one, and no more. What stands in it is decided on when it is made.
fn labels(record: &PatientRecord, entry: EntryUuid) -> Labels {
    Labels {
        patient_key: record.patient_key.clone(),
        facility: record.facility.clone(),
        category: Category::Basic,
        department: None,
        day: None,
        author: None,
        confidentiality: Confidentiality::Normal,
        document: Some(entry),
    }
}

fn coding(system: &str, code: &str, text: &str) -> Coding {
    Coding {
        system: system.into(),
        code: code.into(),
        text: text.into(),
        version: None,
    }
}

impl Registry {
    /// The entry of the summary of an id that this community issued: one for each registration that it
    /// would be made of, so that any which is open opens it. Nothing for an id of another kind.
    pub(crate) fn offered(&self, known: &Known) -> Vec<Labelled<RegistryObject>> {
        let Some(source) = &self.on_demand else {
            return Vec::new();
        };
        if known.cx.authority != self.authority.as_str() {
            return Vec::new();
        }
        let Some((number, id)) = number_of(&known.cx.id).and_then(|n| Some((n, uuid_of(n)?)))
        else {
            return Vec::new();
        };
        let entry = self.summary_entry(source, &known.cx, number, &id);
        let records = known.registrations.iter();
        records
            .map(|record| Labelled::new(labels(record, id.clone()), entry.clone()))
            .collect()
    }

    fn summary_entry(
        &self,
        source: &OnDemandSource,
        cx: &PatientCx,
        number: u128,
        id: &EntryUuid,
    ) -> RegistryObject {
        // XON.10 says the community by its OID where no facility has written it (ITI TF-3 4.2.3.1.7).
        let institution = super::render::plain(&source.institution);
        let kind = coding("2.16.840.1.113883.6.1", "60591-5", "要約");
        RegistryObject::Entry(Box::new(DocumentEntry {
            header: Header {
                id: id.urn(),
                logical_id: Some(id.urn()),
                version: Some("1".to_owned()),
                status: Some(AvailabilityStatus::Approved),
                ..Header::default()
            },
            object_type: ObjectType::OnDemand,
            unique_id: Some(format!("2.25.{number}")),
            mime_type: "application/pdf".to_owned(),
            title: Text::of("要約（オンデマンド）"),
            authors: vec![Author {
                institutions: vec![format!("{institution}^^^^^^^^^{}", self.home)],
                ..Author::default()
            }],
            class_code: Some(kind.clone()),
            type_code: Some(kind),
            // A PDF says enough by its media type (ITI TF-3 4.2.3.2.9).
            format_code: Some(coding(
                "1.3.6.1.4.1.19376.1.2.3",
                "urn:ihe:iti:xds:2017:mimeTypeSufficient",
                "mimeType Sufficient",
            )),
            facility_type: Some(coding("urn:tasuki:facility-type", "several", "複数の施設")),
            practice_setting: Some(coding(
                "urn:tasuki:practice-setting",
                "several",
                "複数の診療科",
            )),
            confidentiality: vec![coding("2.16.840.1.113883.5.25", "N", "N")],
            language: Some("ja-JP".to_owned()),
            repository_id: Some(self.repository.as_str().to_owned()),
            source_patient_id: Some(cx.to_string()),
            ..DocumentEntry::default()
        }))
    }

    /// Whom an id of ours stands for; nothing where no summary is offered under it.
    fn summarised(&self, tx: &dyn Reading, pid: Option<XadPid>) -> Result<Option<Known>, Fault> {
        let Some(pid) = pid.filter(|_| self.on_demand.is_some()) else {
            return Ok(None);
        };
        let cx = PatientCx {
            id: pid.as_str().to_owned(),
            authority: self.authority.as_str().to_owned(),
        };
        let known = self.known(tx, cx)?;
        Ok(Some(known).filter(|known| !known.registrations.is_empty()))
    }

    /// Whose summary an `entryUUID` is.
    pub(crate) fn summarised_by_id(
        &self,
        tx: &dyn Reading,
        id: &EntryUuid,
    ) -> Result<Option<Known>, Fault> {
        self.summarised(tx, numbered(id))
    }

    /// Whose summary a `uniqueId` is.
    pub(crate) fn summarised_by_name(
        &self,
        tx: &dyn Reading,
        unique: &str,
    ) -> Result<Option<Known>, Fault> {
        self.summarised(tx, named(unique))
    }

    /// Makes a summary for who asks.
    pub(crate) fn make_summary(
        &self,
        caller: &PeerCaller,
        person: &PersonId,
        patient: &str,
    ) -> Result<Option<Released<Option<Summary>>>, Fault> {
        let Some(source) = &self.on_demand else {
            return Ok(None);
        };
        let asked = SummaryAsked {
            person,
            patient,
            caller,
            emergencies: self.emergencies,
        };
        source.making.summary(&asked).map(Some)
    }

    /// A `uniqueId` that no document has had.
    pub(crate) fn fresh_unique_id(&self) -> Result<UniqueId, Fault> {
        let fresh = self.store.reading(|tx| tx.new_entry_uuid())?;
        Ok(fresh.1)
    }
}

/// Why a summary was not made.
pub(crate) fn unmade(unique: &str, fault: &Fault) -> XdsProblem {
    tracing::warn!(code = fault.code.id(), "a summary: {}", fault.inside);
    let context = format!("{unique} could not be made now: ask again");
    XdsProblem::new(XdsCode::Repository, fault.code, context)
}

/// Keeps each on-demand entry once, whichever of its registrations has opened it.
pub(crate) fn once(mut objects: Vec<RegistryObject>) -> Vec<RegistryObject> {
    let mut seen = std::collections::BTreeSet::new();
    objects.retain(|object| match object {
        RegistryObject::Entry(it) if it.object_type == ObjectType::OnDemand => {
            seen.insert(it.header.id.clone())
        }
        _ => true,
    });
    objects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_has_the_ids_of_its_patient_id_and_no_other_number_is_one() {
        let pid = "0F8FAD5BD9CB469FA16570867728950E";
        let number = number_of(pid).unwrap();
        let id = uuid_of(number).unwrap();
        assert_eq!(numbered(&id).unwrap().as_str(), pid);
        assert_eq!(named(&format!("2.25.{number}")).unwrap().as_str(), pid);
        // Of another version, no number, and an OID of somebody else.
        for other in ["0F8FAD5BD9CB769FA16570867728950E", "P-0001", ""] {
            assert_eq!(number_of(other), None, "{other}");
        }
        for other in ["2.25.17", "1.2.3", "2.25.x", ""] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
