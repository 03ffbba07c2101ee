//! The affinity domain of the toolkit (`codes.xml`) as one of ours. Its confidentiality codes mark
//! nearly every document as very restricted; to a test's affinity domain all of them are ordinary.

use super::run::shared;
use std::fmt::Write;
use tasuki_ihe::xds::AffinityDomain;
use tasuki_wire::xml::{Element, Limits, read};

pub fn affinity() -> AffinityDomain {
    let bytes = std::fs::read(shared("data/ihe/nist-env/default/codes.xml")).unwrap();
    let root = read(&bytes, &Limits::default()).unwrap();
    let mut toml = "version = 1\nprofile = \"ihe\"\n".to_owned();
    for kind in root.all("CodeType") {
        let attribute = kind.attribute("name").unwrap();
        for code in kind.all("Code") {
            list(&mut toml, attribute, code);
        }
    }
    AffinityDomain::parse(&toml).unwrap()
}

fn list(toml: &mut String, attribute: &str, code: &Element) {
    let of = |name| code.attribute(name).unwrap_or_default();
    let level = match attribute {
        "confidentialityCode" => ", confidentiality = \"N\"",
        _ => "",
    };
    write!(
        toml,
        "[[list]]\nattribute = {attribute:?}\nscheme = {:?}\ncodes = [{{ code = {:?}, en = {:?}{level} }}]\n",
        of("codingScheme"),
        of("code"),
        of("display"),
    )
    .unwrap();
}
