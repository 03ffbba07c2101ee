//! What is fed, withdrawn, linked and parted, and what is known of it then.

use super::index;
use super::side::{Side, ids};
use tasuki_core::ports::LinkDecision;
use tasuki_ihe::iti44::Told;

#[test]
fn one_person_of_two_communities_is_known_by_the_ids_that_they_exchange() {
    let (_index, network) = index();
    let (one, two) = (Side::new(1, &network), Side::new(2, &network));
    let hanako = one.patient("1", "花子", "19470312");
    let taro = one.patient("2", "太郎", "19600101");
    let there = two.patient("77", "花子", "19470312");
    let told = |registrations| Told {
        registrations,
        refused: 0,
    };
    assert_eq!(one.feed().unwrap(), told(2));
    assert_eq!(two.feed().unwrap(), told(1));
    assert_eq!(one.feed().unwrap(), Told::default());
    let found = one.elsewhere(&hanako).unwrap();
    assert_eq!(ids(&found), [two.exchanged(&there)]);
    assert_eq!(found.since, None);
    assert_eq!(
        ids(&two.elsewhere(&there).unwrap()),
        [one.exchanged(&hanako)]
    );
    assert_eq!(ids(&one.elsewhere(&taro).unwrap()), [""; 0]);
    // Withdrawn there, it is not told any more; disclosed again, it is.
    two.disclose(&there, false);
    two.feed().unwrap();
    assert_eq!(ids(&one.elsewhere(&hanako).unwrap()), [""; 0]);
    two.disclose(&there, true);
    two.feed().unwrap();
    assert_eq!(
        ids(&one.elsewhere(&hanako).unwrap()),
        [two.exchanged(&there)]
    );
}

#[test]
fn linked_and_parted_again_each_person_has_an_id_of_its_own() {
    let (_index, network) = index();
    let (one, two) = (Side::new(1, &network), Side::new(2, &network));
    let (first, second) = (
        one.patient("1", "花子", "19470312"),
        one.patient("2", "花子", "19470312"),
    );
    let there = two.patient("77", "花子", "19470312");
    one.feed().unwrap();
    two.feed().unwrap();
    let before = one.exchanged(&second);
    one.decide(&first, &second, LinkDecision::Same);
    one.feed().unwrap();
    assert_eq!(
        ids(&two.elsewhere(&there).unwrap()),
        [one.exchanged(&first)]
    );
    one.decide(&first, &second, LinkDecision::NotSame);
    one.feed().unwrap();
    assert_ne!(one.exchanged(&first), one.exchanged(&second));
    assert_ne!(before, one.exchanged(&second), "an id is never used again");
    let known = ids(&two.elsewhere(&there).unwrap());
    assert!(!known.contains(&before), "{known:?}");
}
