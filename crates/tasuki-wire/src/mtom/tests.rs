use super::*;
use crate::xml::{self, Element};

const TYPE: &str = "Multipart/Related; boundary=\"uuid:x y\"; type=\"application/xop+xml\"; \
    start=\"<root@x>\"; start-info=\"application/soap+xml\";";

fn multipart(text: &str) -> Result<Multipart, MtomError> {
    Multipart::new(&MediaType::parse(text)?, Limits::default())
}

/// Content-ID (or none), content, whether it is the envelope.
type Part = (Option<String>, Vec<u8>, bool);

fn parts_of(reader: &mut Multipart, body: &[u8], size: usize) -> Result<Vec<Part>, MtomError> {
    let mut parts: Vec<Part> = Vec::new();
    let mut done = false;
    for mut piece in body.chunks(size) {
        while !piece.is_empty() {
            let head = match reader.next(&mut piece)? {
                Some(Event::Begin(head)) => head,
                Some(Event::Bytes(bytes)) => {
                    parts.last_mut().unwrap().1.extend(bytes);
                    continue;
                }
                Some(Event::Done) => {
                    done = true;
                    continue;
                }
                Some(Event::End) | None => continue,
            };
            let root = reader.is_root(&head);
            parts.push((head.content_id, Vec::new(), root));
        }
    }
    reader.finish()?;
    assert!(done);
    Ok(parts)
}

fn code(media_type: &str, body: &[u8]) -> &'static str {
    let mut reader = multipart(media_type).unwrap();
    let codes = [1, 7, body.len().max(1)].map(|size| {
        reader = multipart(media_type).unwrap();
        parts_of(&mut reader, body, size).unwrap_err().code()
    });
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
    codes[0]
}

#[test]
fn parts_come_out_whole_however_they_are_cut() {
    // Contents full of what could be a boundary and is none.
    let tricky = b"\r\n--uuid:x \r\r\n--uuid:\r\n-\r\n\r\n--".as_slice();
    let body = [
        b"preamble\r\n--uuid:x y \t\r\nContent-ID: <a>\r\nX-Other: 1\r\n folded\r\n\r\n",
        tricky,
        b"\r\n--uuid:x y\r\ncontent-id:<root@x>\r\nContent-Type: text/xml\r\n\r\n<e/>",
        b"\r\n--uuid:x y\r\n\r\n",
        b"\r\n--uuid:x y--\r\nepilogue\r\n--uuid:x y\r\n",
    ]
    .concat();
    for size in 1..=body.len() {
        let parts = parts_of(&mut multipart(TYPE).unwrap(), &body, size).unwrap();
        let expected = [
            (Some("a".to_owned()), tricky.to_vec(), false),
            (Some("root@x".to_owned()), b"<e/>".to_vec(), true),
            (None, Vec::new(), false),
        ];
        assert_eq!(parts, expected, "in pieces of {size}");
    }
}

#[test]
fn what_is_written_is_read_back_the_same() {
    let frame = Frame::new("0123456789abcdef");
    let content: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let mut body = frame.envelope("<e/>");
    body.extend(frame.part(1, "application/pdf\r\nX: y"));
    body.extend(&content);
    body.extend(frame.part(2, ""));
    body.extend(frame.end());
    let content_type = MediaType::parse(&frame.content_type("urn:x\"\r\n")).unwrap();
    assert_eq!(content_type.parameter("action"), Some("urn:x"));
    let mut reader = Multipart::new(&content_type, Limits::default()).unwrap();
    let parts = parts_of(&mut reader, &body, 37).unwrap();
    assert_eq!(parts.len(), 3);
    assert_eq!(
        (parts[0].1.as_slice(), parts[0].2),
        (b"<e/>".as_slice(), true)
    );
    assert_eq!(parts[1].1, content);
    assert_eq!(
        frame.href(1),
        format!("cid:{}", parts[1].0.as_ref().unwrap())
    );
}

#[test]
fn a_body_that_is_not_whole_has_a_code() {
    let head = "--uuid:x y\r\nContent-ID: <root@x>\r\n\r\n<e/>";
    assert_eq!(code(TYPE, b"--other\r\n\r\n<e/>\r\n--other--"), "MTM-002");
    assert_eq!(code(TYPE, &b"x".repeat(9_000)), "MTM-002");
    assert_eq!(code(TYPE, head.as_bytes()), "MTM-003");
    assert_eq!(
        code(TYPE, format!("{head}\r\n--uuid:x y").as_bytes()),
        "MTM-003"
    );
    assert_eq!(
        code(TYPE, format!("{head}\r\n--uuid:x y\r\nContent").as_bytes()),
        "MTM-003"
    );
    assert_eq!(code(TYPE, b"--uuid:x y\n\n<e/>"), "MTM-004");
    assert_eq!(code(TYPE, b"--uuid:x y\r\nno colon\r\n\r\n"), "MTM-004");
    assert_eq!(code(TYPE, b"--uuid:x y\r\nA: \xFF\r\n\r\n"), "MTM-004");
    let twice = "--uuid:x y\r\nContent-ID: <a>\r\nContent-ID: <b>\r\n\r\n";
    assert_eq!(code(TYPE, twice.as_bytes()), "MTM-004");
    let encoded = "--uuid:x y\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    assert_eq!(code(TYPE, encoded.as_bytes()), "MTM-004");
    let endless = format!("--uuid:x y\r\nA: {}", "a".repeat(9_000));
    assert_eq!(code(TYPE, endless.as_bytes()), "MTM-004");
    let many = format!("{}--", "\r\n--uuid:x y\r\n\r\n".repeat(1_001));
    assert_eq!(code(TYPE, many.as_bytes()), "MTM-005");
    let limits = Limits {
        bytes: 100,
        ..Limits::default()
    };
    let mut small = Multipart::new(&MediaType::parse(TYPE).unwrap(), limits).unwrap();
    let error = parts_of(&mut small, head.repeat(3).as_bytes(), 10).unwrap_err();
    assert_eq!(error.code(), "MTM-006");
}

#[test]
fn a_media_type_that_is_none_has_a_code() {
    for text in [
        "",
        "text",
        "text/",
        "multipart/related",
        "multipart/related; boundary=\"\"",
        "multipart/related; boundary=\"a",
        "multipart/related; boundary=a; boundary=b",
        "multipart/related; boundary=a b",
        "multipart/related; boundary=a; type=\"text/xml\"",
        "multipart/form-data; boundary=a",
        "application/soap+xml",
        &format!("multipart/related; boundary={}", "b".repeat(71)),
        &format!("multipart/related; boundary=a{}", "; x=y".repeat(2_000)),
    ] {
        assert_eq!(multipart(text).unwrap_err().code(), "MTM-001", "{text}");
    }
    let escaped = MediaType::parse(r#"a/b; c="d\"e\\"; F=g"#).unwrap();
    assert_eq!(escaped.parameter("c"), Some("d\"e\\"));
    assert_eq!(escaped.parameter("f"), Some("g"));
}

fn element(content: &str) -> Element {
    let text = format!("<d xmlns:x='{XOP}'>{content}</d>");
    xml::read(text.as_bytes(), &xml::Limits::default()).unwrap()
}

#[test]
fn includes_find_their_parts_and_every_part_is_found() {
    let mut attachments = Attachments::default();
    for (n, id) in ["urn:uuid:1@x", "2 %@x", "3"].into_iter().enumerate() {
        attachments.add(Some(id.to_owned()), n).unwrap();
    }
    let mut take = |content: &str| attachments.take(&element(content));
    assert_eq!(
        take("\n<x:Include href='cid:urn%3Auuid%3A1%40x'/> "),
        Ok(Content::Part(0))
    );
    assert_eq!(
        take("<x:Include href='cid:2%20%25@x'/>"),
        Ok(Content::Part(1))
    );
    assert_eq!(take(" aGVs\nbG8 "), Ok(Content::Inline(b"hello".to_vec())));
    assert_eq!(take("aGVsbG8="), Ok(Content::Inline(b"hello".to_vec())));
    let mut code = |content: &str| take(content).unwrap_err().code();
    assert_eq!(code("<x:Include href='cid:urn:uuid:1@x'/>"), "MTM-009");
    assert_eq!(code("<x:Include href='cid:4'/>"), "MTM-008");
    assert_eq!(code("<x:Include href='https://x/3'/>"), "MTM-008");
    assert_eq!(code("<x:Include/>"), "MTM-008");
    assert_eq!(code("<x:Include href='cid:3'/>text"), "MTM-008");
    assert_eq!(code("?"), "MTM-011");
    assert_eq!(code("<y/>"), "MTM-011");
    assert_eq!(attachments.finish().unwrap_err().code(), "MTM-010");
    assert_eq!(
        attachments.add(Some("3".to_owned()), 9).unwrap_err().code(),
        "MTM-009"
    );
    assert_eq!(attachments.add(None, 9).unwrap_err().code(), "MTM-010");
    assert_eq!(
        attachments.take(&element("<x:Include href='cid:3'/>")),
        Ok(Content::Part(2))
    );
    assert_eq!(attachments.finish(), Ok(()));
}
