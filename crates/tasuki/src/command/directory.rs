//! `tasuki directory key FILE | sign FILE --key KEY | verify [FILE]`: the member directory of a
//! network, at the desk of whoever keeps it and at a member's.

use super::new_secret;
use crate::args::{Args, usage};
use crate::config::Config;
use crate::members;
use crate::node::config_path;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::directory::seal::{PublicKey, SigningKey, sign};
use tasuki_core::directory::{self, Directory};
use tasuki_core::{Code, Fault};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["key", "public-key"], &[])?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["key", file] => make_key(Path::new(file))?,
        ["sign", file] => sign_file(Path::new(file), Path::new(args.required("key")?))?,
        ["verify"] => {
            let config = Config::read(&config_path(&args))?;
            let directory = members::read(&config)?
                .ok_or_else(|| usage("the configuration names no directory.file"))?;
            show(&directory);
        }
        ["verify", file] => {
            let key = PublicKey::from_base64(args.required("public-key")?);
            let key = key.ok_or_else(|| usage("--public-key: not a key in base64"))?;
            show(&directory::read(&members::bytes(Path::new(file))?, &[key])?);
        }
        _ => {
            return Err(usage(
                "directory key FILE, sign FILE --key KEY, or verify [FILE]",
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A new key.
fn make_key(file: &Path) -> Result<(), Fault> {
    let der = SigningKey::generate()?;
    let text = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(&der)
    );
    new_secret(file, &text)?;
    println!("{}", SigningKey::from_pkcs8(&der)?.public().to_base64());
    Ok(())
}

/// Signs in place. The file is exchanged whole, so that a node never reads half of it.
fn sign_file(file: &Path, key: &Path) -> Result<(), Fault> {
    let der = PrivateKeyDer::from_pem_file(key).map_err(|e| {
        Fault::new(
            Code::DirectoryKeyUnusable,
            format!("{}: {e}", key.display()),
        )
    })?;
    let key = SigningKey::from_pkcs8(der.secret_der())?;
    let signed = sign(&members::bytes(file)?, &key)?;
    let beside = file.with_extension("signing");
    let done = std::fs::write(&beside, signed).and_then(|()| std::fs::rename(&beside, file));
    done.map_err(|e| Fault::new(Code::UsageWrong, format!("{}: {e}", file.display())))?;
    println!("{}", key.public().to_base64());
    Ok(())
}

fn show(directory: &Directory) {
    let (day, serial) = (directory.issued.in_jst().day(), directory.serial);
    println!("serial {serial}, {day}");
    for community in &directory.communities {
        let endpoints: Vec<&str> = community.endpoints.keys().map(|name| &**name).collect();
        println!(
            "{} {}: {}",
            community.home_community_id,
            community.name,
            endpoints.join(" ")
        );
    }
}
