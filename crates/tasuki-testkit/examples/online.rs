//! `cargo run --release --example online -- RECORDS.csv [INGESTS]`: the index of identities as a
//! node has it, without its store — loaded from the bytes it keeps, then registrations that come
//! one by one. Prints seconds, microseconds and bytes for `cargo xtask bench identity`.
#![forbid(unsafe_code)]

use std::error::Error;
use std::time::Instant;
use tasuki_core::identity::bytes::{keys_from_bytes, keys_to_bytes};
use tasuki_core::identity::index::{Index, Member};
use tasuki_core::identity::normalise::{Raw, keys};
use tasuki_core::identity::weights::Weights;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let ingests: usize = arguments.next().map_or(Ok(20_000), |n| n.parse())?;
    let stored = normalised(&file)?;
    let start = Instant::now();
    let mut index = Index::new(Weights::shipped().map_err(|f| f.to_string())?);
    index.reserve(stored.len());
    for (number, bytes) in stored.iter().enumerate() {
        index
            .put(&member(number, bytes)?)
            .map_err(|f| f.to_string())?;
    }
    let entered = start.elapsed().as_secs_f64();
    let compared = index.prepare();
    let ready = start.elapsed().as_secs_f64();
    index.link_all();
    println!(
        "loaded {} registrations in {ready:.1} s ({entered:.1} s to enter them, the rest to compare {compared} pairs); {} bytes a registration",
        index.len(),
        index.bytes() / index.len().max(1)
    );
    let mut micros = Vec::with_capacity(ingests);
    for number in (0..stored.len()).step_by((stored.len() / ingests.max(1)).max(1)) {
        let Some(bytes) = stored.get(number) else {
            break;
        };
        let member = member(number, bytes)?;
        index.remove(member.patient);
        index.settle(&[]);
        let start = Instant::now();
        index.put(&member).map_err(|f| f.to_string())?;
        let settlement = index.settle(&[member.patient]);
        micros.push(start.elapsed().as_secs_f64() * 1e6);
        if settlement.groups.is_empty() {
            return Err("a registration without a cluster".into());
        }
    }
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (micros.len() as f64 * share) as usize;
        micros
            .get(place.min(micros.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0.0)
    };
    println!(
        "one ingest of {}: p50 {:.0} µs, p99 {:.0} µs, p99.9 {:.0} µs, longest {:.0} µs",
        micros.len(),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    Ok(())
}

fn member(number: usize, bytes: &[u8]) -> Result<Member, Box<dyn Error>> {
    let (keys, former) = keys_from_bytes(bytes).ok_or("keys that are not whole")?;
    Ok(Member {
        patient: number as u128,
        facility: number as u32 % 50,
        shared: true,
        keys,
        former,
    })
}

/// The keys of every line as the store keeps them.
fn normalised(file: &str) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    let head = reader.headers()?.clone();
    let places = Raw::COLUMNS.map(|column| head.iter().position(|h| h == column));
    let mut stored = Vec::new();
    for record in reader.records() {
        let record = record?;
        let fields = places.map(|p| p.and_then(|p| record.get(p)).unwrap_or_default());
        stored.push(keys_to_bytes(&keys(&Raw::of(fields)), None));
    }
    Ok(stored)
}
