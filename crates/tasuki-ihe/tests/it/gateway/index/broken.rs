//! The index away, lines that break, a community that states what is not its own.

use super::side::{Side, ids};
use super::{Line, index};
use std::sync::Arc;
use tasuki_core::Code;
use tasuki_core::ports::LinkDecision;
use tasuki_ihe::gateway::Gateway;
use tasuki_ihe::iti44::Told;
use tasuki_ihe::soap::TRANSACTIONS;

#[test]
fn while_the_index_is_away_its_last_word_holds_until_somebody_parts_the_person() {
    let (_index, network) = index();
    let (one, two) = (Side::new(1, &network), Side::new(2, &network));
    let (first, second) = (
        one.patient("1", "花子", "19470312"),
        one.patient("2", "花子", "19470312"),
    );
    one.decide(&first, &second, LinkDecision::Same);
    let there = two.patient("77", "花子", "19470312");
    one.feed().unwrap();
    two.feed().unwrap();
    assert_eq!(
        ids(&one.elsewhere(&first).unwrap()),
        [two.exchanged(&there)]
    );
    one.cut_after(0);
    let aged = one.elsewhere(&first).unwrap();
    assert_eq!(ids(&aged), [two.exchanged(&there)]);
    assert!(aged.since.is_some());
    one.decide(&first, &second, LinkDecision::NotSame);
    for patient in [&first, &second] {
        let no = one.elsewhere(patient).unwrap_err();
        assert!(
            [Code::PeerUnreachable, Code::PeerLeftAlone].contains(&no.code),
            "{no:?}"
        );
    }
}

#[test]
fn what_broke_off_is_told_again_with_the_same_result() {
    let (_index, network) = index();
    let (one, two) = (Side::new(1, &network), Side::new(2, &network));
    let people: Vec<_> = (1..=6)
        .map(|n| one.patient(&n.to_string(), &format!("花{n}"), &format!("194703{n:02}")))
        .collect();
    let there = two.patient("77", "花4", "19470304");
    two.feed().unwrap();
    for messages in [0, 1] {
        one.cut_after(messages);
        assert_eq!(one.feed().unwrap_err().code, Code::PeerUnreachable);
    }
    one.cut_after(u32::MAX);
    assert_eq!(one.feed().unwrap().registrations, 6);
    assert_eq!(one.feed().unwrap(), Told::default());
    assert_eq!(
        ids(&two.elsewhere(&there).unwrap()),
        [one.exchanged(&people[3])]
    );
}

#[test]
fn a_community_states_its_own_ids_only() {
    let (index, network) = index();
    let one = Side::new(1, &network);
    one.patient("1", "花子", "19470312");
    // The certificate of another community.
    let stranger = Side {
        line: Arc::clone(&one.line),
        gateway: Gateway::new(
            Arc::clone(one.gateway.network()),
            Arc::new(Line::new(&network, TRANSACTIONS, [2; 32])),
        ),
        ..one
    };
    assert_eq!(stranger.feed().unwrap().refused, 1);
    let store = &index.store;
    let known = store.reading(|tx| tx.identity_counts()).unwrap();
    assert_eq!(known.registrations, 0);
}
