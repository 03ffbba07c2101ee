//! What tests and demo need from outside, on Debian 12 with Rust and Node already there.
//!
//! Missing Debian packages are installed when we are root or may use sudo; otherwise one line
//! says what is missing and how to get it. Nothing is ever skipped for want of a tool.

use crate::failure::{Done, Failure, fail};
use crate::process::{find, output, run as end};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something from outside, and the Debian package that brings it.
#[derive(Clone, Copy)]
pub struct Need {
    what: &'static str,
    package: &'static str,
    found: fn() -> bool,
}

/// A browser for the browser tier.
pub const CHROMIUM: Need = Need {
    what: "Chromium",
    package: "chromium",
    found: || find("chromium").is_some(),
};

/// Glyphs, without which every Japanese screenshot is a row of boxes.
pub const FONTS: Need = Need {
    what: "Japanese fonts",
    package: "fonts-noto-cjk",
    found: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(),
};

/// A second engine for the store tier.
pub const POSTGRES: Need = Need {
    what: "PostgreSQL",
    package: "postgresql",
    found: || postgres("initdb").is_some(),
};

/// Records what reaches the disk, for the power cuts of the store tier.
pub const STRACE: Need = Need {
    what: "strace",
    package: "strace",
    found: || find("strace").is_some(),
};

/// Reads the PDFs that we write.
pub const POPPLER: Need = Need {
    what: "pdftotext",
    package: "poppler-utils",
    found: || find("pdftotext").is_some(),
};

/// A compiler for the crates that hold C (SQLite, ring).
pub const COMPILER: Need = Need {
    what: "a C compiler",
    package: "gcc",
    found: || find("cc").is_some(),
};

/// Makes the certificates of the wire tier.
pub const OPENSSL: Need = Need {
    what: "openssl",
    package: "openssl",
    found: || find("openssl").is_some(),
};

/// The certificate store of browsers.
pub const NSS: Need = Need {
    what: "certutil and pk12util",
    package: "libnss3-tools",
    found: || find("certutil").is_some() && find("pk12util").is_some(),
};

/// The environment in which third-party clients are installed.
pub const VENV: Need = Need {
    what: "python3-venv",
    package: "python3-venv",
    found: || find("python3").is_some(),
};

/// A C++ compiler for libFuzzer.
pub const CPP: Need = Need {
    what: "a C++ compiler",
    package: "g++",
    found: || find("c++").is_some(),
};

/// Validates what we write against the schemas of the standards.
pub const XMLLINT: Need = Need {
    what: "xmllint",
    package: "libxml2-utils",
    found: || find("xmllint").is_some(),
};

/// Signs what we verify, and verifies what we sign.
pub const XMLSEC: Need = Need {
    what: "xmlsec1",
    package: "xmlsec1",
    found: || find("xmlsec1").is_some(),
};

/// An audit repository of others, with TLS.
pub const RSYSLOG: Need = Need {
    what: "rsyslog with TLS",
    package: "rsyslog-gnutls",
    found: || {
        let driver = "/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so";
        find("rsyslogd").is_some() && Path::new(driver).exists()
    },
};

/// Scans what is attached to notes, with a database that the suite makes.
pub const CLAMD: Need = Need {
    what: "clamd",
    package: "clamav-daemon",
    found: || Path::new("/usr/sbin/clamd").exists(),
};

/// Says what a picture tells of its place and device.
pub const EXIFTOOL: Need = Need {
    what: "exiftool",
    package: "libimage-exiftool-perl",
    found: || find("exiftool").is_some(),
};

const ALL: &[Need] = &[
    COMPILER, CPP, CHROMIUM, FONTS, POSTGRES, STRACE, POPPLER, OPENSSL, NSS, VENV, XMLLINT, XMLSEC,
    RSYSLOG, CLAMD, EXIFTOOL,
];

/// Third-party clients of HL7 v2, pinned: the wire tier and `bench parse` run them.
pub const HL7_PEERS: &[&str] = &["hl7==0.4.5", "hl7apy==1.3.5"];

/// A second library of XML signatures, pinned.
pub const SAML_PEERS: &[&str] = &["signxml==5.2.0"];

/// A library of sealed tokens, pinned: an electronic record's side of launch links.
pub const LAUNCH_PEERS: &[&str] = &["joserfc==1.8.0"];

/// A reader of Excel workbooks, pinned.
pub const SHEET_PEERS: &[&str] = &["openpyxl==3.1.5"];

/// A SOAP client, pinned.
pub const SOAP_PEERS: &[&str] = &["zeep==4.3.3"];

/// A document source with MTOM, pinned; what it pins itself does not build any more, so that it is
/// installed without. It is run as a program of its own and is no part of anything that is shipped.
pub const XDS_PEERS: &[&[&str]] = &[
    &[
        "requests-toolbelt==1.0.0",
        "striprtf==0.0.35",
        "sympy==1.14.0",
        "aiorun==2025.1.1",
        "lxml",
    ],
    &["--no-deps", "oru2xds==2.0.25"],
];

/// A SOAP client for Node.js, pinned.
const NODE_PEERS: &[&str] = &["soap@1.13.0", "oidc-provider@9.13.3"];

/// The licence checker is pinned: its configuration changes with its versions.
const CARGO_DENY: &str = "0.20.2";

/// `cargo xtask setup`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    ensure(ALL)?;
    node()?;
    peers(workspace, HL7_PEERS)?;
    peers(workspace, SAML_PEERS)?;
    peers(workspace, SHEET_PEERS)?;
    peers(workspace, SOAP_PEERS)?;
    peers(workspace, LAUNCH_PEERS)?;
    xds_peers(workspace)?;
    node_peers(workspace)?;
    cargo_deny(workspace).map(|_| ())
}

/// Installs what is missing among `needs`.
///
/// # Errors
/// One line that names what is missing, when it cannot be installed.
pub fn ensure(needs: &[Need]) -> Done {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.found)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = missing
        .iter()
        .map(|need| need.what)
        .collect::<Vec<_>>()
        .join(", ");
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    println!("installing {what}");
    install(&packages).map_err(|Failure(why)| {
        Failure(format!(
            "missing: {what}; apt-get install {} ({why})",
            packages.join(" ")
        ))
    })?;
    match missing.iter().find(|need| !(need.found)()) {
        Some(need) => fail!(
            "missing: {} even after installing {}",
            need.what,
            need.package
        ),
        None => Ok(()),
    }
}

/// Node.js and npm, which the assets and the browser tests are built and driven with.
pub fn node() -> Done {
    for program in ["node", "npm"] {
        if find(program).is_none() {
            fail!("missing: {program} (Node.js 20 or newer)");
        }
    }
    Ok(())
}

/// A program of PostgreSQL: on the PATH, or where Debian keeps it.
pub fn postgres(program: &str) -> Option<PathBuf> {
    find(program).or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        versions
            .flatten()
            .map(|version| version.path().join("bin").join(program))
            .find(|path| path.is_file())
    })
}

/// The Python of an environment of our own with these packages in it.
pub fn peers(workspace: &Workspace, packages: &[&str]) -> Result<PathBuf, Failure> {
    let folder = workspace.target.join("peers");
    let python = folder.join("bin/python");
    if !python.exists() {
        end(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ])
    .args(packages);
    end(&mut pip)?;
    Ok(python)
}

/// The document source, with what it stands on.
pub fn xds_peers(workspace: &Workspace) -> Done {
    let mut steps = XDS_PEERS.iter();
    steps.try_for_each(|packages| peers(workspace, packages).map(drop))
}

/// Third-party clients for Node.js, beside those for Python.
pub fn node_peers(workspace: &Workspace) -> Done {
    let folder = workspace.target.join("peers");
    let there = |name: &str| folder.join("node_modules").join(name).exists();
    if there("soap") && there("oidc-provider") {
        return Ok(());
    }
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io(folder.display(), &error))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]);
    end(npm.arg(&folder).args(NODE_PEERS))
}

/// cargo-deny, built once under the target folder when there is none.
pub fn cargo_deny(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let tools = workspace.target.join("tools");
    let own = tools.join("bin/cargo-deny");
    if let Some(found) = find("cargo-deny").or_else(|| own.is_file().then(|| own.clone())) {
        return Ok(found);
    }
    println!("building cargo-deny {CARGO_DENY}: a few minutes, once");
    let mut cargo = workspace.command("cargo");
    cargo.args([
        "install",
        "--quiet",
        "--debug",
        "--locked",
        "cargo-deny",
        "--version",
        CARGO_DENY,
    ]);
    cargo
        .arg("--root")
        .arg(&tools)
        .arg("--target-dir")
        .arg(tools.join("build"));
    end(&mut cargo)?;
    // What it was built from is ten times its size and never needed again.
    std::fs::remove_dir_all(tools.join("build"))
        .map_err(|error| Failure::io("tools/build", &error))?;
    Ok(own)
}

/// Whether we are root.
pub fn root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn install(packages: &[&str]) -> Done {
    let by_sudo = !root();
    if by_sudo
        && !Command::new("sudo")
            .args(["-n", "true"])
            .status()
            .is_ok_and(|status| status.success())
    {
        fail!("neither root nor sudo without a password");
    }
    apt(by_sudo, &["update", "-qq"])?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages);
    apt(by_sudo, &arguments)
}

fn apt(by_sudo: bool, arguments: &[&str]) -> Done {
    let mut command = Command::new(if by_sudo { "sudo" } else { "env" });
    command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(arguments);
    output(&mut command).map(|_| ())
}
