//! Views of received copies are reported to their source: there they stand in "who looked at my record", and who has
//! not reported is named.

use super::asked::until;
use super::network::Network;
use super::{PLACES, Reader, fill};
use crate::world::{AT_AWAY, AT_HOME};

#[test]
fn who_read_a_copy_is_seen_by_the_patient_at_its_source() {
    let mut network = Network::new("communities-viewed", 2, fill);
    network.members[1]
        .world
        .user("officer", "privacy-officer", PLACES[1].0);
    network.serve();
    let reader = Reader::new(&network);
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_HOME, AT_AWAY], "{page}");
    let copy = Reader::copies(&page).remove(0);
    assert_eq!(
        reader.get(&format!("{copy}/original?download=1")).status,
        200
    );

    let clerk = network.members[1].world.sign_in("officer");
    let list = network.members[1]
        .world
        .sign_in("clerk")
        .get("/patients")
        .body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let access = format!("/patients/{}/access", rest.split('/').next().unwrap());
    // The facility and role of the reader there, which no request between communities has said as a view.
    let page = until(&clerk, &access, "までの報告を受けています");
    assert!(page.contains("病院0") && page.contains("地域0"), "{page}");
    assert!(!page.contains("地域0 からは、受け取った写しを誰が見たかの報告を受けていません"));
}
