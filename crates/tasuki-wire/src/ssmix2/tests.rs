use super::*;

const NAME: &str = "9999013_20110701_OMP-01_000000011000185_20110701224603984_01_1";

#[test]
fn the_tables_are_whole() {
    assert_eq!((DataKind::ALL.len(), OUTPUTS.len()), (26, 36));
    for kind in DataKind::ALL {
        assert_eq!(DataKind::parse(kind.code()), Some(kind));
        assert!(kind.outputs().count() >= 1);
        // Nothing is taken back that is not said by another output of the same kind.
        assert!(kind.outputs().any(|output| !output.cancels));
    }
    assert_eq!(OUTPUTS.iter().filter(|output| output.cancels).count(), 10);
    assert_eq!(
        DataKind::Oml11.output("OUL", "R22").unwrap().phase,
        Phase::Result
    );
    assert!(DataKind::Adt22.output("ADT", "A11").unwrap().cancels);
    assert!(DataKind::Adt22.output("ADT", "A03").is_none());
}

#[test]
fn a_standard_path_and_back() {
    let path = format!("999/901/9999013/20110701/OMP-01/{NAME}");
    let read = StandardPath::parse(&path).unwrap();
    assert_eq!(read.name.patient, "9999013");
    assert_eq!(read.name.day.unwrap().basic(), "20110701");
    assert_eq!(read.name.kind, DataKind::Omp01);
    assert_eq!(read.name.department, Some("01"));
    assert!(read.name.flag.is_current());
    assert_eq!(read.to_string(), path);
    assert_eq!(&*read.name.source_key().kind, "OMP-01");
}

#[test]
fn where_real_systems_differ() {
    for (name, department, flag) in [
        (
            "9999013_-_ADT-00_999999999999999_20111220224447339_-_1",
            None,
            ConditionFlag::Valid,
        ),
        (
            "0123456789_20080126_OML-11_081251234567800_200802031630123_01_2",
            Some("01"),
            ConditionFlag::Superseded,
        ),
        (
            "9999013_20110701_OMP-01_2011122000300_20110701224603_24A01_0",
            Some("24A01"),
            ConditionFlag::Deleted,
        ),
        (
            "9999013_20110701_OMP-01_1_20110701224603_241_9",
            Some("241"),
            ConditionFlag::Other(b'9'),
        ),
    ] {
        let read = StandardName::parse(name).unwrap();
        assert_eq!((read.department, read.flag), (department, flag));
        assert_eq!(read.to_string(), name);
    }
}

#[test]
fn names_that_are_none() {
    for (name, code) in [
        ("", "SSM-002"),
        ("9999013_20110701_OMP-01_1_20110701224603984_01", "SSM-002"),
        (
            "9999013_20110701_OMP-01_1_20110701224603984_01_1_1",
            "SSM-002",
        ),
        ("999_20110701_OMP-01_1_20110701224603984_01_1", "SSM-003"),
        (
            "9999999999999013_20110701_OMP-01_1_20110701224603984_01_1",
            "SSM-003",
        ),
        (
            "99９9013_20110701_OMP-01_1_20110701224603984_01_1",
            "SSM-003",
        ),
        (
            "9999013_20110732_OMP-01_1_20110701224603984_01_1",
            "SSM-003",
        ),
        (
            "9999013_20110701_OMP-99_1_20110701224603984_01_1",
            "SSM-006",
        ),
        ("9999013_20110701_OMP-01__20110701224603984_01_1", "SSM-003"),
        (
            "9999013_20110701_OMP-01_12345678901234567890123_20110701224603984_01_1",
            "SSM-003",
        ),
        ("9999013_20110701_OMP-01_1_2011070122460_01_1", "SSM-003"),
        ("9999013_20110701_OMP-01_1_20110701254603_01_1", "SSM-003"),
        ("9999013_20110701_OMP-01_1_20110701224603984_1_1", "SSM-003"),
        ("9999013_20110701_OMP-01_1_20110701224603984_01_", "SSM-003"),
        (
            "9999013_20110701_OMP-01_1_20110701224603984_01_10",
            "SSM-003",
        ),
    ] {
        assert_eq!(
            StandardName::parse(name).unwrap_err().code(),
            code,
            "{name}"
        );
    }
}

#[test]
fn folders_must_agree_with_the_name() {
    for (path, code) in [
        (
            format!("999/901/9999013/20110701/OMP-01/x/{NAME}"),
            "SSM-001",
        ),
        (format!("901/9999013/20110701/OMP-01/{NAME}"), "SSM-001"),
        (format!("999/902/9999013/20110701/OMP-01/{NAME}"), "SSM-004"),
        (format!("000/000/0000001/20110701/OMP-01/{NAME}"), "SSM-005"),
        (format!("999/901/9999013/20110702/OMP-01/{NAME}"), "SSM-005"),
        (format!("999/901/9999013/-/OMP-01/{NAME}"), "SSM-005"),
        (format!("999/901/9999013/20110701/OMP-02/{NAME}"), "SSM-005"),
        (format!("../901/9999013/20110701/OMP-01/{NAME}"), "SSM-007"),
        (
            format!("/999/901/9999013/20110701/OMP-01/{NAME}"),
            "SSM-007",
        ),
        (
            format!("999/901/9999013/20110701/OMP-01\u{0}/{NAME}"),
            "SSM-007",
        ),
        (
            format!("999/901\\9999013/20110701/OMP-01/{NAME}"),
            "SSM-007",
        ),
        ("9".repeat(3000), "SSM-007"),
    ] {
        assert_eq!(
            StandardPath::parse(&path).unwrap_err().code(),
            code,
            "{path}"
        );
    }
    assert_eq!(folders("9999013"), Ok(("999", "901")));
    assert_eq!(folders("99990"), Ok(("999", "90")));
}

#[test]
fn extended_paths_with_seven_or_six_parts() {
    let six = "012/345/0123456789/20160101/L-OBSERVATIONS^OBSERVATIONS^99ZL01/0123456789_20160101_L-OBSERVATIONS^OBSERVATIONS^99ZL01_000002016010115_201601011500321_1/main_document.hl7";
    let StoragePath::Extended(read) = StoragePath::parse(six).unwrap() else {
        panic!()
    };
    assert_eq!(
        (read.content.order, read.content.department),
        ("000002016010115", None)
    );
    assert_eq!(read.kind.title(), "OBSERVATIONS");
    assert_eq!(read.kind.standard(), ("", "", ""));
    assert_eq!(read.file, "main_document.hl7");
    assert_eq!(read.to_string(), six);
    for code in [
        "L12_45",
        "18842-5",
        "L12_45^退院サマリ^99ZZZ^18842-5^退院時サマリー^LN",
    ] {
        let seven = format!(
            "012/345/0123456789/20160101/L12_45^退院サマリ^99ZZZ^18842-5^退院時サマリー^LN/\
             0123456789_20160101_{code}_KEY-1_20160101150032_01_1/img/a.png"
        );
        let read = ExtendedPath::parse(&seven).unwrap();
        assert_eq!((read.content.kind, read.content.order), (code, "KEY-1"));
        assert_eq!(read.kind.standard(), ("18842-5", "退院時サマリー", "LN"));
        assert_eq!(
            (read.content.department, read.file),
            (Some("01"), "img/a.png")
        );
    }
}

#[test]
fn extended_paths_that_disagree() {
    let path = |patient: &str, day: &str, kind: &str, name: &str| {
        format!("012/345/{patient}/{day}/{kind}/{name}/a.xml")
    };
    let name = "0123456789_20160101_L1_K_20160101150032_01_1";
    for (path, code) in [
        (path("0123456780", "20160101", "L1^a^b", name), "SSM-005"),
        (path("0123456789", "20160102", "L1^a^b", name), "SSM-005"),
        (path("0123456789", "20160101", "L2^a^b", name), "SSM-005"),
        (path("0123456789", "20160101", "^^^^^", name), "SSM-003"),
        (
            path("0123456789", "20160101", "L1^a^b^c^d^e^f", name),
            "SSM-003",
        ),
        (
            path(
                "0123456789",
                "20160101",
                "L1^a^b",
                "0123456789_20160101_L1_K",
            ),
            "SSM-002",
        ),
        (
            path(
                "0123456789",
                "20160101",
                "L1^a^b",
                &format!("{name}/1/2/3/4"),
            ),
            "SSM-001",
        ),
    ] {
        assert_eq!(
            StoragePath::parse(&path).unwrap_err().code(),
            code,
            "{path}"
        );
    }
}

#[test]
fn a_time_without_seconds_is_read_to_the_minute() {
    assert_eq!(
        sent_time("20160101150032123").unwrap().clock().as_deref(),
        Some("15:00")
    );
    assert_eq!(sent_time("201601011500999").unwrap().text(), "201601011500");
}

#[test]
fn root_folders_may_name_the_facility() {
    assert_eq!(
        root_name("1311234567"),
        Some(RootName {
            facility: "1311234567",
            suffix: ""
        })
    );
    assert_eq!(root_name("1311234567_2026").unwrap().suffix, "_2026");
    assert_eq!(root_name("13112345671"), None);
    assert_eq!(root_name("ssmix"), None);
}

#[test]
fn transaction_file_names() {
    let name = TransactionFileName::parse("TR_20260713090000000_00001.DAT").unwrap();
    assert_eq!((name.opened, name.number), ("20260713090000000", "00001"));
    for bad in [
        "TR_2026_00001.DAT",
        "TR_20260713090000000.DAT",
        "XX_20260713090000000_1.DAT",
        "TR_20260713090000000_x.DAT",
    ] {
        assert_eq!(
            TransactionFileName::parse(bad).unwrap_err().code(),
            "SSM-008"
        );
    }
}

#[test]
fn transactions_of_three_header_styles() {
    let columns = [
        "1311234567",
        "9999013",
        "20110701",
        "OMP-01",
        "000000011000185",
    ];
    let file = [
        header_line(columns, Operation::Insert, ["01", "20110701224603984"]).as_bytes(),
        b"MSH|^~\\&|A\rPID|1\rORC|NW\r",
        b"SSMIX2  DEL 9999013 20110701 OMP-02 x\r\nMSH|^~\\&|B\r\nPID|2\r\n\r\n",
        b"DEL|20110701120000|OML-11 MSH|^~\\&|C\rPID|3",
    ]
    .concat();
    let read: Vec<_> = transactions(&file).collect::<Result<_, _>>().unwrap();
    let [first, second, third] = &*read else {
        panic!("{read:?}")
    };
    assert_eq!(
        (first.offset, first.operation, first.kind),
        (0, Operation::Insert, Some(DataKind::Omp01))
    );
    assert_eq!(first.sent, Some("20110701224603984"));
    assert_eq!(first.message, b"MSH|^~\\&|A\rPID|1\rORC|NW\r");
    assert_eq!(
        (second.operation, second.kind),
        (Operation::Delete, Some(DataKind::Omp02))
    );
    assert_eq!(second.message, b"MSH|^~\\&|B\r\nPID|2\r");
    assert_eq!(
        (third.operation, third.kind),
        (Operation::Delete, Some(DataKind::Oml11))
    );
    assert_eq!(third.message, b"MSH|^~\\&|C\rPID|3");
    assert_eq!(
        read.iter().map(|entry| entry.closed).collect::<Vec<_>>(),
        [true, true, false]
    );
}

#[test]
fn a_broken_transaction_entry_does_not_hide_the_next() {
    let file = b"INS,DEL\rMSH|^~\\&|A\rINS\rMSH|^~\\&|B\rMSH|^~\\&|C\rINS half";
    let read: Vec<_> = transactions(file)
        .map(|entry| {
            entry
                .map(|entry| entry.message.to_vec())
                .map_err(|error| error.code())
        })
        .collect();
    let broken = Err("SSM-009");
    assert_eq!(
        read,
        [
            broken.clone(),
            Ok(b"MSH|^~\\&|B\r".to_vec()),
            broken.clone(),
            broken
        ]
    );
}

#[test]
fn index_rows_are_checked_against_their_columns() {
    let columns = [
        "STD01",
        "1311234567",
        "9999013",
        "20110701",
        "OMP-01",
        "000000011000185",
        "INS",
        "01   ",
        "20110701224603984",
        "\\999\\901\\9999013\\20110701\\OMP-01\\",
        NAME,
    ];
    let row = IndexRow::from_columns(columns).unwrap();
    assert_eq!(
        (row.storage(), row.operation, &*row.department),
        (Volume::Standard, Operation::Insert, "01")
    );
    let path = row.relative_path();
    assert_eq!(
        StandardPath::parse(&path).unwrap().name.order,
        "000000011000185"
    );
    let mut bad = columns;
    bad[6] = "UPD";
    assert_eq!(IndexRow::from_columns(bad).unwrap_err().code(), "SSM-010");
    let mut bad = columns;
    bad[2] = "9999999999999013";
    let error = IndexRow::from_columns(bad).unwrap_err();
    assert_eq!(error.to_string(), "SSM-010: index row with a bad PatientID");
}
