//! `[registry]`: the document registry and repository of the community.

use super::Config;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tasuki_core::{Code, Fault};
use tasuki_ihe::xds::{AffinityDomain, RegistrySettings};
use tasuki_model::{Oid, RepositoryId};

/// The document registry and repository. Whoever may speak SOAP may use them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegistryConfig {
    /// The assigning authority of the patient ids that the community issues for XDS: an OID; an arc
    /// below the home community id if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_authority: Option<Oid>,
    /// TOML file with the codes of the affinity domain; those of the product if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes_file: Option<PathBuf>,
    /// A summary of each disclosed patient is offered, and made for who retrieves it.
    pub on_demand: bool,
}

impl Default for RegistryConfig {
    fn default() -> Self {
        Self {
            patient_authority: None,
            codes_file: None,
            on_demand: true,
        }
    }
}

/// Bytes of a file of codes.
const CODES_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl RegistryConfig {
    /// What the transactions need of it.
    ///
    /// # Errors
    /// [`Code::AffinityFileWrong`] for a file of codes that cannot be used,
    /// [`Code::ConfigInvalid`] where no arc can be made below the home community id.
    pub fn settings(
        &self,
        config: &Config,
        repository: RepositoryId,
    ) -> Result<RegistrySettings, Fault> {
        let home = config.community.home_community_id.clone();
        let authority = match &self.patient_authority {
            Some(authority) => authority.clone(),
            None => Oid::new(&format!("{home}.2"))
                .map_err(|e| Fault::new(Code::ConfigInvalid, format!("patient authority: {e}")))?,
        };
        let affinity = match &self.codes_file {
            Some(path) => AffinityDomain::parse(&text(path)?)?,
            None => AffinityDomain::standard()?,
        };
        Ok(RegistrySettings {
            home,
            authority,
            repository,
            affinity: Arc::new(affinity),
            emergencies: config.portal.emergency.of_others(),
            discoveries_a_minute: config.portal.emergency.others_a_minute,
        })
    }
}

fn text(path: &Path) -> Result<String, Fault> {
    let wrong = |what: String| {
        let path = path.display();
        Fault::new(Code::AffinityFileWrong, format!("{path}: {what}"))
    };
    let size = std::fs::metadata(path)
        .map_err(|e| wrong(e.to_string()))?
        .len();
    if size > CODES_BYTES_MAX {
        return Err(wrong(format!("{size} bytes")));
    }
    std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))
}
