//! The registry of kinds against the table of outputs.

use tasuki_records::{CODES, KINDS, Kind};
use tasuki_wire::ssmix2::DataKind;

#[test]
fn every_data_kind_has_exactly_one_kind() {
    for code in DataKind::ALL {
        let kinds: Vec<_> = KINDS
            .iter()
            .filter(|kind| kind.codes.contains(&code))
            .collect();
        assert_eq!(kinds.len(), 1, "{}", code.code());
        assert_eq!(Kind::of(code).unwrap().id, kinds[0].id);
    }
    assert_eq!(KINDS.len(), 15);
}

#[test]
fn undated_kinds_stand_outside_the_grid() {
    for code in DataKind::ALL {
        let undated = Kind::of(code).unwrap().place == tasuki_records::Place::Undated;
        assert_eq!(undated, code.is_undated(), "{}", code.code());
    }
}

#[test]
fn codes_are_sorted_and_their_own() {
    assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert!(CODES.iter().all(|(code, _)| code.starts_with("REC-")));
}
