//! Each rule by itself, all of them together, and that a restriction more never lets out more.

use super::*;
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, CommunityId, EntryUuid, JstDay};

fn facility(id: &str) -> FacilityId {
    FacilityId::new(id).unwrap()
}

fn day(text: &str) -> JstDay {
    JstDay::parse_basic(text).unwrap()
}

fn at(seconds: i64) -> Instant {
    Instant::from_micros(seconds * 1_000_000)
}

fn document(id: &str) -> EntryUuid {
    EntryUuid::new(id).unwrap()
}

/// The record of `away` that `home` asks for.
fn subject(restrictions: Vec<Restriction>) -> Subject {
    let key = PatientKey::new("p-away").unwrap();
    Subject::new(key, facility("away"), true).under(Terms::new(restrictions), at(100))
}

fn labels(category: Category, on: Option<&str>, department: Option<&str>) -> Labels {
    Labels {
        patient_key: PatientKey::new("p-away").unwrap(),
        facility: facility("away"),
        category,
        department: department.map(Into::into),
        day: on.map(day),
        author: None,
        confidentiality: Confidentiality::Normal,
        document: Some(document("d1")),
    }
}

fn lab() -> Labels {
    labels(Category::Lab, Some("20260401"), Some("01"))
}

fn caller(purpose: Purpose) -> Caller {
    Caller {
        user: UserId::new("u").unwrap(),
        facility: facility("home"),
        role: Role::Physician,
        purpose,
    }
}

fn peer() -> PeerCaller {
    PeerCaller::system(&CommunityId::new("2.25.1").unwrap(), "his")
}

fn reason(restrictions: Vec<Restriction>, labels: &Labels) -> Reason {
    let caller = caller(Purpose::Treatment);
    let asker = Asker::User {
        caller: &caller,
        registered: true,
    };
    judge(&asker, &subject(restrictions), labels).reason
}

fn to(viewers: &[Viewer]) -> Restriction {
    Restriction::OnlyTo(viewers.iter().cloned().collect())
}

fn days(from: &str, until: &str) -> Restriction {
    let said = |text: &str| (!text.is_empty()).then(|| day(text));
    Restriction::OnlyDays {
        from: said(from),
        to: said(until),
    }
}

#[test]
fn each_restriction_takes_away_what_it_says() {
    use Reason::*;
    let (home, other) = (
        Viewer::Facility(facility("home")),
        Viewer::Facility(facility("else")),
    );
    let labs = Restriction::OnlyCategories([Category::Lab].into());
    let notes = Restriction::OnlyCategories([Category::Note].into());
    let not = |code: &str| Restriction::NotDepartment(code.into());
    let hides = |id: &str| Restriction::NotDocument(document(id));
    for (restriction, expected) in [
        (to(&[home.clone(), other.clone()]), Disclosed),
        (to(&[other]), NotToThisViewer),
        (to(&[]), NotToThisViewer),
        (labs, Disclosed),
        (notes, NotThisCategory),
        (days("20260401", "20260401"), Disclosed),
        (days("", "20260331"), NotThisPeriod),
        (days("20260402", ""), NotThisPeriod),
        (not("02"), Disclosed),
        (not("01"), NotThisDepartment),
        (hides("d2"), Disclosed),
        (hides("d1"), NotThisDocument),
        (Restriction::NotBefore(at(100)), Disclosed),
        (Restriction::NotBefore(at(101)), NotDisclosed),
        (Restriction::Until(at(101)), Disclosed),
        (Restriction::Until(at(100)), NotDisclosed),
        (Restriction::NoEmergency, Disclosed),
    ] {
        let said = format!("{restriction:?}");
        assert_eq!(reason(vec![restriction], &lab()), expected, "{said}");
    }
}

#[test]
fn what_does_not_say_its_day_or_department_may_be_of_any() {
    let unsaid = labels(Category::Lab, None, None);
    let period = days("20200101", "20301231");
    assert_eq!(reason(vec![period.clone()], &unsaid), Reason::NotThisPeriod);
    let department = Restriction::NotDepartment("26".into());
    assert_eq!(
        reason(vec![department.clone()], &unsaid),
        Reason::NotThisDepartment
    );
    // Who the patient is goes with any of it, or nobody could be shown what is open.
    let who = labels(Category::Basic, None, None);
    let notes = Restriction::OnlyCategories([Category::Note].into());
    assert_eq!(
        reason(vec![period, department, notes], &who),
        Reason::Disclosed
    );
}

#[test]
fn restrictions_do_not_bind_the_facility_whose_record_it_is() {
    let mut own = caller(Purpose::Treatment);
    own.facility = facility("away");
    let asker = Asker::User {
        caller: &own,
        registered: true,
    };
    let bound = subject(vec![to(&[]), Restriction::Until(at(0))]);
    assert_eq!(judge(&asker, &bound, &lab()).reason, Reason::Own);
}

#[test]
fn other_communities_see_what_names_them_and_systems_nothing_that_names_anybody() {
    let there = CommunityId::new("2.25.9").unwrap();
    let named = Viewer::Community(there.clone());
    let directory = |assertions| crate::directory::Community {
        home_community_id: there.clone(),
        name: "隣".into(),
        patient_authority: tasuki_model::Oid::new("1.2.3").unwrap(),
        authorities: Vec::new(),
        endpoints: std::collections::BTreeMap::new(),
        replies: Vec::new(),
        asynchronous: false,
        certificates: Vec::new(),
        tls12: false,
        dialect: "standard".into(),
        assertions,
        discovery: false,
        offers: tasuki_model::facility::Offers::default(),
        contacts: Vec::new(),
    };
    let neighbour = PeerCaller::organisation(&directory(None)).unwrap();
    let open = subject(vec![to(std::slice::from_ref(&named))]);
    let home_only = subject(vec![to(&[Viewer::Facility(facility("home"))])]);
    let of =
        |asker: &PeerCaller, subject: &Subject| judge(&Asker::Peer(asker), subject, &lab()).reason;
    assert_eq!(of(&neighbour, &open), Reason::Disclosed);
    assert_eq!(of(&neighbour, &home_only), Reason::NotToThisViewer);
    assert_eq!(of(&peer(), &open), Reason::NotToThisViewer);
    assert_eq!(of(&peer(), &subject(Vec::new())), Reason::Disclosed);
    assert!(open.terms.let_outside() && !home_only.terms.let_outside());
}

#[test]
fn an_emergency_grant_stands_in_for_consent_and_not_for_what_is_kept_out() {
    let emergency = caller(Purpose::Emergency);
    let asker = Asker::User {
        caller: &emergency,
        registered: false,
    };
    let of = |restrictions: Vec<Restriction>, until: i64| {
        let mut closed = subject(restrictions);
        closed.disclosed = false;
        judge(&asker, &closed.opened(at(until), at(100)), &lab())
    };
    let open = of(
        vec![to(&[]), days("", "20200101"), Restriction::Until(at(0))],
        101,
    );
    assert_eq!(open.reason, Reason::Emergency);
    assert_eq!(open.obligations, [Obligation::Notify, Obligation::Review]);
    assert_eq!(of(Vec::new(), 100).reason, Reason::NoGrant);
    assert_eq!(
        of(vec![Restriction::NoEmergency], 101).reason,
        Reason::NoGrant
    );
    let hidden = Restriction::NotDocument(document("d1"));
    assert_eq!(of(vec![hidden], 101).reason, Reason::NotThisDocument);
    let department = Restriction::NotDepartment("01".into());
    assert_eq!(of(vec![department], 101).reason, Reason::NotThisDepartment);
}

/// One restriction of each kind, and a second one of some.
fn every() -> Vec<Restriction> {
    let home = Viewer::Facility(facility("home"));
    let other = Viewer::Facility(facility("else"));
    vec![
        to(&[home]),
        to(&[other]),
        Restriction::OnlyCategories([Category::Lab, Category::Note].into()),
        Restriction::OnlyCategories([Category::Note].into()),
        days("20260101", ""),
        days("", "20260331"),
        Restriction::NotDepartment("01".into()),
        Restriction::NotDocument(document("d1")),
        Restriction::NotBefore(at(101)),
        Restriction::Until(at(200)),
        Restriction::NoEmergency,
    ]
}

fn items() -> Vec<Labels> {
    let mut items = Vec::new();
    for &category in &[
        Category::Basic,
        Category::Lab,
        Category::Note,
        Category::Record,
    ] {
        for on in [None, Some("20251231"), Some("20260401")] {
            for department in [None, Some("01"), Some("02")] {
                items.push(labels(category, on, department));
            }
        }
    }
    items
}

/// Which items a set of restrictions lets out, to each of several askers.
fn let_out(restrictions: &[Restriction], items: &[Labels]) -> Vec<bool> {
    let treatment = caller(Purpose::Treatment);
    let emergency = caller(Purpose::Emergency);
    let peer = peer();
    let user = |caller| Asker::User {
        caller,
        registered: true,
    };
    let askers = [user(&treatment), user(&emergency), Asker::Peer(&peer)];
    let subject = subject(restrictions.to_vec()).opened(at(101), at(100));
    let mut out = Vec::new();
    for asker in &askers {
        let permits = |labels| judge(asker, &subject, labels).permits();
        out.extend(items.iter().map(permits));
    }
    out
}

/// Every set of restrictions, and every one that is added to it.
#[test]
fn a_restriction_more_never_lets_out_more() {
    let (every, items) = (every(), items());
    let sets = 1_usize << every.len();
    let chosen = |set: usize| -> Vec<Restriction> {
        let one = |n: &usize| set & (1 << n) != 0;
        let kept = (0..every.len()).filter(one);
        kept.map(|n| every[n].clone()).collect()
    };
    let out: Vec<Vec<bool>> = (0..sets).map(|set| let_out(&chosen(set), &items)).collect();
    for set in 0..sets {
        for added in (0..every.len()).filter(|n| set & (1 << n) == 0) {
            let more = &out[set | (1 << added)];
            let fewer = out[set]
                .iter()
                .zip(more)
                .all(|(before, after)| *before || !after);
            assert!(fewer, "{:?} and {:?}", chosen(set), every[added]);
        }
    }
    assert!(out[0].iter().all(|open| *open) && !out[sets - 1].iter().all(|open| *open));
}

#[test]
fn more_restrictions_than_can_be_meant_disclose_nothing() {
    let many = vec![Restriction::NoEmergency; RESTRICTIONS_MAX + 1];
    assert_eq!(reason(many, &lab()), Reason::NotDisclosed);
}

#[test]
fn every_reason_has_its_own_words() {
    let mut words = std::collections::BTreeSet::new();
    for reason in Reason::ALL {
        assert!(words.insert(reason.code()) && words.insert(reason.ja()));
        assert!(words.insert(reason.en()), "{reason:?}");
    }
    let permits = Reason::ALL.iter().filter(|reason| reason.permits()).count();
    assert_eq!(permits, 4);
}

/// What is stored and exchanged has to be read again as it was.
#[test]
fn terms_are_read_back_as_they_were_written() {
    let terms = Terms::new(every());
    let text = serde_json::to_string(&terms).unwrap();
    assert_eq!(serde_json::from_str::<Terms>(&text).unwrap(), terms);
    assert!(serde_json::from_str::<Terms>("[{\"only-for\":[]}]").is_err());
}
