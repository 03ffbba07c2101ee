//! The parts of which every registry object is made, taken out one by one: what is left over at the
//! end is an extra slot or a problem.

use super::super::names::RIM;
use super::super::{Problem, What};
use super::Nodes;
use crate::xml::Element;
use tasuki_model::xds::{Author, Header, Slot, Text};
use tasuki_model::{AvailabilityStatus, Coding};

/// A classification by a scheme.
struct Classification {
    scheme: String,
    code: String,
    slots: Vec<Slot>,
    name: Vec<Text>,
}

/// An object taken apart.
pub(super) struct Parts<'p> {
    kind: &'static str,
    header: Header,
    nodes: Vec<String>,
    slots: Vec<Slot>,
    classifications: Vec<Classification>,
    identifiers: Vec<(String, String)>,
    name: Vec<Text>,
    description: Vec<Text>,
    problems: &'p mut Vec<Problem>,
}

impl<'p> Parts<'p> {
    pub(super) fn of(
        kind: &'static str,
        element: &Element,
        nodes: &Nodes<'_>,
        problems: &'p mut Vec<Problem>,
    ) -> Self {
        let attribute = |name: &str| element.attribute(name).map(str::to_owned);
        let id = attribute("id").unwrap_or_default();
        let mut parts = Self {
            kind,
            nodes: nodes
                .get(id.as_str())
                .map(|nodes| nodes.iter().map(|node| (*node).to_owned()).collect())
                .unwrap_or_default(),
            header: Header {
                id,
                logical_id: attribute("lid"),
                home: attribute("home"),
                ..Header::default()
            },
            slots: slots(element),
            classifications: Vec::new(),
            identifiers: Vec::new(),
            name: Vec::new(),
            description: Vec::new(),
            problems,
        };
        if let Some(status) = element.attribute("status") {
            parts.header.status = AvailabilityStatus::from_urn(status);
            // `Submitted` is what ebRS calls an object before it is approved.
            if parts.header.status.is_none() && !status.ends_with(":StatusType:Submitted") {
                parts.problem("availabilityStatus", What::Unknown);
            }
        }
        for child in element.elements().filter(|c| *c.namespace == *RIM.uri) {
            parts.child(child);
        }
        parts
    }

    fn child(&mut self, child: &Element) {
        let attribute = |name: &str| child.attribute(name).unwrap_or_default().to_owned();
        match &*child.name {
            "Name" => self.name = texts(child),
            "Description" => self.description = texts(child),
            "VersionInfo" => {
                self.header.version = child.attribute("versionName").map(str::to_owned)
            }
            "Classification" => match child.attribute("classificationScheme") {
                Some(scheme) => self.classifications.push(Classification {
                    scheme: scheme.to_owned(),
                    code: attribute("nodeRepresentation"),
                    slots: slots(child),
                    name: child.first("Name").map(texts).unwrap_or_default(),
                }),
                None => self.nodes.push(attribute("classificationNode")),
            },
            "ExternalIdentifier" => {
                let scheme = attribute("identificationScheme");
                self.identifiers.push((scheme, attribute("value")));
            }
            "Slot" => {}
            other => self.problem(other, What::Unknown),
        }
    }

    pub(super) fn problem(&mut self, attribute: &str, what: What) {
        let problem = Problem::new(self.kind, &self.header.id, attribute, what);
        self.problems.push(problem);
    }

    /// The same parts of an object that turned out to be of another kind.
    pub(super) fn named(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Whether it is classified by a node.
    pub(super) fn is(&self, node: &str) -> bool {
        self.nodes.iter().any(|known| known == node)
    }

    /// The values of a slot; none where there is no slot.
    pub(super) fn values(&mut self, name: &str) -> Vec<String> {
        let mut found: Option<Vec<String>> = None;
        let mut twice = false;
        self.slots.retain_mut(|slot| {
            if slot.name != name {
                return true;
            }
            match &mut found {
                None => found = Some(std::mem::take(&mut slot.values)),
                Some(_) => twice = true,
            }
            false
        });
        if twice {
            self.problem(name, What::Repeated);
        }
        let Some(values) = found else {
            return Vec::new();
        };
        if values.is_empty() || values.iter().all(|v| v.trim().is_empty()) {
            self.problem(name, What::NoValue);
            return Vec::new();
        }
        values
    }

    /// The one value of a slot.
    pub(super) fn value(&mut self, name: &str) -> Option<String> {
        let values = self.values(name);
        if values.len() > 1 {
            self.problem(name, What::ManyValues);
        }
        values.into_iter().next()
    }

    /// The codes of a scheme.
    pub(super) fn codes(&mut self, scheme: &str, attribute: &str) -> Vec<Coding> {
        let (of_scheme, rest) = std::mem::take(&mut self.classifications)
            .into_iter()
            .partition::<Vec<_>, _>(|c| c.scheme == scheme);
        self.classifications = rest;
        let mut codes = Vec::with_capacity(of_scheme.len());
        for found in of_scheme {
            if found.code.is_empty() {
                self.problem(attribute, What::NoCode);
            }
            let mut system = "";
            for slot in &found.slots {
                if slot.name == "codingScheme" {
                    system = slot.values.first().map_or("", String::as_str);
                }
            }
            if system.is_empty() {
                self.problem(attribute, What::NoCodingScheme);
            }
            codes.push(Coding {
                system: system.into(),
                version: None,
                code: found.code.as_str().into(),
                text: found.name.first().map_or("", |n| n.value.as_str()).into(),
            });
        }
        codes
    }

    /// The one code of a scheme.
    pub(super) fn code(&mut self, scheme: &str, attribute: &str) -> Option<Coding> {
        let codes = self.codes(scheme, attribute);
        if codes.len() > 1 {
            self.problem(attribute, What::Repeated);
        }
        codes.into_iter().next()
    }

    /// The authors, each a classification with slots of its own.
    pub(super) fn authors(&mut self, scheme: &str) -> Vec<Author> {
        let (of_scheme, rest) = std::mem::take(&mut self.classifications)
            .into_iter()
            .partition::<Vec<_>, _>(|c| c.scheme == scheme);
        self.classifications = rest;
        of_scheme
            .into_iter()
            .map(|found| self.author(found.slots))
            .collect()
    }

    fn author(&mut self, slots: Vec<Slot>) -> Author {
        let mut author = Author::default();
        for mut slot in slots {
            slot.values.retain(|value| !value.trim().is_empty());
            match slot.name.as_str() {
                "authorPerson" => {
                    if slot.values.len() > 1 || author.person.is_some() {
                        self.problem("authorPerson", What::ManyValues);
                    }
                    author.person = author.person.or(slot.values.into_iter().next());
                }
                "authorInstitution" => author.institutions.extend(slot.values),
                "authorRole" => author.roles.extend(slot.values),
                "authorSpecialty" => author.specialties.extend(slot.values),
                "authorTelecommunication" => author.telecoms.extend(slot.values),
                other => self.problem(other, What::Unknown),
            }
        }
        author
    }

    /// An external identifier.
    pub(super) fn identifier(&mut self, scheme: &str, attribute: &str) -> Option<String> {
        let (of_scheme, rest) = std::mem::take(&mut self.identifiers)
            .into_iter()
            .partition::<Vec<_>, _>(|(s, _)| s == scheme);
        self.identifiers = rest;
        if of_scheme.len() > 1 {
            self.problem(attribute, What::Repeated);
        }
        let value = of_scheme.into_iter().next().map(|(_, value)| value)?;
        (!value.is_empty()).then_some(value)
    }

    /// `Name`, in the languages given.
    pub(super) fn title(&mut self) -> Vec<Text> {
        std::mem::take(&mut self.name)
    }

    /// `Description`.
    pub(super) fn comments(&mut self) -> Vec<Text> {
        std::mem::take(&mut self.description)
    }

    /// What every object has. Slots that are left are extra metadata; schemes that are left are
    /// problems.
    pub(super) fn finish(mut self) -> Header {
        for found in std::mem::take(&mut self.classifications) {
            self.problem(&found.scheme, What::Unknown);
        }
        for (scheme, _) in std::mem::take(&mut self.identifiers) {
            self.problem(&scheme, What::Unknown);
        }
        self.header.extra = self.slots;
        self.header
    }
}

fn slots(element: &Element) -> Vec<Slot> {
    let values = |slot: &Element| -> Vec<String> {
        slot.first("ValueList")
            .map(|list| list.all("Value").map(Element::text).collect())
            .unwrap_or_default()
    };
    let of_rim = element.elements().filter(|e| *e.namespace == *RIM.uri);
    of_rim
        .filter(|e| *e.name == *"Slot")
        .map(|slot| Slot {
            name: slot.attribute("name").unwrap_or_default().to_owned(),
            values: values(slot),
        })
        .collect()
}

fn texts(element: &Element) -> Vec<Text> {
    element
        .all("LocalizedString")
        .map(|text| Text {
            language: text
                .attributes
                .iter()
                .find(|a| *a.name == *"lang")
                .map(|a| a.value.as_str().into()),
            value: text.attribute("value").unwrap_or_default().to_owned(),
        })
        .filter(|text| !text.value.is_empty())
        .collect()
}
