//! An emergency across four communities, by name alone: one knows her by the network's index (ITI-47), two are
//! asked themselves (ITI-55), a fifth lists neither and is named as not asked. Each that answers does so by its own
//! rule, under the purpose of use that the question carries, and tells its own privacy officers.

use super::emergency::{HER, apart};
use super::network::Network;
use super::{PLACES, Reader, trail};
use crate::emergency::{open, post};
use crate::world::PASSWORD;
use tasuki_core::audit::{AuditEvent, Side};
use tasuki_model::Purpose;

/// Who is disclosed to the network, and who holds its index.
const DISCLOSED: usize = 1;
const INDEX: usize = 3;

fn network(name: &str) -> Network {
    let mut network = Network::new(name, 4, |number, world| {
        apart(number, world);
        if number == DISCLOSED {
            let (code, id, _) = PLACES[number];
            world.ok(&["disclose", &format!("{code}:{id}")]);
        }
    });
    network.pix_manager = Some(INDEX);
    network.add_with("2.25.777", "127.0.0.1:9", &["ITI-38", "ITI-39"]);
    network.serve();
    let index = &network.members[INDEX].world;
    super::large::until(index, "1");
    network
}

/// How often a node answered or asked a transaction, each time as an emergency.
fn urgent(trail: &[AuditEvent], transaction: &str, side: Side) -> usize {
    let exchanged = trail.iter().filter(|event| {
        let exchange = event.exchange.as_ref();
        exchange.is_some_and(|e| e.transaction == transaction && e.side == side)
    });
    let purposes: Vec<_> = exchanged.map(|event| event.purpose).collect();
    assert!(
        purposes.iter().all(|p| *p == Some(Purpose::Emergency)),
        "{transaction} {side:?} {purposes:?}"
    );
    purposes.len()
}

fn officer(network: &Network, number: usize) -> String {
    let client = network.members[number].world.sign_in("officer");
    client.get("/admin/reviews").body
}

#[test]
fn somebody_found_by_name_alone_is_opened_from_three_other_communities() {
    let mut network = network("communities-four");
    let client = network.members[0].world.sign_in("doctor");
    let form = client.get("/emergency").body;
    let (_, silent) = form.split_once("よその地域").expect("not asked, and named");
    assert!(
        !silent.contains("地域1") && !form.contains("地域2"),
        "{form}"
    );
    // Whole names and every item: a beginning, or another day, is nobody.
    for wrong in [("given", "花"), ("birth", "1947-03-13"), ("sex", "m")] {
        let said = HER.map(|item| if item.0 == wrong.0 { wrong } else { item });
        let nobody = post(&client, "/emergency", &said);
        assert_eq!(nobody.status, 422, "{wrong:?}");
        assert!(nobody.body.contains("EMR-001"));
    }
    let found = post(&client, "/emergency", &HER);
    assert_eq!(found.status, 303, "{}", found.body);
    let path = found.header("location").unwrap().to_owned();
    let confirm = client.get(&path).body;
    assert!(confirm.contains("1947-03-12") && !confirm.contains("RESULT"));
    for number in 0..4 {
        assert!(!officer(&network, number).contains("花子"), "{number}");
    }
    assert_eq!(open(&client, &path, PASSWORD).status, 303);
    let summary = super::settled(&client, &path);
    for (_, _, result) in &PLACES[1..] {
        assert!(summary.contains(result), "{result} in {summary}");
    }
    assert!(summary.contains("救急閲覧中"), "{summary}");
    let (_, rest) = summary.split_once("/patients/").unwrap();
    let base = format!("/patients/{}", rest.split('/').next().unwrap());
    let reader = Reader { client, base };
    let labs = reader.settled("labs?view=list");
    let held: Vec<&str> = PLACES[1..].iter().map(|place| place.2).collect();
    assert_eq!(reader.results(&labs), held, "{labs}");
    told(&network);
    written(&mut network);
}

/// The officers of both sides have a line to judge: of who asked and why here, of who was opened there.
fn told(network: &Network) {
    let here = officer(network, 0);
    assert!(here.contains("意識障害で救急搬送"), "{here}");
    // What she has consented to was opened as an emergency too, and is told of like the rest.
    for number in [DISCLOSED, 2, INDEX] {
        let there = officer(network, number);
        assert!(there.contains("花子") && there.contains("地域0"), "{there}");
        assert!(!there.contains("RESULT"), "{there}");
    }
}

/// Each side has written it down as an emergency.
fn written(network: &mut Network) {
    for member in &mut network.members {
        member.world.stop();
    }
    let trails: Vec<Vec<AuditEvent>> = network
        .members
        .iter()
        .map(|member| trail(&member.world, &member.home))
        .collect();
    for transaction in ["ITI-38", "ITI-39"] {
        assert_eq!(urgent(&trails[0], transaction, Side::Asked), 3);
        for there in &trails[1..] {
            assert_eq!(urgent(there, transaction, Side::Answered), 1);
        }
    }
    // Four times looked for: three times as nobody. The index tells whom it knows, the others are asked.
    assert_eq!(urgent(&trails[0], "ITI-47", Side::Asked), 4);
    let asked: Vec<usize> = trails[1..]
        .iter()
        .map(|there| urgent(there, "ITI-55", Side::Answered))
        .collect();
    assert_eq!(asked, [3, 4, 4], "whom the index knows is not asked again");
}
