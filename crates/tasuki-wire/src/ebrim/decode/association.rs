//! `Association` (ITI TF-3, 4.2.2). One of an unknown type is a problem and is not read.

use super::super::What;
use super::super::names::ASSOCIATION_DOCUMENTATION;
use super::parts::Parts;
use crate::xml::Element;
use tasuki_model::xds::{Association, AssociationKind, SubmissionSetStatus};

pub(super) fn read(element: &Element, mut parts: Parts<'_>) -> Option<Association> {
    let urn = element.attribute("associationType").unwrap_or_default();
    let Some(kind) = AssociationKind::from_urn(urn) else {
        parts.problem(urn, What::Unknown);
        return None;
    };
    let mut end = |name: &str| {
        let found = element.attribute(name).unwrap_or_default().to_owned();
        if found.is_empty() {
            parts.problem(name, What::Missing);
        }
        found
    };
    let (source, target) = (end("sourceObject"), end("targetObject"));
    let set_status = match parts.value("SubmissionSetStatus").as_deref() {
        Some("Original") => Some(SubmissionSetStatus::Original),
        Some("Reference") => Some(SubmissionSetStatus::Reference),
        Some(_) => {
            parts.problem("SubmissionSetStatus", What::Unknown);
            None
        }
        None => None,
    };
    Some(Association {
        kind,
        source,
        target,
        set_status,
        previous_version: parts.value("PreviousVersion"),
        original_status: parts.value("OriginalStatus"),
        new_status: parts.value("NewStatus"),
        propagation: parts.value("AssociationPropagation"),
        documentation: parts.code(ASSOCIATION_DOCUMENTATION, "association documentation"),
        header: parts.finish(),
    })
}
