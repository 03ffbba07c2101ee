//! Without a terminal in force: every page, and every certificate that is none of ours.

use super::super::mllp::openssl;
use super::super::world::{CLINIC, HOME};
use super::browser::Browser;
use super::{bare, certified, made, now, put, signed_in, store, world};
use std::process::{Command, Stdio};
use tasuki_core::ports::TerminalCertificate;
use tasuki_web::pages::{NEEDS_NO_TERMINAL, PAGES};

const REQUIRED: &str = "terminals = \"required\"";
const NOBODY: &str = "00000000000000000000000000000000";

/// A path of a page, with something in the place of each name.
fn path(pattern: &str) -> String {
    let filled = pattern.split('/').map(|part| match part.starts_with('{') {
        true => NOBODY,
        false => part,
    });
    filled.collect::<Vec<_>>().join("/")
}

#[test]
fn nothing_but_the_public_pages_opens_without_a_terminal() {
    let world = world("terminals-doors", REQUIRED);
    let (_, doctor) = signed_in(&world, "desk", HOME, "doctor");
    assert_eq!(doctor.get("/patients").status, 200);
    let mut stolen = bare(&world);
    stolen.cookie.clone_from(&doctor.cookie);
    for browser in [&stolen, &bare(&world)] {
        for page in PAGES {
            let answer = match page.post {
                true => browser.post(&path(page.path), ""),
                false => browser.get(&path(page.path)),
            };
            let refused = answer.status == 403 && answer.body.contains("TRM-001");
            let public = NEEDS_NO_TERMINAL.contains(&page.name);
            assert_eq!(refused, !public, "{} {}", page.name, answer.status);
        }
        let nothing = browser.get("/nothing");
        assert!(nothing.status == 403 && nothing.body.contains("TRM-001"));
    }
    assert!(bare(&world).sign_in("doctor").body.contains("TRM-001"));
    assert_eq!(doctor.get("/patients").status, 200, "nobody has touched it");
}

#[test]
fn a_certificate_that_is_no_terminals_opens_nothing() {
    let world = world("terminals-others", REQUIRED);
    let (id, _) = made(&world, "desk", HOME);
    // A system that the member directory may name: by the network's authority, not by ours.
    let system = Browser::new(&world.folder, &world.address, Some("his"));
    let by_code = |browser: &Browser, code: &str| {
        let page = browser.get("/sign-in");
        assert!(
            page.status == 403 && page.body.contains(code),
            "{code}: {}",
            page.body
        );
        assert_eq!(browser.get("/public").status, 200);
    };
    by_code(&system, "TRM-001");
    // The same, written into the store: our authority has not signed it.
    let authority = world.folder.join("his.pem");
    let der = openssl(
        &world.folder,
        &[
            "x509",
            "-in",
            "his.pem",
            "-noout",
            "-fingerprint",
            "-sha256",
        ],
    );
    let fingerprint = der
        .trim()
        .rsplit('=')
        .next()
        .unwrap()
        .replace(':', "")
        .to_lowercase();
    assert!(authority.exists());
    let forged = TerminalCertificate {
        fingerprint,
        terminal: id.clone(),
        from: now().plus_seconds(-60),
        until: now().plus_seconds(600),
        used: None,
        ended: None,
        der: vec![0],
    };
    put(&store(&world), &forged);
    by_code(&system, "TRM-001");
    by_code(&certified(&world, &id, "expired", -600, -60), "TRM-002");
    by_code(&certified(&world, &id, "not-yet", 600, 6_000), "TRM-002");
    let other = super::world("terminals-others-2", REQUIRED);
    let (_, foreign) = made(&other, "foreign", HOME);
    assert_eq!(foreign.get("/sign-in").status, 200, "at home");
    for end in ["pem", "key"] {
        let name = format!("foreign.{end}");
        std::fs::copy(other.folder.join(&name), world.folder.join(&name)).unwrap();
    }
    by_code(
        &Browser::new(&world.folder, &world.address, Some("foreign")),
        "TRM-001",
    );
    let (_, ours) = made(&world, "second-desk", CLINIC);
    assert_eq!(ours.get("/sign-in").status, 200);
}

/// What a listener sends at the handshake, by somebody else's client.
fn asked(address: &str) -> String {
    let output = Command::new("openssl")
        .args([
            "s_client",
            "-connect",
            address.trim_start_matches("https://"),
        ])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_listener_asks_by_name_only_where_it_is_told_to_and_optional_lets_everybody_in() {
    let (off, optional) = (
        world("terminals-off", ""),
        world("terminals-optional", "terminals = \"optional\""),
    );
    assert!(asked(&off.address).contains("No client certificate CA names sent"));
    assert!(asked(&optional.address).contains("CN = Tasuki terminals"));
    let (_, mut doctor) = made(&off, "desk", HOME);
    assert_eq!(doctor.sign_in("doctor").status, 303, "off: shown to nobody");
    for (facility, user) in [(HOME, "doctor"), (HOME, "stranger")] {
        let mut anyone = bare(&optional);
        assert_eq!(anyone.sign_in(user).status, 303, "{user}");
        let name = format!("at-{facility}-{user}");
        let (id, mut named) = made(&optional, &name, facility);
        assert_eq!(named.sign_in(user).status, 303, "{user}");
        let said = super::events(&optional);
        let said = said.iter().filter_map(|e| e.detail.as_deref());
        let terminal = format!("terminal {id}");
        assert_eq!(said.filter(|d| d.ends_with(&terminal)).count(), 1, "{user}");
    }
}
