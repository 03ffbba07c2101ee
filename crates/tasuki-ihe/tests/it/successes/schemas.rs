//! Answers and audit messages against the schemas that others published.

use super::shared;
use std::path::{Path, PathBuf};
use std::process::Command;
use tasuki_wire::atna::Message;
use tasuki_wire::xml::Document;

/// Holds documents against one schema.
pub fn hold(schema: &Path, documents: &[String]) {
    let name = schema.file_stem().unwrap().to_string_lossy();
    let folder = std::env::temp_dir().join(format!("tasuki-ok-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--nonet", "--schema"]).arg(schema);
    for (n, text) in documents.iter().enumerate() {
        let path = folder.join(format!("{n}.xml"));
        std::fs::write(&path, text).unwrap();
        xmllint.arg(path);
    }
    let found = xmllint.output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&found.stderr);
    assert!(found.status.success(), "{said}");
}

pub fn atna(messages: &[Message]) {
    let written = messages.iter().map(|m| m.encode().as_str().to_owned());
    let schema = shared("data/ihe/schema/atna/dicom2017c.xsd");
    hold(&schema, &written.collect::<Vec<_>>());
}

/// The schema of an answer, by its element.
fn schema_of(root: &str) -> PathBuf {
    let ebrs = |name: &str| shared("data/ihe/schema/nist/v3").join(name);
    match root {
        "AdhocQueryResponse" => ebrs("query.xsd"),
        "RegistryResponse" => ebrs("rs.xsd"),
        "RetrieveDocumentSetResponse" => ebrs("XDS.b_DocumentRepository.xsd"),
        v3 => {
            let folder = "data/ihe/schema/hl7v3/schema/HL7V3/NE2008/multicacheschemas";
            shared(folder).join(format!("{v3}.xsd"))
        }
    }
}

/// Bytes in the place of each reference to a part (XOP 1.0 §4): what the schema sees.
fn without_parts(mut text: String) -> String {
    while let Some(at) = text.find(":Include ") {
        let from = text[..at].rfind('<').unwrap();
        let mut to = at + text[at..].find('>').unwrap() + 1;
        if !text[..to].ends_with("/>") {
            to += text[to..].find('>').unwrap() + 1;
        }
        text.replace_range(from..to, "dGV4dA==");
    }
    text
}

pub fn answers(bodies: &[Document]) {
    for body in bodies {
        let text = body.as_str();
        let name = text.trim_start_matches('<').split([' ', '>', '/']).next();
        let root = name.unwrap().rsplit(':').next().unwrap();
        // Types are named by prefix, which the tree of an answer that was read does not keep.
        let text = without_parts(text.replace("a:type=\"", "a:type=\"n:"));
        hold(&schema_of(root), &[text]);
    }
}
