//! An association.

use super::super::names::{ASSOCIATION_DOCUMENTATION, TYPE_PREFIX};
use super::parts::{Object, object};
use crate::xml::Writer;
use tasuki_model::xds::{Association, SubmissionSetStatus};

pub(super) fn write(writer: &mut Writer, it: &Association) {
    let start = object(writer, "Association", &it.header)
        .attribute("objectType", &format!("{TYPE_PREFIX}Association"))
        .attribute("associationType", it.kind.urn())
        .attribute("sourceObject", &it.source)
        .attribute("targetObject", &it.target);
    start.content(|inside| {
        let mut object = Object::new(inside, &it.header);
        let set_status = it.set_status.map(|status| match status {
            SubmissionSetStatus::Original => "Original",
            SubmissionSetStatus::Reference => "Reference",
        });
        object.slot("SubmissionSetStatus", set_status.as_slice());
        object.value("PreviousVersion", it.previous_version.as_ref());
        object.value("OriginalStatus", it.original_status.as_ref());
        object.value("NewStatus", it.new_status.as_ref());
        object.value("AssociationPropagation", it.propagation.as_ref());
        object.extra(&it.header.extra);
        object.words(&[], &[], it.header.version.as_deref());
        if let Some(code) = &it.documentation {
            object.code(ASSOCIATION_DOCUMENTATION, code);
        }
    });
}
