//! The FEBRL sets, whose peers' figures are known: one generic table for all four, in which nothing
//! of a household is known. Its constants were chosen on FEBRL3 and FEBRL4.

use super::Bench;
use super::score::columns;
use crate::failure::{Done, Failure};
use crate::process::{output, read};
use crate::workspace::Workspace;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// How the sets' columns become those of a file of registrations.
const HEAD: &str =
    "record_id,family_kanji,given_kanji,birth_date,postal_code,address,insurer_no,insured_no\n";

/// Links every set and prints F1 over pairs in one cluster.
pub fn run(bench: &Bench, workspace: &Workspace) -> Done {
    let weights = workspace
        .root
        .join("crates/tasuki-core/src/identity/general.toml");
    for set in 1..=4 {
        let sets = bench.linkage.join("febrl");
        let folder = bench.folder.join(format!("febrl{set}"));
        std::fs::create_dir_all(&folder).map_err(|e| Failure::io(folder.display(), &e))?;
        let records = folder.join("records.csv");
        let registrations = converted(&sets.join(format!("febrl{set}.csv")))?;
        std::fs::write(&records, registrations).map_err(|e| Failure::io(records.display(), &e))?;
        let pred = folder.join("pred.csv");
        let mut link = Command::new(bench.programs.join("tasuki"));
        link.args(["identity", "link"]).arg(&records);
        link.arg("--pred").arg(&pred).arg("--review");
        link.arg(folder.join("review.csv")).arg("--weights");
        output(link.arg(&weights))?;
        let truth = pairs(&sets.join(format!("febrl{set}_truth.csv")))?;
        let found = pairs(&pred)?;
        let right = truth.intersection(&found).count();
        println!(
            "ours    FEBRL{set}: F1 {:.5}, {} false and {} missed of {} pairs",
            2.0 * right as f64 / (truth.len() + found.len()) as f64,
            found.len() - right,
            truth.len() - right,
            truth.len()
        );
    }
    Ok(())
}

/// No field of these files has a comma or a quotation mark in it.
fn converted(file: &Path) -> Result<String, Failure> {
    let text = read(file)?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let mut out = HEAD.to_owned();
    for line in lines {
        let values: HashMap<&str, &str> = head.iter().copied().zip(line.split(',')).collect();
        let of = |name: &str| values.get(name).map_or("", |v| v.trim());
        let address = ["address_1", "address_2", "suburb", "state", "street_number"].map(of);
        let (id, surname, given) = (of("record_id"), of("surname"), of("given_name"));
        let (birth, number) = (of("date_of_birth"), of("soc_sec_id"));
        let (postal, address) = (of("postcode"), address.join(" "));
        writeln!(
            out,
            "{id},{surname},{given},{birth},{postal:0>7},{address},1,{number}"
        )
        .map_err(|e| Failure(e.to_string()))?;
    }
    Ok(out)
}

/// Pairs of records in one cluster, or of one person.
fn pairs(file: &Path) -> Result<HashSet<(String, String)>, Failure> {
    let mut groups: HashMap<String, Vec<String>> = HashMap::new();
    for (record, group) in columns(file)? {
        groups.entry(group).or_default().push(record);
    }
    let mut pairs = HashSet::new();
    for group in groups.values_mut() {
        group.sort();
        for (at, first) in group.iter().enumerate() {
            let others = group.iter().skip(at + 1);
            pairs.extend(others.map(|second| (first.clone(), second.clone())));
        }
    }
    Ok(pairs)
}
