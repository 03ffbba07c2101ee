//! The condition flag on a disk: what a hospital renames and writes, and what becomes of it.

use crate::hospital::{HANAKO, Hospital, path, record, visit, visit_path};
use tasuki_core::Code;
use tasuki_model::LocalPatientId;
use tasuki_model::label::Confidentiality;

#[test]
fn an_update_is_a_rename_and_a_new_file() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    assert_eq!(hospital.import().registered, 1);
    let first = hospital.current(HANAKO).remove(0);
    hospital.rename(&visit_path("1", 0, '1'), &visit_path("1", 0, '2'));
    hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "02"));
    let summary = hospital.import();
    assert_eq!(
        (summary.read, summary.replaced, summary.unchanged),
        (2, 1, 1)
    );
    let now = hospital.current(HANAKO);
    assert_eq!(now.len(), 1);
    assert_eq!(hospital.bytes(&now[0]), visit(HANAKO, "02").as_bytes());
    let old = hospital.superseded(HANAKO);
    assert_eq!(old.len(), 1);
    assert_eq!(old[0].entry_uuid, first.entry_uuid);
    assert_eq!(hospital.import().unchanged, 2);
}

#[test]
fn a_storage_with_history_is_read_in_the_order_of_its_times() {
    let hospital = Hospital::new();
    for (minute, clinic, flag) in [(9, "03", '1'), (0, "01", '2'), (5, "02", '2')] {
        hospital.write(&visit_path("1", minute, flag), visit(HANAKO, clinic));
    }
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.replaced), (1, 2));
    let current = hospital.current(HANAKO);
    assert_eq!(hospital.bytes(&current[0]), visit(HANAKO, "03").as_bytes());
    let versions = hospital
        .store
        .reading(|tx| tx.find_versions(&current[0].entry_uuid))
        .unwrap();
    let ids: Vec<_> = versions
        .iter()
        .map(|v| v.labels().document.clone().unwrap())
        .collect();
    let contents = hospital.store.reading(|tx| tx.get_contents(&ids)).unwrap();
    let clinics: Vec<_> = contents.into_iter().map(|c| c.bytes).collect();
    let expected = ["02", "01"].map(|clinic| visit(HANAKO, clinic).into_bytes());
    assert_eq!(clinics, expected);
}

#[test]
fn a_deletion_renames_to_zero_and_writes_a_message() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '2'), visit(HANAKO, "01"));
    hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "02"));
    hospital.write(&visit_path("2", 0, '1'), visit(HANAKO, "03"));
    hospital.import();
    assert_eq!(hospital.current(HANAKO).len(), 2);
    hospital.rename(&visit_path("1", 0, '2'), &visit_path("1", 0, '0'));
    hospital.rename(&visit_path("1", 5, '1'), &visit_path("1", 5, '0'));
    hospital.write(&visit_path("1", 9, '0'), visit(HANAKO, "02"));
    let summary = hospital.import();
    assert_eq!(
        (summary.deleted, summary.noted, summary.unchanged),
        (2, 3, 1)
    );
    let left = hospital.current(HANAKO);
    assert_eq!(left.len(), 1);
    assert_eq!(&*left[0].source_key.order, "2");
    assert!(hospital.superseded(HANAKO).is_empty());
    let stones = hospital
        .store
        .reading(|tx| tx.tombstones(&left[0].patient_key))
        .unwrap();
    assert_eq!(stones.len(), 2);
    let again = hospital.import();
    assert_eq!((again.unchanged, again.deleted, again.noted), (4, 0, 0));
}

#[test]
fn a_deleted_file_without_history_leaves_nothing() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '0'), visit(HANAKO, "01"));
    let summary = hospital.import();
    assert_eq!((summary.read, summary.noted, summary.deleted), (1, 1, 0));
    assert!(hospital.current(HANAKO).is_empty());
}

#[test]
fn flag_zero_beside_a_current_file_deletes_nothing() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    // Some systems rename what is superseded to 0.
    hospital.rename(&visit_path("1", 0, '1'), &visit_path("1", 0, '0'));
    hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "02"));
    let summary = hospital.import();
    assert_eq!(
        (summary.replaced, summary.noted, summary.deleted),
        (1, 1, 0)
    );
    let now = hospital.current(HANAKO);
    assert_eq!(hospital.bytes(&now[0]), visit(HANAKO, "02").as_bytes());
    assert_eq!(hospital.superseded(HANAKO).len(), 1);
}

#[test]
fn a_key_is_used_again_after_its_deletion() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    hospital.rename(&visit_path("1", 0, '1'), &visit_path("1", 0, '0'));
    assert_eq!(hospital.import().deleted, 1);
    assert!(hospital.current(HANAKO).is_empty());
    hospital.write(&visit_path("1", 9, '1'), visit(HANAKO, "02"));
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.unchanged), (1, 1));
    assert_eq!(hospital.current(HANAKO).len(), 1);
}

#[test]
fn a_rename_to_two_alone_leaves_nothing_current() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    hospital.rename(&visit_path("1", 0, '1'), &visit_path("1", 0, '2'));
    assert_eq!(hospital.import().unchanged, 1);
    assert!(hospital.current(HANAKO).is_empty());
    assert_eq!(hospital.superseded(HANAKO).len(), 1);
}

#[test]
fn a_file_that_is_overwritten_is_a_new_version() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "0200"));
    assert_eq!(hospital.import().replaced, 1);
    assert_eq!(hospital.superseded(HANAKO).len(), 1);
    // Touched, not changed.
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "0200"));
    assert_eq!(hospital.import().unchanged, 1);
    assert_eq!(hospital.current(HANAKO).len(), 1);
}

#[test]
fn of_two_current_files_with_one_key_the_newer_holds() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "02"));
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.quarantined), (1, 1));
    assert_eq!(summary.reasons.get(&Code::DuplicateSourceKey), Some(&1));
    let now = hospital.current(HANAKO);
    assert_eq!(hospital.bytes(&now[0]), visit(HANAKO, "02").as_bytes());
    assert_eq!(hospital.import().quarantined, 1);
    // The newer is taken back: the older is the only one that claims the key now.
    hospital.rename(&visit_path("1", 5, '1'), &visit_path("1", 5, '0'));
    let summary = hospital.import();
    assert_eq!((summary.quarantined, summary.noted), (0, 1));
    assert!(hospital.quarantined().is_empty());
    let now = hospital.current(HANAKO);
    assert_eq!(hospital.bytes(&now[0]), visit(HANAKO, "01").as_bytes());
}

#[test]
fn a_second_current_file_that_comes_later_sets_the_first_aside() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "02"));
    let summary = hospital.import();
    assert_eq!((summary.replaced, summary.quarantined), (1, 1));
    assert_eq!(hospital.current(HANAKO).len(), 1);
    let again = hospital.import();
    assert_eq!((again.unchanged, again.quarantined), (1, 1));
}

#[test]
fn demographics_come_from_the_patient_record_first() {
    let hospital = Hospital::new();
    let name = || {
        let id = LocalPatientId::new(HANAKO).unwrap();
        let found = hospital
            .store
            .reading(|tx| tx.find_registration(&hospital.facility.id, &id));
        let record = found.unwrap().unwrap();
        record.demographics.name.ideographic.unwrap().family
    };
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    assert_eq!(name(), "東京");
    let undated = |sent| path(HANAKO, "-", "ADT-00", "999999999999999", sent, '1');
    hospital.write(&undated("20200101000000000"), record(HANAKO, "大阪"));
    hospital.import();
    assert_eq!(name(), "大阪");
    hospital.write(&visit_path("2", 9, '1'), visit(HANAKO, "02"));
    hospital.import();
    assert_eq!(name(), "大阪");
    let hit = hospital
        .store
        .reading(|tx| {
            let search = tasuki_core::ports::PatientSearch {
                name: Some("おおさか".to_owned()),
                ..Default::default()
            };
            let (by_wrong_kana, _) = tx.search_patients(&hospital.facility.id, &search, 5)?;
            let search = tasuki_core::ports::PatientSearch {
                name: Some("とうきょう".to_owned()),
                ..Default::default()
            };
            let (by_kana, _) = tx.search_patients(&hospital.facility.id, &search, 5)?;
            Ok((by_wrong_kana.len(), by_kana.len()))
        })
        .unwrap();
    assert_eq!(hit, (0, 1));
}

#[test]
fn a_document_folder_brings_its_attachments() {
    let hospital = Hospital::new();
    let folder = |flag: char| {
        format!(
            "000/001/{HANAKO}/20260713/L1^紹介状^99ZZZ^57133-1^紹介状^LN/\
             {HANAKO}_20260713_L1_0000000000000001_20260713101500000_01_{flag}"
        )
    };
    let (first, second) = ("000", "001");
    assert!(HANAKO.starts_with(first) && HANAKO[3..6] == *second);
    hospital.write(&format!("{}/main_document.txt", folder('1')), "拝啓");
    hospital.write(&format!("{}/images/one.gif", folder('1')), b"GIF89a....");
    hospital.write(&format!("{}/images/two.gif", folder('1')), b"GIF89a;;;;");
    let summary = hospital.import();
    assert_eq!((summary.read, summary.registered), (3, 3));
    let entries = hospital.current(HANAKO);
    let main = entries
        .iter()
        .find(|e| &*e.source_key.order == "0000000000000001");
    assert_eq!(main.unwrap().title.as_deref(), Some("紹介状"));
    assert_eq!(&*main.unwrap().mime_type, "text/plain");
    let image = entries
        .iter()
        .find(|e| &*e.source_key.order == "0000000000000001#images/one.gif")
        .unwrap();
    assert_eq!(image.title.as_deref(), Some("images/one.gif"));
    assert_eq!(&*image.mime_type, "image/gif");
    assert_eq!(image.items, 0);
    // Deleting a document of the extended storage is a rename of its folder.
    hospital.rename(&folder('1'), &folder('0'));
    let summary = hospital.import();
    assert_eq!((summary.deleted, summary.noted), (3, 3));
    assert!(hospital.current(HANAKO).is_empty());
}

/// A problem list (PPR^ZD1) whose PRB-25 holds this code.
fn problems(sensitivity: &str) -> String {
    let message = record(HANAKO, "東京").replace("ADT^A08^ADT_A01", "PPR^ZD1^PPR_ZD1");
    let head: Vec<&str> = message
        .split_inclusive('\r')
        .filter(|segment| segment.starts_with("MSH") || segment.starts_with("PID"))
        .collect();
    format!(
        "{}PRB|AD|20260713|20054174^統合失調症^MDCDX2|701{}{sensitivity}\rORC|NW|701\r",
        head.concat(),
        "|".repeat(21)
    )
}

#[test]
fn what_a_source_restricts_is_labelled_so() {
    let list = |code: &str| {
        let hospital = Hospital::new();
        let path = path(HANAKO, "-", "PPR-01", "9", "20260713101500000", '1');
        hospital.write(&path, problems(code));
        assert_eq!(hospital.import().registered, 1);
        hospital.current(HANAKO).remove(0).confidentiality
    };
    assert_eq!(list("U"), Confidentiality::Normal);
    assert_eq!(list("PSY"), Confidentiality::Restricted);
    assert_eq!(list("V"), Confidentiality::VeryRestricted);
}

#[test]
fn what_lies_beside_a_restricted_document_is_as_restricted() {
    let hospital = Hospital::new();
    let folder = format!(
        "000/001/{HANAKO}/20260713/L1^紹介状^99ZZZ/{HANAKO}_20260713_L1_1_20260713101500000_01_1"
    );
    let xml = format!(
        "<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\">\
         <confidentialityCode code=\"R\"/><recordTarget><patientRole>\
         <id root=\"1.2.3\" extension=\"{HANAKO}\"/></patientRole></recordTarget>\
         <component><structuredBody/></component></ClinicalDocument>"
    );
    hospital.write(&format!("{folder}/document.xml"), xml);
    hospital.write(&format!("{folder}/one.gif"), b"GIF89a....");
    assert_eq!(hospital.import().registered, 2);
    // What comes later, beside a document that was taken in before, is restricted as well.
    hospital.write(&format!("{folder}/two.gif"), b"GIF89a;;;;");
    assert_eq!(hospital.import().registered, 1);
    let entries = hospital.current(HANAKO);
    assert_eq!(entries.len(), 3);
    for entry in entries {
        assert_eq!(entry.confidentiality, Confidentiality::Restricted);
    }
}
