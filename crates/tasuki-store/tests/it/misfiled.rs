//! Documents that name another patient inside, and items of other communities' institutions.

use crate::place::{Place, facility};
use tasuki_core::ports::{
    CodedKind, Dealt, Institution, LocalItem, Misfiled, MisfiledSide, SeenItem,
};
use tasuki_model::{CommunityId, CopyId, FacilityId, Instant, PatientKey, SmolStr, UserId};

fn misfiled(id: &str, document: &str, at: i64) -> Misfiled {
    Misfiled {
        id: CopyId::new(id).unwrap(),
        side: MisfiledSide::Received,
        facility: facility(),
        patient: PatientKey::new("p1").unwrap(),
        community: CommunityId::new("2.25.7").unwrap(),
        document: document.into(),
        institution: "東病院".into(),
        at: Instant::from_micros(at),
        told: None,
        dealt: None,
    }
}

pub fn a_document_of_another_is_reported_once_until_dealt_with(place: Place) {
    let store = place.open();
    let (a, again, b) = (
        misfiled("c1", "1.2.3", 1),
        misfiled("c2", "1.2.3", 2),
        misfiled("c3", "1.2.4", 3),
    );
    let given = Misfiled {
        side: MisfiledSide::Given,
        ..misfiled("c4", "1.2.3", 4)
    };
    let all = [&a, &again, &b, &given];
    store
        .writing(|tx| all.iter().try_for_each(|m| tx.report_misfiled(m)))
        .unwrap();
    let list = |limit| store.reading(|tx| tx.misfiled(&facility(), limit)).unwrap();
    assert_eq!(list(9), [given.clone(), b.clone(), a.clone()]);
    assert_eq!(list(1).len(), 1);
    let other = FacilityId::new("other").unwrap();
    assert!(
        store
            .reading(|tx| tx.misfiled(&other, 9))
            .unwrap()
            .is_empty()
    );
    // Another community that takes no reports, and an answer without a number, hold up nobody.
    let elsewhere = Misfiled {
        community: CommunityId::new("2.25.8").unwrap(),
        facility: other,
        ..misfiled("c5", "1.2.5", 0)
    };
    let nameless = Misfiled {
        facility: elsewhere.facility.clone(),
        ..misfiled("c6", "", 0)
    };
    store
        .writing(|tx| {
            tx.report_misfiled(&elsewhere)
                .and(tx.report_misfiled(&nameless))
        })
        .unwrap();
    let untold_by = |community: &CommunityId, limit| {
        store
            .reading(|tx| tx.misfiled_untold(community, limit))
            .unwrap()
    };
    let untold = || untold_by(&a.community, 2);
    assert_eq!(untold(), [a.clone(), b.clone()]);
    assert_eq!(
        untold_by(&elsewhere.community, 9),
        std::slice::from_ref(&elsewhere)
    );
    let told = Misfiled {
        told: Some(Instant::from_micros(8)),
        ..a.clone()
    };
    let dealt = Misfiled {
        dealt: Some(Dealt {
            by: UserId::new("clerk").unwrap(),
            at: Instant::from_micros(9),
            words: "電話した".to_owned(),
        }),
        ..given
    };
    store
        .writing(|tx| tx.put_misfiled(&told).and(tx.put_misfiled(&dealt)))
        .unwrap();
    assert_eq!(untold(), std::slice::from_ref(&b));
    assert_eq!(list(9), [b, told.clone(), dealt], "open ones first");
    let one = |id: &str| store.reading(|tx| tx.misfiled_one(&CopyId::new(id).unwrap()));
    assert_eq!(one("c1").unwrap(), Some(told));
    assert_eq!(one("c2").unwrap(), None);
}

pub fn items_of_institutions_stand_beside_ours(place: Place) {
    let store = place.open();
    let institution = |name: &str| Institution {
        community: CommunityId::new("2.25.7").unwrap(),
        number: "1310000001".into(),
        name: name.into(),
    };
    let seen = |facility: FacilityId, code: &str| SeenItem {
        facility,
        item: LocalItem {
            kind: CodedKind::Drug,
            code: code.into(),
            name: "薬".into(),
        },
        system: SmolStr::default(),
        times: 1,
    };
    let (east, west) = (institution("東病院").key(), institution("西病院").key());
    let (east, west) = (east.unwrap(), west.unwrap());
    let all = [
        seen(facility(), "1"),
        seen(east.clone(), "1"),
        seen(east.clone(), "2"),
        seen(west.clone(), "3"),
    ];
    store.writing(|tx| tx.count_items(&all)).unwrap();
    let mut known = store.reading(|tx| tx.item_institutions()).unwrap();
    known.sort();
    let mut both = [east.clone(), west];
    both.sort();
    assert_eq!(known, both);
    assert_eq!(store.reading(|tx| tx.items_known(&east)).unwrap(), 2);
    let back = Institution::from_key(&east).unwrap();
    assert_eq!(back, institution("東病院"));
    assert_eq!(Institution::from_key(&facility()), None);
}
