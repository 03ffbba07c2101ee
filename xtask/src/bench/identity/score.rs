//! What linking gave, counted against the truth.

use crate::failure::Failure;
use crate::process::read;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// What linking one set of registrations gave.
#[derive(Default)]
pub struct Figures {
    /// Share of the true pairs that are linked automatically.
    pub recall: f64,
    /// Pairs of persons in one cluster.
    pub false_merges: usize,
    /// Of those, twins.
    pub twins: usize,
    /// Lines of the queue per 1,000 persons.
    pub lines: f64,
    /// Share of the true pairs with the queue answered rightly.
    pub recall_after: f64,
    /// Persons in the set.
    pub persons: usize,
}

impl Figures {
    /// Takes in one of so many sets: means, and counts of all.
    pub fn add(&mut self, one: &Self, of: usize) {
        self.recall += one.recall / of as f64;
        self.recall_after += one.recall_after / of as f64;
        self.lines += one.lines / of as f64;
        self.false_merges += one.false_merges;
        self.twins += one.twins;
        self.persons += one.persons;
    }

    /// In words.
    pub fn line(&self) -> String {
        // 95 % upper bound of a Poisson count, per 10,000 persons.
        let n = self.false_merges as f64;
        let upper = if n == 0.0 {
            3.0
        } else {
            n + 1.645 * n.sqrt() + 1.35
        };
        format!(
            "automatic recall {:.4}, false merges {} in {} persons (95 % below {:.2} per 10,000), \
             twins joined {}, queue {:.1} lines per 1,000 persons, recall after it {:.4}",
            self.recall,
            self.false_merges,
            self.persons,
            upper * 10_000.0 / self.persons.max(1) as f64,
            self.twins,
            self.lines,
            self.recall_after
        )
    }
}

fn pairs(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

/// The two columns of a file, without its head.
pub fn columns(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    Ok(read(path)?
        .lines()
        .skip(1)
        .filter_map(|l| l.split_once(','))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect())
}

/// Recall of true pairs, false merges (pairs of persons in one cluster), and what a queue that is
/// answered rightly adds.
pub fn score(data: &Path, pred: &Path, review: &Path) -> Result<Figures, Failure> {
    let person: HashMap<String, String> = columns(&data.join("truth.csv"))?.into_iter().collect();
    let mut cluster: HashMap<String, String> = columns(pred)?.into_iter().collect();
    let persons: HashSet<&String> = person.values().collect();
    let before = recall(&person, &cluster);
    let twins = twins_joined(data, &person, &cluster)?;
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
        twins,
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

/// Twins in one cluster: two persons of one household that the generator marked so.
fn twins_joined(
    data: &Path,
    person: &HashMap<String, String>,
    cluster: &HashMap<String, String>,
) -> Result<usize, Failure> {
    let slices = data.join("slices.csv");
    if !slices.exists() {
        return Ok(0);
    }
    let text = read(&slices)?;
    let mut houses: HashMap<(&String, &str), HashSet<&String>> = HashMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        if let [record, tags, .., household] = fields[..]
            && tags.split('|').any(|tag| tag == "twin")
            && let (Some(p), Some(c)) = (person.get(record), cluster.get(record))
        {
            houses.entry((c, household)).or_default().insert(p);
        }
    }
    Ok(houses.values().map(|p| pairs(p.len())).sum())
}
