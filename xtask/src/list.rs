//! Lists kept as TOML: tables of one name whose members are all text.

use crate::failure::Failure;
use crate::process::read;
use crate::workspace::Workspace;

/// One table of a list.
pub struct Entry {
    file: &'static str,
    table: toml::Value,
}

impl Entry {
    /// A member, which has to be there.
    pub fn text(&self, key: &str) -> Result<String, Failure> {
        let value = self.table.get(key).and_then(toml::Value::as_str);
        let missing = || Failure(format!("{}: {} has no {key}", self.file, self.table));
        value.map(str::to_owned).ok_or_else(missing)
    }
}

/// The tables `[[name]]` of a file.
pub fn entries(
    workspace: &Workspace,
    file: &'static str,
    name: &str,
) -> Result<Vec<Entry>, Failure> {
    let text = read(&workspace.root.join(file))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error| Failure(format!("{file}: {error}")))?;
    let list = table.get(name).and_then(toml::Value::as_array);
    let tables = list.map(Vec::as_slice).unwrap_or_default().iter();
    Ok(tables
        .map(|table| Entry {
            file,
            table: table.clone(),
        })
        .collect())
}
