//! Every body that is answered, held against the schemas of the exchange.

use super::run::shared;
use std::process::Command;

/// What a schema says against any of these bodies. `xop:Include` stands for bytes by XOP and not by
/// the schema, so bodies with one are left to those who read them.
pub fn judge(answers: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let folder = std::env::temp_dir().join(format!(
        "tasuki-answers-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::create_dir_all(&folder).unwrap();
    for (root, schema) in [
        ("AdhocQueryResponse", "query.xsd"),
        ("RegistryResponse", "rs.xsd"),
        (
            "RetrieveDocumentSetResponse",
            "XDS.b_DocumentRepository.xsd",
        ),
    ] {
        let begins = |answer: &&String| {
            let name = answer.trim_start_matches('<').split([' ', '>', '/']).next();
            name.is_some_and(|name| name.rsplit(':').next() == Some(root))
        };
        let mut files = Vec::new();
        for answer in answers.iter().filter(begins) {
            if !answer.contains("Include") {
                let file = folder.join(format!("{root}-{}.xml", files.len()));
                std::fs::write(&file, answer).unwrap();
                files.push(file);
            }
        }
        if files.is_empty() {
            continue;
        }
        let schema = shared("data/ihe/schema/nist/v3").join(schema);
        let judged = Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .arg(schema)
            .args(&files)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&judged.stderr);
        let against = said.lines().filter(|line| !line.ends_with(" validates"));
        if !judged.status.success() {
            wrong.extend(against.map(str::to_owned));
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    wrong
}
