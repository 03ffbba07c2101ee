//! From a `RegistryObjectList` to XDS metadata.

mod association;
mod entry;
mod package;
mod parts;

use super::names::{self, RIM};
use super::{EbrimError, OBJECTS_MAX, Problem, What};
use crate::xml::Element;
use parts::Parts;
use std::collections::HashMap;
use tasuki_model::xds::{RegistryObject, Submission};

/// Metadata as read, and what is wrong with its form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// The objects.
    pub submission: Submission,
    /// References to objects elsewhere: their id and home community.
    pub references: Vec<(String, Option<String>)>,
    /// What is wrong. Nothing was dropped without one.
    pub problems: Vec<Problem>,
}

/// Nodes by which an object is classified from outside of it.
type Nodes<'e> = HashMap<&'e str, Vec<&'e str>>;

/// Reads the objects inside an element, such as a `RegistryObjectList`.
///
/// # Errors
/// [`EbrimError::TooMany`] beyond [`OBJECTS_MAX`].
pub fn read_objects(list: &Element) -> Result<Read, EbrimError> {
    if list.elements().count() > OBJECTS_MAX {
        return Err(EbrimError::TooMany {
            what: "objects",
            limit: OBJECTS_MAX,
        });
    }
    let nodes = nodes(list);
    let mut read = Read::default();
    for element in list.elements() {
        if *element.namespace != *RIM.uri {
            read.problem("RegistryObjectList", "", &element.name, What::Unknown);
            continue;
        }
        match &*element.name {
            "ExtrinsicObject" => {
                let parts = Parts::of("DocumentEntry", element, &nodes, &mut read.problems);
                let entry = entry::read(element, parts);
                read.submission.entries.push(entry);
            }
            "RegistryPackage" => read.package(element, &nodes),
            "Association" => {
                let parts = Parts::of("Association", element, &nodes, &mut read.problems);
                if let Some(association) = association::read(element, parts) {
                    read.submission.associations.push(association);
                }
            }
            "ObjectRef" => {
                let id = element.attribute("id").unwrap_or_default().to_owned();
                let home = element.attribute("home").map(str::to_owned);
                read.references.push((id, home));
            }
            "Classification" => {}
            other => read.problem("RegistryObjectList", "", other, What::Unknown),
        }
    }
    Ok(read)
}

/// Classifications that stand beside the objects and say what a package is.
fn nodes(list: &Element) -> Nodes<'_> {
    let mut nodes: Nodes<'_> = HashMap::new();
    for element in list.elements().filter(|e| *e.name == *"Classification") {
        let of = element.attribute("classifiedObject");
        let node = element.attribute("classificationNode");
        if let (Some(of), Some(node)) = (of, node) {
            nodes.entry(of).or_default().push(node);
        }
    }
    nodes
}

impl Read {
    fn problem(&mut self, kind: &'static str, object: &str, attribute: &str, what: What) {
        self.problems
            .push(Problem::new(kind, object, attribute, what));
    }

    fn package(&mut self, element: &Element, nodes: &Nodes<'_>) {
        let parts = Parts::of("SubmissionSet", element, nodes, &mut self.problems);
        if parts.is(names::NODE_SUBMISSION_SET) {
            let set = package::read_set(parts);
            self.submission.push(RegistryObject::Set(Box::new(set)));
        } else if parts.is(names::NODE_FOLDER) {
            let folder = package::read_folder(parts.named("Folder"));
            self.submission
                .push(RegistryObject::Folder(Box::new(folder)));
        } else {
            let id = element.attribute("id").unwrap_or_default();
            self.problem("RegistryPackage", id, "classificationNode", What::Missing);
        }
    }
}
