//! The configuration of the node under test: production policy, TLS with certificates on both sides
//! everywhere, and one system of its own community.

use crate::certificates::fingerprint;
use crate::failure::{Done, Failure};
use std::path::Path;

/// The home community id of the node.
pub const HOME: &str = "2.25.51.1";
/// The code of its facility.
pub const FACILITY: &str = "1311234567";
/// Who issues the facility's patient IDs.
pub const FACILITY_AUTHORITY: &str = "1.2.3.4.5.1000";

/// Adds the listeners to the file that `init` made; `believed` is the key that the directory is believed by.
pub fn write(folder: &Path, data: &Path, loopback: &str, believed: &str) -> Done {
    let path = data.join("tasuki.toml");
    let fault = |error: std::io::Error| Failure::io(path.display(), &error);
    let text = std::fs::read_to_string(&path).map_err(fault)?;
    let mut table: toml::Table = text
        .parse()
        .map_err(|error| Failure::io(path.display(), &error))?;
    for name in ["portal", "health"] {
        let listener = table
            .entry(name)
            .or_insert_with(|| toml::Table::new().into());
        if let Some(listener) = listener.as_table_mut() {
            listener.insert("listen".to_owned(), loopback.into());
        }
    }
    let file = |name: &str| folder.join(name).display().to_string();
    let print = fingerprint(folder, "system")?;
    let (certificate, key, authority) = (file("node.pem"), file("node.key"), file("ca.pem"));
    let text = format!(
        "{table}\n\
         [soap]\nlisten = \"{loopback}\"\naddress = \"https://node.example.jp/soap\"\n\
         certificate_file = \"{certificate}\"\nprivate_key_file = \"{key}\"\n\
         ca_file = \"{authority}\"\n\
         [[soap.peer]]\nname = \"system\"\ncertificate_sha256 = \"{print}\"\nqueries = true\n\
         visits = true\nfeeds = [\"{FACILITY}\"]\nassertions = true\npopulation = true\n\
         [mllp]\nlisten_tls = \"{loopback}\"\ncertificate_file = \"{certificate}\"\n\
         private_key_file = \"{key}\"\nclient_ca_file = \"{authority}\"\n\
         [[mllp.peer]]\nname = \"system\"\napplication = \"PROBE\"\nfacility = \"PROBE\"\n\
         certificate_sha256 = \"{print}\"\nfeeds = [\"{FACILITY}\"]\nqueries = true\n\
         [registry]\ncodes_file = \"{}\"\n\
         [directory]\nfile = \"{}\"\nkeys = [\"{believed}\"]\n",
        file("codes.toml"),
        file("members.toml"),
    );
    std::fs::write(&path, text).map_err(fault)
}

/// Keeps its data in a PostgreSQL whose address stands in a file.
pub fn postgres(data: &Path, file: &Path) -> Done {
    let path = data.join("tasuki.toml");
    let fault = |error: std::io::Error| Failure::io(path.display(), &error);
    let text = std::fs::read_to_string(&path).map_err(fault)?;
    let mut table: toml::Table = text
        .parse()
        .map_err(|error| Failure::io(path.display(), &error))?;
    let store = table
        .entry("store")
        .or_insert_with(|| toml::Table::new().into());
    if let Some(store) = store.as_table_mut() {
        store.insert("engine".to_owned(), "postgres".into());
        store.insert("url_file".to_owned(), file.display().to_string().into());
    }
    std::fs::write(&path, table.to_string()).map_err(fault)
}
