//! A session whose node is an initiating gateway: where each message goes, and whether what the node
//! sent on is what the plan says that it has to send.

use super::plan::{Section, Step};
use super::session::Wire;
use super::suite::Session;
use crate::failure::Done;
use crate::node::home;
use crate::soap::Answer;
use crate::tree::{all, first, parse, standalone};
use std::collections::BTreeSet;

/// The test in which the first community answers with an error.
const FIRST_FAILS: &str = "15814";

/// Which community a message goes to: the node under test (0), or one of the two.
#[must_use]
pub fn place(session: &Session, section: &Section, step: &Step) -> usize {
    let Some(second) = &session.second else {
        return 0;
    };
    let asked = [
        "IGQTransaction",
        "IGRTransaction",
        "XCQTransaction",
        "XCRTransaction",
    ];
    if asked.contains(&step.transaction.name.as_str()) {
        return 0;
    }
    let key = [section.test.clone(), section.name.clone()];
    if second.contains(&key) { 2 } else { 1 }
}

/// Before a message: whether the first community fails in it, and the repository of its documents,
/// which plan 12308 uses and nothing in it says.
pub fn prepare(wire: &mut dyn Wire, section: &Section, symbols: &mut Vec<(String, String)>) {
    wire.first_fails(section.test == FIRST_FAILS);
    if section.test == "12308" {
        symbols.push(("$repositoryuid$".to_owned(), format!("{}.1", home(1))));
    }
}

/// What is wrong with what the node has sent on: nothing may leave for a message that is refused as a
/// fault; a query goes as ITI-38 to its community in the return type that was asked for, a retrieve as
/// ITI-39 for the same documents. `answers` takes each body for its schema.
///
/// # Errors
/// Where a message that it sent cannot be read.
pub fn judge(
    wire: &mut dyn Wire,
    (asked, status): (&str, &str),
    answer: &Answer,
    answers: &mut dyn FnMut(&str, &str),
) -> Done<Vec<String>> {
    let sent = wire.forwarded();
    if answer.fault {
        return Ok(match sent.len() {
            0 => Vec::new(),
            count => vec![format!("{count} messages went on of one that is refused")],
        });
    }
    let question = parse(asked)?;
    let wanted = said(&question);
    let (mut wrong, mut found) = (Vec::new(), 0);
    for (home, envelope) in &sent {
        let document = parse(envelope)?;
        let body = first(document.root_element(), "Body").and_then(|b| b.first_element_child());
        let Some(body) = body else {
            wrong.push("a message without a body went on".to_owned());
            continue;
        };
        answers("forwarded", &standalone(envelope, body));
        let text = standalone(envelope, body);
        let inside = parse(&text)?;
        let is = said(&inside);
        let retrieves = body.tag_name().name() == "RetrieveDocumentSetRequest";
        let action = match retrieves {
            true => "CrossGatewayRetrieve",
            false => "CrossGatewayQuery",
        };
        if !envelope.contains(&format!("urn:ihe:iti:2007:{action}<")) {
            wrong.push(format!("{action} expected as the action of what went on"));
        }
        let homes = is
            .homes
            .iter()
            .all(|said| said == &format!("urn:oid:{home}"));
        if !homes || is.homes.is_empty() {
            wrong.push(format!("{home} was asked as {:?}", is.homes));
        }
        let same = match retrieves {
            true => is.documents.is_subset(&wanted.documents),
            false => is.returns == wanted.returns || wanted.returns.is_empty(),
        };
        found += usize::from(retrieves == wanted.returns.is_empty());
        if !same {
            wrong.push(format!("{is:?} went on for {wanted:?}"));
        }
    }
    if found == 0 && status != "Failure" {
        wrong.push("nothing went on to any community".to_owned());
    }
    Ok(wrong)
}

/// What a message asks for.
#[derive(Debug, Default)]
struct Said {
    homes: Vec<String>,
    returns: String,
    documents: BTreeSet<String>,
}

fn said(document: &roxmltree::Document<'_>) -> Said {
    let root = document.root_element();
    let option = first(root, "ResponseOption");
    let queries = all(root, "AdhocQuery").filter_map(|query| query.attribute("home"));
    let of = |name| all(root, "DocumentRequest").filter_map(move |one| first(one, name)?.text());
    let (requests, documents) = (of("HomeCommunityId"), of("DocumentUniqueId"));
    Said {
        homes: queries.chain(requests).map(str::to_owned).collect(),
        returns: option
            .and_then(|option| option.attribute("returnType"))
            .unwrap_or_default()
            .to_owned(),
        documents: documents.map(str::to_owned).collect(),
    }
}
