//! `bench portal`: the queries behind a chart, for a patient with thousands of documents among a
//! million.

use crate::Order;
use crate::import::{config, facility};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use std::error::Error;
use std::time::Instant;
use tasuki_core::ports::{EntryFilter, NewDocument, Store, Writing};
use tasuki_core::release::hex;
use tasuki_core::{Clock, Fault, clock::SystemClock};
use tasuki_model::document::SourceKey;
use tasuki_model::{
    AvailabilityStatus, Category, Coding, DocumentEntry, Facility, JstDay, JstTime, LocalPatientId,
    PatientKey, RepositoryId,
};
use tasuki_store::{Database, open};

/// Documents of every patient but the heavy one.
const EACH: u64 = 100;
/// Kinds and categories, in turn.
const KINDS: [(&str, Category); 8] = [
    ("ADT-12", Category::Visit),
    ("OMP-01", Category::Prescription),
    ("OML-01", Category::Lab),
    ("OML-11", Category::Lab),
    ("OMP-02", Category::Injection),
    ("OMP-12", Category::Injection),
    ("OMG-01", Category::Report),
    ("OMG-11", Category::Report),
];

pub fn run(order: &Order) -> Result<(), Box<dyn Error>> {
    let data = order.data.join("portal");
    let store = open(&config(&data, Database::Sqlite)?)?;
    let facility = facility()?;
    store.writing(|tx| tx.put_facility(&facility))?;
    fill(&*store, &facility, order)?;
    let heavy = LocalPatientId::new("0000000000")?;
    let found = store.reading(|tx| tx.find_registration(&facility.id, &heavy))?;
    let patients = [found.ok_or("the heavy patient is not there")?.patient_key];
    let today = JstDay::new(2026, 7, 13)?;
    let years = |n: i64| today.plus_days(-365 * n);
    measure("calendar, 3 months", || {
        let cells = store.reading(|tx| tx.find_cells(&patients, today.plus_days(-92), today))?;
        Ok(cells.len())
    })?;
    measure("calendar, 10 years: every document", || {
        let cells = store.reading(|tx| tx.find_cells(&patients, years(14), today))?;
        Ok(cells.len())
    })?;
    measure("entries of one day", || {
        let filter = EntryFilter {
            from: Some(today),
            to: Some(today),
            ..EntryFilter::default()
        };
        Ok(store
            .reading(|tx| tx.find_entries(&patients, &filter))?
            .len())
    })?;
    measure("entries, all of them", || {
        let filter = EntryFilter::default();
        Ok(store
            .reading(|tx| tx.find_entries(&patients, &filter))?
            .len())
    })?;
    measure("contents of one day", || {
        let filter = EntryFilter {
            from: Some(today),
            to: Some(today),
            ..EntryFilter::default()
        };
        let found = store.reading(|tx| tx.find_entries(&patients, &filter))?;
        let ids: Vec<_> = found
            .iter()
            .filter_map(|e| e.labels().document.clone())
            .collect();
        Ok(store.reading(|tx| tx.get_contents(&ids))?.len())
    })?;
    Ok(())
}

/// Fills a fresh store; one that is filled stays.
fn fill(store: &dyn Store, facility: &Facility, order: &Order) -> Result<(), Fault> {
    let heavy = LocalPatientId::new("0000000000").map_err(wrong)?;
    if store
        .reading(|tx| tx.find_registration(&facility.id, &heavy))?
        .is_some()
    {
        return Ok(());
    }
    let began = Instant::now();
    let repository = RepositoryId::new("1.2.392.200119.9.1.1").map_err(wrong)?;
    let others = (order.documents - order.heavy).div_ceil(EACH);
    // The heavy patient's documents come in among the others', as they do in life.
    for round in 0..others {
        let share = order.heavy * (round + 1) / others - order.heavy * round / others;
        let from = order.heavy * round / others;
        store.writing(|tx| {
            let id = LocalPatientId::new(&format!("{:010}", round + 1)).map_err(wrong)?;
            let light = tx.ensure_registration(&facility.id, &id)?;
            for number in 0..EACH {
                put(tx, facility, &repository, &light, number)?;
            }
            let key = tx.ensure_registration(&facility.id, &heavy)?;
            for number in from..from + share {
                put(tx, facility, &repository, &key, number)?;
            }
            Ok(())
        })?;
    }
    println!(
        "filled with {} documents in {:.0} s",
        order.documents,
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

fn wrong(error: tasuki_model::IdError) -> Fault {
    Fault::new(tasuki_core::Code::InternalFault, error.to_string())
}

fn put(
    tx: &dyn Writing,
    facility: &Facility,
    repository: &RepositoryId,
    patient: &PatientKey,
    number: u64,
) -> Result<(), Fault> {
    let (entry_uuid, unique_id) = tx.new_entry_uuid()?;
    let kind = (number % KINDS.len() as u64) as usize;
    let Some((kind, category)) = KINDS.get(kind).copied() else {
        return Ok(());
    };
    let day = JstDay::from_epoch_days(20_647 - (number / 5 * 5 % 5_000) as i64);
    let bytes = format!("{patient}{number}").repeat(20);
    let coding = Coding {
        system: "SS-MIX2".into(),
        version: None,
        code: kind.into(),
        text: "".into(),
    };
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes.as_bytes());
    let entry = DocumentEntry {
        logical_id: entry_uuid.clone(),
        entry_uuid,
        unique_id,
        patient_key: patient.clone(),
        facility: facility.id.clone(),
        repository_id: repository.clone(),
        status: AvailabilityStatus::Approved,
        class_code: coding.clone(),
        type_code: coding.clone(),
        format_code: coding,
        practice_setting: None,
        confidentiality: tasuki_model::label::Confidentiality::Normal,
        category,
        mime_type: "text/plain".into(),
        title: None,
        author: Some(format!("医師 {}", number % 7)),
        creation_time: None,
        service_start: Some(JstTime::from_day(day)),
        received: SystemClock.now(),
        size_bytes: bytes.len() as u64,
        hash: hex(hash.as_ref()).into(),
        items: 3,
        problems: 0,
        source_key: SourceKey {
            day: Some(day),
            kind: kind.into(),
            order: number.to_string().into(),
        },
    };
    tx.put_document(&NewDocument {
        entry,
        bytes: bytes.as_bytes(),
        file: None,
    })
    .map(drop)
}

/// Runs a query many times and prints how long it takes.
fn measure(what: &str, mut query: impl FnMut() -> Result<usize, Fault>) -> Result<(), Fault> {
    let mut times = Vec::with_capacity(300);
    let mut found = 0;
    for _ in 0..300 {
        let began = Instant::now();
        found = query()?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times
            .get(place.min(times.len() - 1))
            .copied()
            .unwrap_or(0.0)
    };
    println!(
        "{what}: {found} found, median {:.2} ms, p95 {:.2} ms",
        at(0.5),
        at(0.95)
    );
    Ok(())
}
