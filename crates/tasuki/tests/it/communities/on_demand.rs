//! The summary that a community makes on demand, as a reader in another one sees it: listed among the
//! documents, made when it is opened, and a fact of no section.

use super::{PLACES, Reader, two};
use crate::print::text_of;
use crate::world::{AT_AWAY, AT_HOME, World};

const TITLE: &str = "要約（オンデマンド）";
const NOT_ALL: &str = "この要約に含まれない情報があります";

/// The address of the summary that the documents of a chart list.
fn listed(reader: &Reader) -> Option<String> {
    let page = reader.settled("documents");
    let (_, line) = page.split_once(TITLE)?;
    Some(Reader::copies(line).remove(0))
}

/// Opens it, and reads what was made.
fn opened(reader: &Reader, copy: &str) -> String {
    let page = reader.get(copy);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("地域1") && page.body.contains(TITLE));
    let original = reader.get(&format!("{copy}/original"));
    assert_eq!(original.header("content-type"), Some("application/pdf"));
    text_of(&original.bytes)
}

fn consent(world: &World, only: &[&str]) {
    let (code, id, _) = PLACES[1];
    let patient = format!("{code}:{id}");
    let own = ["consent", &patient, "--by", "clerk"];
    world.ok(&[&own[..], only].concat());
}

#[test]
fn it_is_made_anew_for_each_reader_who_opens_it_and_merged_with_nothing() {
    let network = two("communities-on-demand", |_| ());
    let reader = Reader::new(&network);
    let labs = reader.settled("labs?view=list");
    assert_eq!(reader.results(&labs), [AT_HOME, AT_AWAY], "{labs}");
    let copy = listed(&reader).expect("no summary is listed");
    // How often the value stands on the page of results, and how many days the calendar has.
    let count = || {
        let results = reader.get("labs").body.matches(AT_AWAY).count();
        let days = reader.get("calendar").body.matches("to=20").count();
        (results, days)
    };
    let before = count();
    assert!(before.0 > 0 && before.1 > 0, "{before:?}");
    // Nobody has had it made before somebody opens it.
    let line = reader.get("documents").body;
    assert!(line.contains("開くたびに"), "{line}");
    let made = opened(&reader, &copy);
    let squeezed = made.replace([' ', '\n'], "");
    for word in ["花子", "1947-03-12", "病院1", AT_AWAY, NOT_ALL] {
        assert!(squeezed.contains(word), "without {word}: {made}");
    }
    // Of its own facilities alone, and without a hospital's own number for the patient.
    for word in [AT_HOME, "病院0", PLACES[1].1] {
        assert!(!squeezed.contains(word), "with {word}: {made}");
    }
    // Opened it is here, and still a fact of no section and a day of no calendar.
    assert_eq!(count(), before);
    // What the consent leaves of it now is what the next one who opens it is given.
    consent(&network.members[1].world, &["--only", "problem"]);
    // The notice of it drops every copy here, the summary too.
    let old = format!("{copy}/original");
    assert!((0..20_000).any(|_| reader.get(&old).status == 404));
    let next = Reader::new(&network);
    next.settled("documents");
    let copy = listed(&next).expect("it is still offered");
    let made = opened(&next, &copy);
    assert!(made.contains("花子") && !made.contains(AT_AWAY), "{made}");
    assert!(made.replace(' ', "").contains(NOT_ALL), "{made}");
    assert!(!made.contains("同意の範囲外"), "{made}");
}

#[test]
fn where_the_community_does_not_offer_it_none_is_listed() {
    let network = two("communities-on-demand-off", |world| {
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}\n[registry]\non_demand = false\n")).unwrap();
    });
    let reader = Reader::new(&network);
    let labs = reader.settled("labs?view=list");
    assert_eq!(reader.results(&labs), [AT_HOME, AT_AWAY], "{labs}");
    assert_eq!(listed(&reader), None);
}

#[test]
fn a_patient_who_is_not_disclosed_there_has_none() {
    let network = two("communities-on-demand-undisclosed", |_| ());
    let (code, id, _) = PLACES[1];
    let patient = format!("{code}:{id}");
    let world = &network.members[1].world;
    world.ok(&["disclose", &patient, "--withdraw"]);
    let reader = Reader::new(&network);
    reader.settled("documents");
    assert_eq!(listed(&reader), None);
}
