//! Link requests between communities as they are kept, and what others told of their facilities.

use crate::place::{Place, facility, patient};
use tasuki_core::ports::{
    Acceptance, FacilityElsewhere, ForeignRequest, LinkSide, LinkWaiting, RequestState, Signer,
    TakesIn, ViewsReported,
};
use tasuki_model::{
    CommunityId, Demographics, FacilityCode, FacilityId, Instant, JstDay, LocalPatientId, Oid,
    Registration, RequestId,
};

fn community(id: &str) -> CommunityId {
    CommunityId::new(id).unwrap()
}

fn request(id: &str, from: &str, seconds: i64) -> ForeignRequest {
    ForeignRequest {
        id: RequestId::new(id).unwrap(),
        named: RequestId::new("theirs").unwrap(),
        community: community(from),
        facility: "西診療所".into(),
        phone: "".into(),
        to: facility(),
        own_id: "W-1".into(),
        demographics: Demographics::default(),
        their_id: None,
        agreed: JstDay::from_epoch_days(20_000),
        signer: Signer::Patient,
        viewers: vec!["西診療所".to_owned()],
        state: RequestState::Asked,
        at: Instant::from_micros(seconds * 1_000_000),
        end: None,
    }
}

pub fn a_request_of_another_community_waits_and_is_told_until_taken(place: Place) {
    let store = place.open();
    let (first, second) = (request("r1", "2.25.7", 1), request("r2", "2.25.8", 2));
    for one in [&second, &first] {
        store.writing(|tx| tx.put_foreign_request(one)).unwrap();
    }
    let to = |at: FacilityId| store.reading(|tx| tx.foreign_requests_to(&at, 9)).unwrap();
    assert_eq!(to(facility()), [first.clone(), second.clone()]);
    assert_eq!(to(FacilityId::new("other").unwrap()), []);
    let full = |most| {
        let of = community("2.25.7");
        store
            .reading(|tx| tx.foreign_requests_full(&of, most))
            .unwrap()
    };
    assert!(full(1) && !full(2));
    let returned = ForeignRequest {
        state: RequestState::Returned,
        ..first
    };
    store
        .writing(|tx| tx.put_foreign_request(&returned))
        .unwrap();
    assert_eq!(to(facility()), [second]);
    assert!(!full(1));
    let one = store
        .reading(|tx| tx.foreign_request(&returned.id))
        .unwrap();
    assert_eq!(one, Some(returned.clone()));

    let waiting = LinkWaiting {
        peer: community("2.25.7"),
        request: returned.id,
        side: LinkSide::Foreign,
        at: Instant::from_micros(5),
    };
    let left = || {
        store
            .reading(|tx| tx.links_waiting(&waiting.peer, 9))
            .unwrap()
    };
    let wait = || store.writing(|tx| tx.put_link_waiting(&waiting)).unwrap();
    wait();
    assert_eq!(left(), std::slice::from_ref(&waiting));
    // It changes again while it is being told.
    wait();
    store.writing(|tx| tx.link_told(&waiting)).unwrap();
    let again = left();
    assert_eq!(again.len(), 1);
    store.writing(|tx| tx.link_told(&again[0])).unwrap();
    assert_eq!(left(), []);

    let own = patient(&*store, "0001");
    let tie = Registration {
        authority: Oid::new("1.2.3").unwrap(),
        local_id: LocalPatientId::new("X-1").unwrap(),
    };
    for at in [1, 2] {
        let at = Instant::from_micros(at);
        store.writing(|tx| tx.put_tie(&own, &tie, at)).unwrap();
    }
    let tied = store.reading(|tx| tx.tied_elsewhere(&own)).unwrap();
    assert_eq!(tied, [tie]);
}

pub fn a_facility_elsewhere_is_kept_as_told_last(place: Place) {
    let store = place.open();
    let told = |code: &str, acceptance, seconds: i64| FacilityElsewhere {
        community: community("2.25.7"),
        code: FacilityCode::new(code).unwrap(),
        name: "東病院".into(),
        phone: "".into(),
        lines: vec![TakesIn {
            department: "内科".into(),
            acceptance,
            words: "".into(),
            at: Instant::from_micros(0),
        }],
        at: Instant::from_micros(seconds * 1_000_000),
    };
    let put = |f: &FacilityElsewhere, most| {
        store
            .writing(|tx| tx.put_facility_elsewhere(f, most))
            .unwrap()
    };
    let since = |seconds: i64| {
        let at = Instant::from_micros(seconds * 1_000_000);
        store.reading(|tx| tx.facilities_elsewhere(at, 9)).unwrap()
    };
    let before = told("1311111111", Acceptance::Open, 1);
    assert!(put(&before, 1));
    assert!(
        !put(&told("1322222222", Acceptance::Open, 1), 1),
        "the bound"
    );
    let now = told("1311111111", Acceptance::Closed, 5);
    assert!(put(&now, 1));
    assert_eq!(since(5), std::slice::from_ref(&now));
    assert_eq!(since(6), []);
    let one = |of: &str| store.reading(|tx| tx.facility_elsewhere(&community(of), &now.code));
    assert_eq!(one("2.25.7").unwrap(), Some(now.clone()));
    assert_eq!(one("2.25.8").unwrap(), None);
}

pub fn a_report_of_views_never_goes_back(place: Place) {
    let store = place.open();
    let reported = |of: &str, micros: i64| ViewsReported {
        community: community(of),
        until: Instant::from_micros(micros),
    };
    for one in [
        reported("2.25.8", 5),
        reported("2.25.7", 9),
        reported("2.25.8", 3),
    ] {
        store.writing(|tx| tx.put_views_reported(&one)).unwrap();
    }
    let all = store.reading(|tx| tx.views_reported()).unwrap();
    assert_eq!(all, [reported("2.25.7", 9), reported("2.25.8", 5)]);
}
