//! Views of received copies are reported to their source: there they stand in "who looked at my record", and who has
//! not reported is named.

use super::asked::until;
use super::network::Network;
use super::{PLACES, Reader, fill};
use crate::consent::value;
use crate::http::Client;
use crate::print::text_of;
use crate::rights::{mine, sheet_of};
use crate::world::{AT_AWAY, AT_HOME};

/// Said of a community that has reported nothing.
const SILENT: &str = "地域0 からは、受け取った写しを誰が見たかの報告を受けていません";

/// Where the second community shows who has read its patient's record.
fn access(network: &Network) -> String {
    let list = network.members[1].world.sign_in("clerk").get("/patients");
    let person = value(&list.body, "href=\"/patients/");
    format!("/patients/{}/access", person.split('/').next().unwrap())
}

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
    let access = access(&network);
    // The facility and role of the reader there, which no request between communities has said as a view.
    let page = until(&clerk, &access, "までの報告を受けています");
    assert!(page.contains("病院0") && page.contains("地域0"), "{page}");
    assert!(!page.contains(SILENT), "{page}");
}

/// A printed page without the spaces and ends of lines that the layout puts in.
fn printed(pdf: &[u8]) -> String {
    let text = text_of(pdf);
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn a_community_that_was_given_something_and_never_reported_is_named_to_the_patient() {
    let mut network = Network::new("communities-silent", 2, fill);
    network.no_statements = Some(1);
    network.members[1]
        .world
        .user("officer", "privacy-officer", PLACES[1].0);
    network.serve();
    let officer = network.members[1].world.sign_in("officer");
    let access = access(&network);
    let page = officer.get(&access).body;
    assert!(!page.contains(SILENT), "nothing was given yet: {page}");

    let reader = Reader::new(&network);
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_HOME, AT_AWAY], "{page}");
    let page = officer.get(&access).body;
    assert!(page.contains(SILENT), "{page}");
    assert!(!page.contains("までの報告を受けています"), "{page}");
    let silent: String = SILENT.split_whitespace().collect();
    let paper = officer.get(&format!("{access}/print"));
    assert!(printed(&paper.bytes).contains(&silent));

    let world = &network.members[1].world;
    let code = sheet_of(&world.sign_in("clerk"), PLACES[1].1);
    let anyone = Client::new(&world.address);
    let own = |more| mine(&anyone, &code, "1947-03-12", more);
    let page = own("").body;
    assert!(page.contains(SILENT), "{page}");
    assert!(printed(&own("&as=sheet").bytes).contains(&silent));
}
