//! What is handed over on paper, as poppler reads it.

use super::http::Client;
use super::world::{AT_AWAY, AT_HOME, World};
use std::io::Write;
use std::process::{Command, Stdio};

pub fn text_of(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap()
}

fn printed(doctor: &Client, preset: &str) -> String {
    let list = doctor.get("/patients").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    let answer = doctor.get(&format!("/patients/{person}/print/{preset}"));
    let type_of = answer.header("content-type");
    assert_eq!((answer.status, type_of), (200, Some("application/pdf")));
    text_of(&answer.bytes)
}

#[test]
fn a_print_names_patient_sources_and_who_printed_it() {
    let world = World::new("print", true);
    let doctor = world.sign_in("doctor");
    for preset in ["referral", "emergency", "labs"] {
        let text = printed(&doctor, preset);
        for word in [
            "花子",
            "1947-03-12",
            "0000012345",
            "施設1312345678",
            "1/1",
            AT_HOME,
            AT_AWAY,
        ] {
            assert!(
                text.replace(' ', "").contains(word),
                "{preset} without {word}: {text}"
            );
        }
    }
    let medicines = printed(&doctor, "medications");
    assert!(medicines.contains("開示されていません"), "{medicines}");
    let unknown = doctor.get("/patients/00000000000000000000000000000000/print/labs");
    assert_eq!(unknown.status, 404);
}

#[test]
fn what_is_not_disclosed_is_on_no_paper() {
    let world = World::new("print-undisclosed", false);
    let text = printed(&world.sign_in("doctor"), "referral");
    assert!(text.contains(AT_HOME) && !text.contains(AT_AWAY), "{text}");
    assert!(!text.contains("0000067890") && !text.contains("施設1312345678"));
}

#[test]
fn a_lab_table_leaves_as_a_file_with_what_it_lacks() {
    let world = World::new("lab-file", true);
    let doctor = world.sign_in("doctor");
    let list = doctor.get("/patients").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let labs = format!("/patients/{}/labs", rest.split('/').next().unwrap());
    let csv = doctor.get(&format!("{labs}/csv?takings=10"));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(
        csv.header("content-disposition")
            .is_some_and(|name| name.starts_with("attachment") && name.contains(".csv"))
    );
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(csv.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap());
    assert_eq!(&rows.headers().unwrap()[4], "結果");
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    let of = |name: &str| rows.iter().filter(|row| row[9].contains(name)).count();
    assert!(of("病院") > 0 || of("施設") > 0, "{rows:?}");
    let xlsx = doctor.get(&format!("{labs}/xlsx"));
    assert_eq!(xlsx.status, 200);
    assert!(xlsx.bytes.starts_with(b"PK"));
    assert_eq!(doctor.get(&format!("{labs}/ods")).status, 404);
}
