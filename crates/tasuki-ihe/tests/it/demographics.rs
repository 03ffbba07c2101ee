//! ITI-21 and ITI-22: who is found by what, how a long answer goes on, who is told.

use crate::world::{HZLN, KHKN, PKLN, Reply, World, adt, qbp, said};
use tasuki_wire::charset::Charset;

const KANJI: &str = "東京^花子^^^^^L^I~トウキョウ^ハナコ^^^^^L^P~TOKYO^HANAKO^^^^^L^A";

/// Hanako at two hospitals (linked), her neighbour, a man, and one who is not disclosed.
fn world() -> World {
    let world = World::new();
    let pid = |id: &str, authority: &str, name: &str, birth: &str, sex: &str, rest: &str| {
        world.feed(
            "A04",
            &format!("PID|||{id}^^^{authority}||{name}||{birth}|{sex}|||{rest}\rPV1||I|W5^501^2||||D1^医師^一郎\r"),
        );
    };
    let home = "^^^^1050011^JPN^H^東京都港区芝公園4-2-8||^PRN^PH^^^^^^^^^03-1234-5678";
    pid("1", HZLN, KANJI, "19470312", "F", home);
    pid("2", PKLN, KANJI, "19470312", "F", "");
    pid(
        "3",
        HZLN,
        "東^京子^^^^^L^I~アズマ^キョウコ^^^^^L^P",
        "19470401",
        "F",
        "",
    );
    pid(
        "4",
        PKLN,
        "大阪^太郎^^^^^L^I~オオサカ^タロウ^^^^^L^P",
        "19550302",
        "M",
        "",
    );
    pid("5", KHKN, "東京^秘密^^^^^L^I", "19470312", "F", "");
    for (place, id) in [("hzln", "1"), ("pkln", "2"), ("hzln", "3"), ("pkln", "4")] {
        world.disclose(place, id, true);
    }
    world.link(("hzln", "1"), ("pkln", "2"));
    world
}

fn pdq(parameters: &str, rest: &str) -> String {
    ask_as("HIS|HOSPITAL", "QBP^Q22^QBP_Q21", parameters, rest)
}

fn ask_as(sender: &str, kind: &str, parameters: &str, rest: &str) -> String {
    qbp(
        sender,
        kind,
        &format!("QPD|IHE PDQ Query|T1|{parameters}{rest}\rRCP|I\r"),
    )
}

/// PID-3 of every person of an answer.
fn ids(reply: &Reply) -> Vec<String> {
    let lines = reply
        .text
        .split('\r')
        .filter(|line| line.starts_with("PID|"));
    let short = |line: &str| -> String {
        let field = line.split('|').nth(3).unwrap();
        let ids = field.split('~').map(|id| id.split('^').next().unwrap());
        ids.collect::<Vec<_>>().join("+")
    };
    lines.map(short).collect()
}

#[test]
fn persons_are_found_by_each_parameter_and_by_all_together() {
    let world = world();
    for (parameters, found) in [
        ("@PID.3.1^1", "1+2"),
        ("@PID.3.1^1~@PID.3.4.1^HZLN", "1+2"),
        ("@PID.3.1^1~@PID.3.4.1^PKLN", ""),
        ("@PID.3.1^*", "3 4 1+2"),
        ("@PID.5.1^東京", "1+2"),
        ("@PID.5.1.1^東*", "3 1+2"),
        ("@PID.5.1^とうきょう", "1+2"),
        ("@PID.5.1^ﾄｳｷｮｳ", "1+2"),
        ("@PID.5.1^tokyo", "1+2"),
        ("@PID.5.2^*子", "3 1+2"),
        ("@PID.5.1^東京~@PID.5.2^ハナコ", ""),
        ("@PID.5.1^トウキョウ~@PID.5.2^ハナコ", "1+2"),
        ("@PID.7^19470312", "1+2"),
        ("@PID.7.1^194703", "1+2"),
        ("@PID.7^1947", "3 1+2"),
        ("@PID.7^19470312~@PID.8^M", ""),
        ("@PID.8^M~@PID.7^1955", "4"),
        ("@PID.11.3^港区", "1+2"),
        ("@PID.11.5^105*", "1+2"),
        ("@PID.13.12^0312345678", "1+2"),
        ("@PID.5.1^東*~@PID.11.1^芝公園", "1+2"),
        ("@PID.18.1^ACC001~@PID.5.1^東京", ""),
        ("@PID.5.1^名無", ""),
    ] {
        let reply = world.ask(&pdq(parameters, ""));
        assert_eq!(ids(&reply).join(" "), found, "{parameters}: {}", reply.text);
        let status = if found.is_empty() { "NF" } else { "OK" };
        assert_eq!(
            (reply.get("MSA-1"), reply.get("QAK-2")),
            ("AA".into(), status.into())
        );
        assert_eq!(reply.get("MSH-9"), "RSP^K22^RSP_K21");
    }
}

#[test]
fn a_person_is_told_in_every_writing_that_is_on_record() {
    let world = world();
    let reply = world.ask(&pdq("@PID.3.1^1", ""));
    assert_eq!(reply.raw("PID", 3), format!("1^^^{HZLN}^PI~2^^^{PKLN}^PI"));
    assert_eq!(reply.raw("PID", 5), KANJI);
    assert_eq!(
        (reply.get("PID-7"), reply.get("PID-8")),
        ("19470312".into(), "F".into())
    );
    assert_eq!(
        reply.raw("PID", 11),
        "^^^^1050011^JPN^H^東京都港区芝公園4-2-8"
    );
    assert!(!reply.text.contains("PV1"), "visits are another query");
}

#[test]
fn what_a_character_set_lacks_is_left_out_and_not_spoilt() {
    let world = world();
    let ascii = pdq("@PID.3.1^1", "").replace("UNICODE UTF-8", "ASCII");
    let reply = Reply::of(&world.bytes(ascii.as_bytes()));
    assert_eq!(reply.raw("PID", 5), "TOKYO^HANAKO^^^^^L^A");
    assert_eq!(reply.raw("PID", 11), "");
    let other = pdq("@PID.3.1^3", "").replace("UNICODE UTF-8", "ASCII");
    let reply = Reply::of(&world.bytes(other.as_bytes()));
    assert_eq!(reply.raw("PID", 5), "^^^^^^U");
    let jis = pdq("@PID.5.1^東京", "").replace("UNICODE UTF-8", "~ISO IR87");
    let reply = Reply::of(&world.bytes(&Charset::Iso2022.encode(&jis).bytes));
    assert_eq!(reply.raw("PID", 5), KANJI);
}

#[test]
fn the_wanted_domains_bound_what_is_told() {
    let world = world();
    let reply = world.ask(&pdq("@PID.7^1947", "|||||^^^PKLN"));
    assert_eq!(reply.raw("PID", 3), format!("2^^^{PKLN}^PI"));
    let reply = world.ask(&pdq("@PID.7^1947", "|||||^^^CCC"));
    assert_eq!(reply.get("QAK-2"), "NF");
    let reply = world.ask(&pdq("@PID.7^1947", "|||||^^^PKLN~^^^NOBODY"));
    assert_eq!(reply.verdict(), said("AE", "PIX-006", "QPD^1^8^2"));
    assert_eq!(
        (reply.get("QAK-2"), reply.get("MSH-9.2")),
        ("AE".into(), "K22".into())
    );
}

#[test]
fn a_long_answer_goes_on_by_pointer_until_it_ends_or_is_cancelled() {
    let world = world();
    let first = pdq("@PID.3.1^*", "").replace("RCP|I", "RCP|I|2^RD");
    let page = world.ask(&first);
    assert_eq!(ids(&page).join(" "), "3 4");
    let counts = ["QAK-4", "QAK-5", "QAK-6"].map(|path| page.get(path));
    assert_eq!(counts, ["3", "2", "1"]);
    let pointer = page.get("DSC-1");
    let next = |pointer: &str| world.ask(&format!("{first}DSC|{pointer}|I\r"));
    for _ in 0..2 {
        let last = next(&pointer);
        assert_eq!(
            (ids(&last).join(" "), last.get("DSC-1")),
            ("1+2".into(), String::new())
        );
    }
    assert_eq!(next("0000").verdict(), said("AE", "PIX-017", "DSC^1^1"));
    let stolen = ask_as("HZLN|HIS", "QBP^Q22", "@PID.3.1^*", "") + &format!("DSC|{pointer}|I\r");
    assert_eq!(
        world.ask(&stolen).verdict(),
        said("AE", "PIX-017", "DSC^1^1")
    );
    let cancel = qbp("HIS|HOSPITAL", "QCN^J01^QCN_J01", "QID|T1|IHE PDQ Query\r");
    assert_eq!(world.ask(&cancel).get("MSA-1"), "AA");
    assert_eq!(next(&pointer).verdict(), said("AE", "PIX-017", "DSC^1^1"));
}

#[test]
fn what_was_withdrawn_meanwhile_is_not_in_the_next_part() {
    let world = world();
    let first = pdq("@PID.3.1^*", "").replace("RCP|I", "RCP|I|1^RD");
    let pointer = world.ask(&first).get("DSC-1");
    world.disclose("pkln", "4", false);
    world.disclose("hzln", "1", false);
    let rest = world.ask(&format!("{first}DSC|{pointer}|I\r").replace("|1^RD", "|9^RD"));
    assert_eq!(ids(&rest), Vec::<String>::new(), "{}", rest.text);
}

#[test]
fn the_undisclosed_stands_in_no_answer_whatever_is_asked() {
    let world = world();
    world.link(("khkn", "5"), ("hzln", "1"));
    world.disclose("pkln", "4", false);
    for kind in ["QBP^Q22^QBP_Q21", "QBP^ZV1^QBP_Q21"] {
        for parameters in [
            "@PID.3.1^5",
            "@PID.3.1^4",
            "@PID.3.1^*",
            "@PID.5.1^東京",
            "@PID.5.2^秘密",
            "@PID.5.1^*",
            "@PID.7^1947",
            "@PID.7^19550302",
            "@PID.8^M",
        ] {
            for domains in ["", "|||||^^^KHKN", "|||||^^^PKLN~^^^KHKN~^^^HZLN"] {
                let reply = world.ask(&ask_as("HIS|HOSPITAL", kind, parameters, domains));
                let told = reply.text.split("QPD|").nth(1).unwrap();
                let told = told.split_once('\r').unwrap().1;
                for hidden in ["KHKN", "秘密", "大阪", "|4^", "~4^", "5^^^"] {
                    assert!(
                        !told.contains(hidden),
                        "{kind} {parameters} {domains}: {told}"
                    );
                }
            }
        }
    }
}

#[test]
fn parameters_that_are_none_are_named() {
    let world = world();
    for (parameters, code, place) in [
        ("", "PIX-004", "QPD^1^3"),
        ("@PID.6.1^X", "PIX-015", "QPD^1^3^1^1"),
        ("@PID.8^F~@PV1.2^I", "PIX-015", "QPD^1^3^2^1"),
        ("@PID.7^yesterday", "PIX-005", "QPD^1^3^1^2"),
        ("@PID.5.1^", "PIX-005", "QPD^1^3^1^2"),
        ("@PID.3.4.1^HZLN", "PIX-004", "QPD^1^3^1"),
        ("@PID.3.1^1~@PID.3.4.2^1.2.9", "PIX-006", "QPD^1^3^1^2"),
    ] {
        let reply = world.ask(&pdq(parameters, ""));
        assert_eq!(reply.verdict(), said("AE", code, place), "{parameters}");
    }
    let quantity = pdq("@PID.8^F", "").replace("RCP|I", "RCP|I|none^RD");
    assert_eq!(
        world.ask(&quantity).verdict(),
        said("AE", "PIX-005", "RCP^1^2")
    );
}

#[test]
fn visits_are_told_to_whom_they_may_be() {
    let world = world();
    let kind = "QBP^ZV1^QBP_Q21";
    let reply = world.ask(&ask_as(
        "HIS|HOSPITAL",
        kind,
        "@PV1.3.1^W5~@PID.5.1^東京",
        "",
    ));
    assert_eq!(reply.get("MSH-9"), "RSP^ZV2^RSP_ZV2");
    assert_eq!(ids(&reply).join(" "), "1+2");
    assert_eq!(
        (reply.get("PV1-2"), reply.get("PV1-3")),
        ("I".into(), "W5^501^2".into())
    );
    assert_eq!(reply.get("PV1-7"), "D1^医師^一郎");
    let none = world.ask(&ask_as(
        "HIS|HOSPITAL",
        kind,
        "@PV1.3.1^W6~@PID.5.1^東京",
        "",
    ));
    assert_eq!(none.get("QAK-2"), "NF");
    let refused = world.ask(&ask_as("HZLN|HIS", kind, "@PID.5.1^東京", ""));
    assert_eq!(refused.verdict(), said("AE", "PIX-014", "MSH^1^9"));
    let moved = adt(
        "A08",
        &format!("PID|||1^^^{HZLN}||{KANJI}||19470312|F\rPV1||I|W6^601^1\r"),
    );
    assert_eq!(world.ask(&moved).get("MSA-1"), "AA");
    let now = world.ask(&ask_as("HIS|HOSPITAL", kind, "@PID.3.1^1", ""));
    assert_eq!(now.get("PV1-3"), "W6^601^1");
}

#[test]
fn a_system_is_told_of_its_own_domains_only() {
    let world = world();
    let reply = world.ask(&ask_as("ONE|X", "QBP^Q22", "@PID.7^1947", ""));
    assert_eq!(ids(&reply).join(" "), "3 1");
    let other = world.ask(&ask_as("ONE|X", "QBP^Q22", "@PID.3.1^4", ""));
    assert_eq!(other.get("QAK-2"), "NF");
    let dumb = world.ask(&ask_as("DUMB|X", "QBP^Q22", "@PID.7^1947", ""));
    assert_eq!(dumb.verdict(), said("AE", "PIX-014", "QPD^1"));
}
