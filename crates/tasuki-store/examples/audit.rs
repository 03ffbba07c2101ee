//! `cargo run --release --package tasuki-store --example audit -- FOLDER EVENTS`: what a search of the audit
//! trail costs, for `cargo xtask bench audit`. Events are appended as a node appends them, chained and
//! durable, in large batches; then indexed; then searched by patient, by user and by facility's newest.
//! The floor is a read of nothing: one snapshot begun and ended.
#![forbid(unsafe_code)]

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tasuki_core::audit::{Action, Actor, AuditEvent};
use tasuki_core::ports::{AuditSearch, Store};
use tasuki_model::{
    CommunityId, FacilityId, Instant as Moment, PatientKey, PersonId, Purpose, RepositoryId, Role,
    UserId,
};
use tasuki_store::StoreConfig;

type Failed = Box<dyn Error>;

/// Events of one patient; one patient in a thousand has a hundred times as many.
const EACH: u64 = 200;
const USERS: u64 = 2_000;
const BATCH: u64 = 5_000;
const INDEXED: u32 = 20_000;
const SEARCHES: u64 = 500;
/// Lines that a page of the auditor shows.
const LINES: u32 = 200;

/// A number that looks like none before it (SplitMix64).
fn mixed(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

struct Made {
    patients: u64,
}

impl Made {
    fn patient(&self, n: u64) -> Result<PatientKey, Failed> {
        Ok(PatientKey::new(&format!("{:032x}", u128::from(mixed(n))))?)
    }

    fn user(n: u64) -> Result<UserId, Failed> {
        Ok(UserId::new(&format!("user-{n:06}"))?)
    }

    fn event(&self, n: u64) -> Result<AuditEvent, Failed> {
        let seed = mixed(n);
        // A tenth of all is about a few.
        let patient = match seed.is_multiple_of(10) {
            true => seed % (self.patients / 1_000).max(1),
            false => seed % self.patients,
        };
        let action = [
            Action::ChartView,
            Action::DocumentView,
            Action::PatientSearch,
        ];
        let kind = action.get((seed >> 8) as usize % action.len());
        let at = Moment::from_micros(1_700_000_000_000_000 + (n as i64) * 3_000_000);
        let kind = kind.copied().unwrap_or(Action::ChartView);
        Ok(AuditEvent {
            actor: Actor::User {
                user: Self::user(mixed(seed) % USERS)?,
                role: Role::Physician,
                facility: FacilityId::new(&format!("f-{}", seed % 50))?,
            },
            purpose: Some(Purpose::Treatment),
            person: Some(PersonId::new(&format!("{:032x}", u128::from(patient)))?),
            patients: vec![
                self.patient(patient)?,
                self.patient(patient + self.patients)?,
            ],
            items: seed % 40,
            digest: Some(format!("{:064x}", u128::from(seed))),
            request: format!("{seed:016x}"),
            ..AuditEvent::of_process(at, kind, "portal", "labs")
        })
    }
}

/// The middle, the 95th and 99th of a hundred, the slowest, in ms.
fn told(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let of = |share: usize| {
        let at = (times.len() * share / 100).min(times.len().saturating_sub(1));
        times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    println!(
        "{what:<12} p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, slowest {:.2} ms",
        of(50),
        of(95),
        of(99),
        of(100)
    );
}

fn searched(
    store: &dyn Store,
    what: &str,
    of: impl Fn(u64) -> Result<AuditSearch, Failed>,
) -> Result<(), Failed> {
    let mut times = Vec::new();
    let mut lines = 0;
    for n in 0..SEARCHES {
        let search = of(n)?;
        let begun = Instant::now();
        lines += store.reading(|tx| tx.find_events(&search, LINES))?.len();
        times.push(begun.elapsed());
    }
    told(what, times);
    println!("             {} lines each", lines as u64 / SEARCHES);
    Ok(())
}

fn fill(store: &dyn Store, made: &Made, events: u64) -> Result<(), Failed> {
    let begun = Instant::now();
    for from in (0..events).step_by(BATCH as usize) {
        let batch = (from..events.min(from + BATCH)).map(|n| made.event(n));
        store.append_audit(&batch.collect::<Result<Vec<_>, _>>()?)?;
    }
    let took = begun.elapsed().as_secs_f64();
    println!(
        "appended     {:.0} events/s, {took:.0} s",
        events as f64 / took
    );
    let begun = Instant::now();
    while store.index_audit(INDEXED)? > 0 {}
    let took = begun.elapsed().as_secs_f64();
    println!(
        "indexed      {:.0} events/s, {took:.0} s",
        events as f64 / took
    );
    Ok(())
}

fn main() -> Result<(), Failed> {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().ok_or("which folder?")?);
    let events: u64 = words.next().ok_or("how many events?")?.parse()?;
    let home = CommunityId::new("2.25.1")?;
    let repository = RepositoryId::new("2.25.1.1")?;
    let store = tasuki_store::open(&StoreConfig::new(&folder, home, repository))?;
    let made = Made {
        patients: (events / EACH).max(1_000),
    };
    fill(&*store, &made, events)?;
    let bytes = std::fs::metadata(folder.join("tasuki.db"))?.len();
    println!("database     {} bytes an event", bytes / events.max(1));
    let mut times = Vec::new();
    for _ in 0..SEARCHES {
        let begun = Instant::now();
        store.reading(|_| Ok(()))?;
        times.push(begun.elapsed());
    }
    told("floor", times);
    let usual = |n: u64| made.patients / 1_000 + mixed(n) % (made.patients - made.patients / 1_000);
    searched(&*store, "patient", |n| {
        Ok(AuditSearch {
            patient: Some(made.patient(usual(n))?),
            ..AuditSearch::default()
        })
    })?;
    let busy = |n: u64| mixed(n) % (made.patients / 1_000).max(1);
    searched(&*store, "busy patient", |n| {
        Ok(AuditSearch {
            patient: Some(made.patient(busy(n))?),
            ..AuditSearch::default()
        })
    })?;
    searched(&*store, "user", |n| {
        Ok(AuditSearch {
            user: Some(Made::user(mixed(n) % USERS)?),
            ..AuditSearch::default()
        })
    })?;
    store.close()?;
    Ok(())
}
