//! The index tells a community what has changed for its persons, and is believed as far as it is it.

use super::side::{Side, ids};
use super::{Line, entry, index};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tasuki_core::Code;
use tasuki_ihe::Network;
use tasuki_ihe::gateway::{Gateway, NoAnswer};
use tasuki_ihe::iti46::{NOTIFICATIONS, notify};

/// The index notifies community 1, or somebody else does who says that it is the index.
fn notified(by: &Arc<Network>, certificate: u8, side: &Side) -> Result<usize, NoAnswer> {
    let to = side.gateway.network();
    let line = Line::new(to, NOTIFICATIONS, [certificate; 32]);
    let gateway = Gateway::new(Arc::clone(by), Arc::new(line));
    notify(&gateway, &entry(1), &crate::gateway::visit())
}

#[test]
fn what_changed_is_told_and_takes_the_place_of_what_was_answered() {
    let (_index, network) = index();
    let (one, two) = (Side::new(1, &network), Side::new(2, &network));
    let hanako = one.patient("1", "花子", "19470312");
    one.feed().unwrap();
    assert_eq!(ids(&one.elsewhere(&hanako).unwrap()), [""; 0]);
    let there = two.patient("77", "花子", "19470312");
    two.feed().unwrap();
    assert!(notified(&network, 3, &one).unwrap() > 0);
    assert_eq!(notified(&network, 3, &one).unwrap(), 0);
    one.line.left.store(0, Ordering::Relaxed);
    let known = one.elsewhere(&hanako).unwrap();
    assert_eq!(ids(&known), [two.exchanged(&there)]);
    assert!(known.since.is_some());
}

#[test]
fn nobody_but_the_index_is_believed() {
    let (_index, network) = index();
    let (one, two) = (Side::new(1, &network), Side::new(2, &network));
    one.patient("1", "花子", "19470312");
    one.feed().unwrap();
    two.patient("77", "花子", "19470312");
    two.feed().unwrap();
    let refused = notified(&network, 2, &one).unwrap_err();
    assert_eq!(refused.code, Code::PeerRejectsUs);
}
