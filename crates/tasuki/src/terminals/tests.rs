//! Certificates as others read them: OpenSSL, NSS, and the rules of the portal's listener.

use super::{Certifier, Offered};
use rustls::pki_types::CertificateDer;
use std::path::{Path, PathBuf};
use std::process::Command;
use tasuki_core::Code;
use tasuki_core::ports::{Done, Terminal, TerminalAuthority};
use tasuki_core::terminal::{TerminalCertifying, Wanted, passphrase, wanted};
use tasuki_model::{CommunityId, FacilityId, Instant, TerminalId, UserId};

fn now() -> Instant {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap())
}

fn terminal() -> Terminal {
    Terminal {
        id: TerminalId::new("t1").unwrap(),
        facility: FacilityId::new("f-1311234567").unwrap(),
        name: "受付2号機".into(),
        place: "1階".into(),
        owner: None,
        enrolled: Done {
            by: UserId::new("admin").unwrap(),
            at: now(),
        },
        approved: None,
        revoked: None,
        request: None,
    }
}

fn authority() -> TerminalAuthority {
    let community = CommunityId::new("2.25.1").unwrap();
    Certifier.authority(&community, now()).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tasuki-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn told(folder: &Path, program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|e| panic!("{program}: {e}"));
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

fn ok(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let (fine, text) = told(folder, program, arguments);
    assert!(fine, "{program} {arguments:?}: {text}");
    text
}

#[test]
fn openssl_and_nss_read_the_file_with_its_passphrase_only() {
    let (folder, authority, words) = (folder("p12"), authority(), passphrase().unwrap());
    let terminal = terminal();
    let (der, file) = Certifier
        .certify(&authority, wanted(&terminal, 396, now()), &words)
        .unwrap();
    std::fs::write(folder.join("t.p12"), &file).unwrap();
    std::fs::write(folder.join("ca.der"), &authority.der).unwrap();
    std::fs::write(folder.join("t.der"), &der).unwrap();
    let pass = format!("pass:{words}");
    let read = [
        "pkcs12", "-in", "t.p12", "-nodes", "-out", "t.pem", "-passin",
    ];
    ok(&folder, "openssl", &[&read[..], &[&pass]].concat());
    let (fine, _) = told(&folder, "openssl", &[&read[..], &["pass:wrong"]].concat());
    assert!(!fine);
    let info = [
        "pkcs12", "-in", "t.p12", "-noout", "-info", "-passin", &pass,
    ];
    let info = ok(&folder, "openssl", &info);
    assert!(
        info.contains("AES-256-CBC") && info.contains("hmacWithSHA256"),
        "{info}"
    );
    let text = ok(
        &folder,
        "openssl",
        &["x509", "-inform", "der", "-in", "t.der", "-noout", "-text"],
    );
    assert!(
        text.contains("TLS Web Client Authentication") && text.contains("CA:FALSE"),
        "{text}"
    );
    ok(
        &folder,
        "openssl",
        &["x509", "-inform", "der", "-in", "ca.der", "-out", "ca.pem"],
    );
    let verify = ["verify", "-CAfile", "ca.pem", "-purpose"];
    ok(
        &folder,
        "openssl",
        &[&verify[..], &["sslclient", "t.pem"]].concat(),
    );
    let (fine, _) = told(
        &folder,
        "openssl",
        &[&verify[..], &["sslserver", "t.pem"]].concat(),
    );
    assert!(!fine, "no server's certificate");
    ok(
        &folder,
        "certutil",
        &["-N", "-d", "sql:.", "--empty-password"],
    );
    ok(
        &folder,
        "pk12util",
        &["-i", "t.p12", "-d", "sql:.", "-W", &words],
    );
    let listed = ok(&folder, "certutil", &["-L", "-d", "sql:."]);
    assert!(
        listed.contains("Tasuki") && listed.contains("u,u,u"),
        "{listed}"
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn of_a_request_only_the_key_counts() {
    let (folder, authority, terminal) = (folder("csr"), authority(), terminal());
    let certify = |request: &str| {
        Certifier.certify_request(&authority, wanted(&terminal, 30, now()), request)
    };
    let request = |key: &[&str]| {
        let ask = ["req", "-new", "-nodes", "-keyout", "k.key", "-out", "k.csr"];
        let name = [
            "-subj",
            "/CN=root",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
        ];
        ok(&folder, "openssl", &[&ask[..], &name, key].concat());
        std::fs::read_to_string(folder.join("k.csr")).unwrap()
    };
    let good = request(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    for strong in [good.clone(), request(&["-newkey", "rsa:2048"])] {
        std::fs::write(folder.join("k.der"), certify(&strong).unwrap()).unwrap();
        let show = ["x509", "-inform", "der", "-in", "k.der", "-noout", "-text"];
        let text = ok(&folder, "openssl", &show);
        assert!(
            text.contains("CA:FALSE") && !text.contains("CN = root"),
            "{text}"
        );
        assert!(text.contains("TLS Web Client Authentication"), "{text}");
    }
    let mut forged = good.clone().into_bytes();
    let place = good.find("-----END").unwrap() - 12;
    forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    let weak = request(&["-newkey", "rsa:1024"]);
    let long = format!("{good}{}", " ".repeat(9_000));
    for wrong in [
        forged.as_str(),
        weak.as_str(),
        "",
        "no request",
        long.as_str(),
    ] {
        assert_eq!(certify(wrong).unwrap_err().code, Code::TerminalRequestWrong);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn only_what_our_authority_signed_for_a_client_in_its_time_is_certified() {
    let (ours, foreign, terminal) = (authority(), authority(), terminal());
    let offered = Offered::to(&ours.der).unwrap();
    let certified = |der: Vec<u8>| {
        let chain = [CertificateDer::from(der)];
        offered.shown(Some(&chain)).unwrap().certified
    };
    let of = |authority: &TerminalAuthority, from: i64, until: i64| {
        let (from, until) = (now().plus_seconds(from), now().plus_seconds(until));
        let wanted = Wanted {
            terminal: &terminal,
            from,
            until,
        };
        Certifier.certify(authority, wanted, "x").unwrap().0
    };
    assert!(certified(of(&ours, -60, 600)));
    assert!(!certified(of(&foreign, -60, 600)), "another authority");
    assert!(!certified(of(&ours, -600, -60)), "expired");
    assert!(!certified(of(&ours, 600, 6_000)), "not yet");
    assert!(!certified(ours.der.clone()), "the authority itself");
    let key = rcgen::KeyPair::generate().unwrap();
    let mut server = rcgen::CertificateParams::default();
    server.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let pair = rcgen::KeyPair::try_from(ours.key.as_slice()).unwrap();
    let issuer = rcgen::Issuer::from_ca_cert_der(&ours.der.clone().into(), pair).unwrap();
    let server = server.signed_by(&key, &issuer).unwrap();
    assert!(!certified(server.der().to_vec()), "for a server");
    assert_eq!(offered.shown(None), None);
    assert_eq!(offered.shown(Some(&[])), None);
}
