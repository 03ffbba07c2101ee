//! `ExpectedContents`: what an answer has to hold, by count and status.

use tasuki_model::AvailabilityStatus::{Approved, Deprecated};
use tasuki_model::xds::{AssociationKind, RegistryObject};
use tasuki_wire::ebrim::QueryResponse;
use tasuki_wire::xml::Element;

/// What is not as expected.
pub fn judge(expected: &Element, answer: &QueryResponse) -> Vec<String> {
    let objects = &answer.found.objects;
    let count = |kind: &str| objects.iter().filter(|o| o.kind() == kind).count();
    let [sets, documents, folders, associations] =
        ["SubmissionSet", "DocumentEntry", "Folder", "Association"].map(count);
    let with = |status| {
        let of =
            |o: &&RegistryObject| o.kind() == "DocumentEntry" && o.header().status == Some(status);
        objects.iter().filter(of).count()
    };
    let memberships = objects.iter().filter(
        |o| matches!(o, RegistryObject::Association(a) if a.kind == AssociationKind::HasMember),
    );
    let memberships = memberships.count();
    let found = format!(
        "{sets} sets, {documents} documents, {folders} folders, \
        {associations} associations, {} references",
        answer.found.references.len()
    );
    let mut wrong = Vec::new();
    for item in expected.elements() {
        let number = || item.attribute("count").unwrap().parse::<usize>().unwrap();
        let right = match &*item.name {
            "SubmissionSets" => sets == number(),
            "Documents" => documents == number(),
            "Folders" => folders == number(),
            "Associations" => associations == number(),
            "ObjectRefs" => answer.found.references.len() == number(),
            "SSwithOneDoc" => (sets, documents, folders) == (1, 1, 0) && memberships == 1,
            "SSwithTwoDoc" => (sets, documents, folders) == (1, 2, 0) && memberships == 2,
            "SSwithOneFol" => (sets, documents, folders) == (1, 0, 1),
            "SSwithOneDocOneFol" => (sets, documents, folders) == (1, 1, 1),
            "SSwithTwoDocOneFol" | "SSwithTwoDocOneFolOneDocInFol" => {
                (sets, documents, folders) == (1, 2, 1)
            }
            "DocApp" => with(Approved) == documents,
            "DocDep" => documents > 0 && with(Deprecated) == documents,
            "FolApp" => folders > 0 && objects.iter().all(|o| {
                o.kind() != "Folder" || o.header().status == Some(Approved)
            }),
            "OneDocApp" => with(Approved) == 1,
            "OneDocDep" => with(Deprecated) == 1,
            "SSApproved" => objects.iter().any(|o| {
                o.kind() == "SubmissionSet" && o.header().status == Some(Approved)
            }),
            "HasXFRM_RPLC" => objects.iter().any(|o| {
                matches!(o, RegistryObject::Association(a) if a.kind == AssociationKind::XfrmRplc)
            }),
            "DocumentEntries" => documents > 0,
            "None" => objects.is_empty() && answer.found.references.is_empty(),
            other => panic!("{other} is not known"),
        };
        if !right {
            let count = item.attribute("count").unwrap_or_default();
            wrong.push(format!("{} {count} expected, found {found}", item.name));
        }
    }
    wrong
}
