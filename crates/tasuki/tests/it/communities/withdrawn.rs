//! A withdrawal reaches the other community by itself: its copies go at once, without anybody asking, and those
//! of a community that was away go when it is back.

use super::network::Network;
use super::{PLACES, Reader, every_exchange, fill};
use crate::world::{AT_AWAY, AT_HOME};
use tasuki_core::audit::Side;

/// A reader who has seen a copy, and where it is.
fn read(network: &Network) -> (Reader, String) {
    let reader = Reader::new(network);
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_HOME, AT_AWAY], "{page}");
    let copy = Reader::copies(&page).remove(0);
    (reader, copy)
}

fn withdraw(network: &Network) {
    let (code, id, _) = PLACES[1];
    let patient = format!("{code}:{id}");
    let world = &network.members[1].world;
    world.ok(&["consent", &patient, "--by", "clerk"]);
    assert_eq!(
        world
            .ok(&["consent", &patient, "--by", "clerk", "--withdraw"])
            .trim(),
        "1"
    );
}

/// Asks for the copy until it is gone, by the page that shows it and asks nobody else.
fn gone(reader: &Reader, copy: &str) -> bool {
    (0..20_000).any(|_| reader.get(copy).status == 404)
}

/// Notices in the trail of a stopped node, by side.
fn notices(network: &mut Network, number: usize) -> Vec<Side> {
    let member = &mut network.members[number];
    member.world.stop();
    let all = every_exchange(&member.world, &member.home);
    let told = all.into_iter().filter(|e| e.transaction == "TASUKI-1");
    told.map(|e| e.side).collect()
}

#[test]
fn copies_go_at_once_in_the_other_community_and_both_sides_write_it_down() {
    let mut network = Network::new("communities-withdrawn", 2, fill);
    network.serve();
    let (reader, copy) = read(&network);
    withdraw(&network);
    assert!(gone(&reader, &copy));
    let page = reader.get("labs?view=list").body;
    assert_eq!(reader.results(&page), [AT_HOME], "{page}");
    assert!(notices(&mut network, 0).contains(&Side::Answered));
    assert!(notices(&mut network, 1).contains(&Side::Asked));
}

#[test]
fn a_community_that_was_away_is_told_when_it_is_back() {
    let mut network = Network::new("communities-withdrawn-away", 2, fill);
    network.serve();
    let (mut reader, copy) = read(&network);
    network.members[0].world.stop();
    withdraw(&network);
    network.back(0);
    reader.client.address = network.members[0].world.address.clone();
    assert!(gone(&reader, &copy));
    assert!(notices(&mut network, 0).contains(&Side::Answered));
}
