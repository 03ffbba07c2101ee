//! The text of a directory: TOML, versioned, an unknown key an error with its line.

use super::check;
use super::community::{Community, Contact, Fingerprint, PeerAssertions};
use super::endpoint::{ENDPOINTS, Endpoint};
use super::{Directory, seal};
use crate::{Code, Fault};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;
use tasuki_model::facility::Offers;
use tasuki_model::{CommunityId, Instant, Oid};

/// The version of the file that this release reads.
pub const VERSION: u32 = 1;

/// The largest directory, in bytes: some thousand communities.
pub const DIRECTORY_BYTES_MAX: usize = 4 << 20;

/// Reads a signed directory.
///
/// # Errors
/// `DIR-002` where it is no signed directory, `DIR-004` where no trusted key has signed these
/// bytes, `DIR-003` for another version, `DIR-005` where what it says cannot be.
pub fn read(signed: &[u8], keys: &[seal::PublicKey]) -> Result<Directory, Fault> {
    parse(seal::open(signed, keys)?)
}

/// Reads the text inside: also what `tasuki directory sign` does before it signs anything.
///
/// # Errors
/// As [`read`], without the signature.
pub(super) fn parse(text: &str) -> Result<Directory, Fault> {
    let version = text
        .parse::<toml::Table>()
        .ok()
        .and_then(|t| t.get("version").and_then(toml::Value::as_integer));
    if let Some(version) = version
        && version != i64::from(VERSION)
    {
        let what = format!("version {version}; this release reads version {VERSION}");
        return Err(Fault::new(Code::DirectoryVersion, what));
    }
    let file: File = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| {
            1 + text.bytes().take(s.start).filter(|b| *b == b'\n').count()
        });
        let what = format!("line {line}: {}", e.message());
        Fault::new(Code::DirectoryMalformed, what)
    })?;
    let directory = file.into_directory()?;
    check::check(&directory)?;
    Ok(directory)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: u32,
    serial: u64,
    issued: String,
    #[serde(default)]
    pix_manager: Option<CommunityId>,
    #[serde(default)]
    pix_standbys: Vec<CommunityId>,
    #[serde(rename = "community")]
    communities: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    home_community_id: CommunityId,
    name: String,
    patient_authority: Oid,
    #[serde(default)]
    authorities: Vec<Oid>,
    #[serde(default)]
    endpoints: BTreeMap<String, String>,
    #[serde(default)]
    replies: Vec<String>,
    #[serde(default)]
    asynchronous: bool,
    certificates: Vec<String>,
    #[serde(default)]
    tls12: bool,
    #[serde(default = "standard")]
    dialect: String,
    #[serde(default)]
    xua: Option<Xua>,
    #[serde(default)]
    discovery: bool,
    #[serde(default)]
    offers: Offers,
    #[serde(default, rename = "contact")]
    contacts: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Xua {
    issuer: String,
    certificates: Vec<String>,
    #[serde(default)]
    emergency: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    mail: String,
}

fn standard() -> String {
    "standard".to_owned()
}

fn wrong(what: String) -> Fault {
    Fault::new(Code::DirectoryInvalid, what)
}

impl File {
    fn into_directory(self) -> Result<Directory, Fault> {
        let issued: jiff::Timestamp = self
            .issued
            .parse()
            .map_err(|_| wrong("issued: not a time with its zone".to_owned()))?;
        let communities = self.communities.into_iter().map(Entry::into_community);
        Ok(Directory {
            serial: self.serial,
            issued: Instant::from_micros(issued.as_microsecond()),
            pix_manager: self.pix_manager,
            pix_standbys: self.pix_standbys,
            communities: communities.collect::<Result<_, _>>()?,
        })
    }
}

impl Entry {
    fn into_community(self) -> Result<Community, Fault> {
        let id = self.home_community_id;
        let endpoint = |text: &str| {
            Endpoint::new(text)
                .ok_or_else(|| wrong(format!("{id}: {text}: not https://host[:port]/path")))
        };
        let mut endpoints = BTreeMap::new();
        for (transaction, address) in self.endpoints {
            if !ENDPOINTS.contains(&transaction.as_str()) {
                return Err(wrong(format!("{id}: {transaction}: no such transaction")));
            }
            endpoints.insert(transaction.into(), endpoint(&address)?);
        }
        let replies = self.replies.iter().map(|text| endpoint(text));
        let replies = replies.collect::<Result<_, _>>()?;
        let pinned = self.certificates.iter().map(|hex| {
            fingerprint(hex).ok_or_else(|| wrong(format!("{id}: {hex}: not 64 hex digits")))
        });
        let certificates = pinned.collect::<Result<_, _>>()?;
        let mut authorities = self.authorities;
        if !authorities.contains(&self.patient_authority) {
            authorities.insert(0, self.patient_authority.clone());
        }
        Ok(Community {
            name: self.name.into(),
            patient_authority: self.patient_authority,
            authorities,
            endpoints,
            replies,
            asynchronous: self.asynchronous,
            certificates,
            tls12: self.tls12,
            dialect: self.dialect.into(),
            assertions: self.xua.map(|xua| xua.into_assertions(&id)).transpose()?,
            discovery: self.discovery,
            offers: self.offers,
            contacts: self
                .contacts
                .into_iter()
                .map(Person::into_contact)
                .collect(),
            home_community_id: id,
        })
    }
}

impl Xua {
    fn into_assertions(self, id: &CommunityId) -> Result<PeerAssertions, Fault> {
        let der = |text: &String| {
            let joined: String = text.split_ascii_whitespace().collect();
            let der = STANDARD.decode(joined);
            der.map(Vec::into_boxed_slice)
                .map_err(|_| wrong(format!("{id}: xua: a certificate is not base64 of DER")))
        };
        Ok(PeerAssertions {
            issuer: self.issuer.into(),
            emergency: self.emergency,
            certificates: self
                .certificates
                .iter()
                .map(der)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl Person {
    fn into_contact(self) -> Contact {
        Contact {
            name: self.name.into(),
            phone: self.phone.into(),
            mail: self.mail.into(),
        }
    }
}

/// 64 hex digits, colons between bytes allowed: as `openssl x509 -fingerprint -sha256` prints it.
#[must_use]
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let digit = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let digits = text.bytes().filter(|b| *b != b':').map(digit);
    let digits: Vec<u8> = digits.collect::<Option<_>>()?;
    if digits.len() != 64 {
        return None;
    }
    let bytes = digits.chunks_exact(2).filter_map(|pair| match pair {
        [high, low] => Some(high << 4 | low),
        _ => None,
    });
    bytes.collect::<Vec<_>>().try_into().ok()
}
