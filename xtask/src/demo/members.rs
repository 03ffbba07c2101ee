//! What the member directory and the configurations of a demo say.

use super::certificates::{base64, fingerprint};
use super::making::{facilities, word};
use crate::failure::Failure;
use std::path::Path;

/// What each community takes from the others.
const TRANSACTIONS: [&str; 3] = ["ITI-38", "ITI-39", "ITI-55"];
/// Who holds the patient index of the network, and who stands by; what they take.
pub(super) const MANAGERS: [&str; 2] = ["B", "C"];
const INDEX: [&str; 3] = ["ITI-44", "ITI-45", "ITI-47"];

/// The head of the directory. `homes` are the communities' letters and home community ids.
pub(super) fn head(homes: &[(String, String)]) -> String {
    let of = |letter: &str| {
        let home = homes.iter().find(|(known, _)| known == letter);
        home.map_or("", |(_, home)| home.as_str())
    };
    let [manager, standby] = MANAGERS.map(of);
    format!(
        "version = 1\nserial = 1\nissued = \"2026-11-01T09:00:00+09:00\"\n\
         pix_manager = \"{manager}\"\npix_standbys = [\"{standby}\"]\n"
    )
}

/// A community in the directory.
pub(super) fn entry(
    community: &toml::Table,
    trust: &Path,
    name: &str,
    address: &str,
) -> Result<String, Failure> {
    let home = word(community, "home_community_id");
    let authorities: Vec<String> = facilities(community)
        // The national form of the authority of a facility's patient IDs.
        .map(|facility| format!("\"1.2.392.100495.20.3.51.1{}\"", word(facility, "code")))
        .collect();
    let mut endpoints: Vec<String> = TRANSACTIONS
        .iter()
        .map(|t| format!("{t} = \"https://{address}/soap\""))
        .collect();
    endpoints.push(format!("TASUKI-1 = \"https://{address}/soap\""));
    endpoints.push(format!("ITI-46 = \"https://{address}/pix/notifications\""));
    if MANAGERS.contains(&name) {
        let index = INDEX.iter();
        endpoints.extend(index.map(|t| format!("{t} = \"https://{address}/pix\"")));
    }
    Ok(format!(
        "\n[[community]]\nhome_community_id = \"{home}\"\nname = \"{}\"\ndialect = \"{}\"\n\
         patient_authority = \"{home}.2\"\nauthorities = [{}]\ncertificates = [\"{}\"]\n\
         endpoints = {{ {} }}\n\
         xua = {{ issuer = \"urn:oid:{home}\", certificates = [\"{}\"], emergency = true }}\n\
         contact = [{{ name = \"連携窓口\", phone = \"03-0000-5100\" }}]\n",
        word(community, "name"),
        word(community, "dialect"),
        authorities.join(", "),
        fingerprint(trust, name)?,
        endpoints.join(", "),
        base64(trust, &format!("{name}-assertions"))?,
    ))
}

/// What the configuration of a community says besides what `tasuki init` wrote. It listens at the one
/// address and is reached at the other.
pub(super) fn sections(
    trust: &Path,
    name: &str,
    (listen, reached): &(&str, String),
    public: &str,
) -> String {
    let file = |name: &str| trust.join(name).display().to_string();
    format!(
        "\n[soap]\nlisten = \"{listen}\"\naddress = \"https://{reached}/soap\"\n\
         certificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n\
         \n[directory]\nfile = \"{}\"\nkeys = [\"{public}\"]\n\
         assertion_key_file = \"{}\"\nassertion_certificate_file = \"{}\"\n",
        file(&format!("{name}.pem")),
        file(&format!("{name}.key")),
        file("ca.pem"),
        file("members.toml"),
        file(&format!("{name}-assertions.key")),
        file(&format!("{name}-assertions.pem")),
    )
}
