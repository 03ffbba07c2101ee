//! Sign-in by a hospital's identity provider: npm `oidc-provider`, as it is, over TLS. An account's owner binds
//! it; whoever is not bound, comes back twice, or in another browser, is not signed in.

use super::account::send;
use super::http::{Answer, Client};
use super::mllp::certificates;
use super::world::{HOME, PASSWORD, World};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const ORIGIN: &str = "https://portal.example";

/// The provider, and a browser that signs in there; ends with its standard input.
struct Provider {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    issuer: String,
}

impl Provider {
    fn new(folder: &Path) -> Self {
        certificates(folder);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let file = |name: &str| folder.join(name);
        let mut process = Command::new("node")
            .arg(root.join("tests/peers/identity.mjs"))
            .arg(super::soap_peers::packages("oidc-provider"))
            .args([file("other.pem"), file("other.key"), file("ca.pem")])
            .arg(format!("{ORIGIN}/sign-in/back"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut issuer = String::new();
        output.read_line(&mut issuer).unwrap();
        Self {
            process,
            input,
            output,
            issuer: issuer.trim().to_owned(),
        }
    }

    /// Somebody signs in there; where their browser is sent back to, as a path of the portal.
    fn sign_in(&mut self, name: &str, address: &str) -> String {
        writeln!(self.input.as_mut().unwrap(), "{name} {address}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let path = line.trim().strip_prefix(ORIGIN);
        path.unwrap_or_else(|| panic!("{line}")).to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

fn world(name: &str, strong: &str) -> (World, Provider) {
    let mut provider = None;
    let world = World::made(name, true, |world| {
        let begun = Provider::new(&world.folder);
        let secret = world.folder.join("client-secret");
        std::fs::write(&secret, "a secret: with/signs?\n").unwrap();
        let config = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        let more = format!(
            "\n[[portal.provider]]\nid = \"hospital\"\nname = \"病院のID\"\nfacility = \"{HOME}\"\n\
             issuer = \"{}\"\nclient_id = \"tasuki & co\"\nclient_secret_file = \"{}\"\n\
             ca_file = \"{}\"\nstrong = [{strong}]\n",
            begun.issuer,
            secret.display(),
            world.folder.join("ca.pem").display(),
        );
        let origin = format!("[portal]\norigin = \"{ORIGIN}\"\n");
        let text = text.replacen("[portal]\n", &origin, 1);
        assert!(text.contains(ORIGIN), "{text}");
        std::fs::write(config, format!("{text}{more}")).unwrap();
        provider = Some(begun);
    });
    (world, provider.unwrap())
}

/// The cookie of a name that an answer sets.
fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let mut set = answer.head.lines().filter_map(|line| {
        let (header, value) = line.split_once(": ")?;
        let pair = value.split(';').next()?;
        let named = pair.starts_with(&format!("{name}="));
        (header.eq_ignore_ascii_case("set-cookie") && named).then(|| pair.to_owned())
    });
    set.next_back().filter(|pair| !pair.ends_with('='))
}

/// A new browser that is sent to the provider: with its cookie, and where it is sent.
fn sent(world: &World) -> (Client, String) {
    let mut browser = Client::new(&world.address);
    let away = browser.get("/sign-in/with/hospital?next=/account");
    assert_eq!(away.status, 303, "{}", away.body);
    browser.cookie = cookie(&away, "__Host-tasuki-provider");
    assert!(browser.cookie.is_some(), "{}", away.head);
    (browser, away.header("location").unwrap().to_owned())
}

/// Binds a user's account to somebody's at the provider.
fn bind(world: &World, provider: &mut Provider, user: &str, name: &str) -> Answer {
    let mut client = world.sign_in(user);
    let form = format!("provider=hospital&answer=bind&again={PASSWORD}");
    let page = send(&client, "/account/provider", &form);
    assert_eq!(page.status, 200, "{}", page.body);
    let (_, rest) = page
        .body
        .split_once(&format!("href=\"{}", provider.issuer))
        .unwrap();
    let rest = rest.split('"').next().unwrap();
    let address = format!("{}{rest}", provider.issuer)
        .replace("&amp;", "&")
        .replace("&#38;", "&");
    let session = client.cookie.clone().unwrap();
    let under_way = cookie(&page, "__Host-tasuki-provider").unwrap();
    client.cookie = Some(format!("{session}; {under_way}"));
    client.get(&provider.sign_in(name, &address))
}

#[test]
fn who_has_bound_their_account_is_signed_in_by_their_hospital() {
    let (world, mut provider) = world("openid", "");
    assert!(
        world
            .sign_in("doctor")
            .get("/account")
            .body
            .contains("結び付いていません")
    );
    // Nobody is bound yet: whoever the provider knows is nobody here.
    let (stranger, address) = sent(&world);
    let refused = stranger.get(&provider.sign_in("ichiro", &address));
    assert_eq!(refused.status, 401);
    assert!(refused.body.contains("PRV-003"), "{}", refused.body);
    let bound = bind(&world, &mut provider, "doctor", "ichiro");
    assert_eq!(
        bound.header("location"),
        Some("/account?done=bound"),
        "{}",
        bound.body
    );
    let (mut browser, address) = sent(&world);
    let back = provider.sign_in("ichiro", &address);
    let other = Client::new(&world.address).get(&back);
    assert!(
        other.status == 401 && other.body.contains("PRV-002"),
        "another browser"
    );
    let (once, address) = sent(&world);
    drop(once);
    let signed = browser.get(&provider.sign_in("ichiro", &address));
    assert_eq!(signed.status, 401, "the state of another sign-in");
    let signed = browser.get(&back);
    assert_eq!(
        signed.header("location"),
        Some("/account"),
        "{}",
        signed.body
    );
    let again = browser.get(&back);
    assert!(
        again.status == 401 && again.body.contains("PRV-002"),
        "a code is good once"
    );
    browser.cookie = cookie(&signed, "__Host-tasuki");
    assert!(browser.get("/account").body.contains("結び付いています"));
    // Somebody else cannot take it over, and the owner parts from it.
    let taken = bind(&world, &mut provider, "clerk", "ichiro");
    assert!(
        taken.status == 401 && taken.body.contains("PRV-002"),
        "{}",
        taken.body
    );
    let part = format!("provider=hospital&answer=part&again={PASSWORD}");
    assert_eq!(
        send(
            &browser,
            "/account/provider",
            "provider=hospital&answer=part&again=x"
        )
        .status,
        422
    );
    assert_eq!(send(&browser, "/account/provider", &part).status, 303);
    let (gone, address) = sent(&world);
    let refused = gone.get(&provider.sign_in("ichiro", &address));
    assert!(refused.body.contains("PRV-003"), "{}", refused.body);
    assert!(!world.log().contains("a secret"), "secrets are in no log");
}

#[test]
fn a_second_factor_of_the_provider_counts_where_it_is_believed() {
    for strong in ["\"otp\"", ""] {
        let (world, mut provider) = world(&format!("openid-{}", strong.len()), strong);
        let bound = bind(&world, &mut provider, "doctor", "strong-ichiro");
        assert_eq!(bound.status, 303, "{}", bound.body);
        super::account::with_totp(&world, "doctor");
        let (mut browser, address) = sent(&world);
        let signed = browser.get(&provider.sign_in("strong-ichiro", &address));
        browser.cookie = cookie(&signed, "__Host-tasuki");
        let signed_in = browser.get("/patients").status == 200;
        assert_eq!(signed_in, !strong.is_empty(), "{strong}");
        if !signed_in {
            let next = browser.get("/sign-in");
            let next = next.header("location").unwrap();
            assert!(next.starts_with("/sign-in/second"), "{next}");
        }
    }
}

#[test]
fn a_provider_that_is_away_says_so_and_the_password_still_signs_in() {
    let (world, provider) = world("openid-away", "");
    drop(provider);
    let away = Client::new(&world.address).get("/sign-in/with/hospital");
    assert_eq!(away.status, 503);
    assert!(away.body.contains("PRV-001"), "{}", away.body);
    assert_eq!(world.sign_in("doctor").get("/patients").status, 200);
    let unknown = Client::new(&world.address).get("/sign-in/with/nobody");
    assert_eq!(unknown.status, 404);
}
