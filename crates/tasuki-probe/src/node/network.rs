//! The member directory of a run: the node's own community, and one other that asks it. Both have a
//! token service that stands in for a real one.

use super::Node;
use super::settings::HOME;
use crate::certificates::{fingerprint, openssl};
use crate::failure::{Done, Failure};
use crate::token::TokenService;
use std::path::Path;

/// The home community id of the community that asks.
pub const OTHER: &str = "2.25.51.9";

/// Key and certificate of a token service, `<name>.key` and `<name>.pem`.
pub fn signer(folder: &Path, name: &str) -> Done {
    let [key, certificate] = ["key", "pem"].map(|end| format!("{name}.{end}"));
    let mut ask = vec![
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
    ];
    let subject = format!("/CN={name}");
    ask.extend(["-keyout", &key, "-out", &certificate, "-subj", &subject]);
    openssl(folder, &ask).map(drop)
}

/// The directory, signed; the public key that it is believed by. `head` and `entries` are what a
/// company adds to it.
pub fn directory(node: &Node, file: &Path, head: &str, entries: &str) -> Done<String> {
    let folder = node.folder();
    let community = |home: &str, certificate: &str, signer: &str, replies: &str| -> Done<String> {
        Ok(format!(
            "[[community]]\nhome_community_id = \"{home}\"\nname = \"試験{home}\"\n\
             patient_authority = \"{home}.2\"\ncertificates = [\"{}\"]\n\
             endpoints = {{ ITI-38 = \"https://{home}.example.jp/xca\", \
             ITI-39 = \"https://{home}.example.jp/xca\" }}\ndiscovery = true\nreplies = [{replies}]\n\
             xua = {{ issuer = \"urn:oid:{home}\", certificates = [\"{}\"] }}\n",
            fingerprint(folder, certificate)?,
            base64(&folder.join(format!("{signer}.pem")))?,
        ))
    };
    let replies = format!("\"{}\"", node.replies_at(1));
    let text = format!(
        "version = 1\nserial = 1\nissued = \"2026-01-01T00:00:00+09:00\"\n\
         {head}{}{}{entries}",
        community(HOME, "node", "tokens", "")?,
        community(OTHER, "community", "tokens-other", &replies)?,
    );
    std::fs::write(file, text).map_err(|e| Failure::io(file.display(), &e))?;
    let key = folder.join("directory.pem").display().to_string();
    let public = node.tasuki(&["directory", "key", &key])?;
    let file = file.display().to_string();
    node.tasuki(&["directory", "sign", &file, "--key", &key])?;
    Ok(public.trim().to_owned())
}

/// The token services of our own community and of the other.
#[must_use]
pub fn token_services(folder: &Path) -> [TokenService; 2] {
    [(HOME, "tokens"), (OTHER, "tokens-other")].map(|(home, name)| TokenService {
        folder: folder.to_owned(),
        name: name.to_owned(),
        issuer: format!("urn:oid:{home}"),
        home: home.to_owned(),
        audience: format!("urn:oid:{HOME}"),
    })
}

/// The base64 of a certificate.
pub fn base64(path: &Path) -> Done<String> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::io(path.display(), &e))?;
    Ok(text.lines().filter(|line| !line.starts_with('-')).collect())
}
