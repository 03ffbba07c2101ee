//! A doctor's chart shows what other communities hold, with every gap named: real nodes over mutual
//! TLS, found by name and birth date, for no index of the network ties these patients together.

mod asked;
mod board;
mod consented;
mod emergency;
mod explained;
mod four;
mod large;
pub mod network;
mod on_demand;
mod recorded;
mod relay;
mod told;
mod viewed;
mod withdrawn;

use crate::http::{Answer, Client};
use crate::soap;
use crate::world::{AT_AWAY, AT_CLINIC, AT_HOME, AWAY, CLINIC, HANAKO, HOME, World, patient};
use network::Network;
use std::collections::BTreeMap;
use tasuki_core::audit::{AuditEvent, Exchange, Side};
use tasuki_core::ports::AuditSearch;

/// Where Hanako is a patient, under which ID, and what her result is: one hospital a community.
const PLACES: [(&str, &str, &str); 4] = [
    (HOME, "0000012345", AT_HOME),
    (AWAY, "0000067890", AT_AWAY),
    (CLINIC, "0000011111", AT_CLINIC),
    ("1314567890", "0000022222", "FOURTHRESULT"),
];

fn fill(number: usize, world: &mut World) {
    let (code, id, result) = PLACES[number];
    let root = world.folder.join(code);
    patient(&root, id, HANAKO, result);
    world.ok(&["facility", "add", code, "--name", &format!("病院{number}")]);
    let root = root.to_string_lossy().into_owned();
    world.ok(&["import", "ss-mix2", &root, "--facility", code, "--json"]);
    world.ok(&["disclose", &format!("{code}:{id}")]);
    world.user("doctor", "physician", code);
    world.user("clerk", "clerk", code);
}

/// Hanako's chart at the first community, in a session of its own.
struct Reader {
    client: Client,
    base: String,
}

impl Reader {
    fn new(network: &Network) -> Self {
        let client = network.members[0].world.sign_in("doctor");
        let list = client.get("/patients").body;
        let (_, rest) = list.split_once("/patients/").unwrap();
        let base = format!("/patients/{}", rest.split('/').next().unwrap());
        Self { client, base }
    }

    fn get(&self, path: &str) -> Answer {
        self.client.get(&format!("{}/{path}", self.base))
    }

    /// A page when nothing more may come.
    fn settled(&self, path: &str) -> String {
        settled(&self.client, &format!("{}/{path}", self.base))
    }

    /// The addresses of documents of a kind that a page links to: `documents` or `received`.
    fn links(page: &str, kind: &str) -> Vec<String> {
        let before = format!("/{kind}/");
        let parts = page.split(&before).skip(1);
        let mut links: Vec<String> = parts
            .map(|t| format!("{kind}/{}", t.split('"').next().unwrap()))
            .collect();
        links.dedup();
        links
    }

    fn copies(page: &str) -> Vec<String> {
        Self::links(page, "received")
    }

    /// The results that the documents of a page hold.
    fn results(&self, page: &str) -> Vec<&'static str> {
        let links = [Self::links(page, "documents"), Self::copies(page)].concat();
        let pages: Vec<String> = links.iter().map(|link| self.get(link).body).collect();
        let results = PLACES.iter().map(|place| place.2);
        results
            .filter(|result| pages.iter().any(|page| page.contains(result)))
            .collect()
    }
}

/// A page when nothing more may come. The first request waits by itself, as nobody fetches later what has not come.
fn settled(client: &Client, path: &str) -> String {
    for _ in 0..2_000 {
        let page = client.get(path).body;
        if !page.contains("data-arrival") {
            return page;
        }
    }
    panic!("never settled");
}

/// The trail of a stopped node.
fn trail(world: &World, home: &str) -> Vec<AuditEvent> {
    let home = tasuki_model::CommunityId::new(home).unwrap();
    let repository = tasuki_model::RepositoryId::new(&format!("{home}.1")).unwrap();
    let config = tasuki_store::StoreConfig::new(world.data(), home, repository);
    let store = tasuki_store::open(&config).unwrap();
    while store.index_audit(1_000).unwrap() > 0 {}
    let search = AuditSearch::default();
    let lines = store.reading(|tx| tx.find_events(&search, 10_000)).unwrap();
    store.close().unwrap();
    lines.into_iter().map(|line| line.event).collect()
}

/// Exchanges of a stopped node.
fn every_exchange(world: &World, home: &str) -> Vec<Exchange> {
    let exchanges = trail(world, home).into_iter();
    exchanges
        .filter_map(|event| event.exchange.map(|exchange| *exchange))
        .collect()
}

/// Transaction and side, and how many.
fn exchanges(world: &World, home: &str) -> BTreeMap<(String, bool), usize> {
    let mut counts = BTreeMap::new();
    // What communities tell of themselves goes on all the time.
    let mut all = every_exchange(world, home);
    all.retain(|exchange| exchange.transaction != "TASUKI-1");
    for exchange in all {
        let asked = exchange.side == Side::Asked;
        *counts.entry((exchange.transaction, asked)).or_insert(0) += 1;
    }
    counts
}

/// Two communities that serve, each changed by `prepare` before.
pub fn two(name: &str, prepare: impl Fn(&World)) -> Network {
    let mut network = Network::new(name, 2, |number, world| {
        fill(number, world);
        prepare(world);
    });
    network.serve();
    network
}

#[test]
fn a_chart_shows_what_two_other_communities_hold_and_both_sides_write_it_down() {
    let mut network = Network::new("communities", 3, fill);
    network.asynchronous = Some(2);
    network.serve();
    let reader = Reader::new(&network);
    let page = reader.settled("labs?view=list");
    assert_eq!(
        reader.results(&page),
        [AT_HOME, AT_AWAY, AT_CLINIC],
        "{page}"
    );
    assert!(page.contains("病院1") && page.contains("病院2"), "{page}");
    assert!(page.contains("未確認の同定"), "found by name alone");
    let copies = Reader::copies(&page);
    assert_eq!(copies.len(), 2);
    for copy in &copies {
        let copied = reader.get(copy).body;
        assert!(copied.contains(AT_AWAY) || copied.contains(AT_CLINIC));
        assert!(copied.contains("未確認の同定"));
        let original = reader.get(&format!("{copy}/original")).body;
        assert!(original.starts_with("MSH|"), "{original}");
    }
    // The calendar counts them, and the page of sources names them.
    let calendar = reader.get("calendar").body;
    assert!(calendar.contains("3か所のうち3か所から受信"), "{calendar}");
    let sources = reader.get("sources").body;
    assert!(sources.contains("地域1") && sources.contains("地域2"));
    // Nobody but a reader of charts, and no other session's, learns of any of it.
    let clerk = network.members[0].world.sign_in("clerk");
    for copy in &copies {
        let refused = clerk.get(&format!("{}/{copy}", reader.base));
        assert_eq!(refused.status, 404);
    }
    for member in &mut network.members {
        member.world.stop();
    }
    let count = |n: usize| {
        let member = &network.members[n];
        exchanges(&member.world, &member.home)
    };
    let asked = count(0);
    for transaction in ["ITI-55", "ITI-38", "ITI-39"] {
        let of = |asked| (transaction.to_owned(), asked);
        let answered: usize = [1, 2].map(|n| count(n)[&of(false)]).iter().sum();
        assert_eq!(asked[&of(true)], 2, "{transaction}");
        assert_eq!(answered, 2, "{transaction}");
    }
    // One of them has answered on connections of its own.
    for (number, replies) in [(1, false), (2, true)] {
        let member = &network.members[number];
        let all = every_exchange(&member.world, &member.home);
        for exchange in all.iter().filter(|e| e.transaction != "TASUKI-1") {
            assert_eq!(
                exchange.peer.id.ends_with("/replies"),
                replies,
                "{exchange:?}"
            );
        }
    }
}

#[test]
fn a_page_is_told_as_soon_as_another_community_has_answered() {
    let mut network = Network::new("communities-told", 2, fill);
    network.serve();
    let mut reader = Reader::new(&network);
    // A page of a browser whose script fetches what comes later does not wait.
    let session = reader.client.cookie.take().unwrap();
    reader.client.cookie = Some(format!("{session}; tasuki-script=1"));
    let value = |page: &str, name: &str| {
        let (_, rest) = page.split_once(&format!("{name}=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let mut page = reader.get("calendar").body;
    let mut asked = 0;
    while let Some(address) = value(&page, "data-arrival") {
        let seen = value(&page, "data-revision").unwrap();
        let told = reader.client.get(&format!("{address}?seen={seen}"));
        assert_eq!(told.status, 200);
        // The answer is held back until there is something else to show.
        assert_ne!(told.body.trim(), format!("{seen} more"));
        asked += 1;
        page = reader.get("calendar").body;
    }
    // Listed, then fetched: not more than these.
    assert!((1..=3).contains(&asked), "{asked} times");
    assert!(page.contains("2か所のうち2か所から受信"), "{page}");
}

#[test]
fn a_disclosure_that_is_revoked_takes_the_copy_away_at_the_next_view() {
    let mut network = Network::new("communities-revoked", 2, fill);
    network.serve();
    let reader = Reader::new(&network);
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_HOME, AT_AWAY], "{page}");
    let copy = Reader::copies(&page).remove(0);
    let (code, id, _) = PLACES[1];
    let withdrawn = ["disclose", &format!("{code}:{id}"), "--withdraw"];
    network.members[1].world.ok(&withdrawn);
    let next = Reader::new(&network);
    let page = next.settled("labs?view=list");
    assert_eq!(next.results(&page), [AT_HOME], "{page}");
    assert_eq!(next.get(&copy).status, 404);
    // The other session has seen it, and sees it no more.
    assert_eq!(
        reader.results(&reader.get("labs?view=list").body),
        [AT_HOME]
    );
    assert_eq!(reader.get(&copy).status, 404);
    // As unknown as if it had never been: an answer without anything is no gap.
    assert!(!page.contains("応答がありません"), "{page}");
}

#[test]
fn one_that_is_off_and_one_that_never_answers_are_named_and_hold_nobody_up() {
    let hanging = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut network = Network::new("communities-away", 2, fill);
    network.add("2.25.777", &hanging.local_addr().unwrap().to_string());
    network.serve();
    let reader = Reader::new(&network);
    let first = reader.get("labs?view=list").body;
    assert_eq!(
        reader.results(&first),
        [AT_HOME, AT_AWAY],
        "nobody is held up"
    );
    assert!(first.contains("よその地域"), "{first}");
    let page = reader.settled("labs?view=list");
    assert!(
        page.contains("よその地域") && page.contains("応答がありません"),
        "{page}"
    );
    network.members[1].world.stop();
    let next = Reader::new(&network);
    let page = next.settled("labs?view=list");
    // Found by name alone, it was for the visit that found it.
    assert_eq!(next.results(&page), [AT_HOME], "{page}");
    assert!(page.contains("3か所のうち1か所から受信"), "{page}");
    assert!(page.matches("応答がありません").count() >= 2, "{page}");
}

#[test]
fn nobody_is_asked_about_a_patient_whom_the_own_facility_does_not_disclose() {
    let mut network = Network::new("communities-undisclosed", 2, fill);
    let (code, id, _) = PLACES[0];
    let withdrawn = ["disclose", &format!("{code}:{id}"), "--withdraw"];
    network.members[0].world.ok(&withdrawn);
    network.serve();
    let reader = Reader::new(&network);
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_HOME], "{page}");
    assert!(
        page.contains("地域1") && page.contains("問い合わせていません"),
        "{page}"
    );
    for member in &mut network.members {
        member.world.stop();
    }
    for member in &network.members {
        assert_eq!(exchanges(&member.world, &member.home), BTreeMap::new());
    }
}

/// Its entry says that it asserts its users: without an assertion it is nobody, however good its
/// certificate is.
#[test]
fn a_community_that_ought_to_assert_its_users_is_refused_without() {
    let mut network = Network::new("communities-silent", 2, fill);
    network.serve();
    let asked = &network.members[0];
    let query = format!(
        "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
         xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><q:ResponseOption \
         returnComposedObjects='true' returnType='ObjectRef'/><r:AdhocQuery \
         id='urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4' home='urn:oid:{}'/>\
         </q:AdhocQueryRequest>",
        asked.home
    );
    let message = soap::envelope("urn:ihe:iti:2007:CrossGatewayQuery", &query);
    let at = (network.folder.as_path(), asked.address.as_str());
    let answer = soap::script(
        at,
        "post",
        "his",
        &["application/soap+xml"],
        message.as_bytes(),
    );
    assert!(answer.starts_with("400 "), "{answer}");
    assert!(answer.contains("code=\"SAM-001\""), "{answer}");
}
