//! The member directory of a node: read from its file, put in force at the start and on SIGHUP.

use crate::config::{Config, DirectoryConfig};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use tasuki_core::directory::{self, Directory};
use tasuki_core::policy::AssertedCodes;
use tasuki_core::{Code, Fault};
use tasuki_ihe::soap::Members;
use tasuki_ihe::xua::AssertingParty;
use tasuki_wire::saml::SigningKey;

/// The directory of a configuration, if it names one. Our own community is in it.
///
/// # Errors
/// `DIR-001` where the file cannot be read, `DIR-008` where we are not in it, and those of
/// [`directory::read`].
pub fn read(config: &Config) -> Result<Option<Directory>, Fault> {
    let Some(file) = &config.directory.file else {
        return Ok(None);
    };
    let directory = directory::read(&bytes(file)?, &config.directory.public_keys()?)
        .map_err(|f| Fault::new(f.code, format!("{}: {}", file.display(), f.inside)))?;
    directory.member(&config.community.home_community_id)?;
    Ok(Some(directory))
}

/// Reads the directory and puts it in force.
///
/// # Errors
/// Those of [`read`] and of [`Members::set_directory`]; the one before stays.
pub fn put_in_force(config: &Config, members: &Members) -> Result<(), Fault> {
    match read(config)? {
        Some(directory) => members.set_directory(directory, codes(&config.directory)?),
        None => Ok(()),
    }
}

/// As [`put_in_force`], and never one that is older than what this node has had in force, also before
/// it was started: an old directory has old certificates.
///
/// # Errors
/// Those of [`put_in_force`]; `DIR-006` for an older one; `DIR-001` where the data folder does not
/// keep the serial.
pub fn put_newer_in_force(
    config: &Config,
    members: &Members,
    data_dir: &Path,
) -> Result<(), Fault> {
    let kept = data_dir.join("directory.serial");
    let away = |e: std::io::Error| {
        let what = format!("{}: {e}", kept.display());
        Fault::new(Code::DirectoryUnreadable, what)
    };
    let before = match std::fs::read_to_string(&kept) {
        Ok(text) => text.trim().parse::<u64>().ok(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(e) => return Err(away(e)),
    };
    let Some(directory) = read(config)? else {
        return Ok(());
    };
    let serial = directory.serial;
    if let Some(before) = before.filter(|before| serial < *before) {
        let what = format!("serial {serial}; this node has had {before}");
        return Err(Fault::new(Code::DirectoryOlder, what));
    }
    members.set_directory(directory, codes(&config.directory)?)?;
    if before != Some(serial) {
        let fresh = kept.with_extension("new");
        std::fs::write(&fresh, serial.to_string()).map_err(away)?;
        std::fs::rename(&fresh, &kept).map_err(away)?;
    }
    Ok(())
}

/// The table of roles and purposes.
///
/// # Errors
/// `CFG-001` where its file cannot be read, `CFG-003` where it is none.
pub fn codes(config: &DirectoryConfig) -> Result<AssertedCodes, Fault> {
    let Some(file) = &config.codes_file else {
        return AssertedCodes::standard();
    };
    let text = std::fs::read_to_string(file)
        .map_err(|e| Fault::new(Code::ConfigUnreadable, format!("{}: {e}", file.display())))?;
    AssertedCodes::parse(&text)
}

/// What our assertions are signed with; nothing where we make none. The issuer is the one that the
/// directory has for us.
///
/// # Errors
/// `SAM-013` for files that hold no key and certificate; `DIR-008` and `DIR-005` where the directory
/// does not have us with this certificate: nobody would believe us.
pub fn asserting(config: &Config, directory: &Directory) -> Result<Option<AssertingParty>, Fault> {
    let settings = &config.directory;
    let (Some(key), Some(certificate)) = (
        &settings.assertion_key_file,
        &settings.assertion_certificate_file,
    ) else {
        return Ok(None);
    };
    let unusable = |path: &Path, why: String| {
        Fault::new(
            Code::SigningKeyUnusable,
            format!("{}: {why}", path.display()),
        )
    };
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| unusable(key, e.to_string()))?;
    let public = CertificateDer::from_pem_file(certificate)
        .map_err(|e| unusable(certificate, e.to_string()))?;
    let own = directory.member(&config.community.home_community_id)?;
    let stated = own.assertions.as_ref().filter(|assertions| {
        let mut stated = assertions.certificates.iter();
        stated.any(|der| **der == *public.as_ref())
    });
    let Some(stated) = stated else {
        let what = "the directory does not have our assertions with this certificate";
        return Err(Fault::new(Code::DirectoryInvalid, what));
    };
    Ok(Some(AssertingParty {
        key: SigningKey::from_pkcs8(private.secret_der())
            .map_err(|e| unusable(key, e.to_string()))?,
        certificate: Some(public.as_ref().to_vec()),
        issuer: stated.issuer.to_string(),
        home: own.home_community_id.clone(),
    }))
}

pub(crate) fn bytes(file: &Path) -> Result<Vec<u8>, Fault> {
    let away = |e: std::io::Error| {
        let what = format!("{}: {e}", file.display());
        Fault::new(Code::DirectoryUnreadable, what)
    };
    let size = std::fs::metadata(file).map_err(away)?.len();
    if size > directory::DIRECTORY_BYTES_MAX as u64 {
        let what = format!("{}: {size} bytes", file.display());
        return Err(Fault::new(Code::DirectoryMalformed, what));
    }
    std::fs::read(file).map_err(away)
}
