//! Whether an answer is what a step expects: status, error, contents, documents, assertions.

use super::plan::{Section, Step, Tag};
use super::{contents, documents};
use crate::failure::Done;
use crate::soap::Answer;
use crate::tree::{first, parse};
use crate::xpath;
use roxmltree::Node;

/// What a transaction can say that means something to its verdict.
const KNOWN: &[&str] = &[
    "ASync",
    "AssignUuids",
    "Assertions",
    "Document",
    "ExpectedContents",
    "ExpectedMimeType",
    "MetadataFile",
    "NoAssignUids",
    "NoMetadata",
    "NoPatientId",
    "ReferenceDocument",
    "ReferenceMetadata",
    "Report",
    "UseId",
    "UseReport",
    "UseXPath",
    "UseRepositoryUniqueId",
    "WaitBefore",
    "CreateNewPatientId",
    // How the toolkit writes its own files, and what its page draws.
    "CleanParams",
    "InteractionSequence",
    "ParseMetadata",
    "XDSb",
];

/// What of a step's words nobody here knows.
#[must_use]
pub fn unknown(transaction: &Tag) -> Vec<String> {
    let unknown = transaction
        .inner
        .iter()
        .filter(|tag| !KNOWN.contains(&tag.name.as_str()));
    unknown
        .map(|tag| format!("{} cannot be judged", tag.name))
        .collect()
}

/// What is wrong with an answer. `known` is the answer of the query whose entries describe its documents.
///
/// # Errors
/// Where the answer cannot be read.
pub fn judge(
    section: &Section,
    step: &Step,
    answer: &Answer,
    symbols: &[(String, String)],
    known: Option<&str>,
) -> Done<Vec<String>> {
    let mut wrong = status(step, answer)?;
    if let Some(expected) = step.transaction.first("ExpectedContents") {
        wrong.extend(contents::judge(expected, &answer.body)?);
    }
    wrong.extend(documents::judge(section, step, answer, symbols, known)?);
    Ok(wrong)
}

fn status(step: &Step, answer: &Answer) -> Done<Vec<String>> {
    let document = parse(&answer.body)?;
    let root = document.root_element();
    if answer.fault || step.status == "Fault" {
        let right = answer.fault && step.status == "Fault";
        let said = format!("{} expected: {}", step.status, answer.body);
        return Ok(if right { Vec::new() } else { vec![said] });
    }
    if root.tag_name().name() == "PRPA_IN201306UV02" {
        return Ok(discovery(step, root));
    }
    let response = first(root, "RegistryResponse").unwrap_or(root);
    let status = response.attribute("status").unwrap_or_default();
    let errors = first(response, "RegistryErrorList");
    let errors: Vec<Node<'_, '_>> = errors.map_or_else(Vec::new, |list| {
        list.children().filter(Node::is_element).collect()
    });
    let of = |error: &Node<'_, '_>, name| error.attribute(name).unwrap_or_default().to_owned();
    let said: Vec<String> = errors
        .iter()
        .map(|e| format!("{}: {}", of(e, "errorCode"), of(e, "codeContext")))
        .collect();
    let said = said.join("; ");
    let mut wrong = Vec::new();
    if status.rsplit(':').next() != Some(&step.status) {
        wrong.push(format!("{} expected, not {status} ({said})", step.status));
    }
    if let Some(expected) = &step.error {
        let named = errors.iter().any(|error| {
            of(error, "errorCode") == *expected || of(error, "codeContext").contains(expected)
        });
        if !named {
            wrong.push(format!("{expected} expected, not {said}"));
        }
    }
    Ok(wrong)
}

/// A discovery succeeds where it is accepted and finds somebody (ITI TF-2, 3.55.4.2.2).
fn discovery(step: &Step, root: Node<'_, '_>) -> Vec<String> {
    let code = |element: &str, name: &str| {
        let mut all = root.descendants();
        let found = all.find(|node| node.tag_name().name() == element);
        found
            .and_then(|node| node.attribute(name))
            .unwrap_or_default()
    };
    let accepted = code("acknowledgement", "typeCode");
    let accepted = match accepted {
        "" => code("typeCode", "code"),
        said => said,
    };
    let answered = code("queryResponseCode", "code");
    let found = root
        .descendants()
        .any(|node| node.tag_name().name() == "registrationEvent");
    let is = match accepted == "AA" && answered == "OK" && found {
        true => "Success",
        false => "Failure",
    };
    let said = format!(
        "{} expected, not {is} ({accepted}, {answered})",
        step.status
    );
    if is == step.status {
        Vec::new()
    } else {
        vec![said]
    }
}

/// Assertions over the log of a section that do not hold.
///
/// # Errors
/// Where one cannot be evaluated.
pub fn assertions(step: &Step, symbols: &[(String, String)], log: &str) -> Done<Vec<String>> {
    let lists = step.transaction.all("Assertions");
    let all: Vec<&Tag> = lists.flat_map(|list| list.all("Assert")).collect();
    let today = jiff::Timestamp::now().strftime("%Y%m%d").to_string();
    let of = |assertion: &Tag, name| assertion.get(name).unwrap_or_default().to_owned();
    let (mut expressions, mut names, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for assertion in all {
        let id = of(assertion, "id");
        if assertion.text.is_empty() || assertion.get("process").is_some() {
            wrong.push(format!("{id} cannot be judged"));
            continue;
        }
        let mut expression = assertion.text.replace("$DATE$", &today);
        for (symbol, value) in symbols {
            expression = expression.replace(symbol.as_str(), value);
        }
        expressions.push(expression);
        names.push(id);
    }
    let document = format!("<TestResults>{log}</TestResults>");
    let held = xpath::hold(&document, &expressions)?;
    let fallen = names.iter().zip(held).filter(|(_, held)| !held);
    wrong.extend(fallen.map(|(id, _)| format!("{id} does not hold")));
    Ok(wrong)
}
