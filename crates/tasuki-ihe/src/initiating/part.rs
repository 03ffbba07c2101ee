//! Parts of an answer become one: objects of all, errors of all, and one status (ITI TF-3 4.2.4.2).

use super::forward::Forwarded;
use std::collections::{BTreeMap, BTreeSet};
use tasuki_model::xds::RegistryObject;
use tasuki_wire::ebrim::{
    Found, QueryResponse, RegistryError, RegistryResponse, ResponseStatus, ReturnType, Severity,
};

/// What one community, or this one, has to say.
#[derive(Default)]
pub(super) struct Part {
    pub found: Found,
    pub errors: Vec<RegistryError>,
    /// Whether it answered, be it with nothing.
    pub answered: bool,
}

impl Part {
    /// Nothing but a gap.
    pub fn gap(error: RegistryError) -> Self {
        Self {
            errors: vec![error],
            ..Self::default()
        }
    }

    /// Our own answer; among others' objects, ours say whose they are too.
    pub fn own(own: QueryResponse, home: &str) -> Self {
        let mut found = own.found;
        for object in &mut found.objects {
            object.header_mut().home = Some(home.to_owned());
        }
        for told in &mut found.told {
            told.home = Some(home.to_owned());
        }
        for (_, of) in &mut found.references {
            *of = Some(home.to_owned());
        }
        Self {
            found,
            errors: own.response.errors,
            answered: own.response.status != ResponseStatus::Failure,
        }
    }

    /// What was released of another's answer. Associations go with the objects that they join.
    pub fn other(forwarded: Forwarded, released: Vec<RegistryObject>) -> Self {
        Self {
            found: Found {
                objects: with_ends(released),
                told: Vec::new(),
                references: forwarded.references,
            },
            errors: forwarded.errors,
            answered: forwarded.answered,
        }
    }

    pub fn join(&mut self, other: Self) {
        self.found.objects.extend(other.found.objects);
        self.found.told.extend(other.found.told);
        self.found.references.extend(other.found.references);
        self.errors.extend(other.errors);
        self.answered |= other.answered;
    }
}

/// Without associations of which neither end is there, unless there is nothing else: then they were
/// what was asked for.
fn with_ends(objects: Vec<RegistryObject>) -> Vec<RegistryObject> {
    let is_join = |o: &RegistryObject| matches!(o, RegistryObject::Association(_));
    if objects.iter().all(is_join) {
        return objects;
    }
    let there = objects.iter().filter(|o| !is_join(o));
    let there: BTreeSet<String> = there.map(|o| o.header().id.clone()).collect();
    let keeps = |object: &RegistryObject| match object {
        RegistryObject::Association(joins) => {
            there.contains(&joins.source) || there.contains(&joins.target)
        }
        _ => true,
    };
    objects.into_iter().filter(keeps).collect()
}

/// The one answer of all parts.
pub(super) fn together(parts: Vec<Part>, returns: ReturnType) -> QueryResponse {
    let mut whole = Part::default();
    for part in parts {
        whole.join(part);
    }
    let mut found = whole.found;
    // One object of one community, once: several ids there may be one record.
    let mut seen = BTreeSet::new();
    let mut first = |id: &str, home: Option<&str>| seen.insert(format!("{id} {home:?}"));
    found
        .objects
        .retain(|o| first(&o.header().id, o.header().home.as_deref()));
    found
        .references
        .retain(|(id, home)| first(id, home.as_deref()));
    if returns == ReturnType::ObjectRef {
        let objects = std::mem::take(&mut found.objects).into_iter();
        found.references.extend(objects.map(|mut object| {
            let header = object.header_mut();
            (std::mem::take(&mut header.id), header.home.take())
        }));
    }
    let response = RegistryResponse {
        status: status(whole.answered, &whole.errors),
        errors: once(whole.errors),
    };
    QueryResponse { response, found }
}

/// How it ended: warnings alone change nothing.
pub(super) fn status(answered: bool, errors: &[RegistryError]) -> ResponseStatus {
    let wrong = errors.iter().any(|e| e.severity == Severity::Error);
    match (answered, wrong) {
        (_, false) => ResponseStatus::Success,
        (true, true) => ResponseStatus::PartialSuccess,
        (false, true) => ResponseStatus::Failure,
    }
}

/// Each error once: several ids of a patient at one community may fail alike.
fn once(errors: Vec<RegistryError>) -> Vec<RegistryError> {
    let mut kept: BTreeMap<(String, String, Option<String>), ()> = BTreeMap::new();
    let key = |e: &RegistryError| (e.code.clone(), e.context.clone(), e.location.clone());
    let new = |e: &RegistryError| kept.insert(key(e), ()).is_none();
    let mut new = new;
    errors.into_iter().filter(|e| new(e)).collect()
}
