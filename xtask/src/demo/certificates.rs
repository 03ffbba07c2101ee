//! Keys and certificates of a demo's communities, made by openssl for this demo alone: one authority
//! certifies the nodes; who signs assertions is certified by itself and pinned by the directory.

use crate::failure::{Done, Failure};
use crate::process::{output, read, write};
use std::path::Path;
use std::process::Command;

const KEY: [&str; 5] = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
];
const DAYS: [&str; 2] = ["-days", "30"];

/// Makes `ca.pem`, and for each name `NAME.pem` and `NAME.key` for TLS on this machine, and
/// `NAME-assertions.pem` and `.key`.
pub(super) fn make(folder: &Path, names: &[String]) -> Done {
    write(
        &folder.join("ext"),
        "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n",
    )?;
    self_signed(folder, "ca")?;
    for name in names {
        self_signed(folder, &format!("{name}-assertions"))?;
        let file = |ending: &str| format!("{name}.{ending}");
        let (key, request, certificate) = (file("key"), file("csr"), file("pem"));
        let subject = format!("/CN={name}.demo.invalid");
        let ask = ["-keyout", &key, "-out", &request, "-subj", &subject];
        openssl(folder, &[&["req"][..], &KEY, &ask].concat())?;
        let sign = ["x509", "-req", "-CA", "ca.pem", "-CAkey", "ca.key"];
        let files = ["-CAcreateserial", "-extfile", "ext"];
        let told = ["-in", &request, "-out", &certificate];
        openssl(folder, &[&sign[..], &files, &DAYS, &told].concat())?;
    }
    Ok(())
}

/// SHA-256 of a certificate, in hex.
pub(super) fn fingerprint(folder: &Path, name: &str) -> Result<String, Failure> {
    let certificate = format!("{name}.pem");
    let ask = ["x509", "-in", &certificate, "-noout"];
    let told = openssl(folder, &[&ask[..], &["-fingerprint", "-sha256"]].concat())?;
    let (_, hex) = told.trim().rsplit_once('=').unwrap_or_default();
    Ok(hex.to_owned())
}

/// The certificate as base64 of DER.
pub(super) fn base64(folder: &Path, name: &str) -> Result<String, Failure> {
    let pem = read(&folder.join(format!("{name}.pem")))?;
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    Ok(lines.collect())
}

fn self_signed(folder: &Path, name: &str) -> Done {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let subject = format!("/CN={name}.demo.invalid");
    let made = ["-keyout", &key, "-out", &certificate, "-subj", &subject];
    openssl(
        folder,
        &[&["req", "-x509"][..], &KEY, &DAYS, &made].concat(),
    )
    .map(drop)
}

fn openssl(folder: &Path, arguments: &[&str]) -> Result<String, Failure> {
    output(Command::new("openssl").args(arguments).current_dir(folder))
}
