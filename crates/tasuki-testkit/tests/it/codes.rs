//! The layers below the core's users may not know the core, so their codes are texts: here all
//! lists are seen.

use tasuki_core::Code;

#[test]
fn every_code_of_grammars_and_kinds_is_an_error_code() {
    let lists = [tasuki_wire::CODES, tasuki_records::CODES];
    let all = lists.into_iter().flatten();
    let missing: Vec<_> = all.filter(|(id, _)| Code::from_id(id).is_none()).collect();
    assert!(missing.is_empty(), "not in codes.toml: {missing:?}");
}
