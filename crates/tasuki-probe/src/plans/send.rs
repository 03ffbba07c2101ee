//! One step's message: its file, symbols filled in, and its documents beside it.

use super::fill::filled;
use super::plan::{Section, Step};
use super::transactions::{Body, Transaction};
use super::values::{Patients, Values};
use crate::failure::{Done, Failure};
use crate::mime::Part;
use crate::soap::Request;
use crate::tree::{self, Edits, escape, parse, standalone};

const XDS: &str = "urn:ihe:iti:xds-b:2007";
const XOP: &str = "http://www.w3.org/2004/08/xop/include";
/// What the plans mean by a year ago and by today.
const DAYS: [(&str, &str); 2] = [("$lastyear$", "2025"), ("$now$", "20270101")];

/// A step's message, and the metadata in it for the log of the section.
///
/// # Errors
/// Where the plan lacks something that it needs.
pub fn request(
    transaction: &Transaction,
    values: &mut Values,
    (section, step): (&Section, &Step),
    symbols: &[(String, String)],
    patients: &mut dyn Patients,
) -> Done<(Request, String)> {
    let file = step.transaction.first("MetadataFile");
    let file = file.ok_or_else(|| Failure("no MetadataFile".to_owned()))?;
    let mut text = section.file(&file.text)?;
    // A birth in month 97 (plan 15500) is none: a day in its place.
    text = text.replace("\"19849711\"", "\"19841107\"");
    for (symbol, value) in DAYS {
        text = text.replace(symbol, value);
    }
    for (symbol, value) in symbols {
        text = text.replace(symbol.as_str(), &escape(value));
    }
    if step.transaction.first("CleanParams").is_some() {
        text = cleaned(&text)?;
    }
    let text = text.trim_start_matches('\u{feff}').trim().to_owned();
    let mut request = Request {
        action: transaction.action.to_owned(),
        ..Request::default()
    };
    if transaction.body == Body::AsItIs {
        request.body = text;
    } else {
        let whole = filled(values, (section, step), &text, patients)?;
        request.body = submission(&whole)?;
    }
    let metadata = request.body.clone();
    let metadata = metadata
        .split_once("?>")
        .map_or(metadata.as_str(), |(_, rest)| rest);
    if transaction.body == Body::Provided {
        let (body, parts) = provided(values, section, step, metadata)?;
        request.body = body;
        request.parts = Some(parts);
    }
    Ok((request, metadata.to_owned()))
}

/// A query without the parameters for which the step has no value.
fn cleaned(text: &str) -> Done<String> {
    let document = parse(text)?;
    let mut edits = Edits::default();
    for slot in document.descendants() {
        let value = tree::text(slot);
        let symbol = value.trim_matches(['(', ')', '\'']);
        let open = symbol.starts_with('$') && symbol.ends_with('$');
        if slot.tag_name().name() == "Slot" && open {
            edits.put(slot.range(), "");
        }
    }
    Ok(edits.apply(text))
}

/// The submission alone; some plans have a whole message around it.
fn submission(text: &str) -> Done<String> {
    let document = parse(text)?;
    let mut found = document.descendants();
    let found = found.find(|node| node.tag_name().name() == "SubmitObjectsRequest");
    Ok(found.map_or_else(|| text.to_owned(), |node| standalone(text, node)))
}

fn provided(
    values: &Values,
    section: &Section,
    step: &Step,
    metadata: &str,
) -> Done<(String, Vec<Part>)> {
    let place = (section.test.clone(), section.name.clone(), step.id.clone());
    let (mut documents, mut parts) = (String::new(), Vec::new());
    for (number, document) in step.transaction.all("Document").enumerate() {
        let symbol = document.need("id")?;
        let id = values.get(&place, &format!("{symbol}_uuid"));
        let id = id.filter(|id| !id.is_empty()).unwrap_or(symbol);
        let part = format!("document{number}@probe");
        documents.push_str(&format!(
            "<x:Document id=\"{}\"><xop:Include xmlns:xop=\"{XOP}\" href=\"cid:{part}\"/></x:Document>",
            escape(id)
        ));
        // Those that are no text were not collected: the same bytes stand for each of them.
        let bytes = section.document(&document.text);
        parts.push((
            part,
            bytes.unwrap_or_else(|| b"%PDF-1.4 synthetic".to_vec()),
        ));
    }
    let body = format!(
        "<x:ProvideAndRegisterDocumentSetRequest xmlns:x=\"{XDS}\">{metadata}{documents}\
         </x:ProvideAndRegisterDocumentSetRequest>"
    );
    Ok((body, parts))
}
