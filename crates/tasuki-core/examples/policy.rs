//! `cargo run --release --example policy`: what a decision costs, for `cargo xtask bench policy`. A person
//! with six registrations, each under nine restrictions; the floor is the same list passed on undecided.
#![forbid(unsafe_code)]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;
use tasuki_core::Labelled;
use tasuki_core::policy::{Caller, Restriction, Subject, Terms, Viewer, decide};
use tasuki_model::label::Confidentiality;
use tasuki_model::{
    Category, EntryUuid, FacilityId, JstDay, Labels, PatientKey, PersonId, Purpose, Role, UserId,
};

const FACILITIES: usize = 6;
const ENTRIES: usize = 2_000;
const DECISIONS: usize = 20_000;
const FILTERS: usize = 200;

type Failed = Box<dyn Error>;

fn terms(home: &FacilityId) -> Result<Terms, Failed> {
    let viewers = [Viewer::Facility(home.clone())];
    let mut all = vec![
        Restriction::OnlyTo(viewers.into()),
        Restriction::OnlyCategories(Category::ALL.iter().copied().collect()),
        Restriction::OnlyDays {
            from: Some(JstDay::parse_basic("20000101")?),
            to: None,
        },
        Restriction::NoEmergency,
    ];
    for code in ["26", "27", "28"] {
        all.push(Restriction::NotDepartment(code.into()));
    }
    for id in ["hidden-1", "hidden-2"] {
        all.push(Restriction::NotDocument(EntryUuid::new(id)?));
    }
    Ok(Terms::new(all))
}

fn subjects(home: &FacilityId) -> Result<Vec<Subject>, Failed> {
    let now = tasuki_model::Instant::from_micros(0);
    let mut subjects = Vec::new();
    for n in 0..FACILITIES {
        let facility = match n {
            0 => home.clone(),
            n => FacilityId::new(&format!("f-{n}"))?,
        };
        let key = PatientKey::new(&format!("p-{n}"))?;
        subjects.push(Subject::new(key, facility, true).under(terms(home)?, now));
    }
    Ok(subjects)
}

fn entries(subjects: &[Subject]) -> Result<Vec<Labelled<u64>>, Failed> {
    let mut entries = Vec::new();
    for n in 0..ENTRIES {
        let subject = subjects.get(n % FACILITIES).ok_or("a facility")?;
        let category = Category::ALL.get(n % Category::ALL.len()).ok_or("one")?;
        let labels = Labels {
            patient_key: subject.patient_key.clone(),
            facility: subject.facility.clone(),
            category: *category,
            department: Some(format!("{:02}", n % 30).into()),
            day: Some(JstDay::parse_basic("20260401")?),
            author: None,
            confidentiality: Confidentiality::Normal,
            document: Some(EntryUuid::new(&format!("d-{n}"))?),
        };
        entries.push(Labelled::new(labels, n as u64));
    }
    Ok(entries)
}

fn micros(times: usize, mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        work();
    }
    start.elapsed().as_secs_f64() * 1e6 / times as f64
}

fn main() -> Result<(), Failed> {
    let home = FacilityId::new("home")?;
    let caller = Caller {
        user: UserId::new("u")?,
        facility: home.clone(),
        role: Role::Physician,
        purpose: Purpose::Treatment,
    };
    let person = PersonId::new("person")?;
    let subjects = subjects(&home)?;
    let decision = micros(DECISIONS, || {
        drop(black_box(decide(&caller, &person, black_box(&subjects))));
    });
    let grant = decide(&caller, &person, &subjects)?;
    let entries = entries(&subjects)?;
    let kept = grant.release(entries.clone()).view().len();
    let filter = micros(FILTERS, || {
        drop(black_box(grant.release(black_box(entries.clone()))));
    });
    let floor = micros(FILTERS, || drop(black_box(entries.clone())));
    println!("decision {decision:.2} us ({FACILITIES} registrations, 9 restrictions each)");
    println!(
        "filter {:.3} ms of {ENTRIES} entries, {kept} kept; the same list passed on: {:.3} ms",
        filter / 1e3,
        floor / 1e3
    );
    Ok(())
}
