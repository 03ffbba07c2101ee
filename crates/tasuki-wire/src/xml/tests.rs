use super::*;

fn code(document: &[u8]) -> &'static str {
    read(document, &Limits::default()).unwrap_err().code()
}

#[test]
fn names_texts_and_references_are_resolved() {
    let document = br#"<?xml version="1.0"?><!-- x --><a xmlns="urn:a" xmlns:b="urn:b" b:x="1" x="&lt;2&#x41;">
        t&amp;<![CDATA[<u>]]>&#x3042;<b:c/><c y='3'/></a>"#;
    let root = read(document, &Limits::default()).unwrap();
    assert_eq!((&*root.name, &*root.namespace), ("a", "urn:a"));
    assert_eq!(root.attribute("x"), Some("<2A"));
    assert_eq!(root.attributes[0].namespace, "urn:b".into());
    assert_eq!(root.text().trim(), "t&<u>あ");
    assert_eq!(root.first("c").unwrap().attribute("y"), Some("3"));
    assert_eq!(root.elements().count(), 2);
    assert_eq!(root.all("c").count(), 1);
    assert!(root.at(&["c", "d"]).is_none());
}

#[test]
fn encodings_by_mark_and_by_declaration() {
    let texts: [&[u8]; 4] = [
        b"\xEF\xBB\xBF<a>\xE5\xB1\xB1</a>",
        b"<?xml version='1.0' encoding='Shift_JIS'?><a>\x8e\x52</a>",
        b"<?xml version=\"1.0\" encoding=\"EUC-JP\" ?><a>\xbb\xb3</a>",
        b"\xFE\xFF\0<\0a\0>\x5c\x71\0<\0/\0a\0>",
    ];
    for text in texts {
        assert_eq!(
            read(text, &Limits::default()).unwrap().text(),
            "山",
            "{text:x?}"
        );
    }
    assert_eq!(code(b"<a>\xE5\xB1</a>"), "XML-002");
    assert_eq!(
        code(b"<?xml version='1.0' encoding='x-none'?><a/>"),
        "XML-002"
    );
    assert_eq!(
        code(b"<?xml version='1.0' encoding='UTF-16'?><a/>"),
        "XML-002"
    );
}

#[test]
fn what_could_expand_or_fetch_is_refused() {
    assert_eq!(code(b"<!DOCTYPE a><a/>"), "XML-004");
    assert_eq!(
        code(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"),
        "XML-004"
    );
    assert_eq!(code(b"<a>&x;</a>"), "XML-004");
    assert_eq!(code(b"<a y='&x;'/>"), "XML-004");
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for document in [
        &b""[..],
        b"  ",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a/>x",
        b"<a x=1/>",
        b"<a x='1' x='2'/>",
        b"<p:a/>",
        b"<a p:x='1'/>",
        b"<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>",
        b"<a\"b/>",
        b"<a 1='2'/>",
        b"<a xmlns='urn:&#97;'/>",
        b"<a xmlns='urn:a b'/>",
        b"<a>\0</a>",
        b"<a x='\x1B'/>",
        b"<a x='&#26;'/>",
        b"<a x='&#xFFFE;'/>",
        b"<a>\xEF\xBF\xBF</a>",
        b"<a>&#xFFFE;</a>",
        b"<a>&#0;</a>",
        b"<a>&#x110000;</a>",
        b"<a",
        b"</a>",
    ] {
        assert_eq!(code(document), "XML-003", "{}", document.escape_ascii());
    }
}

#[test]
fn limits_are_kept() {
    let limits = Limits {
        bytes: 200,
        depth: 3,
        nodes: 10,
        attributes: 2,
    };
    let code = |document: &str| read(document.as_bytes(), &limits).unwrap_err().code();
    assert_eq!(code(&" ".repeat(201)), "XML-001");
    assert_eq!(code("<a><a><a><a/></a></a></a>"), "XML-005");
    assert_eq!(code(&format!("<a>{}</a>", "<b/>".repeat(10))), "XML-006");
    assert_eq!(code("<a x='1' y='2' z='3'/>"), "XML-006");
    assert!(read(b"<a><a><a/></a></a>", &limits).is_ok());
}

#[test]
fn what_is_written_is_read_back_the_same() {
    const A: Namespace<'_> = Namespace::new("a", "urn:a");
    const DEFAULT: Namespace<'_> = Namespace::new("", "urn:d");
    let text = "<\"山\u{1F600}&amp;'>\r\n\t]]>";
    let written = document(A, "root", |root| {
        root.attribute("x", text)
            .attribute_if("none", None)
            .qualified(DEFAULT, "y", text)
            .qualified(Namespace::new("a", "urn:b"), "z", "1")
            .declare(Namespace::new("q", "urn:q"))
            .content(|w| {
                w.text(text);
                w.element(Namespace::NONE, "plain").content(|w| {
                    w.element(DEFAULT, "d")
                        .content(|w| drop(w.element(Namespace::NONE, "n")));
                });
                w.element(A, "end");
            });
    });
    let root = read(written.as_str().as_bytes(), &Limits::default()).unwrap();
    assert_eq!((&*root.name, &*root.namespace), ("root", "urn:a"));
    let attributes: Vec<_> = root
        .attributes
        .iter()
        .map(|a| (&*a.namespace, &*a.name))
        .collect();
    assert_eq!(attributes, [("", "x"), ("urn:d", "y"), ("urn:b", "z")]);
    assert_eq!(
        [root.attributes[0].value.as_str(), root.text().as_str()],
        [text, text]
    );
    let spaces: Vec<_> = root.elements().map(|e| (&*e.name, &*e.namespace)).collect();
    assert_eq!(spaces, [("plain", ""), ("end", "urn:a")]);
    let inner = root.elements().next().unwrap().elements().next().unwrap();
    assert_eq!(&*inner.namespace, "urn:d");
    assert_eq!(&*inner.elements().next().unwrap().namespace, "");
    assert_eq!(
        read(Document::of(&root).as_str().as_bytes(), &Limits::default()),
        Ok(root)
    );
}

#[test]
fn characters_that_xml_cannot_hold_are_replaced() {
    let written = document(Namespace::NONE, "a", |a| a.text("x\0\u{1B}\u{FFFE}y"));
    let root = read(written.as_str().as_bytes(), &Limits::default()).unwrap();
    assert_eq!(root.text(), "x\u{FFFD}\u{FFFD}\u{FFFD}y");
}

#[test]
fn a_checked_document_goes_into_another_byte_for_byte() {
    let signed = "<s:A  xmlns:s='urn:s' ><s:B/><!-- kept --></s:A>";
    let whole = format!("<?xml version='1.0' encoding='UTF-8'?>\n<!-- <x> -->{signed}\n");
    let inner = Document::check(whole.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(inner.as_str(), signed);
    let outer = document(Namespace::new("o", "urn:o"), "O", |o| {
        o.content(|w| w.verbatim(&inner))
    });
    assert!(outer.as_str().contains(signed));
    assert!(Document::check(b"<a/><b/>", &Limits::default()).is_err());
}

#[test]
fn no_element_has_the_reserved_prefix() {
    for text in ["<xmlns:a/>", "<a><xmlns:b xmlns:n='urn:n'/></a>"] {
        let refused = read(text.as_bytes(), &Limits::default());
        assert!(matches!(refused, Err(XmlError::Malformed { .. })), "{text}");
    }
}

#[test]
fn a_prefix_of_outside_means_one_thing_in_a_tag() {
    let text = "<r xmlns:y='urn:y' xmlns:s='urn:s' y:o='0'><b y:z='1' s:y='2'/><y:c s:d='3'/></r>";
    let root = read(text.as_bytes(), &Limits::default()).unwrap();
    let again = Document::of(&root);
    assert_eq!(
        read(again.as_str().as_bytes(), &Limits::default()),
        Ok(root),
        "{}",
        again.as_str()
    );
}
