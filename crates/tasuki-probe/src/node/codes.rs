//! The toolkit's affinity domain (`codes.xml`) as the file of codes of the node under test.
//!
//! An affinity domain decides what its confidentiality codes mean. The toolkit's plans put `R`, `V`
//! and local codes on about half of their documents and expect everybody to find them, so that in its
//! domain all of them are ordinary: this table says so, and the policy of the node is as it ships.

use crate::failure::{Done, Failure};
use crate::tree::{all, parse};
use std::fmt::Write;
use std::path::Path;

/// The file of codes, of the environment that comes with the toolkit.
///
/// # Errors
/// Where its `codes.xml` cannot be read.
pub fn toml(environment: &Path) -> Done<String> {
    let path = environment.join("default/codes.xml");
    let text = std::fs::read_to_string(&path);
    let text = text.map_err(|error| Failure::io(path.display(), &error))?;
    let document = parse(&text)?;
    let mut toml = "version = 1\nprofile = \"ihe\"\n".to_owned();
    for kind in all(document.root_element(), "CodeType") {
        let attribute = kind.attribute("name").unwrap_or_default();
        let level = match attribute {
            "confidentialityCode" => ", confidentiality = \"N\"",
            _ => "",
        };
        for code in all(kind, "Code") {
            let of = |name| code.attribute(name).unwrap_or_default();
            writeln!(
                toml,
                "[[list]]\nattribute = {attribute:?}\nscheme = {:?}\n\
                 codes = [{{ code = {:?}, en = {:?}{level} }}]",
                of("codingScheme"),
                of("code"),
                of("display"),
            )
            .map_err(|error| Failure::io("codes", &error))?;
        }
    }
    Ok(toml)
}
