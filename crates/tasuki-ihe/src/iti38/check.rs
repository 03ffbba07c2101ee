//! Whether an entry answers what was asked. What belongs to another patient or to another community
//! is never shown, whatever the reason for it is.

use tasuki_model::CommunityId;
use tasuki_model::xds::DocumentEntry;

/// An entry of another community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteEntry {
    /// The community that was asked.
    pub asked: CommunityId,
    /// The home community that the entry names: where its document is fetched. A gateway may stand
    /// for several communities; here it is one that the directory knows as the asked one's.
    pub home: CommunityId,
    /// Its metadata.
    pub entry: DocumentEntry,
}

/// The entry, if it is of the patient and the community that were asked for.
pub(super) fn checked(
    entry: DocumentEntry,
    asked: &CommunityId,
    patient: &str,
) -> Option<RemoteEntry> {
    let said = entry.header.home.as_deref()?;
    let home = CommunityId::new(said.strip_prefix("urn:oid:").unwrap_or(said)).ok()?;
    let of_patient = entry
        .patient_id
        .as_deref()
        .is_some_and(|said| same_patient(said, patient));
    let complete = entry.unique_id.is_some() && entry.repository_id.is_some();
    (home == *asked && of_patient && complete).then(|| RemoteEntry {
        asked: asked.clone(),
        home,
        entry,
    })
}

/// Whether two CX name one patient: same id, same assigning authority. Its namespace and the type of
/// the id may be left out or written otherwise.
pub(crate) fn same_patient(a: &str, b: &str) -> bool {
    fn parts(cx: &str) -> Option<(&str, &str)> {
        let mut components = cx.split('^');
        let id = components.next().filter(|id| !id.is_empty())?;
        let authority = components.nth(2)?;
        let oid = authority.split('&').nth(1).filter(|oid| !oid.is_empty())?;
        Some((id, oid))
    }
    matches!((parts(a), parts(b)), (Some(a), Some(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_is_an_id_with_its_authority() {
        assert!(same_patient("1^^^&1.2.3&ISO", "1^^^NET&1.2.3&ISO^PI"));
        for other in [
            "2^^^&1.2.3&ISO",
            "1^^^&1.2.4&ISO",
            "1",
            "1^^^",
            "1^^^&&ISO",
            "^^^&1.2.3&ISO",
            "",
        ] {
            assert!(!same_patient("1^^^&1.2.3&ISO", other), "{other}");
            assert!(!same_patient(other, other) || other.len() > 8, "{other}");
        }
    }
}
