//! 連携登録 across communities, from both desks: asked here, tied there, seen here, withdrawn there, gone here. The two
//! registrations have different names, so that nothing but the clerk's tie says who is meant.

use super::network::Network;
use super::{PLACES, Reader};
use crate::account::send;
use crate::http::Client;
use crate::world::{AT_AWAY, AT_HOME, HANAKO, TARO, World, patient};

/// Asks until a page says so.
pub fn until(client: &Client, path: &str, says: &str) -> String {
    for _ in 0..20_000 {
        let page = client.get(path).body;
        if page.contains(says) {
            return page;
        }
    }
    panic!("{path} never says {says}: {}", client.get(path).body);
}

/// Nobody discloses anybody yet; the second community knows the person under another name.
fn fill(number: usize, world: &mut World) {
    let (code, id, result) = PLACES[number];
    let root = world.folder.join(code);
    patient(&root, id, [HANAKO, TARO][number], result);
    world.ok(&["facility", "add", code, "--name", &format!("病院{number}")]);
    let root = root.to_string_lossy().into_owned();
    world.ok(&["import", "ss-mix2", &root, "--facility", code, "--json"]);
    world.user("doctor", "physician", code);
    world.user("clerk", "clerk", code);
}

fn form(to: &str) -> String {
    format!(
        "own_id={}&kana=%E3%83%88%E3%82%A6%E3%82%AD%E3%83%A7%E3%82%A6+%E3%83%8F%E3%83%8A%E3%82%B3\
         &birth=1947-03-12&sex=female&phone=03-0000-0001&agreed=2026-06-01&proxy=%E6%9D%B1%E4%BA%AC\
         &relation=%E5%AD%90&to={to}&their_id={}",
        PLACES[0].1, PLACES[1].1
    )
}

/// The first request that a page lists.
fn listed(page: &str) -> String {
    let (_, rest) = page.split_once("/desk/requests/").unwrap();
    format!("/desk/requests/{}", rest.split('"').next().unwrap())
}

struct Desks {
    network: Network,
    asks: Client,
    asked: Client,
}

fn desks(name: &str) -> Desks {
    let mut network = Network::new(name, 2, fill);
    network.serve();
    let sign_in = |n: usize| network.members[n].world.sign_in("clerk");
    let (asks, asked) = (sign_in(0), sign_in(1));
    Desks {
        network,
        asks,
        asked,
    }
}

impl Desks {
    /// Makes the request; its address on either desk.
    fn request(&self) -> (String, String) {
        let to = format!("{}/{}", self.network.members[1].home, PLACES[1].0);
        // The other community has told which facilities of it can be asked.
        until(&self.asks, "/desk/requests", &to);
        let made = send(&self.asks, "/desk/requests", &form(&to.replace('/', "%2F")));
        assert_eq!(made.status, 303, "{}", made.body);
        let own = listed(&self.asks.get("/desk/requests").body);
        let theirs = listed(&until(&self.asked, "/desk/requests", "/desk/requests/"));
        (own, theirs)
    }
}

#[test]
fn asked_here_tied_there_seen_here_withdrawn_there_gone_here() {
    let desks = desks("communities-asked");
    let (own, theirs) = desks.request();
    until(&desks.asks, &own, "先方の地域連携室へ届き");
    let page = desks.asked.get(&theirs).body;
    for word in [
        "トウキョウ ハナコ",
        "病院0",
        "地域0",
        "東京 (子)",
        PLACES[1].1,
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    // Nobody else's desk, and nobody but clerks.
    let doctor = desks.network.members[1].world.sign_in("doctor");
    assert_eq!(doctor.get(&theirs).status, 404);
    assert_eq!(desks.asked.get(&own).status, 404);
    let before = Reader::new(&desks.network);
    let nothing = before.settled("labs?view=list");
    assert_eq!(before.results(&nothing), [AT_HOME], "{nothing}");

    let approve = |id: &str| send(&desks.asked, &theirs, &format!("act=approve&own_id={id}"));
    assert!(approve("0000099999").body.contains("LNK-003"));
    assert_eq!(approve(PLACES[1].1).status, 303);
    assert_eq!(approve(PLACES[1].1).status, 409);
    until(&desks.asks, "/desk/requests", "連携済み");
    let reader = Reader::new(&desks.network);
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_HOME, AT_AWAY], "{page}");
    let copy = Reader::copies(&page).remove(0);

    let known = format!("{}:{}", PLACES[1].0, PLACES[1].1);
    let withdraw = ["consent", &known, "--by", "clerk", "--withdraw"];
    assert_eq!(desks.network.members[1].world.ok(&withdraw).trim(), "1");
    assert!((0..20_000).any(|_| reader.get(&copy).status == 404));
    let next = Reader::new(&desks.network);
    let page = next.settled("labs?view=list");
    assert_eq!(next.results(&page), [AT_HOME], "{page}");
}

#[test]
fn sent_back_with_a_reason_or_taken_back_and_nothing_is_disclosed() {
    let desks = desks("communities-asked-back");
    let (own, theirs) = desks.request();
    let silent = send(&desks.asked, &theirs, "act=return&reason=");
    assert!(silent.body.contains("LNK-004"), "{}", silent.body);
    assert_eq!(send(&desks.asked, &theirs, "act=withdraw").status, 404);
    let back = send(&desks.asked, &theirs, "act=return&reason=NOSUCHID");
    assert_eq!(back.status, 303);
    until(&desks.asks, &own, "NOSUCHID");
    assert!(!desks.asked.get("/desk/requests").body.contains("ハナコ"));
    assert_eq!(send(&desks.asks, &own, "act=answered").status, 404);

    let (again, there) = desks.request();
    assert_ne!(again, own);
    assert_eq!(send(&desks.asks, &again, "act=withdraw").status, 303);
    until(&desks.asked, &there, "取り下げ");
    let late = format!("act=approve&own_id={}", PLACES[1].1);
    assert_eq!(send(&desks.asked, &there, &late).status, 409);
    let reader = Reader::new(&desks.network);
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_HOME], "{page}");
}

#[test]
fn a_community_that_is_away_is_asked_when_it_is_back_and_one_that_is_no_tasuki_on_paper() {
    let mut desks = desks("communities-asked-away");
    let to = format!("{}/{}", desks.network.members[1].home, PLACES[1].0);
    until(&desks.asks, "/desk/requests", &to);
    desks.network.add("2.25.777", "127.0.0.1:9");
    desks.network.sign();
    desks.network.members[0].world.reload();
    let page = desks.asks.get("/desk/requests").body;
    assert!(
        page.contains("よその地域の施設へは、電子では依頼できません"),
        "{page}"
    );
    desks.network.members[1].world.stop();
    let made = send(
        &desks.asks,
        "/desk/requests",
        &form(&to.replace('/', "%2F")),
    );
    assert_eq!(made.status, 303, "{}", made.body);
    let own = listed(&desks.asks.get("/desk/requests").body);
    let page = desks.asks.get(&own).body;
    assert!(page.contains("地域1にまだ届いていません"), "{page}");
    desks.network.back(1);
    until(&desks.asks, &own, "先方の地域連携室へ届き");
    let stranger = send(
        &desks.asks,
        "/desk/requests",
        &form("2.25.777%2F1319999999"),
    );
    assert_eq!(stranger.status, 422);
}
