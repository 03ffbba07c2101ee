//! `ExpectedContents`: what an answer has to hold, by count and status, read from the raw body.

use super::plan::Tag;
use crate::failure::Done;
use crate::tree::{all, first, parse};
use roxmltree::Node;

const SET: &str = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd";
const FOLDER: &str = "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2";

/// How many of what an answer holds.
#[derive(Debug, Default)]
struct Counted {
    /// Ids and types of document entries.
    found: Vec<(String, String)>,
    sets: usize,
    documents: usize,
    folders: usize,
    associations: usize,
    references: usize,
    members: usize,
    transformed: usize,
    approved: usize,
    deprecated: usize,
    sets_approved: usize,
    folders_approved: usize,
    folders_deprecated: usize,
}

/// What is not as expected.
///
/// # Errors
/// Where the body is no XML.
pub fn judge(expected: &Tag, body: &str) -> Done<Vec<String>> {
    let document = parse(body)?;
    let mut counted = Counted::default();
    if let Some(list) = first(document.root_element(), "RegistryObjectList") {
        for object in list.children().filter(Node::is_element) {
            counted.add(object);
        }
    }
    let wrong = expected.inner.iter().filter_map(|item| {
        if item.name == "DocumentEntries" {
            return counted.entries(item);
        }
        let count = item.get("count").unwrap_or_default();
        let said = match counted.holds(&item.name, count.parse().ok()) {
            Some(true) => return None,
            Some(false) => "expected",
            None => "cannot be judged",
        };
        Some(format!(
            "{} {count} {said}; there is {counted:?}",
            item.name
        ))
    });
    Ok(wrong.collect())
}

impl Counted {
    fn add(&mut self, object: Node<'_, '_>) {
        let ends = |name: &str, end: &str| object.attribute(name).is_some_and(|v| v.ends_with(end));
        let classified = |node: &str| {
            all(object, "Classification").any(|c| c.attribute("classificationNode") == Some(node))
        };
        let approved = usize::from(ends("status", ":Approved"));
        let deprecated = usize::from(ends("status", ":Deprecated"));
        match object.tag_name().name() {
            "ExtrinsicObject" => {
                self.documents += 1;
                let of = |name| object.attribute(name).unwrap_or_default().to_owned();
                self.found.push((of("id"), of("objectType")));
                self.approved += approved;
                self.deprecated += deprecated;
            }
            "RegistryPackage" if classified(SET) => {
                self.sets += 1;
                self.sets_approved += approved;
            }
            "RegistryPackage" if classified(FOLDER) => {
                self.folders += 1;
                self.folders_approved += approved;
                self.folders_deprecated += deprecated;
            }
            "Association" => {
                self.associations += 1;
                self.members += usize::from(ends("associationType", ":HasMember"));
                self.transformed += usize::from(ends("associationType", ":XFRM_RPLC"));
            }
            "ObjectRef" => self.references += 1,
            _ => {}
        }
    }

    /// What is wrong with the entries: exactly those named, each of its type.
    fn entries(&self, expected: &Tag) -> Option<String> {
        let named = |list: &str| -> Vec<(String, String)> {
            let entries = expected
                .all(list)
                .flat_map(|list| list.all("DocumentEntry"));
            let of = |entry: &Tag, name| entry.first(name).map_or("", |t| &t.text).to_owned();
            entries
                .map(|entry| (of(entry, "UseId"), of(entry, "DocumentEntryType")))
                .collect()
        };
        let only = named("MustOnlyInclude");
        let [include, exclude] = ["Include", "Exclude"].map(named);
        let known = expected.inner.iter();
        let known = known.map(|list| list.name.as_str());
        let mut known =
            known.filter(|name| !["Include", "Exclude", "MustOnlyInclude"].contains(name));
        if let Some(unknown) = known.next() {
            return Some(format!("{unknown} cannot be judged"));
        }
        let held = |entry: &(String, String)| self.found.contains(entry);
        let right = (only.is_empty() || self.found.len() == only.len())
            && only.iter().chain(&include).all(held)
            && !exclude.iter().any(held)
            && !expected.inner.is_empty();
        (!right).then(|| {
            let found = &self.found;
            format!("only {only:?}, also {include:?}, not {exclude:?} expected; there is {found:?}")
        })
    }

    /// Whether an expectation holds; nothing where it is not known.
    fn holds(&self, name: &str, count: Option<usize>) -> Option<bool> {
        let all = (self.sets, self.documents, self.folders);
        Some(match name {
            "SubmissionSets" => self.sets == count?,
            "NoSubmissionSet" => self.sets == 0,
            "NoDocument" => self.documents == 0,
            "Documents" => self.documents == count?,
            "Folders" => self.folders == count?,
            "Associations" => self.associations == count?,
            "ObjectRefs" => self.references == count?,
            "SSwithOneDoc" => all == (1, 1, 0) && self.members == 1,
            "SSwithTwoDoc" => all == (1, 2, 0) && self.members == 2,
            "SSwithOneFol" => all == (1, 0, 1),
            "SSwithOneDocOneFol" => all == (1, 1, 1),
            "SSwithTwoDocOneFol" | "SSwithTwoDocOneFolOneDocInFol" => all == (1, 2, 1),
            "DocApp" => self.approved == self.documents,
            "DocDep" => self.documents > 0 && self.deprecated == self.documents,
            "FolDep" => self.folders > 0 && self.folders_deprecated == self.folders,
            "FolApp" => self.folders > 0 && self.folders_approved == self.folders,
            "OneDocApp" => self.approved == 1,
            "OneDocDep" => self.deprecated == 1,
            "SSApproved" => self.sets_approved > 0,
            "HasXFRM_RPLC" => self.transformed > 0,
            "None" => all == (0, 0, 0) && self.associations + self.references == 0,
            _ => return None,
        })
    }
}
