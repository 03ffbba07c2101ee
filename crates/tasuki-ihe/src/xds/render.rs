//! An imported row as full metadata (ITI TF-3, 4.2.3.2): what the hospital's file says, in the
//! words of the exchange. `patientId` is filled in by whoever knows under which id was asked.

use super::Registry;
use tasuki_core::ports::PatientRecord;
use tasuki_model::xds::{Author, DocumentEntry, Header, ObjectType, Text};
use tasuki_model::{Coding, DocumentEntry as Row, Facility};

/// Where codes of confidentiality come from.
const CONFIDENTIALITY: &str = "2.16.840.1.113883.5.25";

/// Renders a row of a registration at a facility.
pub(super) fn entry(
    registry: &Registry,
    row: &Row,
    record: &PatientRecord,
    facility: &Facility,
) -> DocumentEntry {
    let id = row.entry_uuid.urn();
    let service = row.service_start.as_ref().map(|t| t.xds());
    let created = row.creation_time.as_ref().or(row.service_start.as_ref());
    let own = registry.own_cx(record).map(|cx| cx.to_string());
    DocumentEntry {
        header: Header {
            logical_id: Some(row.logical_id.urn()),
            id,
            version: Some("1".to_owned()),
            status: Some(row.status),
            ..Header::default()
        },
        object_type: ObjectType::Stable,
        unique_id: Some(row.unique_id.as_str().to_owned()),
        patient_id: None,
        mime_type: row.mime_type.to_string(),
        title: row.title.as_deref().map(Text::of).unwrap_or_default(),
        authors: vec![Author {
            person: row
                .author
                .as_deref()
                .map(|name| format!("^{}", plain(name))),
            institutions: vec![institution(facility)],
            ..Author::default()
        }],
        class_code: Some(row.class_code.clone()),
        type_code: Some(row.type_code.clone()),
        format_code: Some(row.format_code.clone()),
        facility_type: Some(facility_type(facility)),
        practice_setting: Some(row.practice_setting.clone().unwrap_or_else(|| Coding {
            system: "urn:tasuki:practice-setting".into(),
            code: "unknown".into(),
            text: "診療科不明".into(),
            version: None,
        })),
        confidentiality: vec![Coding {
            system: CONFIDENTIALITY.into(),
            code: row.confidentiality.code().into(),
            text: row.confidentiality.code().into(),
            version: None,
        }],
        creation_time: Some(created.map_or_else(
            || tasuki_model::xds::utc_text(row.received),
            |time| time.xds(),
        )),
        service_start: service,
        language: Some("ja-JP".to_owned()),
        size: Some(row.size_bytes.to_string()),
        hash: Some(row.hash.to_string()),
        repository_id: Some(row.repository_id.as_str().to_owned()),
        source_patient_info: patient_info(record, own.as_deref()),
        source_patient_id: own,
        ..DocumentEntry::default()
    }
}

/// XON with the 医療機関コード, whose authority is the OID of such codes.
pub(super) fn institution(facility: &Facility) -> String {
    format!(
        "{}^^^^^&1.2.392.100495.20.3.23&ISO^^^^{}",
        plain(&facility.name),
        facility.code
    )
}

pub(super) fn facility_type(facility: &Facility) -> Coding {
    // The third digit of a 医療機関コード is the fee table: 1 medical, 3 dental, 4 pharmacy.
    let (code, text) = match facility.code.as_str().get(2..3) {
        Some("3") => ("dental", "歯科"),
        Some("4") => ("pharmacy", "薬局"),
        _ => ("medical", "医科"),
    };
    Coding {
        system: "urn:tasuki:facility-type".into(),
        code: code.into(),
        text: text.into(),
        version: None,
    }
}

pub(super) fn patient_info(record: &PatientRecord, own: Option<&str>) -> Vec<String> {
    let mut lines: Vec<String> = own.map(|cx| format!("PID-3|{cx}")).into_iter().collect();
    let of = &record.demographics;
    let names = [&of.name.ideographic, &of.name.phonetic, &of.name.alphabetic];
    for name in names.into_iter().flatten() {
        lines.push(format!(
            "PID-5|{}^{}",
            plain(&name.family),
            plain(&name.given)
        ));
    }
    if let Some(birth) = of.birth {
        lines.push(format!("PID-7|{}", birth.basic()));
    }
    lines.push(format!("PID-8|{}", of.sex.code()));
    lines
}

/// A text inside a field: without the characters that part components.
pub(super) fn plain(text: &str) -> String {
    text.replace(['^', '~', '&', '|', '\\'], " ")
}
