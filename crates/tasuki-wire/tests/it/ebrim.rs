//! Every XDS message of the shared collection, and what we write held against the schemas.

use crate::{shared, xml_files};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use tasuki_wire::ebrim::{
    AdhocQuery, EbrimError, Problem, ProvideAndRegister, QueryResponse, RegistryResponse,
    RemoveDocuments, RemoveObjects, RetrieveRequest, RetrieveResponse, Submission, SubmitObjects,
};
use tasuki_wire::xml::{Document, Element, Limits, read};

/// A message of any kind.
#[derive(Debug, PartialEq)]
enum Message {
    Submit(SubmitObjects),
    Provide(ProvideAndRegister),
    Query(AdhocQuery),
    Response(RegistryResponse),
    Answer(QueryResponse, Vec<Problem>),
    Retrieve(RetrieveRequest),
    Retrieved(RetrieveResponse),
    Remove(RemoveObjects),
    RemoveDocuments(RemoveDocuments),
}

impl Message {
    /// Reads a body; nothing for one that is no message of ours.
    fn decode(body: &Element) -> Option<Result<Self, EbrimError>> {
        Some(match &*body.name {
            "SubmitObjectsRequest" => SubmitObjects::decode(body).map(Self::Submit),
            "ProvideAndRegisterDocumentSetRequest" => {
                ProvideAndRegister::decode(body).map(Self::Provide)
            }
            "AdhocQueryRequest" => AdhocQuery::decode(body).map(Self::Query),
            "RegistryResponse" => RegistryResponse::decode(body).map(Self::Response),
            "AdhocQueryResponse" => QueryResponse::decode(body).map(|(a, p)| Self::Answer(a, p)),
            "RetrieveDocumentSetRequest" => RetrieveRequest::decode(body).map(Self::Retrieve),
            "RetrieveDocumentSetResponse" => RetrieveResponse::decode(body).map(Self::Retrieved),
            "RemoveObjectsRequest" => RemoveObjects::decode(body).map(Self::Remove),
            "RemoveDocumentsRequest" => RemoveDocuments::decode(body).map(Self::RemoveDocuments),
            _ => return None,
        })
    }

    fn encode(&self) -> Document {
        match self {
            Self::Submit(it) => it.encode(),
            Self::Provide(it) => it.encode(),
            Self::Query(it) => it.encode(),
            Self::Response(it) => it.encode(),
            Self::Answer(it, _) => it.encode(),
            Self::Retrieve(it) => it.encode(),
            Self::Retrieved(it) => it.encode(),
            Self::Remove(it) => it.encode(),
            Self::RemoveDocuments(it) => it.encode(),
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Submit(it) => &it.read.problems,
            Self::Provide(it) => &it.submit.read.problems,
            Self::Answer(_, problems) => problems,
            _ => &[],
        }
    }

    fn summary(&self) -> String {
        let objects = |s: &Submission| {
            let counts = [&s.sets.len(), &s.entries.len(), &s.folders.len()];
            let associations = s.associations.len();
            format!("{counts:?} objects, {associations} associations")
        };
        match self {
            Self::Submit(it) => objects(&it.read.submission),
            Self::Provide(it) => {
                let documents = it.documents.len();
                let objects = objects(&it.submit.read.submission);
                format!("{objects}, {documents} documents")
            }
            Self::Query(it) => format!("{:?} {} parameters", it.returns, it.parameters.len()),
            Self::Response(it) => format!("{:?} {} errors", it.status, it.errors.len()),
            Self::Answer(it, _) => {
                let (objects, references) = (it.found.objects.len(), it.found.references.len());
                let status = it.response.status;
                format!("{status:?} {objects} objects, {references} references")
            }
            Self::Retrieve(it) => format!("{} documents", it.documents.len()),
            Self::Retrieved(it) => {
                format!("{:?} {} documents", it.response.status, it.documents.len())
            }
            Self::Remove(it) => format!("{} references", it.ids.len()),
            Self::RemoveDocuments(it) => format!("{} documents", it.documents.len()),
        }
    }
}

/// The first element that is a message, at the root or inside an envelope.
fn message(root: &Element) -> Option<Result<Message, EbrimError>> {
    let mut open = vec![root];
    while let Some(element) = open.pop() {
        if let Some(found) = Message::decode(element) {
            return Some(found);
        }
        // Test plans show requests as text inside deep trees; messages stand near the root.
        if open.len() < 50 {
            open.extend(element.elements());
        }
    }
    None
}

fn line(path: &Path, folder: &Path) -> Option<(String, Option<Message>)> {
    let name = path.strip_prefix(folder).unwrap().display().to_string();
    let root = read(&std::fs::read(path).unwrap(), &Limits::default()).ok()?;
    let found = match message(&root)? {
        Ok(found) => found,
        Err(error) => return Some((format!("{name}: refused: {error}"), None)),
    };
    let mut line = format!("{name}: {}", found.summary());
    for problem in found.problems() {
        let _ = write!(line, "\n    {problem}");
    }
    Some((line, Some(found)))
}

/// The schema that a body is held against.
fn schema(root: &str) -> &'static str {
    match root {
        "SubmitObjectsRequest" | "RemoveObjectsRequest" => "lcm.xsd",
        "AdhocQueryRequest" | "AdhocQueryResponse" => "query.xsd",
        "RegistryResponse" => "rs.xsd",
        "RemoveDocumentsRequest" => "rmd.xsd",
        _ => "XDS.b_DocumentRepository.xsd",
    }
}

/// Reads every file, writes what was read, reads that again, and has a schema judge it.
fn examine(folders: &[&str], least: usize) -> String {
    let out = std::env::temp_dir().join(format!("tasuki-ebrim-{}-{least}", std::process::id()));
    let mut lines = Vec::new();
    let mut written = std::collections::BTreeMap::<_, Vec<_>>::new();
    std::fs::create_dir_all(&out).unwrap();
    for folder in folders {
        let folder = shared(folder);
        for path in xml_files(&folder) {
            let Some((line, found)) = line(&path, &folder) else {
                continue;
            };
            lines.push(line);
            let Some(found) = found else { continue };
            let document = found.encode();
            let root = read(document.as_str().as_bytes(), &Limits::default()).unwrap();
            let again = Message::decode(&root).unwrap().unwrap();
            assert_eq!(again.encode(), document, "{}", path.display());
            assert_eq!(again.summary(), found.summary());
            // What stands for the bytes of a part is by XOP and not by the schema.
            if again.problems().is_empty() && !document.as_str().contains("xop:Include") {
                let file = out.join(format!("{}.xml", lines.len()));
                std::fs::write(&file, document.as_str()).unwrap();
                written.entry(schema(&root.name)).or_default().push(file);
            }
        }
    }
    assert!(lines.len() >= least, "{}", lines.len());
    for (schema, files) in written {
        let schema = shared("data/ihe/schema/nist/v3").join(schema);
        let judged = Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .arg(&schema)
            .args(&files)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&judged.stderr);
        let wrong: Vec<&str> = said
            .lines()
            .filter(|l| !l.ends_with(" validates"))
            .collect();
        assert!(judged.status.success(), "{}", wrong.join("\n"));
        let valid = said.lines().filter(|l| l.ends_with(" validates"));
        assert_eq!(valid.count(), files.len());
    }
    std::fs::remove_dir_all(&out).unwrap();
    lines.sort();
    lines.join("\n")
}

#[test]
fn captures_of_other_systems_are_read_or_refused_and_written_by_the_schema() {
    let folders = ["data/ihe/samples"];
    insta::assert_snapshot!(examine(&folders, 60));
}

#[test]
fn bodies_of_the_toolkit_are_read_and_written_by_the_schema() {
    insta::assert_snapshot!(examine(&["data/ihe/nist-testkit-v3"], 467));
}

#[test]
fn queries_and_removals_of_the_toolkit_are_read_and_written_by_the_schema() {
    let folder = shared("data/ihe/nist-testkit/tests");
    let mut kinds = std::collections::BTreeMap::<_, usize>::new();
    for path in xml_files(&folder) {
        let Some((line, _)) = line(&path, &folder) else {
            continue;
        };
        let refused = line.split_once("refused: ").map(|(_, why)| why.to_owned());
        *kinds.entry(refused.unwrap_or_default()).or_default() += 1;
    }
    insta::assert_snapshot!(format!("{kinds:#?}"));
}
