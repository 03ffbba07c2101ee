use super::{Allergies, allergies};
use crate::ClinicalValue;
use crate::allergy::AllergyList;
use crate::merge::Origin;
use crate::merge::tests::origin;
use crate::v2::fixtures::clean;
use tasuki_wire::ssmix2::DataKind::Adt61;

fn list(facility: &str, document: &str, lines: &[&str]) -> (Vec<Origin>, AllergyList) {
    let ClinicalValue::Allergies(list) = clean(Adt61, "ADT^A60", lines) else {
        panic!()
    };
    (vec![origin(facility, document)], list)
}

const PENICILLIN: &str =
    "IAM|1|DA^薬剤^HL70127|A00012^ペニシリン系^99X|SV^重度^HL70128|発疹|A^追加^HL70323";

#[test]
fn an_allergy_here_and_none_there_is_a_conflict_that_nobody_decides() {
    let lists = [
        list("a", "1", &[PENICILLIN]),
        list(
            "b",
            "2",
            &["IAM|1|DA^薬剤^HL70127|B7^ﾍﾟﾆｼﾘﾝ系^99Y|||A^追加^HL70323"],
        ),
        list("c", "3", &[]),
    ];
    let found = allergies(&lists);
    assert_eq!((found.lines.len(), found.lines[0].entries.len()), (1, 2));
    assert_eq!(found.none_at().len(), 1);
    assert!(found.conflict());
    // Whatever the order, it is the same.
    let mut turned = lists.to_vec();
    turned.reverse();
    assert_eq!(allergies(&turned), found);
}

#[test]
fn none_is_said_only_where_somebody_has_stated_it() {
    assert_eq!(allergies(&[]), Allergies::default());
    let found = allergies(&[list("c", "3", &[])]);
    assert_eq!((found.none_at().len(), found.lines.len()), (1, 0));
    assert_eq!(found.none_at()[0].1, Some("2026-06-01 10:30"));
    assert!(!found.conflict());
    // One that names an allergy in another message states no "none".
    let found = allergies(&[list("c", "3", &[]), list("c", "4", &[PENICILLIN])]);
    assert!(found.none_at().is_empty() && !found.conflict());
}

#[test]
fn what_is_taken_back_stays_and_is_no_allergy() {
    let gone = PENICILLIN.replace("A^追加", "D^削除");
    let found = allergies(&[list("a", "1", &[&gone])]);
    assert_eq!((found.lines.len(), found.withdrawn.len()), (0, 1));
    let both = allergies(&[list("a", "1", &[&gone]), list("b", "2", &[PENICILLIN])]);
    assert_eq!((both.lines.len(), both.withdrawn.len()), (1, 0));
    assert!(both.conflict());
    assert_eq!(both.lines[0].valid().count(), 1);
}

#[test]
fn the_same_drug_by_hot_and_the_same_antibody_by_jlac10_are_one_allergen() {
    let found = allergies(&[
        list(
            "a",
            "1",
            &[
                "IAM|1|DA|110626901^パンスポリンＴ錠^HOT9|||A",
                "IAM|2|FA|5A1002411023006^ソバ^JC10|||A",
            ],
        ),
        list(
            "b",
            "2",
            &[
                "IAM|1|DA|110626902^セフォチアム^HOT9|||A",
                "IAM|2|FA|5A1002411023023^そば^JC10|||A",
            ],
        ),
    ]);
    assert_eq!(found.lines.len(), 2);
    assert!(found.lines.iter().all(|line| line.entries.len() == 2));
}
