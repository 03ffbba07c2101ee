use tasuki_wire::hl7::{Limits, Message};

use super::*;

fn observe(obx: &str) -> (Observation, Vec<Problem>) {
    let text = format!("MSH|^~\\&|\r{obx}");
    let message = Message::parse(&text, &Limits::default()).unwrap();
    let mut reader = Reader::new(&message);
    let mut found = Observation::read_all(message.segments(), &mut reader);
    (found.remove(0), reader.into_problems())
}

fn value(kind: &str, text: &str) -> ObservedValue {
    observe(&format!("OBX|1|{kind}|1^a^L||{text}")).0.value
}

#[test]
fn results_are_read_by_their_type() {
    use ObservedValue::{Limit, None, Number, Text};
    for (kind, text, expected) in [
        ("NM", "7.20", Number("7.20".into())),
        ("NM", "-14", Number("-14".into())),
        ("NM", "<0.5", Limit(Comparator::Below, "0.5".into())),
        ("ST", "< 0.5", Limit(Comparator::Below, "0.5".into())),
        ("ST", ">= 10", Limit(Comparator::AtLeast, "10".into())),
        ("ST", " 3 +", Text("3+".into())),
        ("ST", "  -", Text("-".into())),
        ("ST", "(2+)", Text("(2+)".into())),
        ("ST", "<<", Text("<<".into())),
        ("SN", ">^100", Limit(Comparator::Above, "100".into())),
        ("TX", "一行目~二行^目&A", Text("一行目\n二行^目&A".into())),
        ("NM", "", None),
        ("NM", "\"\"", None),
    ] {
        assert_eq!(value(kind, text), expected, "{kind} {text}");
    }
    let (_, problems) = observe("OBX|1|NM|1^a^L||abc");
    assert_eq!(problems[0].to_string(), "REC-104 at OBX-5");
    let (observation, problems) = observe("OBX|1|QQ|1^a^L||abc|||||||||2026-06");
    assert_eq!(observation.value, Text("abc".into()));
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["REC-105 at OBX-2", "REC-101 at OBX-14"]);
}

#[test]
fn coded_values_keep_both_codings_and_the_version() {
    let (observation, _) = observe(
        "OBX|1|CWE|3A01^総蛋白^JC10^10222^ＴＰ^99X03^2020^^蛋白||A^A型^JSHR002~B|g^g^ ISO+",
    );
    let item = &observation.item;
    assert_eq!(item.code_in("JC10"), Some("3A01"));
    assert_eq!(item.code_in("99X03"), Some("10222"));
    assert_eq!(
        (item.codings[0].version.as_deref(), item.display()),
        (Some("2020"), "蛋白")
    );
    assert_eq!(observation.unit.codings[0].system, "ISO+");
    assert_eq!(observation.value.display(), "A型, B");
}

#[test]
fn names_by_representation_or_by_their_letters() {
    let text = "MSH|^~\\&|\rPID|1||||東京^花子^^^^^L^I~トウキョウ^ハナコ^^^^^L^P~Tokyo^Hanako^^^^^L^A\r\
        PID|2||||ﾄｳｷｮｳ^ﾊﾅｺ~東京^花子~Tokyo^Hanako\rPID|3||||医師一郎";
    let message = Message::parse(text, &Limits::default()).unwrap();
    let names: Vec<_> = message
        .body()
        .all("PID")
        .map(|pid| person_name(pid.field(5)))
        .collect();
    for name in &names[..2] {
        assert_eq!(name.display(), "東京 花子");
        assert_eq!(name.alphabetic.as_ref().unwrap().family, "Tokyo");
        assert!(name.phonetic.is_some());
    }
    assert_eq!(names[2].ideographic.as_ref().unwrap().joined(), "医師一郎");
}

#[test]
fn timing_reads_usage_and_days() {
    let text = "MSH|^~\\&|\rTQ1|1||1013044400000000&１日３回朝昼夕食後&JAMISDP01~V14NNNNN&不均等&JAMISDP02|||14^d|20260601||R^^HL70485\rTQ1|2|||||3^1";
    let message = Message::parse(text, &Limits::default()).unwrap();
    let mut reader = Reader::new(&message);
    let timings: Vec<_> = message
        .body()
        .all("TQ1")
        .map(|tq1| Timing::read(tq1, &mut reader))
        .collect();
    assert_eq!(
        timings[0].usage[0].code_in("JAMISDP01"),
        Some("1013044400000000")
    );
    assert_eq!((timings[0].usage.len(), timings[0].days()), (2, Some(14)));
    assert_eq!(timings[0].start.as_ref().unwrap().text(), "20260601");
    assert_eq!(timings[1].days(), None);
}

#[test]
fn a_duration_is_one_of_time_or_of_doses() {
    use crate::view::Span;
    let span = |fields: &str| {
        let text = format!("MSH|^~\\&|\rTQ1|1|||||{fields}");
        let message = Message::parse(&text, &Limits::default()).unwrap();
        let mut reader = Reader::new(&message);
        let tq1 = message.body().all("TQ1").next().unwrap();
        Timing::read(tq1, &mut reader).span()
    };
    assert_eq!(span("28^d"), Some(Span::Days(28)));
    assert_eq!(span("28^d&日分&ISO+"), Some(Span::Days(28)));
    assert_eq!(span("3^wk"), Some(Span::Weeks(3)));
    assert_eq!(span("90^min"), Some(Span::Minutes(90)));
    assert_eq!(span("||||||||10"), Some(Span::Times(10)));
    assert_eq!(span("3^1"), None);
    assert_eq!(span("x^d"), None);
}

#[test]
fn phones_and_addresses_as_japanese_systems_send_them() {
    let text = "MSH|^~\\&|\rPID|1||||||||||^^^^113-0033^JPN^H^東京都文京区~1丁目^^文京区^東京都||^PRN^PH^^^^^^^^^03-0000-1111~0312345678~^PRN^PH^^^03^12345678~^WPN";
    let message = Message::parse(text, &Limits::default()).unwrap();
    let pid = message.first("PID").unwrap();
    let phones: Vec<_> = pid.field(13).reps().filter_map(phone).collect();
    assert_eq!(phones, ["03-0000-1111", "0312345678", "03-12345678"]);
    let addresses: Vec<_> = pid
        .field(11)
        .reps()
        .filter_map(address)
        .map(|a| a.text)
        .collect();
    assert_eq!(addresses, ["東京都文京区", "東京都文京区1丁目"]);
}

#[test]
fn departments_are_told_in_words_and_keep_their_code() {
    let words = |sent: &str| super::department(sent).to_string();
    assert_eq!(words("01"), "内科（01）");
    assert_eq!(words("012"), "内科（012）", "the code that it is a part of");
    assert_eq!(words("7A1"), "消化器外科（7A1）");
    assert_eq!(words("9Z"), "その他（9Z）");
    for other in ["", "1", "99", "0123", "内", "内科", "総合診療センター"] {
        assert_eq!(
            words(other),
            other,
            "a code of nobody's table stays as it is"
        );
    }
}
