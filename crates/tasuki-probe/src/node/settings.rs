//! The configuration of the node under test: production policy, TLS with certificates on both sides
//! everywhere, and one system of its own community.

use super::Node;
use crate::certificates::fingerprint;
use crate::failure::{Done, Failure};
use std::path::Path;

/// The home community id of the node.
pub const HOME: &str = "2.25.51.1";
/// The code of its facility.
pub const FACILITY: &str = "1311234567";
/// Who issues the facility's patient IDs.
pub const FACILITY_AUTHORITY: &str = "1.2.3.4.5.1000";

/// Where a listener is whose port the system chooses.
const LOOPBACK: &str = "127.0.0.1:0";

/// Adds the listeners to the file that `init` made; `believed` is the key that the directory is believed by.
/// Its system asks other communities too where the node is an initiating gateway.
pub fn write(node: &Node, believed: &str, initiating: bool) -> Done {
    let folder = node.folder();
    let more = match initiating {
        true => format!("across = [\"{FACILITY}\"]\n"),
        false => "population = true\n".to_owned(),
    };
    let replies = node.replies_at(0);
    let more = format!("assertions = true\nreplies = [\"{replies}\"]\n{more}");
    let file = |name: &str| folder.join(name).display().to_string();
    let asserting = match initiating {
        // The key of the token service: the node asserts to others whom it was asserted by it.
        true => format!(
            "assertion_key_file = \"{}\"\nassertion_certificate_file = \"{}\"\n",
            file("tokens.key"),
            file("tokens.pem")
        ),
        false => String::new(),
    };
    let data = node.data();
    whole(
        folder,
        &data,
        ["node", LOOPBACK, believed, &more, &asserting],
    )
}

/// The same for a community that stands beside it, at an address that the directory names.
pub fn write_other(folder: &Path, data: &Path, name: &str, at: &str, believed: &str) -> Done {
    whole(folder, data, [name, at, believed, "", ""])
}

/// Certificate, address of the SOAP listener, key of the directory; what else its system may, and
/// what else stands in `[directory]`.
fn whole(folder: &Path, data: &Path, [name, listen, believed, more, asserting]: [&str; 5]) -> Done {
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
            listener.insert("listen".to_owned(), LOOPBACK.into());
        }
    }
    let file = |name: &str| folder.join(name).display().to_string();
    let print = fingerprint(folder, "system")?;
    let (certificate, key) = (file(&format!("{name}.pem")), file(&format!("{name}.key")));
    let authority = file("ca.pem");
    let text = format!(
        "{table}\n\
         [soap]\nlisten = \"{listen}\"\naddress = \"https://node.example.jp/soap\"\n\
         certificate_file = \"{certificate}\"\nprivate_key_file = \"{key}\"\n\
         ca_file = \"{authority}\"\n\
         [[soap.peer]]\nname = \"system\"\ncertificate_sha256 = \"{print}\"\nqueries = true\n\
         visits = true\nfeeds = [\"{FACILITY}\"]\n{more}\
         [mllp]\nlisten_tls = \"{LOOPBACK}\"\ncertificate_file = \"{certificate}\"\n\
         private_key_file = \"{key}\"\nclient_ca_file = \"{authority}\"\n\
         [[mllp.peer]]\nname = \"system\"\napplication = \"PROBE\"\nfacility = \"PROBE\"\n\
         certificate_sha256 = \"{print}\"\nfeeds = [\"{FACILITY}\"]\nqueries = true\n\
         [registry]\ncodes_file = \"{}\"\n\
         [directory]\nfile = \"{}\"\nkeys = [\"{believed}\"]\n{asserting}",
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
