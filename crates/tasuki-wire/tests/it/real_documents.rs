//! The CDA documents of the shared collection: Japanese prescriptions and the samples that other
//! implementers test with. What is expected of each was written down by reading the file.

use std::path::{Path, PathBuf};

use tasuki_wire::cda::{Block, Body, ClinicalDocument, Inline, Limits, Payload, Section, read};

fn shared(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path)
}

fn document(path: &str) -> ClinicalDocument {
    let bytes = std::fs::read(shared(path)).unwrap();
    read(&bytes, &Limits::default()).unwrap()
}

#[test]
fn a_japanese_prescription() {
    let read = document("data/cda/eprescription-cda/example_prescription.xml");
    assert_eq!(read.title, "処方箋");
    let [patient] = &*read.patients else { panic!() };
    assert_eq!(patient.ids[0].root, "1.2.392.100495.20.3.51.11319999999");
    assert_eq!(patient.ids[0].extension, "99990010");
    assert_eq!(
        (patient.name.display(), patient.name.kana()),
        ("患者 太郎".into(), "カンジャ タロウ".into())
    );
    assert_eq!(read.authors[0].name.display(), "医師 一郎");
    assert_eq!(
        read.authors[0].organization.as_ref().unwrap().name,
        "メドレークリニック"
    );
    assert_eq!(read.authors[0].time.as_ref().unwrap().text(), "20161028");
    assert_eq!(read.effective.as_ref().unwrap().text(), "20181130235959");
    let Body::Structured(sections) = &read.body else {
        panic!()
    };
    assert_eq!(sections[0].title, "処方指示");
    let [Block::List(list)] = &*sections[0].blocks else {
        panic!()
    };
    assert_eq!(list.items.len(), 20);
    assert_eq!(
        list.items[1].blocks,
        [Block::Paragraph(vec![Inline::Text(
            "ムコダイン錠２５０ｍｇ".into()
        )])]
    );
    assert_eq!(read.problems, []);
}

/// Every file under the shared collection that looks like CDA is read, or refused for a reason.
#[test]
fn all_samples_are_read_or_refused_for_a_reason() {
    let mut lines = Vec::new();
    for folder in [
        "data/cda",
        "data/ihe/nist-testkit/examples",
        "data/ihe/nist-testkit/testdata-xdr",
        "data/ihe/samples/ipf/cda",
    ] {
        walk(&shared(folder), &mut lines);
    }
    lines.sort();
    lines.dedup();
    assert!(lines.len() >= 30, "{}", lines.len());
    insta::assert_snapshot!(lines.join("\n"));
}

fn walk(folder: &Path, lines: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, lines);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            let bytes = std::fs::read(&path).unwrap();
            if bytes
                .windows(17)
                .any(|window| window == b"<ClinicalDocument")
            {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                lines.push(format!("{name}: {}", account(&bytes)));
            }
        }
    }
}

fn account(bytes: &[u8]) -> String {
    let read = match read(bytes, &Limits::default()) {
        Ok(read) => read,
        Err(error) => return error.code().to_owned(),
    };
    let body = match &read.body {
        Body::Missing => "no body".to_owned(),
        Body::NonXml(media) => match &media.payload {
            Payload::Bytes(bytes) => format!("{} of {} bytes", media.media_type, bytes.len()),
            other => format!("{} {other:?}", media.media_type),
        },
        Body::Structured(sections) => {
            let (mut all, mut blocks, mut media) = (0, 0, 0);
            count(sections, &mut all, &mut blocks, &mut media);
            format!("{all} sections, {blocks} blocks, {media} media")
        }
    };
    let mut codes: Vec<_> = read.problems.iter().map(ToString::to_string).collect();
    codes.dedup();
    format!(
        "{} patient, {} authors, {body} {codes:?}",
        read.patients.len(),
        read.authors.len()
    )
}

fn count(sections: &[Section], all: &mut usize, blocks: &mut usize, media: &mut usize) {
    for section in sections {
        *all += 1;
        *blocks += section.blocks.len();
        *media += section.media.len();
        count(&section.sections, all, blocks, media);
    }
}
