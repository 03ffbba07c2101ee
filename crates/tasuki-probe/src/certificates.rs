//! Keys and certificates of a run, made by `openssl`: an authority, and whoever it certifies.

use crate::fail;
use crate::failure::{Done, Failure};
use std::path::Path;
use std::process::Command;

const KEY: [&str; 5] = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
];

/// Runs `openssl` in a folder; what it printed.
///
/// # Errors
/// Where it does not end well.
pub fn openssl(folder: &Path, arguments: &[&str]) -> Done<String> {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| Failure::io("openssl", &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        fail!("openssl {}: {}", arguments.join(" "), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `ca.pem` and `ca.key` in a folder.
///
/// # Errors
/// Where `openssl` cannot make them.
pub fn authority(folder: &Path) -> Done {
    let mut ask = vec!["req", "-x509"];
    ask.extend(KEY);
    ask.extend(["-keyout", "ca.key", "-out", "ca.pem", "-days", "2"]);
    ask.extend(["-subj", "/CN=probe authority"]);
    openssl(folder, &ask)?;
    let extensions = "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n";
    let path = folder.join("ext");
    std::fs::write(&path, extensions).map_err(|error| Failure::io(path.display(), &error))
}

/// `<name>.pem` and `<name>.key`, certified by the authority.
///
/// # Errors
/// As [`authority`].
pub fn certify(folder: &Path, name: &str) -> Done {
    let [key, request, certificate] = ["key", "csr", "pem"].map(|end| format!("{name}.{end}"));
    let subject = format!("/CN={name}");
    let mut ask = vec!["req"];
    ask.extend(KEY);
    ask.extend(["-keyout", &key, "-out", &request, "-subj", &subject]);
    openssl(folder, &ask)?;
    let mut sign = vec!["x509", "-req", "-in", &request, "-CA", "ca.pem"];
    sign.extend(["-CAkey", "ca.key", "-CAcreateserial", "-days", "2"]);
    sign.extend(["-extfile", "ext", "-out", &certificate]);
    openssl(folder, &sign).map(drop)
}

/// SHA-256 of a certificate, in hex.
///
/// # Errors
/// As [`authority`].
pub fn fingerprint(folder: &Path, name: &str) -> Done<String> {
    let file = format!("{name}.pem");
    let ask = ["x509", "-in", &file, "-noout", "-fingerprint", "-sha256"];
    let said = openssl(folder, &ask)?;
    let print = said.trim().rsplit('=').next().unwrap_or_default();
    Ok(print.replace(':', "").to_lowercase())
}
