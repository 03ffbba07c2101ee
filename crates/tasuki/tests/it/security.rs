//! The security table: every page of the registry × no session, wrong role, other facility, other
//! patient, unknown patient, undisclosed record, forged form. A page without a case fails.

use super::http::{Answer, Client};
use super::world::{AT_AWAY, AT_CLINIC, AT_HOME, World};
use std::collections::BTreeMap;
use tasuki_web::pages::{Door, PAGES};

/// A person that does not exist.
const NOBODY: &str = "00000000000000000000000000000000";

/// What a page is to the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Case {
    /// Anyone may come; shows no patient.
    Open,
    /// Signed in; shows no patient, or only the facility's own list.
    Own,
    /// Behind a grant on one person.
    Chart,
    /// A line of the desk: behind the release of both its sides; see `desk.rs`.
    Line,
    /// Behind a sealed link; see `launch.rs`.
    Launch,
    /// Of one user's emergency, or of one facility's officer; see `emergency.rs`.
    Emergency,
    /// Belongs to one session's gathering from other communities; see `communities`.
    Gathering,
    /// Behind the clerks of the two facilities of a request; see `requests.rs`.
    Request,
    /// Behind the clerks of the facility that took it; see `consent.rs`.
    Consent,
    /// Behind the administrators of its facility; shows no patient. See `users.rs`, `terminals`.
    Account,
    /// Behind a session that waits for its user; shows no patient. See `account.rs`.
    Waiting,
    /// A form that changes something.
    Form,
}

/// The case of every page, by its name in the registry.
const CASES: &[(&str, Case)] = &[
    ("root", Case::Open),
    ("assets", Case::Open),
    ("icon", Case::Open),
    ("sign-in", Case::Open),
    ("sign-in-form", Case::Form),
    ("note-form", Case::Form),
    ("sign-out", Case::Form),
    ("account", Case::Own),
    ("membership-form", Case::Form),
    ("devices-form", Case::Form),
    ("users", Case::Account),
    ("users-form", Case::Form),
    ("user", Case::Account),
    ("user-form", Case::Form),
    ("terminals", Case::Account),
    ("terminals-form", Case::Form),
    ("terminals-one", Case::Account),
    ("terminals-act", Case::Form),
    ("terminal", Case::Open),
    ("terminal-take", Case::Form),
    ("terminal-renew", Case::Form),
    ("welcome", Case::Open),
    ("welcome-form", Case::Form),
    ("provider", Case::Open),
    ("provider-back", Case::Open),
    ("provider-form", Case::Form),
    ("second", Case::Waiting),
    ("second-form", Case::Form),
    ("lock", Case::Form),
    ("totp-form", Case::Form),
    ("passkey", Case::Own),
    ("passkey-form", Case::Form),
    ("factor-form", Case::Form),
    ("password-form", Case::Form),
    ("desk", Case::Own),
    ("line", Case::Line),
    ("line-form", Case::Form),
    ("misfiled", Case::Request),
    ("misfiled-form", Case::Form),
    ("requests", Case::Request),
    ("requests-form", Case::Form),
    ("request", Case::Request),
    ("request-form", Case::Form),
    ("request-print", Case::Request),
    ("consents", Case::Request),
    ("consent", Case::Consent),
    ("consent-form", Case::Form),
    ("consent-print", Case::Consent),
    ("rights-link", Case::Form),
    ("rights", Case::Open),
    ("rights-form", Case::Form),
    ("dictionary", Case::Own),
    ("dictionary-form", Case::Form),
    ("emergency", Case::Emergency),
    ("emergency-find", Case::Form),
    ("emergency-mine", Case::Emergency),
    ("emergency-answer", Case::Form),
    ("emergency-steps", Case::Emergency),
    ("emergency-act", Case::Form),
    ("board", Case::Own),
    ("board-form", Case::Form),
    ("disaster", Case::Emergency),
    ("disaster-form", Case::Form),
    ("explain", Case::Emergency),
    ("explain-form", Case::Form),
    ("audit", Case::Emergency),
    ("audit-file", Case::Emergency),
    ("access", Case::Emergency),
    ("access-print", Case::Emergency),
    ("invite", Case::Own),
    ("invite-form", Case::Form),
    ("reviews", Case::Emergency),
    ("reviews-form", Case::Form),
    ("members", Case::Account),
    ("members-form", Case::Form),
    ("statistics", Case::Own),
    ("statistics-form", Case::Form),
    ("public", Case::Open),
    ("public-json", Case::Open),
    ("launch", Case::Launch),
    ("help", Case::Own),
    ("patients", Case::Own),
    ("chart", Case::Chart),
    ("calendar", Case::Chart),
    ("summary", Case::Chart),
    ("sources", Case::Chart),
    ("arrival", Case::Gathering),
    ("received", Case::Gathering),
    ("received-original", Case::Gathering),
    ("keep-form", Case::Form),
    ("notes", Case::Chart),
    ("stays", Case::Chart),
    ("images", Case::Chart),
    ("injections", Case::Chart),
    ("problems", Case::Chart),
    ("labs", Case::Chart),
    ("screening", Case::Chart),
    ("medications", Case::Chart),
    ("labs-file", Case::Chart),
    ("print", Case::Chart),
    ("section", Case::Chart),
    ("document", Case::Chart),
    ("original", Case::Chart),
];

#[test]
fn every_page_has_a_case_and_every_case_a_page() {
    let cases: BTreeMap<_, _> = CASES.iter().copied().collect();
    for page in PAGES {
        let case = cases
            .get(page.name)
            .unwrap_or_else(|| panic!("{} has no case", page.name));
        assert_eq!(page.post, *case == Case::Form, "{}", page.name);
        let waits = page.door == Door::Waiting && !page.post;
        assert_eq!(waits, *case == Case::Waiting, "{}", page.name);
        assert!(
            page.door != Door::Open || *case == Case::Open || page.post,
            "{}",
            page.name
        );
    }
    assert_eq!(cases.len(), PAGES.len());
}

/// A path of a page for one person and one document.
fn path(pattern: &str, person: &str, entry: &str) -> String {
    pattern
        .replace("{person}", person)
        .replace("{entry}", entry)
        .replace("{preset}", "labs")
        .replace("{format}", "csv")
        .replace("{line}", NOBODY)
        .replace("{emergency}", NOBODY)
        .replace("{user}", NOBODY)
        .replace("{terminal}", NOBODY)
        .replace("{request}", NOBODY)
        .replace("{form}", "sheet")
        .replace("{gathering}", NOBODY)
        .replace("{copy}", NOBODY)
        .replace("{section}", "documents")
        .replace("{hash}", "0")
        .replace("{file}", "portal.css")
}

fn shows_a_patient(answer: &Answer) -> bool {
    [
        "花子",
        "ハナコ",
        "太郎",
        "タロウ",
        AT_HOME,
        AT_AWAY,
        AT_CLINIC,
    ]
    .iter()
    .any(|word| answer.body.contains(word))
}

/// The person and the documents that a page of links names.
fn person_of(client: &Client) -> String {
    let page = client.get("/patients").body;
    let (_, rest) = page.split_once("/patients/").unwrap();
    rest.split('/').next().unwrap().to_owned()
}

fn documents_of(client: &Client, person: &str) -> Vec<String> {
    let page = client
        .get(&format!("/patients/{person}/labs?view=list"))
        .body;
    page.split("/documents/")
        .skip(1)
        .map(|t| t.split('"').next().unwrap().to_owned())
        .collect()
}

fn charts() -> impl Iterator<Item = &'static tasuki_web::pages::Page> {
    PAGES.iter().filter(|p| {
        CASES
            .iter()
            .any(|(name, case)| *name == p.name && *case == Case::Chart)
    })
}

#[test]
fn without_a_session_nothing_opens() {
    let world = World::new("security-none", true);
    let doctor = world.sign_in("doctor");
    let person = person_of(&doctor);
    let entry = documents_of(&doctor, &person).remove(0);
    let anyone = Client::new(&world.address);
    for page in PAGES.iter().filter(|p| !p.post) {
        let answer = anyone.get(&path(page.path, &person, &entry));
        assert!(!shows_a_patient(&answer), "{}", page.name);
        if page.door != Door::Open {
            assert_eq!(answer.status, 303, "{}", page.name);
            assert!(
                answer
                    .header("location")
                    .unwrap()
                    .starts_with("/sign-in?next=")
            );
        }
    }
    let forged = Client {
        cookie: Some(format!("__Host-tasuki={}", "0".repeat(64))),
        ..anyone.clone()
    };
    assert_eq!(forged.get("/patients").status, 303);
}

#[test]
fn wrong_role_other_facility_and_unknown_person_look_the_same() {
    let world = World::new("security-roles", true);
    let doctor = world.sign_in("doctor");
    let person = person_of(&doctor);
    let entry = documents_of(&doctor, &person).remove(0);
    for page in charts() {
        let right = doctor.get(&path(page.path, &person, &entry));
        assert!(
            right.status == 200 || right.status == 303,
            "{} {}",
            page.name,
            right.status
        );
        for who in ["clerk", "operator", "stranger"] {
            let client = world.sign_in(who);
            let refused = client.get(&path(page.path, &person, &entry));
            let unknown = client.get(&path(page.path, NOBODY, &entry));
            if page.name == "chart" {
                // Only leads on, without looking.
                continue;
            }
            assert_eq!(refused.status, 404, "{who} {}", page.name);
            assert!(!shows_a_patient(&refused), "{who} {}", page.name);
            assert_eq!(refused.status, unknown.status);
            let without = |a: &Answer| a.bare().replace(&person, "").replace(NOBODY, "");
            assert_eq!(without(&refused), without(&unknown), "{who} {}", page.name);
        }
    }
}

#[test]
fn a_list_names_only_the_facilitys_own_patients() {
    let world = World::new("security-list", true);
    let own = world.sign_in("doctor").get("/patients").body;
    assert!(own.contains("花子") && !own.contains("太郎"));
    for query in ["?name=ヒミツ", "?id=0000011111", "?birth=1955-03-02"] {
        assert!(
            !world
                .sign_in("doctor")
                .get(&format!("/patients{query}"))
                .body
                .contains("太郎")
        );
    }
    let clerk = world.sign_in("clerk").get("/patients");
    assert!(clerk.body.contains("花子") && !clerk.body.contains("/calendar"));
    let operator = world.sign_in("operator").get("/patients");
    assert!(!shows_a_patient(&operator));
}

#[test]
fn an_undisclosed_record_is_nowhere() {
    let open = World::new("security-open", true);
    let doctor = open.sign_in("doctor");
    let person = person_of(&doctor);
    let all = documents_of(&doctor, &person);
    assert_eq!(all.len(), 2);
    let home = |c: &Client, p: &str| {
        documents_of(c, p)
            .into_iter()
            .find(|e| {
                c.get(&format!("/patients/{p}/documents/{e}"))
                    .body
                    .contains(AT_HOME)
            })
            .unwrap()
    };
    let away = all
        .iter()
        .find(|e| **e != home(&doctor, &person))
        .unwrap()
        .clone();
    assert!(
        doctor
            .get(&format!("/patients/{person}/documents/{away}"))
            .body
            .contains(AT_AWAY)
    );

    open.ok(&["disclose", "1312345678:0000067890", "--withdraw"]);
    assert_eq!(documents_of(&doctor, &person), [home(&doctor, &person)]);
    for page in charts().filter(|p| p.name != "chart") {
        let entry = home(&doctor, &person);
        for tail in [
            "",
            "?view=list",
            "?from=2026-06-03&to=2026-06-03",
            "?last=2026-06-05",
        ] {
            let answer = doctor.get(&format!("{}{tail}", path(page.path, &person, &entry)));
            assert!(!answer.body.contains(AT_AWAY), "{}{tail}", page.name);
            assert!(!answer.body.contains("0000067890"), "{}{tail}", page.name);
        }
    }
    for tail in ["", "/original", "/original?download=1"] {
        let hidden = doctor.get(&format!("/patients/{person}/documents/{away}{tail}"));
        let unknown = doctor.get(&format!("/patients/{person}/documents/{NOBODY}{tail}"));
        assert_eq!(hidden.status, 404);
        let without = |a: &Answer| a.bare().replace(&away, "").replace(NOBODY, "");
        assert_eq!(without(&hidden), without(&unknown), "{tail}");
    }
    let strip = doctor.get(&format!("/patients/{person}/sources")).body;
    assert!(!strip.contains("施設1312345678"), "not even named");
}

#[test]
fn a_document_of_another_patient_opens_under_nobody_else() {
    let world = World::new("security-cross", true);
    let stranger = world.sign_in("stranger");
    let taro = person_of(&stranger);
    let entry = documents_of(&stranger, &taro).remove(0);
    let doctor = world.sign_in("doctor");
    let hanako = person_of(&doctor);
    for (person, tail) in [(&hanako, ""), (&hanako, "/original"), (&taro, "")] {
        let answer = doctor.get(&format!("/patients/{person}/documents/{entry}{tail}"));
        assert_eq!(answer.status, 404);
        assert!(!answer.body.contains(AT_CLINIC));
    }
}

#[test]
fn forms_need_their_token_and_origin() {
    let world = World::new("security-forms", true);
    let doctor = world.sign_in("doctor");
    let page = doctor.get("/patients").body;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let token = rest.split('"').next().unwrap();
    let same = [("Sec-Fetch-Site", "same-origin")];
    let cross = [("Sec-Fetch-Site", "cross-site")];
    let form = format!("csrf={token}");
    assert_eq!(doctor.post("/sign-out", "", &same).status, 403);
    assert_eq!(doctor.post("/sign-out", "csrf=00", &same).status, 403);
    assert_eq!(doctor.post("/sign-out", &form, &cross).status, 403);
    assert_eq!(doctor.post("/sign-out", &form, &[]).status, 403);
    let person = person_of(&doctor);
    for page in PAGES.iter().filter(|p| p.post && p.door == Door::SignedIn) {
        let path = path(page.path, &person, NOBODY);
        assert_eq!(doctor.post(&path, "", &same).status, 403, "{path}");
        assert_eq!(doctor.post(&path, &form, &cross).status, 403, "{path}");
    }
    assert_eq!(doctor.get("/patients").status, 200);
    assert_eq!(doctor.post("/sign-out", &form, &same).status, 303);
    assert_eq!(doctor.get("/patients").status, 303);
    let sign_in = "name=doctor&password=hana-to-midori-42";
    assert_eq!(
        Client::new(&world.address)
            .post("/sign-in", sign_in, &cross)
            .status,
        403
    );
}

/// A form about a person is for those who may open that person's chart; to others there is nobody.
#[test]
fn nobody_keeps_a_patient_whom_they_may_not_see() {
    let world = World::new("security-keep", true);
    let doctor = world.sign_in("doctor");
    let page = doctor.get("/patients").body;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let form = format!("csrf={}&keep=yes", rest.split('"').next().unwrap());
    let same = [("Sec-Fetch-Site", "same-origin")];
    let own = format!("/patients/{}/kept", person_of(&doctor));
    assert_eq!(doctor.post(&own, &form, &same).status, 303);
    assert!(doctor.get("/patients?list=mine").body.contains("花子"));
    let nobody = format!("/patients/{NOBODY}/kept");
    assert_eq!(doctor.post(&nobody, &form, &same).status, 404);
    let wrong = form.replace("yes", "perhaps");
    assert_eq!(doctor.post(&own, &wrong, &same).status, 400);
    let away = format!("{form}&back=//elsewhere.example/");
    let back = doctor.post(&own, &away, &same);
    assert!(back.header("location").unwrap().starts_with("/patients/"));
}

#[test]
fn a_disabled_accounts_session_ends_at_once() {
    let world = World::new("security-leaver", true);
    let doctor = world.sign_in("doctor");
    assert_eq!(doctor.get("/patients").status, 200);
    world.ok(&["user", "disable", "doctor"]);
    assert_eq!(doctor.get("/patients").status, 303);
}

#[test]
fn guesses_are_slowed_without_locking_others_out() {
    let world = World::new("security-guesses", true);
    let anyone = Client::new(&world.address);
    let same = [("Sec-Fetch-Site", "same-origin")];
    let status = |name: &str, password: &str| {
        let form = format!("name={name}&password={password}");
        anyone.post("/sign-in", &form, &same).status
    };
    for _ in 0..10 {
        assert_eq!(status("doctor", "wrong"), 401);
    }
    assert_eq!(status("doctor", "wrong"), 429);
    assert_eq!(status("clerk", super::world::PASSWORD), 303);
    assert_eq!(status("nobody", "wrong"), 401);
}

#[test]
fn every_answer_carries_the_headers_and_odd_requests_are_refused() {
    let world = World::new("security-headers", true);
    let doctor = world.sign_in("doctor");
    for target in ["/patients", "/help", "/nothing", "/sign-in"] {
        let answer = doctor.get(target);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{target}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let strict = answer.header("strict-transport-security");
        assert_eq!(strict, Some("max-age=31536000"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let person = person_of(&doctor);
    for odd in [
        "?from=2026-13-01&to=2026-01-01",
        "?last=yesterday",
        "?from=2026-01-02",
    ] {
        assert_eq!(
            doctor
                .get(&format!("/patients/{person}/calendar{odd}"))
                .status,
            400,
            "{odd}"
        );
    }
    assert_eq!(
        doctor
            .get(&format!("/patients?name={}", "x".repeat(5_000)))
            .status,
        413
    );
    assert_eq!(
        doctor.post("/sign-out", &"x".repeat(70_000), &[]).status,
        413
    );
}
