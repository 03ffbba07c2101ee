//! The files are read, and what they say is what is done.

use super::*;
use tasuki_model::Coding;

fn code(text: &str) -> Option<Code> {
    parse(text).err().map(|fault| fault.code)
}

#[test]
fn every_dialect_is_read_and_only_the_standard_says_nothing() {
    for (name, _) in DIALECTS {
        let dialect = of(name).unwrap();
        let mut plain = of("standard").unwrap().clone();
        plain.says.clone_from(&dialect.says);
        assert_eq!(*dialect == plain, *name == "standard", "{name}");
    }
    assert_eq!(of("kankaku").unwrap_err().code, Code::DialectUnknown);
}

#[test]
fn what_a_file_may_not_say() {
    let first = "version = 1\nsays = \"x\"\n";
    assert_eq!(code(first), None);
    for bad in [
        "hour = 9\n",
        "[asks]\nhome = \"oid\"\n",
        "[asks]\ndocuments = 0\n",
        "[asks]\nat_once = 0\n",
        "[asks]\nat_once = 17\n",
        "[answers]\ntime = \"jst\"\n",
        "[[code]]\nfrom = { system = \"a\", code = \"b\" }\n",
    ] {
        let text = format!("{first}{bad}");
        assert_eq!(code(&text), Some(Code::DialectMalformed), "{bad}");
    }
    let version = first.replace('1', "2");
    assert_eq!(code(&version), Some(Code::DialectMalformed));
    let fault = parse(&format!("{first}hour = 9\n")).unwrap_err();
    assert!(fault.inside.starts_with("line 3:"), "{}", fault.inside);
}

#[test]
fn times_of_japan_become_utc_and_days_stay() {
    let of_day = |time: &str| DocumentEntry {
        service_start: Some(time.to_owned()),
        ..DocumentEntry::default()
    };
    let dialect = of("jst-as-utc").unwrap();
    for (said, meant) in [
        ("20260603083000", "20260602233000"),
        ("202606030830", "202606022330"),
        ("20260603", "20260603"),
        ("2026", "2026"),
        ("x", "x"),
    ] {
        let entry = dialect.understood(of_day(said));
        assert_eq!(entry.service_start.as_deref(), Some(meant), "{said}");
        let entry = of("standard").unwrap().understood(of_day(said));
        assert_eq!(entry.service_start.as_deref(), Some(said));
    }
}

#[test]
fn such_a_community_is_asked_by_the_clock_of_japan() {
    let half_past_eleven = tasuki_model::Instant::from_micros(1_780_443_000_000_000);
    assert_eq!(in_japan(half_past_eleven), "20260603083000");
}

#[test]
fn codes_of_its_own_mean_the_agreed_ones() {
    let coding = |system: &str, code: &str| Coding {
        system: system.into(),
        version: None,
        code: code.into(),
        text: "x".into(),
    };
    let entry = DocumentEntry {
        class_code: Some(coding("2.25.99.7", "KENSA")),
        type_code: Some(coding("2.25.99.8", "KENSA")),
        confidentiality: vec![coding("2.25.99.7", "HIMITSU")],
        ..DocumentEntry::default()
    };
    let entry = of("own-codes").unwrap().understood(entry);
    assert_eq!(entry.class_code.unwrap().code, "26436-6");
    assert_eq!(entry.type_code.unwrap().code, "KENSA");
    assert_eq!(entry.confidentiality[0].code, "R");
}
