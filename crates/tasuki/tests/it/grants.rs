//! What an emergency does not open: a record whose patient has refused in advance, and any page once the
//! grant has ended.

use super::emergency::{found, open, post};
use super::http::{Answer, Client};
use super::world::{AT_AWAY, AWAY, PASSWORD, World};
use tasuki_core::ports::{Emergency, Store};
use tasuki_model::{CommunityId, RepositoryId, UserId};
use tasuki_web::pages::PAGES;

fn by_items(client: &Client) -> Answer {
    let fields = [
        ("by", "items"),
        ("family", "東京"),
        ("given", "花子"),
        ("birth", "1947-03-12"),
        ("sex", "f"),
    ];
    post(client, "/emergency", &fields)
}

fn by_id(client: &Client, id: &str) -> Answer {
    post(client, "/emergency", &[("by", "id"), ("id", id)])
}

#[test]
fn who_has_refused_in_advance_is_as_unknown_as_nobody() {
    let mut world = World::new("grants-refused", true);
    let own = format!("0000067890@{AWAY}");
    let stranger = world.sign_in("stranger");
    assert_eq!(by_id(&stranger, &own).status, 303);
    world.stop();
    let patient = format!("{AWAY}:0000067890");
    world.ok(&["consent", &patient, "--by", "clerk", "--no-emergency"]);
    world.serve();
    let stranger = world.sign_in("stranger");
    let nobody = by_id(&stranger, &format!("0000099999@{AWAY}"));
    let refused = by_id(&stranger, &own);
    assert_eq!((refused.status, nobody.status), (422, 422));
    assert!(refused.body.contains("EMR-001"));
    let says = |a: &Answer| {
        let (_, rest) = a.body.split_once("role=\"alert\"").unwrap();
        rest.split_once("</p>").unwrap().0.to_owned()
    };
    assert_eq!(says(&refused), says(&nobody));
    // Her other hospital is not asked either: she is one person.
    let items = by_items(&stranger);
    assert_eq!(items.status, 422);
    assert!(!items.body.contains(AT_AWAY));
}

/// The node's store, while it does not run.
fn store(world: &World) -> std::sync::Arc<dyn Store> {
    let config = std::fs::read_to_string(world.data().join("tasuki.toml")).unwrap();
    let (_, rest) = config.split_once("home_community_id = \"").unwrap();
    let home = CommunityId::new(rest.split('"').next().unwrap()).unwrap();
    let repository = RepositoryId::new(&format!("{home}.1")).unwrap();
    let config = tasuki_store::StoreConfig::new(world.data(), home, repository);
    tasuki_store::open(&config).unwrap()
}

#[test]
fn a_grant_whose_time_ran_out_opens_no_page() {
    let mut world = World::new("grants-ended", false);
    let stranger = world.sign_in("stranger");
    let path = found(&stranger, &format!("67890@{AWAY}"));
    assert_eq!(open(&stranger, &path, PASSWORD).status, 303);
    let summary = stranger.get(&path).body;
    let (_, rest) = summary.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap().to_owned();
    let labs = stranger
        .get(&format!("/patients/{person}/labs?view=list"))
        .body;
    let (_, rest) = labs.split_once("/documents/").unwrap();
    let entry = rest.split('"').next().unwrap();
    let pages: Vec<String> = PAGES
        .iter()
        .filter(|p| !p.post && p.path.contains("{person}"))
        .filter(|p| !["chart", "access", "access-print"].contains(&p.name))
        .map(|p| {
            p.path
                .replace("{person}", &person)
                .replace("{entry}", entry)
                .replace("{preset}", "emergency")
                .replace("{section}", "labs")
                .replace("{format}", "csv")
        })
        .filter(|path| !path.contains('{'))
        .collect();
    assert!(pages.len() > 15, "{pages:?}");
    let opened = |client: &Client| -> Vec<String> {
        let open = pages.iter().filter(|page| client.get(page).status != 404);
        open.cloned().collect()
    };
    assert!(opened(&stranger).len() > 12);
    world.stop();
    let kept = store(&world);
    let user = UserId::new("u-stranger").unwrap();
    let emergencies = kept.reading(|tx| tx.emergencies_of(&user, 10)).unwrap();
    let [emergency] = &emergencies[..] else {
        panic!("{emergencies:?}")
    };
    let ended = Emergency {
        until: emergency.found,
        ..emergency.clone()
    };
    kept.writing(|tx| tx.put_emergency(&ended)).unwrap();
    kept.close().unwrap();
    world.serve();
    let stranger = world.sign_in("stranger");
    assert_eq!(opened(&stranger), [""; 0]);
    let again = post(&stranger, &path, &[("act", "extend"), ("why", "続ける")]);
    assert_eq!(again.status, 404);
}
