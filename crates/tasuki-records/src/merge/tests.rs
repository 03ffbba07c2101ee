use super::{Fact, Origin, group, normal_name, routes, sources_of};
use proptest::prelude::*;
use tasuki_core::gather::Source;
use tasuki_model::FacilityId;

pub(crate) fn origin(facility: &str, document: &str) -> Origin {
    Origin {
        source: Source::Facility(FacilityId::new(facility).unwrap()),
        document: document.into(),
    }
}

#[test]
fn a_document_by_two_routes_is_one_with_two_badges() {
    let (home, away) = (origin("a", "1.2.3"), origin("b", "1.2.3"));
    let joined = routes([
        (away.clone(), Some("AB".into()), "copy"),
        (home.clone(), Some("ab".into()), "own"),
        (origin("a", "1.2.4"), None, "other"),
    ]);
    assert_eq!(joined.len(), 2);
    assert_eq!(joined[0].origins, [home, away]);
    assert_eq!((joined[0].differs, joined[0].value), (false, "own"));
}

#[test]
fn two_answers_for_one_document_that_differ_in_hash_are_both_kept_and_marked() {
    let both = routes([
        (origin("a", "1.2.3"), Some("aa".into()), 1),
        (origin("b", "1.2.3"), Some("bb".into()), 2),
    ]);
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|document| document.differs));
}

#[test]
fn names_are_levelled_in_writing_only() {
    assert_eq!(
        normal_name("アムロジピン錠２．５ｍｇ「ＴＣＫ」"),
        normal_name("アムロジピン錠 2.5mg「TCK」")
    );
    assert_eq!(normal_name("ソリタ−Ｔ３号"), normal_name("ソリタ-T3号"));
    assert_ne!(normal_name("ガスター"), normal_name("ガスタ"));
}

fn facts() -> impl Strategy<Value = Vec<Fact<Vec<u8>>>> {
    let one = (
        0..4_u8,
        0..30_u32,
        proptest::collection::vec(0..12_u8, 0..3),
    );
    proptest::collection::vec(one, 0..40).prop_map(|all| {
        let fact = |(n, (facility, document, value)): (usize, (u8, u32, Vec<u8>))| Fact {
            origins: vec![origin(&format!("f{facility}"), &format!("{document}"))],
            item: u32::try_from(n).unwrap(),
            value,
        };
        all.into_iter().enumerate().map(fact).collect()
    })
}

proptest! {
    /// Grouping keeps every fact and every source, and does not depend on the order given.
    #[test]
    fn grouping_loses_nothing_and_knows_no_order(facts in facts(), seed in any::<u64>()) {
        let keys = |fact: &Fact<Vec<u8>>| fact.value.clone();
        let groups = group(facts.clone(), keys);
        let mut kept: Vec<_> = groups.iter().flatten().cloned().collect();
        let mut given = facts.clone();
        given.sort_by(|a, b| a.place().cmp(&b.place()));
        kept.sort_by(|a, b| a.place().cmp(&b.place()));
        prop_assert_eq!(&kept, &given);
        prop_assert_eq!(sources_of(groups.iter().flatten()), sources_of(&facts));
        let mut other = facts;
        other.sort_by_key(|fact| (u64::from(fact.item) + 1).wrapping_mul(seed | 1));
        prop_assert_eq!(group(other, keys), groups.clone());
        // Facts that share a key stand together.
        for (n, one) in groups.iter().enumerate() {
            for two in groups.iter().skip(n + 1) {
                let shared = |a: &Fact<Vec<u8>>, b: &Fact<Vec<u8>>| a.value.iter().any(|k| b.value.contains(k));
                prop_assert!(!one.iter().any(|a| two.iter().any(|b| shared(a, b))));
            }
        }
    }
}
