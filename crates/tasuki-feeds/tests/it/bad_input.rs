//! Bad input, phrase by phrase: a clear code, the file set aside or the import stopped in order,
//! and everything else taken in.

use crate::hospital::{HANAKO, Hospital, path, visit, visit_path};
use std::os::unix::fs::symlink;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tasuki_core::{Clock, Code};
use tasuki_model::Instant;

const OTHER: &str = "0000099999";

/// Imports one good file and one at `path` with `bytes`; returns the reason of the bad one.
fn reason_of(path: &str, bytes: impl AsRef<[u8]>) -> (String, bool) {
    let hospital = Hospital::new();
    hospital.write(&visit_path("good", 0, '1'), visit(HANAKO, "01"));
    hospital.write(path, bytes);
    let summary = hospital.import();
    assert_eq!(
        (summary.registered, summary.quarantined),
        (1, 1),
        "{summary:?}"
    );
    let row = hospital.quarantined().remove(0);
    assert_eq!(&*row.file.path, path);
    assert_eq!(hospital.current(HANAKO).len(), 1);
    assert_eq!(hospital.import().quarantined, 1);
    (row.reason.code.id().to_owned(), row.kept)
}

fn code_of(path: &str, bytes: impl AsRef<[u8]>) -> String {
    reason_of(path, bytes).0
}

#[test]
fn another_patient_inside_than_in_the_path() {
    let code = code_of(&visit_path("1", 0, '1'), visit(OTHER, "01"));
    assert_eq!(code, Code::PatientMismatch.id());
}

#[test]
fn a_known_number_with_another_persons_name_and_birth_date() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    assert_eq!(hospital.import().registered, 1);
    let known = || {
        let all = hospital.store.reading(|tx| {
            let id = tasuki_model::LocalPatientId::new(HANAKO).unwrap();
            tx.find_registration(&hospital.facility.id, &id)
        });
        all.unwrap().unwrap().demographics
    };
    let before = known();
    let name = &before.name;
    let part = |parts: &Option<tasuki_model::person::NameParts>| parts.clone().unwrap().given;
    let (kanji, kana) = (part(&name.ideographic), part(&name.phonetic));
    let other = visit(HANAKO, "02")
        .replace(&kanji, "太郎")
        .replace(&kana, "タロウ")
        .replace(&before.birth_text, "19910909");
    hospital.write(&visit_path("2", 0, '1'), other);
    let summary = hospital.import();
    assert_eq!(
        (summary.registered, summary.quarantined),
        (0, 1),
        "{summary:?}"
    );
    let row = hospital.quarantined().remove(0);
    assert_eq!(row.reason.code, Code::NumberReused);
    assert!(row.kept);
    assert_eq!(known(), before, "nothing overwritten");
    assert_eq!(hospital.current(HANAKO).len(), 1);
    // A corrected day of birth is the same person's.
    let slip = visit(HANAKO, "03").replace(&before.birth_text, "19470313");
    hospital.write(&visit_path("3", 0, '1'), slip);
    assert_eq!(hospital.import().registered, 1);
}

#[test]
fn wrong_name_parts() {
    let wrong = visit_path("1", 0, '1').replace("_20260713_", "_2026071_");
    assert_eq!(code_of(&wrong, visit(HANAKO, "01")), "SSM-003");
    let few = visit_path("1", 0, '1').replace("_01_1", "");
    assert_eq!(code_of(&few, visit(HANAKO, "01")), "SSM-002");
    let other_day = visit_path("1", 0, '1').replacen("/20260713/", "/20260714/", 1);
    assert_eq!(code_of(&other_day, visit(HANAKO, "01")), "SSM-005");
}

#[test]
fn cp932_bytes_in_a_jis_file() {
    let jis = visit(HANAKO, "01").replace("UNICODE UTF-8", "~ISO IR87");
    let mut bytes = jis.into_bytes();
    bytes.extend(b"NTE|1||\xfb\xfc\r");
    assert_eq!(code_of(&visit_path("1", 0, '1'), bytes), "JIS-001");
}

#[test]
fn a_truncated_message() {
    let whole = visit(HANAKO, "01");
    let cut = whole.find("PID|").unwrap();
    assert_eq!(code_of(&visit_path("1", 0, '1'), &whole[..cut]), "REC-003");
    let cut = whole.find("PV1|").unwrap();
    assert_eq!(code_of(&visit_path("1", 0, '1'), &whole[..cut]), "REC-002");
    assert_eq!(code_of(&visit_path("1", 0, '1'), b""), "HL7-001");
}

#[test]
fn an_unknown_event() {
    let unknown = visit(HANAKO, "01").replace("ADT^A04", "ADT^Z99");
    assert_eq!(
        code_of(&visit_path("1", 0, '1'), unknown),
        Code::KindMismatch.id()
    );
}

#[test]
fn a_crafted_message() {
    let endless = format!("{}{}", visit(HANAKO, "01"), "OBX|1".repeat(100_000));
    let (code, kept) = reason_of(&visit_path("1", 0, '1'), endless);
    assert_eq!(code, "HL7-005");
    assert!(kept);
}

#[test]
fn a_crafted_path() {
    let crafted = visit_path("1", 0, '1').replace("_01_1", "_01_1\u{202e}\\..");
    assert_eq!(code_of(&crafted, visit(HANAKO, "01")), "SSM-007");
}

#[test]
fn a_crafted_cda() {
    let folder = format!(
        "000/001/{HANAKO}/20260713/L1^紹介状^99ZZZ/{HANAKO}_20260713_L1_1_20260713101500000_01_1"
    );
    let nested = "<a>".repeat(100_000);
    let bomb =
        format!("<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\">{nested}");
    let code = code_of(&format!("{folder}/main_document.xml"), bomb);
    assert_eq!(code, "XML-005");
    let entities = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaa\">]><ClinicalDocument/>";
    let code = code_of(&format!("{folder}/main_document.xml"), entities);
    assert_eq!(code, "XML-004");
}

/// Imports every file of a table at once and compares the reason of each.
fn each_has_its_code(table: &[(&str, String, Vec<u8>)]) {
    let hospital = Hospital::new();
    hospital.write(&visit_path("good", 0, '1'), visit(HANAKO, "01"));
    for (_, path, bytes) in table {
        hospital.write(path, bytes);
    }
    let summary = hospital.import();
    assert_eq!(summary.registered, 1, "{summary:?}");
    let rows = hospital.quarantined();
    assert_eq!(rows.len(), table.len(), "{summary:?}");
    for (code, path, _) in table {
        let row = rows.iter().find(|row| *row.file.path == **path);
        let row = row.unwrap_or_else(|| panic!("{path} is not in {rows:#?}"));
        assert_eq!(row.reason.code.id(), *code, "{path}");
    }
}

#[test]
fn any_bytes_as_a_message() {
    let good = visit(HANAKO, "01");
    let cases: [(&str, Vec<u8>); 8] = [
        ("HL7-001", b"\0\x01\x02".to_vec()),
        ("HL7-001", b"hello".to_vec()),
        ("HL7-002", b"MSH|^^^^|".to_vec()),
        (
            "HL7-003",
            [good.as_bytes(), &vec![b'A'; 17 * 1024 * 1024]].concat(),
        ),
        ("HL7-004", (good.clone() + &"NTE|1\r".repeat(60_000)).into()),
        (
            "HL7-005",
            (good.clone() + "OBX" + &"|".repeat(2_000)).into(),
        ),
        (
            "HL7-006",
            good.replace("UNICODE UTF-8", "~ISO IR58").into_bytes(),
        ),
        ("REC-003", good.replace(HANAKO, "").into_bytes()),
    ];
    let table: Vec<_> = cases
        .into_iter()
        .enumerate()
        .map(|(n, (code, bytes))| (code, visit_path(&n.to_string(), 0, '1'), bytes))
        .collect();
    each_has_its_code(&table);
}

#[test]
fn any_bytes_as_iso_2022() {
    let jis = visit(HANAKO, "01").replace("UNICODE UTF-8", "~ISO IR87");
    let (head, rest) = jis.split_once("東京").unwrap();
    let rest = rest.replace("花子", "A").replace("トウキョウ", "A");
    let rest = rest.replace("ハナコ", "A").replace("医師", "A");
    let rest = rest.replace("一郎", "A");
    let cases: [(&str, &[u8]); 6] = [
        ("JIS-001", b"\xfb\xfc"),
        ("JIS-002", b"\x1b$B)!\x1b(B"),
        ("JIS-002", b"\x1b(Ia\x1b(B"),
        ("JIS-003", b"\x1b$B;\x1b(B"),
        ("JIS-004", b"\x1b-A"),
        ("JIS-004", b"\x1b$Z!!\x1b(B"),
    ];
    let mut table: Vec<_> = cases
        .into_iter()
        .enumerate()
        .map(|(n, (code, name))| {
            let bytes = [head.as_bytes(), name, rest.as_bytes()].concat();
            (code, visit_path(&n.to_string(), 0, '1'), bytes)
        })
        .collect();
    let cut = [head.as_bytes(), b"\x1b$B;3"].concat();
    table.push(("JIS-005", visit_path("cut", 0, '1'), cut));
    each_has_its_code(&table);
}

#[test]
fn any_text_as_a_path() {
    let good = visit_path("1", 0, '1');
    let cases = [
        ("SSM-001", good.replace("/ADT-12/", "/")),
        ("SSM-002", good.replace("_01_1", "")),
        ("SSM-003", good.replace("_20260713_", "_2026071_")),
        ("SSM-005", good.replacen("/20260713/", "/20260714/", 1)),
        ("SSM-006", good.replace("ADT-12", "ADT-99")),
        ("SSM-007", good.replace("_01_1", "_01_1\\..")),
    ];
    let table: Vec<_> = cases
        .into_iter()
        .map(|(code, path)| (code, path, visit(HANAKO, "01").into_bytes()))
        .collect();
    each_has_its_code(&table);
}

#[test]
fn any_bytes_as_a_cda_document() {
    let cda = |inside: &str| {
        format!("<ClinicalDocument xmlns=\"urn:hl7-org:v3\">{inside}</ClinicalDocument>")
    };
    let cases = [
        (
            "XML-003",
            "<ClinicalDocument><a></ClinicalDocument>".to_owned(),
        ),
        ("XML-004", format!("<!DOCTYPE a>{}", cda(""))),
        ("XML-005", cda(&"<a>".repeat(1_000))),
        ("XML-006", cda(&"<a/>".repeat(600_000))),
        ("REC-003", cda("<component><structuredBody/></component>")),
    ];
    let table: Vec<_> = cases
        .into_iter()
        .enumerate()
        .map(|(n, (code, xml))| {
            let folder = format!("{HANAKO}_20260713_L1_{n}_20260713101500000_01_1");
            let path = format!("000/001/{HANAKO}/20260713/L1^紹介状^99ZZZ/{folder}/document.xml");
            let xml = format!("<?xml version=\"1.0\"?>{xml}");
            (code, path, xml.into_bytes())
        })
        .collect();
    each_has_its_code(&table);
}

#[test]
fn a_file_larger_than_the_limit() {
    let mut hospital = Hospital::new();
    hospital.options.file_bytes_max = 1_000;
    hospital.write(&visit_path("1", 0, '1'), vec![b'x'; 1_001]);
    let summary = hospital.import();
    assert_eq!(summary.reasons.get(&Code::FileTooLarge), Some(&1));
    assert!(!hospital.quarantined()[0].kept);
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let hospital = Hospital::new();
    let path = visit_path("1", 0, '1');
    // Sparse: its size is what counts, for it is not read.
    let file = std::fs::File::create(hospital.write(&path, b"")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    let summary = hospital.import();
    assert_eq!(summary.reasons.get(&Code::FileTooLarge), Some(&1));
}

#[test]
fn a_symlink_loop_and_a_link_out_of_the_storage() {
    let hospital = Hospital::new();
    let good = hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let kind = good.parent().unwrap();
    symlink(kind, kind.join("loop")).unwrap();
    symlink("/etc/passwd", kind.join("out")).unwrap();
    symlink(&hospital.root, hospital.root.join("000/root")).unwrap();
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.quarantined), (1, 3));
    assert_eq!(summary.reasons.get(&Code::SymlinkRefused), Some(&3));
    assert!(hospital.quarantined().iter().all(|row| !row.kept));
    assert_eq!(hospital.import().quarantined, 3);
}

#[test]
fn an_unreadable_file() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    // A pipe never ends and is never opened.
    let pipe = hospital.root.join(visit_path("2", 0, '1'));
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    let summary = hospital.import();
    assert_eq!(summary.registered, 1);
    assert_eq!(summary.reasons.get(&Code::FileUnreadable), Some(&1));
}

#[test]
fn folders_nested_without_end() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let deep = format!("000/001/{HANAKO}/20260713/{}", "a/".repeat(40));
    hospital.write(&format!("{deep}file"), b"");
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.quarantined), (1, 1));
    assert_eq!(summary.reasons.get(&Code::FolderTooDeep), Some(&1));
}

#[test]
fn a_stray_file_above_the_patients() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.write("000/stray.txt", b"stray");
    hospital.write("readme.txt", b"readme");
    hospital.write("Thumbs.db", b"");
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.quarantined), (1, 2));
    assert_eq!(hospital.import().quarantined, 2);
}

#[test]
fn the_disk_is_full() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let mut full = hospital.config.clone();
    full.reserve_percent = 101;
    let full = tasuki_store::open(&full).unwrap();
    let summary = tasuki_feeds::import_ss_mix2(
        &hospital.root,
        &hospital.facility,
        &*full,
        &hospital.options,
        &mut |_| {},
    )
    .unwrap();
    assert_eq!(summary.stopped.unwrap().code, Code::DiskFull);
    assert_eq!(summary.registered, 0);
    // Once there is room, the same import goes on.
    assert_eq!(hospital.import().registered, 1);
}

#[test]
fn the_database_is_locked() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let mut impatient = hospital.config.clone();
    impatient.patience = Duration::from_millis(50);
    let impatient = tasuki_store::open(&impatient).unwrap();
    // The right to write is held by someone who does not give it back.
    let file = hospital.config.data_dir.join("write.room");
    let room = std::fs::File::open(file).unwrap();
    rustix::fs::flock(&room, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let summary = tasuki_feeds::import_ss_mix2(
        &hospital.root,
        &hospital.facility,
        &*impatient,
        &hospital.options,
        &mut |_| {},
    )
    .unwrap();
    assert_eq!(summary.stopped.unwrap().code, Code::DatabaseLocked);
    drop(room);
    assert_eq!(hospital.import().registered, 1);
}

/// A clock that tells what it is told.
struct Told(AtomicI64);

impl Clock for Told {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[test]
fn a_clock_in_the_past() {
    let mut hospital = Hospital::new();
    let clock = Arc::new(Told(AtomicI64::new(1_000_000)));
    hospital.options.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    hospital.options.settle = Duration::from_secs(5);
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    // The files are younger than the clock: that says nothing of whether they are complete.
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.waiting), (1, 0));
    clock.0.store(500_000, Ordering::SeqCst);
    hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "02"));
    hospital.write(&visit_path("2", 5, '1'), visit(HANAKO, "03"));
    let summary = hospital.import();
    assert_eq!((summary.replaced, summary.registered), (1, 1));
    assert_eq!(hospital.current(HANAKO).len(), 2);
}

#[test]
fn a_file_still_being_written_waits() {
    let mut hospital = Hospital::new();
    let clock = Arc::new(Told(AtomicI64::new(i64::MAX / 4_000)));
    hospital.options.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    // By this clock every file was changed within the time that it needs to settle.
    hospital.options.settle = Duration::from_micros(u64::try_from(i64::MAX / 4_000).unwrap());
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let pass = tasuki_feeds::ImportOptions {
        visits: 0,
        ..hospital.options.clone()
    };
    hospital.options = pass;
    let summary = hospital.import();
    assert_eq!(
        (summary.read, summary.waiting, summary.quarantined),
        (1, 1, 0)
    );
    assert_eq!(summary.reasons.get(&Code::FileGrowing), Some(&1));
    hospital.options.settle = Duration::ZERO;
    assert_eq!(hospital.import().registered, 1);
}

#[test]
fn an_image_beside_another_patients_document() {
    let hospital = Hospital::new();
    let folder = format!(
        "000/001/{HANAKO}/20260713/L1^所見^99ZZZ/{HANAKO}_20260713_L1_1_20260713101500000_01_1"
    );
    let mut report = visit(OTHER, "01").replace("ADT^A04^ADT_A01", "ORU^R01^ORU_R01");
    report.push_str("OBR|1|||X^所見^99ZZZ\rOBX|1|ST|A^b^99ZZZ||c||||||F\r");
    hospital.write(&format!("{folder}/main_document.hl7"), report);
    hospital.write(&format!("{folder}/image.gif"), b"GIF89a....");
    let summary = hospital.import();
    assert_eq!(
        (summary.registered, summary.quarantined),
        (0, 2),
        "{summary:?}"
    );
    assert_eq!(summary.reasons.get(&Code::PatientMismatch), Some(&2));
    assert_eq!(hospital.import().quarantined, 2);
    // Alone it says nothing of whom it shows; tried again alone it stays where it is.
    for row in hospital.quarantined() {
        let (store, facility) = (&*hospital.store, &hospital.facility);
        let again = tasuki_feeds::quarantine::retry(store, facility, &row.id, &hospital.options);
        let summary = again.unwrap();
        assert_eq!((summary.registered, summary.quarantined), (0, 1));
    }
    let rows = hospital.quarantined();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|r| r.reason.code == Code::PatientMismatch));
    assert!(hospital.current(HANAKO).is_empty());
}

#[test]
fn a_broken_file_makes_the_patient_partial_and_nobody_else() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), b"MSH|broken");
    let other = path(OTHER, "20260713", "ADT-12", "1", "20260713100000000", '1');
    hospital.write(&other, visit(OTHER, "01"));
    hospital.import();
    let partial = |patient: &str| {
        let id = tasuki_model::LocalPatientId::new(patient).unwrap();
        hospital
            .store
            .reading(|tx| tx.quarantined_of(&hospital.facility.id, &id))
            .unwrap()
    };
    assert_eq!((partial(HANAKO), partial(OTHER)), (1, 0));
}
