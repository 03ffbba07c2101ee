//! One document by two routes: a hospital's document may come from its own registry and again through
//! another community. It is one document with two origins, and its facts carry both badges.
//!
//! The same `uniqueId` with two hashes is two documents that claim to be one (ITI TF-3, 4.1.4.1: a
//! document never changes). Both are kept, and both say that they differ.

use super::Origin;
use std::collections::BTreeMap;
use tasuki_model::SmolStr;

/// A document with every route by which it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed<T> {
    /// The routes, sorted.
    pub origins: Vec<Origin>,
    /// Another document of the same name has other content.
    pub differs: bool,
    /// The document, as the first of its origins gave it.
    pub value: T,
}

/// Joins what is one document. `hash` is the metadata's; where a route gives none (`None`) the
/// document stands alone and nothing is said of it. Sorted by origin, whatever order they came in.
pub fn routes<T>(
    documents: impl IntoIterator<Item = (Origin, Option<SmolStr>, T)>,
) -> Vec<Routed<T>> {
    let mut named: BTreeMap<SmolStr, Vec<(Option<SmolStr>, Origin, T)>> = BTreeMap::new();
    for (origin, hash, value) in documents {
        let hash = hash.map(|hash| hash.to_ascii_lowercase().into());
        let same = named.entry(origin.document.clone()).or_default();
        same.push((hash, origin, value));
    }
    let mut routed: Vec<Routed<T>> = named.into_values().flat_map(join).collect();
    routed.sort_by(|a, b| a.origins.cmp(&b.origins));
    routed
}

/// Documents of one name: joined by hash.
fn join<T>(mut same: Vec<(Option<SmolStr>, Origin, T)>) -> Vec<Routed<T>> {
    same.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut known: Vec<&SmolStr> = same.iter().filter_map(|(hash, ..)| hash.as_ref()).collect();
    known.dedup();
    let differs = known.len() > 1;
    let mut joined: Vec<(Option<SmolStr>, Routed<T>)> = Vec::new();
    for (hash, origin, value) in same {
        match joined.last_mut() {
            Some((Some(last), routed)) if hash.as_ref() == Some(last) => {
                if routed.origins.last() != Some(&origin) {
                    routed.origins.push(origin);
                }
            }
            _ => {
                let differs = differs && hash.is_some();
                let origins = vec![origin];
                joined.push((
                    hash,
                    Routed {
                        origins,
                        differs,
                        value,
                    },
                ));
            }
        }
    }
    joined.into_iter().map(|(_, routed)| routed).collect()
}
