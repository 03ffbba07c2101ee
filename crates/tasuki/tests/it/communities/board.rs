//! 受け入れ可能状況 of other communities beside `/emergency`: told when it changes, with its age; a community that does
//! not tell is named.

use super::asked::until;
use super::fill;
use super::network::Network;
use crate::account::send;

#[test]
fn what_a_hospital_writes_is_seen_in_the_other_community_and_who_does_not_tell_is_named() {
    let mut network = Network::new("communities-board", 2, fill);
    network.add("2.25.777", "127.0.0.1:9");
    network.serve();
    let doctor = network.members[0].world.sign_in("doctor");
    let clerk = network.members[1].world.sign_in("clerk");
    let page = until(&doctor, "/board", "病院1");
    assert!(
        page.contains("地域1") && page.contains("まだ何も書いていません"),
        "{page}"
    );
    assert!(
        page.contains("よその地域 の状況はここでは分かりません"),
        "{page}"
    );
    assert!(!page.contains("地域1 の状況はここでは"), "{page}");
    let write = |acceptance: &str| {
        let form = format!("department=ICU&acceptance={acceptance}&words=BEDS-2");
        assert_eq!(send(&clerk, "/board", &form).status, 303);
    };
    write("open");
    let page = until(&doctor, "/board", "BEDS-2");
    assert!(page.contains("0分前"), "{page}");
    // Who takes in elsewhere is written elsewhere.
    assert!(!page.contains("name=\"department\""), "{page}");
    write("none");
    until(&doctor, "/board", "まだ何も書いていません");
    assert!((0..20_000).any(|_| !doctor.get("/board").body.contains("BEDS-2")));
}
