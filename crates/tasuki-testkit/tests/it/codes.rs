//! The grammars may not know the core, so their codes are texts: here both lists are seen.

use tasuki_core::Code;

#[test]
fn every_code_of_the_grammars_is_an_error_code() {
    let known = |id: &str| Code::from_id(id).is_some();
    let missing: Vec<_> = tasuki_wire::CODES
        .iter()
        .filter(|(id, _)| !known(id))
        .collect();
    assert!(missing.is_empty(), "not in codes.toml: {missing:?}");
}
