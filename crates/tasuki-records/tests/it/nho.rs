//! The 22 sample files of the National Hospital Organization.

use std::path::{Path, PathBuf};

use tasuki_records::view::{Block, Cell, Sheet, Summary};
use tasuki_records::{ClinicalValue, examine};
use tasuki_wire::hl7::{Limits, Text};
use tasuki_wire::ssmix2::StandardName;

use crate::flat::flat;

const ACCOUNT: &str = include_str!("nho_account.tsv");

fn shared(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/ssmix2")
        .join(path)
}

fn account() -> Vec<[&'static str; 3]> {
    let lines = ACCOUNT.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
        .collect()
}

#[test]
fn every_file_ends_as_the_account_says() {
    let rows = account();
    assert_eq!(rows.len(), 22);
    assert_eq!(
        rows.iter()
            .filter(|[_, outcome, _]| *outcome == "registered")
            .count(),
        9
    );
    for [path, outcome, reason] in rows {
        let bytes = std::fs::read(shared("nho-testing-tool/sampleData").join(path)).unwrap();
        let examined = examine(path, &bytes);
        let found = match &*examined.reasons {
            [] => ("registered", "-"),
            [first, ..] => ("quarantined", first.code()),
        };
        assert_eq!(found, (outcome, reason), "{path}");
        assert_eq!(examined.decoded.is_some(), outcome == "registered");
    }
}

/// The 21 readable messages under the patient whom they name: all of each message, checked by hand
/// against the samples.
#[test]
fn every_message_decodes_completely_under_its_own_patient() {
    let mut decoded = 0;
    for [path, _, reason] in account() {
        if reason == "JIS-001" {
            continue;
        }
        let bytes = std::fs::read(shared("nho-testing-tool/sampleData").join(path)).unwrap();
        let home = re_homed(path, &bytes);
        let examined = examine(&home, &bytes);
        assert_eq!(examined.reasons, [], "{home}");
        let found = examined.decoded.unwrap();
        let mut lines = vec![format!("# {home}")];
        lines.extend(values(&found.value));
        lines.push(format!(
            "written = {}",
            found
                .written
                .map(|t| t.text().to_owned())
                .unwrap_or_default()
        ));
        lines.push(format!(
            "author = {}",
            found.value.author().unwrap_or_default()
        ));
        lines.push(format!(
            "service = {}",
            found
                .value
                .service_time()
                .map(|t| t.text().to_owned())
                .unwrap_or_default()
        ));
        lines.push(format!("items = {}", found.value.items()));
        lines.extend(
            found
                .problems
                .iter()
                .map(|problem| format!("problem {problem}")),
        );
        lines.extend(shown(&found.value.summary(), &found.value.sheet()));
        insta::assert_snapshot!(snapshot_name(path), lines.join("\n"));
        decoded += 1;
    }
    assert_eq!(decoded, 21);
}

fn snapshot_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap();
    let name = StandardName::parse(name).unwrap();
    format!("{}_{}_{}", name.kind.code(), name.patient, name.order)
}

/// The path that the file would have under the patient of its PID.
fn re_homed(path: &str, bytes: &[u8]) -> String {
    let limits = Limits::default();
    let text = Text::decode(bytes, &limits).unwrap();
    let message = text.parse(&limits).unwrap();
    let patient = message.get("PID-3.1").unwrap().into_string();
    let name = path.rsplit('/').next().unwrap();
    let name = StandardName {
        patient: &patient,
        ..StandardName::parse(name).unwrap()
    };
    tasuki_wire::ssmix2::StandardPath { name }.to_string()
}

pub fn values(value: &ClinicalValue) -> Vec<String> {
    match value {
        ClinicalValue::Patient(value) => flat(value),
        ClinicalValue::Doctor(value) => flat(value),
        ClinicalValue::Visit(value) => flat(value),
        ClinicalValue::Stay(value) => flat(value),
        ClinicalValue::Allergies(value) => flat(value),
        ClinicalValue::Problems(value) => flat(value),
        ClinicalValue::Prescription(value) => flat(value),
        ClinicalValue::Injection(value) => flat(value),
        ClinicalValue::Lab(value) => flat(value),
        ClinicalValue::Exam(value) => flat(value),
        ClinicalValue::Meal(value) => flat(value),
        ClinicalValue::Document(value) => match &value.content {
            tasuki_records::document::Content::Report(exam) => flat(exam),
            other => vec![format!("{other:?}")],
        },
    }
}

/// Summary and sheet as a person sees them, without words.
pub fn shown(summary: &Summary, sheet: &Sheet) -> Vec<String> {
    let mut lines = vec![format!("summary {:?}", summary.parts)];
    for block in &sheet.blocks {
        match block {
            Block::Fields(fields) => {
                lines.push("fields".into());
                lines.extend(
                    fields
                        .iter()
                        .map(|(label, found)| format!("  {label:?}: {}", cell(found))),
                );
            }
            Block::Table {
                caption,
                head,
                rows,
            } => {
                lines.push(format!("table {caption} {head:?}"));
                for row in rows {
                    let cells: Vec<_> = row.iter().map(cell).collect();
                    lines.push(format!("  {}", cells.join(" | ")));
                }
            }
            Block::Prose { heading, text } => {
                lines.push(format!(
                    "prose {}: {}",
                    heading.clone().unwrap_or_default(),
                    text.replace('\n', "⏎")
                ));
            }
        }
    }
    lines
}

fn cell(cell: &Cell) -> String {
    let flag = cell
        .flag
        .map(|flag| format!(" {flag:?}"))
        .unwrap_or_default();
    let code = cell
        .code
        .as_ref()
        .map(|code| format!(" <{code}>"))
        .unwrap_or_default();
    format!("{}{code}{flag}", cell.text.replace('\n', "⏎"))
}

/// The two storages of the support documents: a blood culture and two vital sign sheets.
#[test]
fn the_samples_of_the_support_documents_decode() {
    let root = shared("nho-support-documents/sample");
    let vitals = "012/345/0123456789/20160101/L-OBSERVATIONS^OBSERVATIONS^99ZL01";
    let name = "0123456789_20160101_L-OBSERVATIONS^OBSERVATIONS^99ZL01";
    let files = [
        ("standard_root", "012/345/0123456789/20080126/OML-11/0123456789_20080126_OML-11_081251234567800_200802031630123_01_1".to_owned()),
        ("extended_root", format!("{vitals}/{name}_000000020160101_201601011500321_1/main_document.hl7")),
        ("extended_root", format!("{vitals}/{name}_000002016010115_201601011500321_1/main_document.hl7")),
    ];
    for (n, (storage, path)) in files.iter().enumerate() {
        let bytes = std::fs::read(root.join(storage).join(path)).unwrap();
        let examined = examine(path, &bytes);
        assert_eq!(examined.reasons, [], "{path}");
        let found = examined.decoded.unwrap();
        let mut lines = values(&found.value);
        lines.extend(
            found
                .problems
                .iter()
                .map(|problem| format!("problem {problem}")),
        );
        lines.extend(shown(&found.value.summary(), &found.value.sheet()));
        insta::assert_snapshot!(format!("support_{n}"), lines.join("\n"));
    }
}
