//! `cargo run --release --example durable -- RECORDS.csv FOLDER [INGESTS [ALREADY]]`: a node's own
//! way, with its store: registrations put down and linked, the node started again, then
//! registrations that come one by one and are durable and linked before the next. With ALREADY, the
//! folder is one of an earlier run with so many in it, and only the last two steps are done. Prints
//! seconds and milliseconds for `cargo xtask bench identity --million`.
#![forbid(unsafe_code)]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tasuki_core::clock::SystemClock;
use tasuki_core::identity::cross_reference::CrossReference;
use tasuki_core::ports::{DemographicsSource, Store, Writing};
use tasuki_core::{Clock, Fault};
use tasuki_model::person::{Address, Insurance, NameParts, PersonName};
use tasuki_model::{
    CommunityId, Demographics, FacilityId, JstDay, JstTime, LocalPatientId, RepositoryId, Sex,
};
use tasuki_store::{StoreConfig, open};

/// Registrations put down in one transaction.
const BATCH: usize = 1_000;

type Anything = Box<dyn Error>;

fn main() -> Result<(), Anything> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let folder = arguments.next().ok_or("which folder?")?;
    let ingests: usize = arguments.next().map_or(Ok(2_000), |n| n.parse())?;
    let already: Option<usize> = arguments.next().map(|n| n.parse()).transpose()?;
    let people = read(&file)?;
    let (first, later) = people.split_at(people.len().saturating_sub(ingests));
    let store = store(Path::new(&folder), already.is_some())?;
    if already.is_none() {
        put_down(&store, first)?;
    }
    let base = already.unwrap_or(first.len());
    started_again(&store, base, later)
}

fn put_down(store: &Arc<dyn Store>, first: &[Demographics]) -> Result<(), Anything> {
    let start = Instant::now();
    for (number, batch) in first.chunks(BATCH).enumerate() {
        store
            .writing(|tx| {
                for (at, who) in batch.iter().enumerate() {
                    put(tx, number * BATCH + at, who)?;
                }
                Ok(())
            })
            .map_err(told)?;
    }
    println!(
        "put down {} registrations in {:.1} s",
        first.len(),
        start.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    let identity = cross_reference(store)?;
    let settled = identity.settle().map_err(told)?;
    println!(
        "linked from the start in {:.1} s: {} links, {} lines",
        start.elapsed().as_secs_f64(),
        settled.linked,
        settled.asked
    );
    identity.close().map_err(told)
}

fn started_again(
    store: &Arc<dyn Store>,
    base: usize,
    later: &[Demographics],
) -> Result<(), Anything> {
    let start = Instant::now();
    let identity = cross_reference(store)?;
    identity.settle().map_err(told)?;
    println!(
        "started again: ready after {:.1} s, {} bytes a registration",
        start.elapsed().as_secs_f64(),
        identity.figures().bytes / identity.figures().registrations.max(1)
    );
    let mut millis = Vec::with_capacity(later.len());
    for (at, who) in later.iter().enumerate() {
        let start = Instant::now();
        store.writing(|tx| put(tx, base + at, who)).map_err(told)?;
        identity.settle().map_err(told)?;
        millis.push(start.elapsed().as_secs_f64() * 1e3);
    }
    millis.sort_by(f64::total_cmp);
    let at = |share: usize| {
        millis
            .get(millis.len() * share / 100)
            .copied()
            .unwrap_or(0.0)
    };
    println!(
        "one registration more, durable and linked: p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms",
        at(50),
        at(95),
        at(99)
    );
    Ok(())
}

fn told(fault: Fault) -> Anything {
    fault.to_string().into()
}

fn cross_reference(store: &Arc<dyn Store>) -> Result<CrossReference, Anything> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    CrossReference::new(Arc::clone(store), clock).map_err(told)
}

fn store(folder: &Path, keep: bool) -> Result<Arc<dyn Store>, Anything> {
    if folder.exists() && !keep {
        std::fs::remove_dir_all(folder)?;
    }
    let config = StoreConfig::new(
        folder,
        CommunityId::new("1.2.392.200119.9.1")?,
        RepositoryId::new("1.2.392.200119.9.1.1")?,
    );
    open(&config).map_err(told)
}

/// One registration at one of fifty facilities, disclosed.
fn put(tx: &dyn Writing, number: usize, who: &Demographics) -> Result<(), Fault> {
    let wrong =
        |e: &dyn std::fmt::Display| Fault::new(tasuki_core::Code::InternalFault, e.to_string());
    let facility = FacilityId::new(&format!("f-{:02}", number % 50)).map_err(|e| wrong(&e))?;
    let id = LocalPatientId::new(&format!("{number:010}")).map_err(|e| wrong(&e))?;
    let stated = JstTime::parse_hl7("20260713").map_err(|e| wrong(&e))?;
    let key = tx.ensure_registration(&facility, &id)?;
    tx.put_demographics(&key, who, &stated, DemographicsSource::PatientRecord)?;
    tx.set_disclosed(&key, true)
}

/// The lines of the file as a facility would state them.
fn read(file: &str) -> Result<Vec<Demographics>, Anything> {
    let mut reader = csv::Reader::from_path(file)?;
    let head = reader.headers()?.clone();
    let mut people = Vec::new();
    for record in reader.records() {
        let record = record?;
        let field = |column: &str| {
            let place = head.iter().position(|h| h == column);
            place
                .and_then(|p| record.get(p))
                .unwrap_or_default()
                .to_owned()
        };
        let parts = |family: &str, given: &str| {
            let parts = NameParts {
                family: field(family),
                given: field(given),
            };
            (!parts.joined().is_empty()).then_some(parts)
        };
        let birth = field("birth_date");
        people.push(Demographics {
            name: PersonName {
                ideographic: parts("family_kanji", "given_kanji"),
                phonetic: parts("family_kana", "given_kana"),
                alphabetic: parts("family_roman", "given_roman"),
            },
            birth: JstDay::parse_iso(&birth).ok(),
            birth_text: birth,
            sex: Sex::from_code(&field("sex")),
            addresses: vec![Address {
                postal: field("postal_code"),
                text: field("address"),
            }],
            phones: vec![field("phone")],
            insurances: vec![Insurance {
                insurer: field("insurer_no"),
                symbol: field("insured_symbol"),
                number: field("insured_no"),
                branch: Some(field("insured_branch")).filter(|b| !b.is_empty()),
                ..Insurance::default()
            }],
        });
    }
    Ok(people)
}
