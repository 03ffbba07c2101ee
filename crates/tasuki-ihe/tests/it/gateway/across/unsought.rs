//! A community whose patients are found by name alone (ITI-55): a system's query has no visit and nobody
//! who sees that a find is unconfirmed, so that the community is not asked, and that is said.

use super::{Net, THERE, entries, errors, member, ours_and_theirs};
use crate::registry::cx;
use tasuki_core::directory::{Community, Directory};
use tasuki_core::policy::AssertedCodes;
use tasuki_model::{CommunityId, Instant};
use tasuki_wire::ebrim::{ResponseStatus, Severity};

const BY_NAME: &str = "2.25.8";

/// The same network with one community more, which the index knows nobody of.
fn net(discovery: bool) -> Net {
    let net = Net::new();
    let transactions = ["ITI-38", "ITI-39", "ITI-55"];
    let by_name = Community {
        discovery,
        ..member(BY_NAME, "by-name", &transactions, 8)
    };
    let directory = Directory {
        serial: 2,
        issued: Instant::from_micros(0),
        pix_manager: Some(CommunityId::new("2.25.99").unwrap()),
        pix_standbys: Vec::new(),
        communities: vec![
            member("2.25.1", "here", &[], 1),
            member(THERE, "there", &["ITI-38", "ITI-39"], 7),
            by_name,
            member("2.25.99", "index", &["ITI-45"], 99),
        ],
    };
    let codes = AssertedCodes::standard().unwrap();
    let members = net.here.network.members();
    members.set_directory(directory, codes).unwrap();
    net
}

#[test]
fn whoever_is_found_by_name_alone_is_not_asked_about_and_that_is_said() {
    let net = net(true);
    let found = net.find("1");
    assert_eq!(found.response.status, ResponseStatus::Success);
    assert_eq!(entries(&found), ours_and_theirs());
    let home = format!("urn:oid:{BY_NAME}");
    assert_eq!(
        errors(&found.response.errors),
        [("XDSUnavailableCommunity", Some(&*home), Severity::Warning)]
    );
    assert!(found.response.errors[0].context.starts_with("GTW-018 "));
    // Nothing was said of the patient to it, not even that there is one.
    assert_eq!((net.asked("ITI-55"), net.asked("ITI-38")), (0, 1));
}

#[test]
fn one_that_does_not_offer_it_has_nobody_of_that_id() {
    let net = net(false);
    assert_eq!(net.find("1").response.errors, []);
    assert_eq!((net.asked("ITI-55"), net.asked("ITI-38")), (0, 1));
}

#[test]
fn nobody_is_told_from_somebody_undisclosed_by_it() {
    let net = net(true);
    net.here.disclose("hzln", "1", false);
    assert_eq!(net.find("1"), net.find("404"), "{}", cx("1"));
    assert_eq!(net.asked("ITI-55"), 0);
}
