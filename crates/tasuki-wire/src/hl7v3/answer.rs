//! Acknowledgements and answers (`MCCI_IN000002UV01`; ITI TF-2 3.45.4.2, 3.47.4.2).

use super::feed::{ACTIVE, Custodian, Stands, write_subject};
use super::values::{self, Ii};
use super::wrapper::{Reply, control_act};
use super::{PdqQuery, PixQuery, V3, V3Error, XSI};
use crate::xml::{Document, Element, Writer};
use tasuki_model::Demographics;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Code of HL7 v3 `AcknowledgementDetailCode`, or of table 0357: `204` for an unknown key.
    pub code: String,
    /// In words.
    pub text: String,
    /// Where, as an XPath; empty if nowhere.
    pub location: String,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// `AA`, `AE`, `AR`, `CA`, `CE` or `CR`.
    pub code: String,
    /// The message that this is about.
    pub target: Ii,
    /// What is wrong.
    pub details: Vec<Detail>,
}

/// Found or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// `OK`.
    Data,
    /// `NF`: nothing, without error.
    Nothing,
    /// `AE`: an error, which the details name.
    Error,
}

/// One patient of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientAnswer {
    /// IDs.
    pub ids: Vec<Ii>,
    /// IDs of the same person elsewhere.
    pub others: Vec<Ii>,
    /// What is on record; nothing where only IDs were asked for.
    pub said: Option<Demographics>,
    /// How well it fits, in percent; for an answer by demographics.
    pub degree: Option<u8>,
}

/// An answer to a query, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAnswer {
    /// What became of the query.
    pub acknowledgement: Acknowledgement,
    /// `queryResponseCode`, as sent.
    pub response: String,
    /// Patients.
    pub patients: Vec<PatientAnswer>,
    /// The custodian of each, an OID: across communities its home community id.
    pub custodians: Vec<String>,
}

impl Acknowledgement {
    /// Writes `MCCI_IN000002UV01`.
    #[must_use]
    pub fn encode(&self, reply: &Reply<'_>) -> Document {
        reply.write("MCCI_IN000002UV01", "NE", |writer| self.write(writer))
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(V3, "acknowledgement").content(|writer| {
            values::code(writer, "typeCode", &self.code);
            let start = writer.element(V3, "targetMessage");
            start.content(|writer| self.target.write(writer, "id"));
            for detail in &self.details {
                let start = writer
                    .element(V3, "acknowledgementDetail")
                    .attribute("typeCode", "E");
                start.content(|writer| {
                    drop(
                        writer
                            .element(V3, "code")
                            .attribute("code", &detail.code)
                            .attribute("codeSystem", "2.16.840.1.113883.12.357"),
                    );
                    writer.element(V3, "text").text(&detail.text);
                    if !detail.location.is_empty() {
                        writer.element(V3, "location").text(&detail.location);
                    }
                });
            }
        });
    }

    /// Reads the acknowledgement of any message.
    ///
    /// # Errors
    /// [`V3Error::Missing`] where there is none.
    pub fn decode(root: &Element) -> Result<Self, V3Error> {
        let path = "acknowledgement";
        let element = root.first(path).ok_or(V3Error::Missing { path })?;
        let code = element.first("typeCode").and_then(|c| c.attribute("code"));
        let path = "acknowledgement/typeCode";
        let text = |parent: &Element, name| parent.first(name).map(|e| e.text().trim().to_owned());
        let details = element
            .all("acknowledgementDetail")
            .take(64)
            .map(|detail| Detail {
                code: (detail.first("code"))
                    .and_then(|c| c.attribute("code"))
                    .unwrap_or_default()
                    .to_owned(),
                text: text(detail, "text").unwrap_or_default(),
                location: text(detail, "location").unwrap_or_default(),
            });
        Ok(Self {
            code: code.ok_or(V3Error::Missing { path })?.to_owned(),
            target: element
                .at(&["targetMessage", "id"])
                .map(Ii::of)
                .unwrap_or_default(),
            details: details.collect(),
        })
    }
}

impl Found {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Data => "OK",
            Self::Nothing => "NF",
            Self::Error => "AE",
        }
    }
}

impl PixQuery {
    /// Writes the answer: IDs, or why there are none.
    #[must_use]
    pub fn answer(
        &self,
        reply: &Reply<'_>,
        found: Found,
        patient: Option<&PatientAnswer>,
        details: Vec<Detail>,
    ) -> Document {
        let acknowledgement = acknowledging(&self.header.id, found, details);
        reply.write("PRPA_IN201310UV02", "NE", |writer| {
            acknowledgement.write(writer);
            control_act(writer, "PRPA_TE201310UV02", |writer| {
                patient
                    .into_iter()
                    .for_each(|patient| write_patient(writer, patient));
                query_ack(writer, &self.query_id, found, None);
                self.repeat(writer);
            });
        })
    }
}

impl PdqQuery {
    /// Writes the answer: patients, how many there are in all and after these, or why there are none.
    #[must_use]
    pub fn answer(
        &self,
        reply: &Reply<'_>,
        found: Found,
        patients: &[PatientAnswer],
        (all, left): (usize, usize),
        details: Vec<Detail>,
    ) -> Document {
        let acknowledgement = acknowledging(&self.header.id, found, details);
        reply.write("PRPA_IN201306UV02", "NE", |writer| {
            acknowledgement.write(writer);
            control_act(writer, "PRPA_TE201306UV02", |writer| {
                patients
                    .iter()
                    .for_each(|patient| write_patient(writer, patient));
                let counts = (found != Found::Error).then_some([all, patients.len(), left]);
                query_ack(writer, &self.query_id, found, counts);
                self.repeat(writer);
            });
        })
    }
}

impl PdqQuery {
    /// Writes the answer of another community (XCPD, ITI TF-2 3.55.4.2): the one patient who fits, in
    /// the keeping of `home`, or nobody.
    #[must_use]
    pub fn discovered(
        &self,
        reply: &Reply<'_>,
        found: Found,
        patient: Option<&PatientAnswer>,
        home: &str,
        details: Vec<Detail>,
    ) -> Document {
        let acknowledgement = acknowledging(&self.header.id, found, details);
        let custodian = Custodian {
            root: home,
            community: true,
        };
        reply.write("PRPA_IN201306UV02", "NE", |writer| {
            acknowledgement.write(writer);
            control_act(writer, "PRPA_TE201306UV02", |writer| {
                if let Some(patient) = patient {
                    write_kept(writer, patient, &custodian);
                }
                query_ack(writer, &self.query_id, found, None);
                self.repeat(writer);
            });
        })
    }
}

impl QueryAnswer {
    /// Reads an answer to either query.
    ///
    /// # Errors
    /// [`V3Error`] where it is no such answer.
    pub fn decode(root: &Element) -> Result<Self, V3Error> {
        if !matches!(&*root.name, "PRPA_IN201310UV02" | "PRPA_IN201306UV02") {
            return Err(V3Error::Interaction);
        }
        let path = "controlActProcess/queryAck/queryResponseCode";
        let act = root
            .first("controlActProcess")
            .ok_or(V3Error::Missing { path })?;
        let response = act.at(&["queryAck", "queryResponseCode"]);
        let response = response.and_then(|r| r.attribute("code"));
        let (mut patients, mut custodians) = (Vec::new(), Vec::new());
        for subject in act.all("subject").take(1_000) {
            let role = subject.at(&["registrationEvent", "subject1", "patient"]);
            let path = "subject/registrationEvent/subject1/patient";
            patients.push(read_patient(role.ok_or(V3Error::Missing { path })?)?);
            let custodian = ["registrationEvent", "custodian", "assignedEntity", "id"];
            custodians.push(subject.at(&custodian).map(Ii::of).unwrap_or_default().root);
        }
        Ok(Self {
            acknowledgement: Acknowledgement::decode(root)?,
            response: response.ok_or(V3Error::Missing { path })?.to_owned(),
            patients,
            custodians,
        })
    }
}

fn read_patient(role: &Element) -> Result<PatientAnswer, V3Error> {
    let person = role.first("patientPerson");
    let others = person.iter().flat_map(|p| p.all("asOtherIDs"));
    let others = others
        .take(super::person::MANY)
        .flat_map(|o| o.all("id").map(Ii::of));
    let degree = role.at(&["subjectOf1", "queryMatchObservation", "value"]);
    let degree = degree.and_then(|d| d.attribute("value")?.parse().ok());
    Ok(PatientAnswer {
        ids: super::person::ids(role, "patient/id")?,
        others: others.collect(),
        said: person.map(super::person::demographics),
        degree,
    })
}

fn acknowledging(target: &Ii, found: Found, details: Vec<Detail>) -> Acknowledgement {
    let code = if found == Found::Error { "AE" } else { "AA" };
    Acknowledgement {
        code: code.to_owned(),
        target: target.clone(),
        details,
    }
}

fn write_patient(writer: &mut Writer, patient: &PatientAnswer) {
    write_kept(writer, patient, &Custodian::of(&patient.ids));
}

/// A patient and whoever keeps the registration.
fn write_kept(writer: &mut Writer, patient: &PatientAnswer, custodian: &Custodian<'_>) {
    let said = patient.said.as_ref();
    let degree = patient.degree;
    let observed = |writer: &mut Writer| {
        let Some(degree) = degree else { return };
        writer.element(V3, "subjectOf1").content(|writer| {
            writer
                .element(V3, "queryMatchObservation")
                .attribute("classCode", "COND")
                .attribute("moodCode", "EVN")
                .content(|writer| {
                    values::code(writer, "code", "IHE_PDQ");
                    let start = writer.element(V3, "value").qualified(XSI, "type", "INT");
                    drop(start.attribute("value", &degree.to_string()));
                });
        });
    };
    let stands = Stands {
        ids: &patient.ids,
        status: ACTIVE,
    };
    write_subject(
        writer,
        &stands,
        said,
        &patient.others,
        custodian,
        observed,
        |_| (),
    );
}

fn query_ack(writer: &mut Writer, id: &Ii, found: Found, counts: Option<[usize; 3]>) {
    writer.element(V3, "queryAck").content(|writer| {
        id.write(writer, "queryId");
        values::code(writer, "statusCode", "deliveredResponse");
        values::code(writer, "queryResponseCode", found.code());
        let names = [
            "resultTotalQuantity",
            "resultCurrentQuantity",
            "resultRemainingQuantity",
        ];
        for (name, count) in names.iter().zip(counts.into_iter().flatten()) {
            values::value(writer, name, &count.to_string());
        }
    });
}
