//! Terminals: who has no certificate of this community sees the public pages and nothing else; who has one
//! works at its facility until its end, which holds on open connections too.

mod browser;
mod doors;
mod keeping;
mod life;

use super::http::Answer;
use super::mllp::certify;
use super::world::{CLINIC, HOME, World};
use browser::Browser;
use std::path::PathBuf;
use std::sync::Arc;
use tasuki::terminals::Certifier;
use tasuki_core::audit::AuditEvent;
use tasuki_core::ports::{Store, TerminalAuthority, TerminalCertificate};
use tasuki_core::terminal::{TerminalCertifying, Wanted, row};
use tasuki_model::{CommunityId, Instant, RepositoryId, TerminalId};

/// A world whose portal speaks TLS and has these lines in its section.
fn world(name: &str, lines: &str) -> World {
    let world = World::made(name, true, |world| {
        certify(&world.folder, &["node", "his"]);
        let file = |name: &str| world.folder.join(name).display().to_string();
        let (chain, key) = (file("node.pem"), file("node.key"));
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let portal = format!(
            "[portal]\ncertificate_file = \"{chain}\"\nprivate_key_file = \"{key}\"\n{lines}\n"
        );
        // What is said anew takes the place of what init has written.
        let said = |line: &str| {
            lines
                .lines()
                .any(|new| new.split(" =").next() == line.split(" =").next())
        };
        let kept: Vec<&str> = text.lines().filter(|line| !said(line)).collect();
        let text = format!("{}\n", kept.join("\n"));
        std::fs::write(&path, text.replace("[portal]\n", &portal)).unwrap();
    });
    world.user("admin", "facility-administrator", HOME);
    world.user("second", "facility-administrator", HOME);
    world.user("elsewhere", "facility-administrator", CLINIC);
    world
}

/// A terminal made at the console: its id and the browser that has its certificate.
fn made(world: &World, name: &str, facility: &str) -> (TerminalId, Browser) {
    let file = world.folder.join(format!("{name}.p12"));
    let out = file.display().to_string();
    let said = world.ok(&[
        "terminal",
        "add",
        name,
        "--facility",
        facility,
        "--out",
        &out,
    ]);
    let (id, words) = said.trim().split_once(' ').unwrap();
    let browser = Browser::with_file(&world.folder, &world.address, name, words);
    (TerminalId::new(id).unwrap(), browser)
}

/// The same, with somebody signed in.
fn signed_in(world: &World, name: &str, facility: &str, user: &str) -> (TerminalId, Browser) {
    let (id, mut browser) = made(world, name, facility);
    assert_eq!(browser.sign_in(user).status, 303, "{user}");
    (id, browser)
}

/// A browser without a certificate.
fn bare(world: &World) -> Browser {
    Browser::new(&world.folder, &world.address, None)
}

/// What stands behind a term of a list of facts.
fn fact(answer: &Answer, at: usize) -> String {
    let found = answer.body.split("<code>").nth(at + 1).unwrap();
    found.split('<').next().unwrap().to_owned()
}

/// The address of a terminal on its keeper's page.
fn address_of(keeper: &Browser, name: &str) -> String {
    let page = keeper.get("/admin/terminals").body;
    let (before, _) = page.split_once(&format!("\">{name}</a>")).unwrap();
    before.rsplit("href=\"").next().unwrap().to_owned()
}

fn store(world: &World) -> Arc<dyn Store> {
    let config = std::fs::read_to_string(world.data().join("tasuki.toml")).unwrap();
    let (_, rest) = config.split_once("home_community_id = \"").unwrap();
    let home = CommunityId::new(rest.split('"').next().unwrap()).unwrap();
    let repository = RepositoryId::new(&format!("{home}.1")).unwrap();
    let config = tasuki_store::StoreConfig::new(world.data(), home, repository);
    tasuki_store::open(&config).unwrap()
}

fn events(world: &World) -> Vec<AuditEvent> {
    let rows = store(world).reading(|tx| tx.audit_after("a test", 100_000));
    rows.unwrap()
        .into_iter()
        .filter_map(|row| row.event)
        .collect()
}

fn now() -> Instant {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap())
}

/// A further certificate of a terminal, from and until so many seconds from now, as the store has it; and a
/// browser that shows it.
fn certified(world: &World, id: &TerminalId, name: &str, from: i64, until: i64) -> Browser {
    let store = store(world);
    let (terminal, authority) = store
        .reading(|tx| Ok((tx.terminal(id)?, tx.terminal_authority()?)))
        .unwrap();
    let (terminal, authority): (_, TerminalAuthority) = (terminal.unwrap(), authority.unwrap());
    let wanted = Wanted {
        terminal: &terminal,
        from: now().plus_seconds(from),
        until: now().plus_seconds(until),
    };
    let (der, file) = Certifier.certify(&authority, wanted, "words").unwrap();
    std::fs::write(folder(world).join(format!("{name}.p12")), file).unwrap();
    put(&store, &row(wanted, der));
    Browser::with_file(&world.folder, &world.address, name, "words")
}

fn put(store: &Arc<dyn Store>, certificate: &TerminalCertificate) {
    store
        .writing(|tx| tx.add_terminal_certificate(certificate))
        .unwrap();
}

fn folder(world: &World) -> PathBuf {
    world.folder.clone()
}
