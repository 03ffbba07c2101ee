//! The configuration: one TOML file, versioned. An unknown key is an error with its line; secrets
//! are never in it, only the paths of files that hold them.

mod audit;
mod directory;
mod gather;
mod mllp;
mod notes;
mod provider;
mod registry;
mod rules;
mod soap;
mod terminals;

pub use audit::{AuditConfig, AuditRepository};
pub use directory::DirectoryConfig;
pub use gather::Gather;
pub use mllp::{Mllp, MllpConsumer, MllpDomain, MllpPeer, fingerprint};
pub use notes::Notes;
pub use provider::Provider;
pub use registry::RegistryConfig;
pub use rules::{Emergency, VisitConsent};
pub use soap::{Soap, SoapPeer};
pub use terminals::{Demand, TERMINALS_UNSEEN};

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tasuki_core::{Code, Fault};

/// PEM files of TLS with certificates on both sides (ITI-19).
#[derive(Debug, Clone, Copy)]
pub struct TlsFiles<'c> {
    /// Our chain.
    pub chain: &'c Path,
    /// Our private key.
    pub key: &'c Path,
    /// The authorities that certify others.
    pub authorities: &'c Path,
}

impl<'c> TlsFiles<'c> {
    /// Chain, key and authorities, where all are named.
    fn of(named: [&'c Option<PathBuf>; 3]) -> Option<Self> {
        let [chain, key, authorities] = named.map(Option::as_deref);
        Some(Self {
            chain: chain?,
            key: key?,
            authorities: authorities?,
        })
    }
}

use tasuki_model::{CommunityId, RepositoryId};

/// Said where there is no list of passwords known from breaches.
pub const NO_BREACHED_LIST: &str = "portal.breached_passwords_file is not set: \
     new passwords are not compared with those known from breaches";

/// The version of the file that this release reads.
pub const VERSION: u32 = 1;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Version of the file's shape.
    pub version: u32,
    /// The community this node serves.
    pub community: Community,
    /// Where its data is.
    #[serde(default)]
    pub store: Store,
    /// The portal.
    #[serde(default)]
    pub portal: Portal,
    /// Health and metrics, on a loopback address.
    #[serde(default)]
    pub health: Health,
    /// HL7 v2 messages of other systems.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mllp: Mllp,
    /// Where the audit trail is sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub audit: AuditConfig,
    /// The member directory.
    #[serde(default, skip_serializing_if = "is_default")]
    pub directory: DirectoryConfig,
    /// What is gathered from other communities.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gather: Gather,
    /// SOAP messages of other communities and systems.
    #[serde(default, skip_serializing_if = "is_default")]
    pub soap: Soap,
    /// The document registry and repository.
    #[serde(default, skip_serializing_if = "is_default")]
    pub registry: RegistryConfig,
    /// Feeds that `serve` watches.
    #[serde(default, rename = "feed", skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<Feed>,
}

/// The community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Community {
    /// Home community id: an OID without `urn:oid:`.
    pub home_community_id: CommunityId,
    /// Name of the network, as the sign-in page shows it.
    pub name: String,
    /// `repositoryUniqueId` of this node's repository; an arc below the community's if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository_unique_id: Option<RepositoryId>,
}

/// The store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub struct Store {
    /// `sqlite` (a file in the data folder) or `postgres`.
    pub engine: Engine,
    /// For PostgreSQL: a file that holds the connection address, password and all.
    pub url_file: Option<PathBuf>,
    /// The folder of the wrapping and signing keys, where it is not in the data folder.
    pub keys_dir: Option<PathBuf>,
}

/// The database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// SQLite in the data folder.
    #[default]
    Sqlite,
    /// PostgreSQL 15 or later.
    Postgres,
}

/// The portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Portal {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// PEM file with the certificate chain; with it the portal speaks TLS 1.3.
    pub certificate_file: Option<PathBuf>,
    /// PEM file with the private key.
    pub private_key_file: Option<PathBuf>,
    /// Telephone of the help desk.
    pub help_phone: String,
    /// The portal as browsers see it, such as `https://portal.example`: passkeys are bound to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Whether everybody has to have a second factor; where it is not said, it is when the portal
    /// listens on another address than a loopback one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<SecondFactor>,
    /// Passwords known from breaches: SHA-1 in hex, one a line, in their order. Without it that is not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breached_passwords_file: Option<PathBuf>,
    /// A browser from which a user has signed in before has its own turns where passwords are checked.
    pub known_browsers: bool,
    /// Whether browsers have to show a terminal's certificate; where it is not said, they have to when the
    /// portal listens on an address of the internet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminals: Option<Demand>,
    /// For so many days a terminal's certificate is made.
    pub terminal_days: u32,
    /// A session locks after so many minutes without use.
    pub idle_minutes: u32,
    /// A session ends after so many hours whatever happens.
    pub session_hours: u32,
    /// A feed not heard for so many hours makes its facility's report partial.
    pub feed_silent_hours: u32,
    /// A decision at the identity desk waits for a second person, and a new terminal for a second administrator.
    pub four_eyes: bool,
    /// Pages worked on at once.
    pub pages_at_once: u32,
    /// Font files that prints are made with, the first one first; the others stand in for
    /// characters that it lacks.
    pub font_files: Vec<PathBuf>,
    /// Files of notes.
    pub notes: Notes,
    /// The network's rules of emergencies.
    pub emergency: Emergency,
    /// Consents that are taken at the visit.
    pub visit_consent: VisitConsent,
    /// Consents are published as documents for other systems, which find and fetch them by the standard.
    pub consent_documents: bool,
    /// Unusual reading (own family name, colleagues, far more than usual) is told to the privacy officers.
    pub unusual_reading: bool,
    /// Fewer charts than this, opened by one user in a day, are never unusual.
    pub unusual_charts: u32,
    /// Facilities whose electronic records open charts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub launch: Vec<Launch>,
    /// Identity providers of hospitals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provider: Vec<Provider>,
}

/// Where Debian's package fonts-noto-cjk puts it.
const FONT_FILE: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// A facility whose electronic record opens charts by link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    /// Its code.
    pub facility: String,
    /// File with the key that the record and this node share (`tasuki launch key`).
    pub key_file: PathBuf,
}

/// Whether a second factor is a must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Who has none sets one up with the next sign-in.
    Required,
    /// Who has one is asked for it.
    Offered,
}

impl Portal {
    /// Whether a second factor is a must.
    #[must_use]
    pub fn second_factor_required(&self) -> bool {
        match self.second_factor {
            Some(said) => said == SecondFactor::Required,
            None => !self.listen.ip().is_loopback(),
        }
    }

    /// The passwords known from breaches, where there is a list.
    ///
    /// # Errors
    /// `CFG-001` or `CFG-003` for a file that is none.
    pub fn breached(&self) -> Result<Option<tasuki_web::password::Breached>, Fault> {
        let file = self.breached_passwords_file.as_deref();
        file.map(tasuki_web::password::Breached::open).transpose()
    }

    /// What reading is unusual, where it is told at all.
    #[must_use]
    pub fn unusual(&self) -> Option<tasuki_core::hints::Unusual> {
        let charts = self.unusual_charts as usize;
        let rule = tasuki_core::hints::Unusual { charts };
        self.unusual_reading.then_some(rule)
    }
}

impl Default for Portal {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8300)),
            certificate_file: None,
            private_key_file: None,
            help_phone: "03-0000-5100".to_owned(),
            origin: None,
            second_factor: None,
            breached_passwords_file: None,
            known_browsers: true,
            terminals: None,
            terminal_days: terminals::DAYS,
            idle_minutes: 30,
            session_hours: 12,
            feed_silent_hours: 24,
            four_eyes: false,
            pages_at_once: 64,
            font_files: vec![PathBuf::from(FONT_FILE)],
            notes: Notes::default(),
            emergency: Emergency::default(),
            visit_consent: VisitConsent::default(),
            consent_documents: true,
            unusual_reading: true,
            unusual_charts: 30,
            launch: Vec::new(),
            provider: Vec::new(),
        }
    }
}

/// Health and metrics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    /// Address to listen on; must be a loopback address.
    pub listen: SocketAddr,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8301)),
        }
    }
}

/// One feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// 医療機関コード of its facility.
    pub facility: String,
    /// Root folder of the SS-MIX2 storage.
    pub ss_mix2: PathBuf,
    /// The hospital's transaction storage (`TR_*.DAT`), where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transactions: Option<PathBuf>,
    /// An export of the hospital's index table SSMIXIDX, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<PathBuf>,
    /// Whether to use file events; off for a network share.
    #[serde(default = "yes")]
    pub events: bool,
    /// Seconds between rescans.
    #[serde(default = "minute")]
    pub rescan_seconds: u32,
}

fn is_default<T: Default + PartialEq>(part: &T) -> bool {
    *part == T::default()
}

fn yes() -> bool {
    true
}

fn minute() -> u32 {
    60
}

impl Config {
    /// What `tasuki init` writes: a community of its own on SQLite.
    #[must_use]
    pub fn first(home_community_id: CommunityId, name: &str) -> Self {
        Self {
            version: VERSION,
            community: Community {
                home_community_id,
                name: name.to_owned(),
                repository_unique_id: None,
            },
            store: Store::default(),
            portal: Portal::default(),
            health: Health::default(),
            mllp: Mllp::default(),
            audit: AuditConfig::default(),
            directory: DirectoryConfig::default(),
            gather: Gather::default(),
            soap: Soap::default(),
            registry: RegistryConfig::default(),
            feeds: Vec::new(),
        }
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// `CFG-001` where it cannot be read, `CFG-002` for an unknown key, `CFG-004` for another
    /// version, `CFG-003` for anything else; with the line.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Fault::new(Code::ConfigUnreadable, format!("{}: {e}", path.display())))?;
        Self::parse(&text)
            .map_err(|f| Fault::new(f.code, format!("{}: {}", path.display(), f.inside)))
    }

    /// Reads a configuration text.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        // The version is looked at first: another version's keys are not unknown, only other.
        let version = text
            .parse::<toml::Table>()
            .ok()
            .and_then(|t| t.get("version").and_then(toml::Value::as_integer));
        if let Some(version) = version
            && version != i64::from(VERSION)
        {
            let what = format!("version {version}; this release reads version {VERSION}");
            return Err(Fault::new(Code::ConfigVersion, what));
        }
        let config: Self = toml::from_str(text).map_err(|e| {
            let code = if e.message().contains("unknown field") {
                Code::ConfigUnknownKey
            } else {
                Code::ConfigInvalid
            };
            let line = e.span().map_or(1, |s| {
                1 + text.bytes().take(s.start).filter(|b| *b == b'\n').count()
            });
            Fault::new(code, format!("line {line}: {}", e.message()))
        })?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::new(Code::ConfigInvalid, what));
        if !self.health.listen.ip().is_loopback() {
            return wrong("health.listen: not a loopback address");
        }
        let portal = &self.portal;
        if portal.certificate_file.is_some() != portal.private_key_file.is_some() {
            return wrong("portal: certificate_file and private_key_file go together");
        }
        if portal.certificate_file.is_none() && !portal.listen.ip().is_loopback() {
            return wrong(
                "portal.listen: without a certificate only a loopback address is allowed",
            );
        }
        portal.notes.check()?;
        provider::check(&portal.provider)?;
        portal.check_terminals()?;
        self.mllp.check()?;
        self.audit.check()?;
        self.directory.check()?;
        self.gather.check()?;
        self.soap.check()?;
        if self.store.engine == Engine::Postgres && self.store.url_file.is_none() {
            return wrong("store: postgres needs url_file");
        }
        if portal.unusual_charts == 0 {
            return wrong(
                "portal: unusual_charts is at least 1; unusual_reading = false switches hints off",
            );
        }
        if portal.pages_at_once == 0 || portal.idle_minutes == 0 || portal.session_hours == 0 {
            return wrong("portal: pages_at_once, idle_minutes and session_hours are at least 1");
        }
        Ok(())
    }

    /// Every value with where it comes from: the file, or the default.
    #[must_use]
    pub fn with_origin(&self, file: &str) -> Vec<(String, String, &'static str)> {
        let written: toml::Table = file.parse().unwrap_or_default();
        let whole = toml::Table::try_from(self).unwrap_or_default();
        let mut lines = Vec::new();
        flatten("", &whole, Some(&written), &mut lines);
        lines
    }
}

fn flatten(
    prefix: &str,
    table: &toml::Table,
    written: Option<&toml::Table>,
    into: &mut Vec<(String, String, &'static str)>,
) {
    for (key, value) in table {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        let there = written.and_then(|t| t.get(key));
        match value {
            toml::Value::Table(inner) => {
                flatten(&name, inner, there.and_then(toml::Value::as_table), into);
            }
            other => {
                let origin = if there.is_some() { "file" } else { "default" };
                into.push((name, other.to_string(), origin));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str =
        "version = 1\n[community]\nhome_community_id = \"2.25.1\"\nname = \"試験\"\n";

    #[test]
    fn what_init_writes_is_read_again() {
        let config = Config::first(CommunityId::new("2.25.1").unwrap(), "試験");
        assert_eq!(
            Config::parse(&toml::to_string(&config).unwrap()).unwrap(),
            config
        );
        assert_eq!(Config::parse(FIRST).unwrap(), config);
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line() {
        let fault = Config::parse(&format!("{FIRST}[portal]\nlisten_on = \"x\"\n")).unwrap_err();
        assert_eq!(fault.code, Code::ConfigUnknownKey);
        assert!(fault.inside.starts_with("line 6:"), "{}", fault.inside);
    }

    #[test]
    fn other_mistakes_have_codes_of_their_own() {
        let code = |text: String| Config::parse(&text).unwrap_err().code;
        assert_eq!(
            code(FIRST.replace("version = 1", "version = 9")),
            Code::ConfigVersion
        );
        assert_eq!(
            code(FIRST.replace("2.25.1", "urn:oid:2.25.1")),
            Code::ConfigInvalid
        );
        assert_eq!(
            code(format!("{FIRST}[portal]\nlisten = \"0.0.0.0:1\"\n")),
            Code::ConfigInvalid
        );
        assert_eq!(
            code(format!("{FIRST}[portal]\nunusual_charts = 0\n")),
            Code::ConfigInvalid
        );
        assert_eq!(
            code(format!("{FIRST}[health]\nlisten = \"10.0.0.1:1\"\n")),
            Code::ConfigInvalid
        );
        assert_eq!(
            code(format!("{FIRST}[store]\nengine = \"postgres\"\n")),
            Code::ConfigInvalid
        );
    }

    #[test]
    fn every_value_says_where_it_comes_from() {
        let text = format!("{FIRST}[portal]\nhelp_phone = \"1\"\n");
        let lines = Config::parse(&text).unwrap().with_origin(&text);
        let of = |name: &str| lines.iter().find(|l| l.0 == name).map(|l| l.2);
        assert_eq!(of("portal.help_phone"), Some("file"));
        assert_eq!(of("portal.idle_minutes"), Some("default"));
    }
}
