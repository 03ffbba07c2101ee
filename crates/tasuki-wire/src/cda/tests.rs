use super::*;
use tasuki_model::Sex;

fn document(header: &str, body: &str) -> Vec<u8> {
    format!("<ClinicalDocument xmlns=\"urn:hl7-org:v3\">{header}<component>{body}</component></ClinicalDocument>")
        .into_bytes()
}

fn narrative(text: &str) -> (Vec<Block>, Vec<&'static str>) {
    let body = format!(
        "<structuredBody><component><section><text>{text}</text></section></component></structuredBody>"
    );
    let read = read(&document("", &body), &Limits::default()).unwrap();
    let Body::Structured(mut sections) = read.body else {
        panic!()
    };
    let codes = read.problems.iter().map(|problem| problem.fault.code());
    (
        sections.remove(0).blocks,
        codes.filter(|&code| code != "CDA-107").collect(),
    )
}

fn text(text: &str) -> Inline {
    Inline::Text(text.into())
}

#[test]
fn the_header_of_a_discharge_summary() {
    let header = r#"<id root="1.2.3" extension="9"/><code code="18842-5" codeSystem="2.16.840.1.113883.6.1" displayName="退院時サマリー"/>
      <title>退院時サマリー</title><effectiveTime value="20260612111500+0900"/>
      <recordTarget><patientRole><id root="1.2.392.100495.20.3.51.11311234567" extension="0000012345"/>
        <patient><name use="IDE"><family>東京</family><given>花子</given></name><name use="SYL"><family>トウキョウ</family><given>ハナコ</given></name>
        <administrativeGenderCode code="F"/><birthTime value="19470312"/></patient></patientRole></recordTarget>
      <author><time value="20260612"/><assignedAuthor><id extension="DR0012"/><assignedPerson><name>医師 一郎</name></assignedPerson>
        <representedOrganization><name>架空総合病院</name></representedOrganization></assignedAuthor></author>
      <documentationOf><serviceEvent classCode="ACCM"><effectiveTime><low value="20260601"/><high value="20260612"/></effectiveTime></serviceEvent></documentationOf>"#;
    let read = read(&document(header, "<structuredBody/>"), &Limits::default()).unwrap();
    assert_eq!(read.problems, []);
    assert_eq!(read.code.codings[0].code, "18842-5");
    let [patient] = &*read.patients else { panic!() };
    assert_eq!(patient.ids[0].extension, "0000012345");
    assert_eq!(patient.name.display(), "東京 花子");
    assert_eq!(patient.name.kana(), "トウキョウ ハナコ");
    assert_eq!(
        (patient.sex, patient.birth.as_ref().unwrap().text()),
        (Some(Sex::Female), "19470312")
    );
    assert_eq!(read.authors[0].name.display(), "医師 一郎");
    assert_eq!(
        read.authors[0].organization.as_ref().unwrap().name,
        "架空総合病院"
    );
    let stay = &read.services[0];
    assert_eq!(stay.class, "ACCM");
    assert_eq!(stay.period.end.as_ref().unwrap().day().basic(), "20260612");
    assert_eq!(read.effective.unwrap().clock().as_deref(), Some("11:15"));
}

#[test]
fn narrative_blocks_become_typed_blocks() {
    let (blocks, problems) = narrative(
        "\n  入院時 <content styleCode=\"Bold xRed\">発熱</content><br/>38.5\n\
         <paragraph><caption>経過</caption>良好<sub>2</sub></paragraph>\
         <list listType=\"ordered\"><item>一</item><item><caption>二</caption><list><item>三</item></list></item></list>\n",
    );
    assert_eq!(problems, [""; 0]);
    let bold = |inner| Inline::Styled(Style::Bold, vec![inner]);
    let item = |blocks| Item {
        caption: vec![],
        blocks,
    };
    assert_eq!(
        blocks,
        [
            Block::Paragraph(vec![
                text("入院時 "),
                bold(text("発熱")),
                Inline::Break,
                text("38.5")
            ]),
            Block::Paragraph(vec![
                bold(text("経過")),
                Inline::Break,
                text("良好"),
                Inline::Styled(Style::Subscript, vec![text("2")]),
            ]),
            Block::List(List {
                ordered: true,
                caption: vec![],
                items: vec![
                    item(vec![Block::Paragraph(vec![text("一")])]),
                    Item {
                        caption: vec![text("二")],
                        blocks: vec![Block::List(List {
                            items: vec![item(vec![Block::Paragraph(vec![text("三")])])],
                            ..List::default()
                        })],
                    },
                ],
            }),
        ]
    );
}

#[test]
fn tables_keep_heads_and_spans() {
    let (blocks, _) = narrative(
        "<table><caption>検査</caption><thead><tr><th colspan='2'>項目</th></tr></thead>\
         <tbody><tr><td rowspan='999'>TP</td><td><paragraph>7.2</paragraph></td></tr></tbody></table>",
    );
    let [Block::Table(table)] = &*blocks else {
        panic!()
    };
    assert_eq!(table.caption, [text("検査")]);
    assert_eq!(
        (
            table.head[0].cells[0].header,
            table.head[0].cells[0].columns
        ),
        (true, 2)
    );
    assert_eq!(table.body[0].cells[0].rows, 100);
    assert_eq!(
        table.body[0].cells[1].blocks,
        [Block::Paragraph(vec![text("7.2")])]
    );
}

#[test]
fn markup_that_does_not_belong_leaves_only_its_text() {
    let (blocks, problems) = narrative(
        "<script>alert(1)</script><linkHtml href=' javascript:x'>a</linkHtml><linkHtml href='HTTPS://x.example/'>b</linkHtml>",
    );
    assert_eq!(
        blocks,
        [Block::Paragraph(vec![
            text("alert(1)"),
            text("a"),
            Inline::Link("HTTPS://x.example/".into(), vec![text("b")]),
        ])]
    );
    assert_eq!(problems, ["CDA-101", "CDA-103"]);
}

#[test]
fn media_are_decoded_within_their_limit() {
    let section = "<structuredBody><component><section><text><renderMultiMedia referencedObject='M1 M2'/></text>\
        <entry><observationMedia ID='M1'><value mediaType='image/png' representation='B64'> iVBO\n Rw== </value></observationMedia></entry>\
        <entry><observationMedia ID='M2'><value mediaType='image/jpeg'><reference value='x.jpg'/></value></observationMedia></entry>\
        <entry><observationMedia ID='M3'><value mediaType='image/png' representation='B64'>%%%</value></observationMedia></entry>\
        <entry><observationMedia ID='M4'><value mediaType='image/png' representation='B64'>AAAAAAAAAAAAAAAA</value></observationMedia></entry>\
        </section></component></structuredBody>";
    let limits = Limits {
        payload: 14,
        ..Limits::default()
    };
    let read = read(&document("", section), &limits).unwrap();
    let Body::Structured(sections) = read.body else {
        panic!()
    };
    let [first, second, third, fourth] = &*sections[0].media else {
        panic!()
    };
    assert_eq!(
        (&*first.id, &first.payload),
        ("M1", &Payload::Bytes(b"\x89PNG".to_vec()))
    );
    assert_eq!(
        (&*second.id, &second.payload),
        ("M2", &Payload::Reference("x.jpg".into()))
    );
    assert_eq!(
        (&third.payload, &fourth.payload),
        (&Payload::Missing, &Payload::Missing)
    );
    let codes: Vec<_> = read
        .problems
        .iter()
        .map(|problem| problem.fault.code())
        .collect();
    assert_eq!(codes, ["CDA-107", "CDA-104", "CDA-105"]);
}

#[test]
fn a_body_that_is_no_xml() {
    let body = "<nonXMLBody><text mediaType='application/pdf' representation='B64'>JVBERg==</text></nonXMLBody>";
    let read = read(&document("", body), &Limits::default()).unwrap();
    let Body::NonXml(media) = read.body else {
        panic!()
    };
    assert_eq!(
        (&*media.media_type, media.payload),
        ("application/pdf", Payload::Bytes(b"%PDF".to_vec()))
    );
}

#[test]
fn what_is_no_cda_is_refused() {
    let code = |bytes: &[u8]| read(bytes, &Limits::default()).unwrap_err().code();
    assert_eq!(code(b"<html/>"), "CDA-001");
    assert_eq!(code(b"<ClinicalDocument/>"), "CDA-001");
    assert_eq!(
        code(b"<!DOCTYPE x><ClinicalDocument xmlns='urn:hl7-org:v3'/>"),
        "XML-004"
    );
    let deep = format!(
        "{}{}",
        "<component><section>".repeat(20),
        "</section></component>".repeat(20)
    );
    assert_eq!(
        code(&document(
            "",
            &format!("<structuredBody>{deep}</structuredBody>")
        )),
        "CDA-002"
    );
}

#[test]
fn a_missing_body_and_times_that_are_none_are_said() {
    let read = read(
        b"<ClinicalDocument xmlns='urn:hl7-org:v3'><effectiveTime value='2026-06'/></ClinicalDocument>",
        &Limits::default(),
    )
    .unwrap();
    let codes: Vec<_> = read.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        codes,
        [
            "CDA-107 at recordTarget",
            "CDA-102 at effectiveTime",
            "CDA-106 at component"
        ]
    );
}
