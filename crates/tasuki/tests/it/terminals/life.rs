//! A terminal from its enrolment to its end.

use super::super::mllp::openssl;
use super::super::world::{CLINIC, HOME};
use super::browser::Browser;
use super::{address_of, bare, events, fact, made, signed_in, world};
use tasuki_core::audit::{Actor, Ending};

const REQUIRED: &str = "terminals = \"required\"";

/// Takes the file of a code at a browser without a certificate, and imports it.
fn take(world: &super::World, name: &str, code: &str, words: &str) -> Browser {
    let file = bare(world).post("/terminal", &format!("code={code}"));
    assert_eq!(file.status, 200, "{}", file.body);
    let disposition = file.header("content-disposition").unwrap();
    assert!(disposition.contains("attachment") && disposition.contains(".p12"));
    std::fs::write(world.folder.join(format!("{name}.p12")), &file.bytes).unwrap();
    Browser::with_file(&world.folder, &world.address, name, words)
}

#[test]
fn a_certificate_is_taken_once_used_and_revoked_on_an_open_connection() {
    let world = world("terminals-life", REQUIRED);
    let (_, admin) = signed_in(&world, "first", HOME, "admin");
    let enrolled = admin.send("/admin/terminals", "name=ward-3&place=3F");
    assert_eq!(enrolled.status, 200, "{}", enrolled.body);
    let (code, words) = (fact(&enrolled, 0), fact(&enrolled, 1));
    let page = admin.get(&address_of(&admin, "ward-3")).body;
    assert!(
        !page.contains(&code) && !page.contains(&words),
        "shown once"
    );
    assert_eq!(bare(&world).get("/terminal").status, 200);
    assert_eq!(bare(&world).post("/terminal", "code=0123").status, 422);
    let mut ward = take(&world, "ward-3", &code, &words);
    let again = bare(&world).post("/terminal", &format!("code={code}"));
    assert!(
        again.status == 422 && again.body.contains("TRM-004"),
        "once"
    );
    let address = address_of(&admin, "ward-3");
    let another = admin.send(&address, "act=again");
    assert!(another.status == 422 && another.body.contains("TRM-008"));

    assert_eq!(ward.sign_in("doctor").status, 303);
    let id = address.rsplit('/').next().unwrap();
    let signed_in = events(&world)
        .into_iter()
        .rfind(|e| e.subject == "sign-in-form");
    let detail = signed_in.unwrap().detail.unwrap();
    assert!(detail.ends_with(&format!("terminal {id}")), "{detail}");
    let mut open = ward.open();
    let cookie = ward.cookie.clone();
    assert_eq!(open.ask("/patients", None, cookie.as_deref()).status, 200);
    assert_eq!(admin.send(&address, "act=revoke").status, 303);
    let ended = open.ask("/patients", None, cookie.as_deref());
    assert!(ended.status == 403 && ended.body.contains("TRM-002"));
    let mut resumed = ward.open();
    let ended = resumed.ask("/patients", None, cookie.as_deref());
    assert!(resumed.resumed() && ended.body.contains("TRM-002"));
    let refused = events(&world)
        .into_iter()
        .rfind(|e| e.ending == Ending::Refused);
    let refused = refused.unwrap();
    assert_eq!(refused.code.as_deref(), Some("TRM-002"));
    assert!(refused.detail.unwrap().contains(id));
    assert_eq!(
        admin.get("/patients").status,
        200,
        "the other terminal stays"
    );
}

#[test]
fn a_terminal_serves_its_facility_and_the_user_it_is_bound_to() {
    let world = world("terminals-whose", REQUIRED);
    let (_, admin) = signed_in(&world, "home", HOME, "admin");
    let (_, mut clinic) = made(&world, "clinic", CLINIC);
    let refused = clinic.sign_in("doctor");
    assert!(
        refused.status == 403 && refused.body.contains("TRM-003"),
        "{}",
        refused.body
    );
    assert!(clinic.cookie.is_none());
    assert_eq!(clinic.sign_in("stranger").status, 303);
    let mut carried = Browser::new(&world.folder, &world.address, Some("clinic"));
    carried.cookie.clone_from(&admin.cookie);
    let elsewhere = carried.get("/patients");
    assert!(elsewhere.status == 403 && elsewhere.body.contains("TRM-003"));
    assert_eq!(carried.get("/sign-in").status, 200, "they can sign in anew");
    let noted = events(&world)
        .into_iter()
        .rfind(|e| e.ending == Ending::Refused)
        .unwrap();
    assert_eq!(noted.code.as_deref(), Some("TRM-003"));
    // A laptop of one physician.
    let enrolled = admin.send("/admin/terminals", "name=laptop&owner=doctor");
    let mut laptop = take(&world, "laptop", &fact(&enrolled, 0), &fact(&enrolled, 1));
    assert_eq!(laptop.sign_in("clerk").status, 403);
    assert_eq!(laptop.sign_in("doctor").status, 303);
    assert_eq!(laptop.get("/patients").status, 200);
}

#[test]
fn a_session_goes_on_at_the_terminal_where_it_began_and_nowhere_else() {
    for demand in ["required", "optional", "off"] {
        let line = format!("terminals = \"{demand}\"");
        let world = world(&format!("terminals-tied-{demand}"), &line);
        let (_, doctor) = signed_in(&world, "desk", HOME, "doctor");
        let (other, mut beside) = made(&world, "beside", HOME);
        let mut carried = bare(&world);
        for (browser, without) in [(&mut beside, "TRM-010"), (&mut carried, "TRM-001")] {
            browser.cookie.clone_from(&doctor.cookie);
            let page = browser.get("/patients");
            if demand == "off" {
                assert_eq!(page.status, 200, "nobody is asked for a terminal");
                continue;
            }
            // Who has to have a terminal is told that first.
            let code = match demand {
                "required" => without,
                _ => "TRM-010",
            };
            assert!(
                page.status == 403 && page.body.contains(code),
                "{}",
                page.body
            );
            assert!(!page.body.contains("name=\"csrf\""), "nor whose it is");
        }
        assert_eq!(
            doctor.get("/patients").status,
            200,
            "{demand}: its own goes on"
        );
        if demand == "off" {
            continue;
        }
        let refused = events(&world).into_iter();
        let mut refused = refused.filter(|e| e.code.as_deref() == Some("TRM-010"));
        let event = refused.next().unwrap();
        assert_eq!(event.ending, Ending::Refused);
        assert_eq!(event.detail.as_deref(), Some(&*format!("terminal {other}")));
        let Actor::User { facility, .. } = &event.actor else {
            panic!("{event:?}");
        };
        assert_eq!(facility.as_str(), format!("f-{HOME}"));
        assert_eq!(refused.count(), usize::from(demand == "optional"));
        // Whoever works at the other one signs in there.
        assert_eq!(beside.get("/sign-in").status, 200);
        assert_eq!(beside.sign_in("doctor").status, 303);
        assert_eq!(beside.get("/patients").status, 200);
    }
}

#[test]
fn a_terminal_renews_its_certificate_and_the_old_one_ends_with_the_first_use_of_the_new() {
    let world = world(
        "terminals-renewal",
        "terminals = \"required\"\nterminal_days = 20",
    );
    let (_, doctor) = signed_in(&world, "desk", HOME, "doctor");
    let page = doctor.get("/terminal").body;
    assert!(page.contains("/terminal/renew"), "{page}");
    let renewed = doctor.send("/terminal/renew", "");
    assert_eq!(renewed.status, 200);
    let words = fact(&renewed, 0);
    let (_, rest) = renewed.body.split_once("name=\"code\" value=\"").unwrap();
    let code = rest.split('"').next().unwrap();
    let mut new = take(&world, "desk-new", code, &words);
    new.cookie.clone_from(&doctor.cookie);
    assert_eq!(
        new.get("/patients").status,
        200,
        "one terminal, one session"
    );
    assert_eq!(doctor.get("/patients").status, 200, "still in force");
    assert_eq!(new.sign_in("doctor").status, 303);
    let old = doctor.get("/patients");
    assert!(old.status == 403 && old.body.contains("TRM-002"));
    let (_, admin) = signed_in(&world, "office", HOME, "admin");
    let list = admin.get("/admin/terminals").body;
    assert!(
        list.contains("2台") && list.contains("30日"),
        "told that they end soon"
    );
    // With a request of its own.
    let ask = [
        "req",
        "-new",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
    ];
    let files = ["-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=own"];
    openssl(&world.folder, &[&ask[..], &files].concat());
    let request = std::fs::read_to_string(world.folder.join("own.csr")).unwrap();
    let request = request.replace('+', "%2B").replace('\n', "%0A");
    assert_eq!(new.send("/terminal/renew", "request=none").status, 422);
    let signed = new.send("/terminal/renew", &format!("request={request}"));
    let (_, pem) = signed.body.split_once("-----BEGIN").unwrap();
    let pem = pem.split("</textarea>").next().unwrap();
    let pem = pem.replace("&#43;", "+").replace("&#x2b;", "+");
    std::fs::write(world.folder.join("own.pem"), format!("-----BEGIN{pem}")).unwrap();
    let own = Browser::new(&world.folder, &world.address, Some("own"));
    assert_eq!(own.get("/sign-in").status, 200);
}
