//! The document itself: CDA R2 by IHE BPPC, without a scanned part (ITI TF-3, 5.1.2), one consent service event
//! for each policy. The signed paper stays with the facility.

use super::Told;
use super::codes::{CONSENT, coding};
use crate::xds::Registry;
use tasuki_core::ports::{PatientRecord, Signer};
use tasuki_model::xds::utc_text;
use tasuki_model::{Coding, Facility, Instant, Sex};
use tasuki_wire::xml::{Document, Namespace, Writer, document};

const V3: Namespace<'static> = Namespace::new("", "urn:hl7-org:v3");
/// IHE medical document, BPPC without a scanned part, consent service event.
const TEMPLATES: [&str; 2] = [
    "1.3.6.1.4.1.19376.1.5.3.1.1.1",
    "1.3.6.1.4.1.19376.1.5.3.1.1.7",
];
const SERVICE_EVENT: &str = "1.3.6.1.4.1.19376.1.5.3.1.2.6";
/// 医療機関コード.
const FACILITY_CODE: &str = "1.2.392.100495.20.3.23";

/// Writes the document of a consent.
pub(super) fn written(registry: &Registry, told: &Told<'_>) -> Document {
    document(V3, "ClinicalDocument", |root| {
        root.content(|w| {
            id(w, "typeId", "2.16.840.1.113883.1.3", "POCD_HD000040");
            for template in TEMPLATES {
                empty(w, "templateId", &[("root", template)]);
            }
            empty(w, "id", &[("root", &told.unique_id)]);
            code(w, "code", &coding(CONSENT));
            w.element(V3, "title").text(CONSENT.2);
            time(w, "effectiveTime", told.at);
            let normal = [("code", "N"), ("codeSystem", "2.16.840.1.113883.5.25")];
            empty(w, "confidentialityCode", &normal);
            empty(w, "languageCode", &[("code", "ja-JP")]);
            patient(w, registry, told);
            author(w, told);
            custodian(w, told.facility);
            for (n, policy) in told.policies.iter().enumerate() {
                service_event(w, told, policy, n);
            }
            if let Some(replaced) = &told.replaces {
                let related = w.element(V3, "relatedDocument");
                related.attribute("typeCode", "RPLC").content(|w| {
                    w.element(V3, "parentDocument").content(|w| {
                        empty(w, "id", &[("root", replaced)]);
                    });
                });
            }
            body(w, told);
        });
    })
}

/// An element of attributes only.
fn empty(w: &mut Writer, name: &str, attributes: &[(&str, &str)]) {
    let start = w.element(V3, name);
    let all = attributes.iter();
    drop(all.fold(start, |start, (name, value)| start.attribute(name, value)));
}

fn id(w: &mut Writer, name: &str, root: &str, extension: &str) {
    empty(w, name, &[("root", root), ("extension", extension)]);
}

fn code(w: &mut Writer, name: &str, code: &Coding) {
    let (code, system, text) = (&*code.code, &*code.system, &*code.text);
    let all = [
        ("code", code),
        ("codeSystem", system),
        ("displayName", text),
    ];
    empty(w, name, &all);
}

fn time(w: &mut Writer, name: &str, at: Instant) {
    let text = format!("{}+0000", utc_text(at));
    empty(w, name, &[("value", &text)]);
}

/// Who it is, by the community's ID: a hospital's own number stays there.
fn patient(w: &mut Writer, registry: &Registry, told: &Told<'_>) {
    let of = &told.record.demographics;
    w.element(V3, "recordTarget").content(|w| {
        w.element(V3, "patientRole").content(|w| {
            id(w, "id", registry.authority.as_str(), &told.pid);
            w.element(V3, "patient").content(|w| {
                let names = [&of.name.ideographic, &of.name.phonetic, &of.name.alphabetic];
                let uses = ["IDE", "SYL", "ABC"];
                for (name, of_use) in names.into_iter().zip(uses) {
                    let Some(name) = name else { continue };
                    w.element(V3, "name").attribute("use", of_use).content(|w| {
                        w.element(V3, "family").text(&name.family);
                        w.element(V3, "given").text(&name.given);
                    });
                }
                sex(w, told.record);
                if let Some(birth) = of.birth {
                    empty(w, "birthTime", &[("value", &birth.basic())]);
                }
            });
        });
    });
}

fn sex(w: &mut Writer, record: &PatientRecord) {
    let code = match record.demographics.sex {
        Sex::Male => Some("M"),
        Sex::Female => Some("F"),
        Sex::Other => Some("UN"),
        Sex::Unknown => None,
    };
    match code {
        Some(code) => {
            let coded = [("code", code), ("codeSystem", "2.16.840.1.113883.5.1")];
            empty(w, "administrativeGenderCode", &coded);
        }
        None => empty(w, "administrativeGenderCode", &[("nullFlavor", "UNK")]),
    }
}

/// The node wrote it for the facility. Who took the consent there is the facility's own matter.
fn author(w: &mut Writer, told: &Told<'_>) {
    w.element(V3, "author").content(|w| {
        time(w, "time", told.at);
        w.element(V3, "assignedAuthor").content(|w| {
            id(w, "id", FACILITY_CODE, told.facility.code.as_str());
            w.element(V3, "assignedAuthoringDevice").content(|w| {
                w.element(V3, "softwareName").text("Tasuki");
            });
            organisation(w, "representedOrganization", told.facility);
        });
    });
}

fn custodian(w: &mut Writer, facility: &Facility) {
    w.element(V3, "custodian").content(|w| {
        w.element(V3, "assignedCustodian").content(|w| {
            organisation(w, "representedCustodianOrganization", facility);
        });
    });
}

fn organisation(w: &mut Writer, name: &str, facility: &Facility) {
    w.element(V3, name).content(|w| {
        id(w, "id", FACILITY_CODE, facility.code.as_str());
        w.element(V3, "name").text(&facility.name);
    });
}

fn service_event(w: &mut Writer, told: &Told<'_>, policy: &Coding, number: usize) {
    let documented = w.element(V3, "documentationOf");
    documented.attribute("typeCode", "DOC").content(|w| {
        let event = w.element(V3, "serviceEvent");
        let event = event
            .attribute("classCode", "ACT")
            .attribute("moodCode", "EVN");
        event.content(|w| {
            empty(w, "templateId", &[("root", SERVICE_EVENT)]);
            // An arc below the document's own: nothing else is called so.
            let own = format!("{}.{}", told.unique_id, number + 1);
            empty(w, "id", &[("root", &own)]);
            code(w, "code", policy);
            w.element(V3, "effectiveTime").content(|w| {
                time(w, "low", told.from);
                if let Some(until) = told.until {
                    time(w, "high", until);
                }
            });
        });
    });
}

fn body(w: &mut Writer, told: &Told<'_>) {
    let facility = &told.facility.name;
    let mut lines = vec![
        format!("開示する施設: {facility}"),
        format!("署名: {}", signer(&told.consent.signer)),
        format!("同意の開始: {}", told.from.in_jst()),
    ];
    lines.extend(told.until.map(|at| format!("同意の終了: {}", at.in_jst())));
    lines.extend(told.policies.iter().map(|policy| policy.text.to_string()));
    lines.push(format!(
        "開示する範囲の詳細は{facility}が保管する同意書によります。"
    ));
    w.element(V3, "component").content(|w| {
        w.element(V3, "structuredBody").content(|w| {
            w.element(V3, "component").content(|w| {
                w.element(V3, "section").content(|w| {
                    code(w, "code", &coding(CONSENT));
                    w.element(V3, "title").text(CONSENT.2);
                    w.element(V3, "text").content(|w| {
                        w.element(V3, "list").content(|w| {
                            for line in &lines {
                                w.element(V3, "item").text(line);
                            }
                        });
                    });
                });
            });
        });
    });
}

/// Whose name stands on the paper is not told.
const fn signer(signer: &Signer) -> &'static str {
    match signer {
        Signer::Patient => "本人",
        Signer::Proxy { .. } => "代理人",
    }
}
