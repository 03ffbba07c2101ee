//! What the policy and the calendar have to know of a document of another community, by its metadata.

use crate::iti38::RemoteEntry;
use crate::xds::Registry;
use tasuki_core::Fault;
use tasuki_core::elsewhere::CopyRow;
use tasuki_core::ports::Listed;
use tasuki_model::xds::{DocumentEntry, ObjectType, utc_in_jst};
use tasuki_model::{Category, CopyId, Instant, JstDay};

/// An entry as it is laid on the shelf.
pub(super) fn listed_as(
    registry: &Registry,
    remote: &RemoteEntry,
    category: Category,
    (confirmed, unconfirmed): (Instant, bool),
) -> Result<Listed, Fault> {
    let entry = &remote.entry;
    let broken =
        |e: tasuki_model::IdError| Fault::new(tasuki_core::Code::InternalFault, e.to_string());
    let on_demand = entry.object_type == ObjectType::OnDemand;
    let kind = entry.class_code.as_ref().map(|c| c.code.as_str());
    let row = CopyRow {
        // The store gives it its own.
        id: CopyId::new("new").map_err(broken)?,
        source: remote.asked.clone(),
        patient: "".into(),
        day: day(entry).filter(|_| !on_demand),
        category: if on_demand { apart(category) } else { category },
        kind: kind.unwrap_or_default().into(),
        confirmed,
        fetched: None,
        problem: None,
        items: 1,
        unconfirmed,
    };
    Ok(Listed {
        row,
        confidentiality: registry.affinity.confidentiality(entry),
        entry: entry.clone(),
    })
}

/// Where a document that is made on demand is listed: among documents, whatever it is a summary of, for it
/// repeats facts that others state. Nobody sees it who would not see its own category.
const fn apart(category: Category) -> Category {
    match category {
        Category::Report | Category::File | Category::Record => category,
        Category::Image | Category::Meal => Category::Record,
        _ => Category::File,
    }
}

/// The day in Japan on which the service began. What has none is undated, as in our own registry:
/// when a list of diseases was written is not when they were.
fn day(entry: &DocumentEntry) -> Option<JstDay> {
    let undated = matches!(
        entry.class_code.as_ref().map(|c| c.code.as_str()),
        Some("ADT-00" | "ADT-61" | "PPR-01")
    );
    let time = entry.service_start.as_deref();
    let time = time.or(entry.creation_time.as_deref().filter(|_| !undated));
    time.and_then(utc_in_jst).map(|time| time.day())
}
