//! 名寄せ over generated registrations, beside Splink on the same files in the same run.
//!
//! The constants were fixed on the generator's seed 101 only; the seeds here are drawn at run time
//! and printed, so that a run can be repeated.

use super::parse::peers;
use super::programs;
use crate::failure::{Done, Failure, fail};
use crate::process::{output, read, run as end};
use crate::workspace::Workspace;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Seeds of 10,000 persons each, unless said otherwise.
const SEEDS: usize = 20;

/// What linking one set of registrations gave.
#[derive(Default)]
struct Figures {
    recall: f64,
    false_merges: usize,
    lines: f64,
    recall_after: f64,
    persons: usize,
}

/// `cargo xtask bench identity [--seeds N] [--persons N] [--million]`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let (mut seeds, mut million) = (SEEDS, false);
    let mut words = arguments.iter().filter_map(|a| a.to_str());
    while let Some(word) = words.next() {
        match word {
            "--seeds" => seeds = number(words.next())?,
            "--million" => million = true,
            other => fail!("bench identity: {other}?"),
        }
    }
    let linkage = workspace.root.join("../shared/tools/linkage");
    let tasuki = programs(workspace)?.join("tasuki");
    let folder = workspace.target.join("bench/identity");
    let bench = Bench {
        linkage,
        tasuki,
        folder,
    };
    let first = drawn();
    for noise in ["typical", "harsh"] {
        bench.many(noise, first, seeds)?;
    }
    bench.one("typical", first + 1_000, 100_000)?;
    bench.splink(workspace, first)?;
    if million {
        bench.one("typical", first + 2_000, 388_000)?;
    }
    Ok(())
}

fn number(word: Option<&str>) -> Result<usize, Failure> {
    word.and_then(|w| w.parse().ok())
        .ok_or_else(|| Failure("a number is missing".to_owned()))
}

/// A seed nobody chose: above those that were looked at while building.
fn drawn() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    10_000 + now.map_or(0, |d| d.as_secs() % 900_000)
}

struct Bench {
    linkage: PathBuf,
    tasuki: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn generate(&self, noise: &str, seed: u64, persons: usize) -> Result<PathBuf, Failure> {
        let folder = self.folder.join("data");
        output(
            Command::new("python3")
                .arg(self.linkage.join("gen.py"))
                .args([
                    "--seed",
                    &seed.to_string(),
                    "--persons",
                    &persons.to_string(),
                ])
                .args(["--noise", noise, "--out"])
                .arg(&folder),
        )?;
        Ok(folder)
    }

    /// Links what was generated; returns the figures and what the program said of itself.
    fn link(&self, data: &Path) -> Result<(Figures, String, f64), Failure> {
        let (pred, review) = (data.join("pred.csv"), data.join("review.csv"));
        let start = Instant::now();
        let said = output(
            Command::new(&self.tasuki)
                .args(["identity", "link"])
                .arg(data.join("records.csv"))
                .arg("--pred")
                .arg(&pred)
                .arg("--review")
                .arg(&review),
        )?;
        let seconds = start.elapsed().as_secs_f64();
        Ok((
            score(&data.join("truth.csv"), &pred, &review)?,
            said,
            seconds,
        ))
    }

    /// Many seeds of 10,000 persons: the mean, and the false merges of all of them.
    fn many(&self, noise: &str, first: u64, seeds: usize) -> Done {
        let mut all = Figures::default();
        for seed in first..first + seeds as u64 {
            let data = self.generate(noise, seed, 10_000)?;
            let (one, _, _) = self.link(&data)?;
            all.recall += one.recall / seeds as f64;
            all.recall_after += one.recall_after / seeds as f64;
            all.lines += one.lines / seeds as f64;
            all.false_merges += one.false_merges;
            all.persons += one.persons;
        }
        println!(
            "ours    {noise}, seeds {first}..{}: {}",
            first + seeds as u64,
            all.line()
        );
        Ok(())
    }

    fn one(&self, noise: &str, seed: u64, persons: usize) -> Done {
        let data = self.generate(noise, seed, persons)?;
        let (one, said, seconds) = self.link(&data)?;
        println!(
            "ours    {noise}, seed {seed}: {} in {seconds:.1} s",
            one.line()
        );
        println!("        {}", said.trim());
        Ok(())
    }

    fn splink(&self, workspace: &Workspace, seed: u64) -> Done {
        let python = peers(workspace, &["splink<5", "duckdb<2", "pandas", "pyarrow"])?;
        let data = self.generate("typical", seed, 10_000)?;
        end(Command::new(python)
            .arg(self.linkage.join("splink_baseline.py"))
            .arg(&data)
            .args(["--weights", "4,16,20"]))
    }
}

impl Figures {
    fn line(&self) -> String {
        // 95 % upper bound of a Poisson count, per 10,000 persons.
        let n = self.false_merges as f64;
        let upper = if n == 0.0 {
            3.0
        } else {
            n + 1.645 * n.sqrt() + 1.35
        };
        format!(
            "automatic recall {:.4}, false merges {} (95 % below {:.2} per 10,000 persons), \
             queue {:.1} lines per 1,000 persons, recall after it {:.4}",
            self.recall,
            self.false_merges,
            upper * 10_000.0 / self.persons.max(1) as f64,
            self.lines,
            self.recall_after
        )
    }
}

fn pairs(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

fn columns(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    Ok(read(path)?
        .lines()
        .skip(1)
        .filter_map(|l| l.split_once(','))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect())
}

/// Recall of true pairs, false merges (pairs of persons in one cluster), and what a queue that is
/// answered rightly adds.
fn score(truth: &Path, pred: &Path, review: &Path) -> Result<Figures, Failure> {
    let person: HashMap<String, String> = columns(truth)?.into_iter().collect();
    let mut cluster: HashMap<String, String> = columns(pred)?.into_iter().collect();
    let persons: HashSet<&String> = person.values().collect();
    let before = recall(&person, &cluster);
    let lines = columns(review)?;
    let count = lines.len();
    // Answering a line joins its two clusters; small sets, so a rename of one is enough.
    let mut up: HashMap<String, String> = HashMap::new();
    let root = |up: &HashMap<String, String>, mut c: String| {
        while let Some(next) = up.get(&c) {
            c.clone_from(next);
        }
        c
    };
    for (a, b) in lines.iter().filter(|(a, b)| person.get(a) == person.get(b)) {
        let (Some(x), Some(y)) = (cluster.get(a), cluster.get(b)) else {
            continue;
        };
        let (x, y) = (root(&up, x.clone()), root(&up, y.clone()));
        if x != y {
            up.insert(x, y);
        }
    }
    for value in cluster.values_mut() {
        *value = root(&up, value.clone());
    }
    Ok(Figures {
        recall: before.0,
        false_merges: before.1,
        lines: count as f64 * 1_000.0 / persons.len().max(1) as f64,
        recall_after: recall(&person, &cluster).0,
        persons: persons.len(),
    })
}

fn recall(person: &HashMap<String, String>, cluster: &HashMap<String, String>) -> (f64, usize) {
    let mut cells: HashMap<(&String, &String), usize> = HashMap::new();
    let mut people: HashMap<&String, usize> = HashMap::new();
    let mut mixed: HashMap<&String, HashSet<&String>> = HashMap::new();
    for (record, p) in person {
        *people.entry(p).or_default() += 1;
        if let Some(c) = cluster.get(record) {
            *cells.entry((c, p)).or_default() += 1;
            mixed.entry(c).or_default().insert(p);
        }
    }
    let found: usize = cells.values().map(|n| pairs(*n)).sum();
    let there: usize = people.values().map(|n| pairs(*n)).sum();
    let merges = mixed.values().map(|p| pairs(p.len())).sum();
    (found as f64 / there.max(1) as f64, merges)
}
