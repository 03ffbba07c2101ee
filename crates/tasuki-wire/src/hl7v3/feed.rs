//! The feed (ITI TF-2 3.44.4.1, 3.44.4.2) and the update notification (3.46.4.1): who a patient is.

use super::person::{self, demographics};
use super::values::{self, Ii};
use super::wrapper::{Reply, control_act};
use super::{Header, V3, V3Error};
use crate::xml::{Document, Element, Writer};
use tasuki_model::Demographics;

/// What a message of the feed is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `PRPA_IN201301UV02`: a patient was registered.
    Added,
    /// `PRPA_IN201302UV02`: what is known of one changed. Also the update notification.
    Revised,
    /// `PRPA_IN201302UV02` of a patient whose `statusCode` is `terminated` or `nullified`: no longer
    /// stated. The framework knows only `active` and has no other word for it.
    Withdrawn,
    /// `PRPA_IN201304UV02`: these identifiers are no longer in use; the patient's stand for them.
    Merged(Vec<Ii>),
}

/// One message of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The wrapper.
    pub header: Header,
    /// What it is about.
    pub event: Event,
    /// `patient/id`.
    pub ids: Vec<Ii>,
    /// `patientPerson/asOtherIDs/id`.
    pub others: Vec<Ii>,
    /// What is said of the patient.
    pub demographics: Demographics,
}

const REGISTRATION: &[&str] = &["controlActProcess", "subject", "registrationEvent"];

impl Feed {
    /// Reads a message of the feed.
    ///
    /// # Errors
    /// [`V3Error`] where it is another message, or names no patient.
    pub fn decode(root: &Element) -> Result<Self, V3Error> {
        let header = Header::decode(root)?;
        let path = "controlActProcess/subject/registrationEvent/subject1/patient";
        let registration = root.at(REGISTRATION).ok_or(V3Error::Missing { path })?;
        let patient = registration.at(&["subject1", "patient"]);
        let patient = patient.ok_or(V3Error::Missing { path })?;
        let event = match &*root.name {
            "PRPA_IN201301UV02" => Event::Added,
            "PRPA_IN201302UV02" if gone(patient) => Event::Withdrawn,
            "PRPA_IN201302UV02" => Event::Revised,
            "PRPA_IN201304UV02" => Event::Merged(prior(registration)?),
            _ => return Err(V3Error::Interaction),
        };
        let person = patient.first("patientPerson");
        let others = person.iter().flat_map(|p| p.all("asOtherIDs"));
        let others = others
            .take(person::MANY)
            .flat_map(|other| other.all("id").map(Ii::of));
        Ok(Self {
            header,
            event,
            ids: person::ids(patient, "patient/id")?,
            others: others.collect(),
            demographics: person.map(demographics).unwrap_or_default(),
        })
    }

    /// Writes a message of the feed; the wrapper is `reply`'s. With `told`, the demographics are in
    /// it; the update notification has none (3.46.4.1.2).
    #[must_use]
    pub fn encode(&self, reply: &Reply<'_>, told: bool) -> Document {
        let (interaction, trigger) = match self.event {
            Event::Added => ("PRPA_IN201301UV02", "PRPA_TE201301UV02"),
            Event::Revised | Event::Withdrawn => ("PRPA_IN201302UV02", "PRPA_TE201302UV02"),
            Event::Merged(_) => ("PRPA_IN201304UV02", "PRPA_TE201304UV02"),
        };
        let said = told.then_some(&self.demographics);
        let stands = Stands {
            ids: &self.ids,
            status: match self.event {
                Event::Withdrawn => "terminated",
                _ => ACTIVE,
            },
        };
        reply.write(interaction, "AL", |writer| {
            control_act(writer, trigger, |writer| {
                subject(writer, &stands, said, &self.others, |writer| {
                    if let Event::Merged(prior) = &self.event {
                        for id in prior {
                            write_prior(writer, id);
                        }
                    }
                });
            });
        })
    }
}

fn gone(patient: &Element) -> bool {
    let status = patient.first("statusCode");
    let code = status.and_then(|status| status.attribute("code"));
    code.is_some_and(|code| matches!(code, "terminated" | "nullified"))
}

fn prior(registration: &Element) -> Result<Vec<Ii>, V3Error> {
    let path = "replacementOf/priorRegistration/subject1/priorRegisteredRole/id";
    let roles = registration.all("replacementOf").take(person::MANY);
    let roles =
        roles.filter_map(|r| r.at(&["priorRegistration", "subject1", "priorRegisteredRole"]));
    let mut ids = Vec::new();
    for role in roles {
        ids.extend(person::ids(role, path)?);
    }
    if ids.is_empty() {
        return Err(V3Error::Missing { path });
    }
    Ok(ids)
}

fn write_prior(writer: &mut Writer, id: &Ii) {
    let start = writer
        .element(V3, "replacementOf")
        .attribute("typeCode", "RPLC");
    start.content(|writer| {
        registration(writer, "priorRegistration", |writer| {
            values::code(writer, "statusCode", "obsolete");
            let start = writer.element(V3, "subject1").attribute("typeCode", "SBJ");
            start.content(|writer| {
                writer
                    .element(V3, "priorRegisteredRole")
                    .attribute("classCode", "PAT")
                    .content(|writer| id.write(writer, "id"));
            });
        });
    });
}

fn registration(writer: &mut Writer, name: &str, rest: impl FnOnce(&mut Writer)) {
    writer
        .element(V3, name)
        .attribute("classCode", "REG")
        .attribute("moodCode", "EVN")
        .content(rest);
}

/// Which patient, and how the registration stands.
pub(super) struct Stands<'a> {
    /// `patient/id`.
    pub ids: &'a [Ii],
    /// `patient/statusCode`.
    pub status: &'static str,
}

/// In use.
pub(super) const ACTIVE: &str = "active";

/// `subject`: a registration with its patient. The custodian is whoever issued the first ID.
fn subject(
    writer: &mut Writer,
    stands: &Stands<'_>,
    said: Option<&Demographics>,
    others: &[Ii],
    after: impl FnOnce(&mut Writer),
) {
    let custodian = Custodian::of(stands.ids);
    write_subject(writer, stands, said, others, &custodian, |_| (), after);
}

/// The same with something at the end of the patient.
pub(super) fn write_subject(
    writer: &mut Writer,
    stands: &Stands<'_>,
    said: Option<&Demographics>,
    others: &[Ii],
    custodian: &Custodian<'_>,
    within: impl FnOnce(&mut Writer),
    after: impl FnOnce(&mut Writer),
) {
    let start = writer.element(V3, "subject").attribute("typeCode", "SUBJ");
    start.content(|writer| {
        registration(writer, "registrationEvent", |writer| {
            drop(writer.element(V3, "id").attribute("nullFlavor", "NA"));
            values::code(writer, "statusCode", "active");
            let start = writer.element(V3, "subject1").attribute("typeCode", "SBJ");
            start.content(|writer| {
                let start = writer.element(V3, "patient").attribute("classCode", "PAT");
                start.content(|writer| {
                    for id in stands.ids {
                        id.write(writer, "id");
                    }
                    values::code(writer, "statusCode", stands.status);
                    person::write(writer, said, others);
                    provider(writer, &Custodian::of(stands.ids));
                    within(writer);
                });
            });
            let start = writer.element(V3, "custodian").attribute("typeCode", "CST");
            start.content(|writer| {
                writer
                    .element(V3, "assignedEntity")
                    .attribute("classCode", "ASSIGNED")
                    .content(|writer| custodian.write(writer));
            });
            after(writer);
        });
    });
}

/// Whoever keeps a registration.
pub(super) struct Custodian<'a> {
    /// Its OID; a home community id across communities.
    pub root: &'a str,
    /// Whether it says that it is no health data locator (XCPD, ITI TF-2 3.55.4.2.2).
    pub community: bool,
}

impl<'a> Custodian<'a> {
    /// Whoever issued the first ID.
    pub(super) fn of(ids: &'a [Ii]) -> Self {
        Self {
            root: ids.first().map(|id| id.root.as_str()).unwrap_or_default(),
            community: false,
        }
    }

    fn write(&self, writer: &mut Writer) {
        Ii::new(self.root, "").write(writer, "id");
        if self.community {
            drop(
                writer
                    .element(V3, "code")
                    .attribute("code", "NotHealthDataLocator")
                    .attribute("codeSystem", "1.3.6.1.4.1.19376.1.2.27.2"),
            );
        }
    }
}

fn provider(writer: &mut Writer, custodian: &Custodian<'_>) {
    writer
        .element(V3, "providerOrganization")
        .attribute("classCode", "ORG")
        .attribute("determinerCode", "INSTANCE")
        .content(|writer| {
            Ii::new(custodian.root, "").write(writer, "id");
            drop(
                writer
                    .element(V3, "contactParty")
                    .attribute("classCode", "CON"),
            );
        });
}
