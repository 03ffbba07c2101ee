//! What belongs to a user: open sessions, password.

use super::http::{Answer, Client};
use super::world::{HOME, PASSWORD, World};
use std::io::Write;
use std::process::{Command, Stdio};

const SAME: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];

/// The token of the forms that this client is shown.
pub fn token(client: &Client) -> String {
    let page = client.get("/account").body;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Sends a form with its token.
pub fn send(client: &Client, path: &str, form: &str) -> Answer {
    client.post(path, &format!("csrf={}&{form}", token(client)), &SAME)
}

#[test]
fn a_password_is_changed_by_who_knows_it_and_other_sessions_end() {
    let world = World::new("account-password", true);
    let (here, there) = (world.sign_in("doctor"), world.sign_in("doctor"));
    let change = |form: &str| send(&here, "/account/password", form);
    let new = "kawa-to-yama-2026";
    for (form, code) in [
        (format!("new={new}&again=wrong"), "WEB-001"),
        (format!("new=short&again={PASSWORD}"), "ACC-002"),
        (format!("new=Doctor-{new}&again={PASSWORD}"), "ACC-009"),
        (format!("new={new}-{HOME}&again={PASSWORD}"), "ACC-009"),
        (format!("new=password12345&again={PASSWORD}"), "ACC-010"),
        (format!("new=aaaaaaaaaaaaaa&again={PASSWORD}"), "ACC-002"),
    ] {
        let answer = change(&form);
        assert_eq!(answer.status, 422, "{form}");
        assert!(answer.body.contains(code), "{form}");
    }
    assert_eq!(there.get("/patients").status, 200);
    assert_eq!(change(&format!("new={new}&again={PASSWORD}")).status, 303);
    assert_eq!(there.get("/patients").status, 303);
    assert_eq!(here.get("/patients").status, 200);
    let anyone = Client::new(&world.address);
    let old = format!("name=doctor&password={PASSWORD}");
    assert_eq!(anyone.post("/sign-in", &old, &SAME).status, 401);
    let _ = Client::sign_in(&world.address, "doctor", new);
}

/// A list that holds these passwords, as a file of the world.
fn list(world: &World, passwords: &[&str]) -> String {
    let sha1 = |text: &&str| {
        let digest = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
        tasuki_core::release::hex(ring::digest::digest(digest, text.as_bytes()).as_ref())
    };
    let mut hashes: Vec<String> = passwords.iter().map(sha1).collect();
    hashes.sort();
    let path = world.folder.join("breached.txt");
    std::fs::write(&path, hashes.join(":7\r\n").to_uppercase()).unwrap();
    path.to_string_lossy().into_owned()
}

/// Says a line more in the section of the portal.
fn say(world: &World, line: &str) {
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        text.replace("[portal]\n", &format!("[portal]\n{line}\n")),
    )
    .unwrap();
}

#[test]
fn a_password_known_from_a_breach_is_refused_where_there_is_a_list() {
    let (known, other) = ("umi-no-mieru-mado-81", "kawa-to-yama-2026");
    for on in [true, false] {
        let world = World::made(&format!("account-breached-{on}"), true, |world| {
            if on {
                let file = list(world, &[known, "sora", "kumo"]);
                say(world, &format!("breached_passwords_file = \"{file}\""));
            }
        });
        let said = world.ok(&["config", "check"]);
        for told in [&said, &world.log()] {
            let off = "not compared with those known from breaches";
            assert_eq!(told.contains(off), !on, "{told}");
        }
        let doctor = world.sign_in("doctor");
        let change = |new: &str, old: &str| {
            send(
                &doctor,
                "/account/password",
                &format!("new={new}&again={old}"),
            )
        };
        let refused = change(known, PASSWORD);
        assert_eq!(refused.status, if on { 422 } else { 303 });
        assert_eq!(refused.body.contains("ACC-011"), on, "{}", refused.body);
        let old = if on { PASSWORD } else { known };
        assert_eq!(change(other, old).status, 303);
        if on {
            // Nobody is told that a password is good where that cannot be known.
            std::fs::remove_file(world.folder.join("breached.txt")).unwrap();
            let unknown = change("kaze-to-hikari-77", other);
            assert!(unknown.body.contains("CFG-001"), "{}", unknown.body);
        }
    }
}

#[test]
fn a_list_of_breached_passwords_that_is_none_is_said_before_the_node_starts() {
    let world = World::quiet("account-breached-wrong");
    world.ok(&["init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0"]);
    let file = world.folder.join("words.txt");
    std::fs::write(&file, "password\n123456\n").unwrap();
    say(
        &world,
        &format!("breached_passwords_file = \"{}\"", file.display()),
    );
    for command in [&["config", "check"][..], &["serve"]] {
        assert!(world.fails(command).contains("CFG-003"), "{command:?}");
    }
}

#[test]
fn a_first_password_at_the_console_is_held_to_the_same_rule() {
    let world = World::new("account-console", true);
    let file = world.folder.join("first");
    let path = file.to_string_lossy().into_owned();
    let add = [
        "user",
        "add",
        "sato",
        "--role",
        "physician",
        "--facility",
        HOME,
        "--password-file",
        &path,
    ];
    for (first, code) in [
        ("short", "ACC-002"),
        ("sato-to-kawa-2026", "ACC-009"),
        ("qwertyuiop12", "ACC-010"),
    ] {
        std::fs::write(&file, first).unwrap();
        assert!(world.fails(&add).contains(code), "{first}");
    }
    assert!(!world.ok(&["user", "list"]).contains("sato"));
    world.ok(&[&add[..], &["--unchecked"]].concat());
    let _ = Client::sign_in(&world.address, "sato", "qwertyuiop12");
}

#[test]
fn a_user_ends_their_own_sessions_and_nobody_elses() {
    let world = World::new("account-devices", true);
    let (here, there) = (world.sign_in("doctor"), world.sign_in("doctor"));
    let other = world.sign_in("clerk");
    let page = here.get("/account").body;
    let named: Vec<&str> = page
        .split("name=\"device\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(named.len(), 2, "the other one, and all others");
    let device = format!("device={}", named[0]);
    assert_eq!(send(&other, "/account/devices", &device).status, 303);
    assert_eq!(there.get("/patients").status, 200);
    assert_eq!(send(&here, "/account/devices", &device).status, 303);
    assert_eq!(there.get("/patients").status, 303);
    let third = world.sign_in("doctor");
    assert_eq!(send(&here, "/account/devices", "device=others").status, 303);
    assert_eq!(third.get("/patients").status, 303);
    assert_eq!(other.get("/patients").status, 200);
    assert_eq!(here.get("/patients").status, 200);
}

#[test]
fn wrong_passwords_asked_for_again_count_as_guesses() {
    let world = World::new("account-guesses", true);
    let doctor = world.sign_in("doctor");
    let guess = |n: u32| {
        let form = format!("new=kawa-to-yama-2026&again=wrong{n}");
        send(&doctor, "/account/password", &form).body
    };
    assert!((0..10).all(|n| guess(n).contains("WEB-001")));
    assert!(guess(10).contains("WEB-002"));
}

/// The secret that a page shows to be typed by hand.
fn secret_of(page: &str) -> Vec<u8> {
    let (_, rest) = page.split_once("<code>").unwrap();
    let typed = rest.split('<').next().unwrap().replace(' ', "");
    let mut bits = String::new();
    for c in typed.chars() {
        let at = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap();
        bits.push_str(&format!("{at:05b}"));
    }
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes
        .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap())
        .collect()
}

/// The digits that an app shows now, or so many steps later; OpenSSL is the app.
fn digits(secret: &[u8], later: u64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let step = now.unwrap().as_secs() / 30 + later;
    let hex: String = secret.iter().map(|b| format!("{b:02x}")).collect();
    let key = format!("hexkey:{hex}");
    let mut app = Command::new("openssl")
        .args(["dgst", "-sha1", "-mac", "HMAC", "-macopt", &key, "-binary"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let bytes = step.to_be_bytes();
    app.stdin.take().unwrap().write_all(&bytes).unwrap();
    let tag = app.wait_with_output().unwrap().stdout;
    let offset = usize::from(tag[19] & 0xf);
    let cut = u32::from_be_bytes(tag[offset..offset + 4].try_into().unwrap());
    format!("{:06}", (cut & 0x7fff_ffff) % 1_000_000)
}

/// Gives a user a TOTP; its secret.
pub fn with_totp(world: &World, name: &str) -> Vec<u8> {
    let client = world.sign_in(name);
    let page = send(&client, "/account/totp", &format!("again={PASSWORD}")).body;
    let secret = secret_of(&page);
    let form = format!("digits={}", digits(&secret, 0));
    assert_eq!(send(&client, "/account/totp", &form).status, 303);
    secret
}

/// Signs in by password only: the session waits.
pub fn waiting(world: &World, name: &str) -> (Client, String) {
    let client = world.sign_in(name);
    let page = client.get("/sign-in/second").body;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let token = rest.split('"').next().unwrap().to_owned();
    (client, token)
}

#[test]
fn who_has_a_second_factor_is_asked_for_it_and_a_step_is_good_once() {
    let world = World::new("account-totp", true);
    let doctor = world.sign_in("doctor");
    let refused = send(&doctor, "/account/totp", "again=wrong");
    assert!(refused.body.contains("WEB-001") && !refused.body.contains("<code>"));
    let page = send(&doctor, "/account/totp", &format!("again={PASSWORD}")).body;
    let secret = secret_of(&page);
    assert_eq!(secret.len(), 20);
    // Not confirmed yet: the password is enough.
    assert_eq!(world.sign_in("doctor").get("/patients").status, 200);
    let wrong = send(&doctor, "/account/totp", "digits=000000");
    assert!(wrong.status == 422 && wrong.body.contains("ACC-004"));
    let first = digits(&secret, 0);
    let added = send(&doctor, "/account/totp", &format!("digits={first}"));
    assert_eq!(added.status, 303, "{}", added.body);

    let (client, csrf) = waiting(&world, "doctor");
    for page in ["/patients", "/account", "/desk"] {
        let away = client.get(page);
        assert_eq!(away.status, 303, "{page}");
        assert!(
            away.header("location")
                .unwrap()
                .starts_with("/sign-in?next=")
        );
    }
    let on = client.get("/sign-in?next=/patients");
    assert_eq!(
        on.header("location"),
        Some("/sign-in/second?next=%2Fpatients")
    );
    let second = |form: &str| client.post("/sign-in/second", &format!("csrf={csrf}&{form}"), &SAME);
    assert_eq!(second(&format!("digits={first}")).status, 401, "a replay");
    assert_eq!(
        second(&format!("again={PASSWORD}")).status,
        401,
        "not locked"
    );
    assert_eq!(second("recovery=0000").status, 401);
    let forged = client.post("/sign-in/second", "csrf=00&digits=000000", &SAME);
    assert_eq!(forged.status, 403);
    let passed = second(&format!("digits={}&next=/patients", digits(&secret, 1)));
    assert_eq!(
        passed.header("location"),
        Some("/patients"),
        "{}",
        passed.body
    );
    let cookie = passed.header("set-cookie").unwrap();
    let signed_in = Client {
        cookie: Some(cookie.split(';').next().unwrap().to_owned()),
        ..client.clone()
    };
    assert_eq!(signed_in.get("/patients").status, 200);
    assert_eq!(
        client.get("/sign-in/second").status,
        303,
        "the old secret is nothing"
    );
}

#[test]
fn guessed_digits_are_counted_whatever_the_password_does() {
    let world = World::new("account-second", true);
    let doctor = world.sign_in("doctor");
    let page = send(&doctor, "/account/totp", &format!("again={PASSWORD}")).body;
    let code = digits(&secret_of(&page), 0);
    assert_eq!(
        send(&doctor, "/account/totp", &format!("digits={code}")).status,
        303
    );
    for n in 0..11 {
        let (client, csrf) = waiting(&world, "doctor");
        let form = format!("csrf={csrf}&digits={:06}", 900_000 + n);
        let status = client.post("/sign-in/second", &form, &SAME).status;
        assert_eq!(status, if n < 10 { 401 } else { 429 }, "{n}");
    }
}

#[test]
fn a_locked_screen_shows_nothing_until_its_user_is_back() {
    let world = World::new("account-lock", true);
    let doctor = world.sign_in("doctor");
    let locked = send(&doctor, "/lock", "next=/patients");
    assert_eq!(
        locked.header("location"),
        Some("/sign-in/second?next=%2Fpatients")
    );
    assert_eq!(locked.header("clear-site-data"), Some("\"cache\""));
    assert_eq!(doctor.get("/patients").status, 303);
    let page = doctor.get("/sign-in/second").body;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let csrf = rest.split('"').next().unwrap();
    let open = |form: &str| {
        let form = format!("csrf={csrf}&next=/patients&{form}");
        doctor.post("/sign-in/second", &form, &SAME)
    };
    assert_eq!(open("again=wrong").status, 401);
    assert_eq!(open("digits=123456").status, 401);
    assert_eq!(open(&format!("again={PASSWORD}")).status, 303);
    assert_eq!(doctor.get("/patients").status, 200);
}

#[test]
fn where_a_second_factor_is_a_must_it_is_set_up_first() {
    let mut world = World::new("account-must", true);
    world.stop();
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replacen("[portal]", "[portal]\nsecond_factor = \"required\"", 1);
    std::fs::write(&path, text).unwrap();
    world.serve();
    let (client, csrf) = waiting(&world, "doctor");
    assert_eq!(client.get("/patients").status, 303);
    let page = client.get("/sign-in/second").body;
    assert!(page.contains("<path class=\"qr__dark\""));
    let code = digits(&secret_of(&page), 0);
    let form = format!("csrf={csrf}&digits={code}&next=/patients");
    let passed = client.post("/sign-in/second", &form, &SAME);
    assert_eq!(
        passed.header("location"),
        Some("/patients"),
        "{}",
        passed.body
    );
}
