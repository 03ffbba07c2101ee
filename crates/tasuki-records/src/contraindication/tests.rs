use super::*;
use crate::allergy::AllergyList;
use crate::allergy::merge::allergies;
use crate::merge::Origin;
use tasuki_core::gather::Source;
use tasuki_model::{Coded, FacilityId};

fn coded(code: &str, text: &str) -> Coded {
    Coded {
        codings: vec![Coding {
            code: code.into(),
            text: text.into(),
            ..Coding::default()
        }],
        original_text: None,
    }
}

fn list(source: &str, entries: &[(&str, &str, &str)]) -> (Vec<Origin>, AllergyList) {
    let entry = |(kind, name, action): &(&str, &str, &str)| Allergy {
        kind: coded(kind, ""),
        allergen: coded("", name),
        action: coded(action, ""),
        ..Allergy::default()
    };
    let origin = Origin {
        source: Source::Facility(FacilityId::new(source).unwrap()),
        document: source.into(),
    };
    let entries = entries.iter().map(entry).collect();
    (
        vec![origin],
        AllergyList {
            entries,
            ..AllergyList::default()
        },
    )
}

#[test]
fn medicines_are_picked_out_and_what_a_source_calls_so_comes_first() {
    let merged = allergies(&[
        list(
            "a",
            &[
                ("DA", "アスピリン", "A"),
                ("FA", "卵", "A"),
                ("DA", "ペニシリン", "A"),
            ],
        ),
        list(
            "b",
            &[
                ("MC", "ペニシリン", "A"),
                ("", "花粉", "A"),
                ("MC", "造影剤", "D"),
            ],
        ),
    ]);
    let found = contraindications(&merged);
    let lines: Vec<(&str, bool)> = found
        .iter()
        .map(|c| (c.line.name.as_str(), c.stated))
        .collect();
    assert_eq!(lines, [("ペニシリン", true), ("アスピリン", false)]);
    assert_eq!(
        found[0].line.valid().count(),
        2,
        "both sources stand on the line"
    );
}

#[test]
fn a_list_of_nothing_and_no_list_pick_nothing() {
    assert!(contraindications(&allergies(&[])).is_empty());
    assert!(contraindications(&allergies(&[list("a", &[])])).is_empty());
}
