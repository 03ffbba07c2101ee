//! The whole community on disk: storages, `people.json` with the truth, `community.toml`, and what
//! clerks have decided: `links.csv`, `disclosed.csv`. For a network, a folder with these three lies
//! beside the storages for each community, and `people.json` says the truth of all of them.

use crate::chart::ChartError;
use crate::community::{COMMUNITIES, Registration, elsewhere, facility, registrations};
use crate::describe::describe;
use crate::dice::Dice;
use crate::people::{Person, Planted, people};
use crate::story::{Years, tell};
use jiff::Span;
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The last day that is told, unless another is asked for: a fixed day, so that a seed means
/// the same bytes tomorrow.
pub const UNTIL: Date = date(2026, 11, 20);

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Seed.
    pub seed: u64,
    /// People.
    pub persons: usize,
    /// Years told.
    pub years: i64,
    /// Last day.
    pub until: Date,
    /// Files that 東京 花子 has besides, over all of her hospitals: for measurements.
    pub heavy: usize,
}

/// People whom only one of the neighbours of a network knows, for each of them.
const OWN: usize = 20;

impl Order {
    fn years(&self) -> Years {
        Years {
            from: self.until.saturating_sub(Span::new().years(self.years)),
            until: self.until,
        }
    }
}

/// Writes the community below `out`, which must not hold anything yet; returns the number of files.
///
/// # Errors
/// When a file cannot be written or a story says something that the formats cannot.
pub fn generate(order: Order, out: &Path) -> Result<usize, ChartError> {
    let dice = Dice::new(order.seed);
    let people = people(&dice, order.persons, order.until);
    let cards = registrations(&dice, &people, order.years().from);
    let files = tell_all(out, &dice, &people, &cards, &order)?;
    write(
        &out.join("people.json"),
        &format!("{:#}\n", truth(&order, &people, &cards)),
    )?;
    describe(out, &COMMUNITIES[0], &dice, &people, &cards)?;
    Ok(files)
}

/// Writes the network below `out`, which must not hold anything yet; returns the number of files.
/// `order.persons` are those of community A.
///
/// # Errors
/// As [`generate`].
pub fn network(order: Order, out: &Path) -> Result<usize, ChartError> {
    let dice = Dice::new(order.seed);
    let all = order.persons + OWN * (COMMUNITIES.len() - 1);
    let people = people(&dice, all, order.until);
    let from = order.years().from;
    let own = people.get(..order.persons).unwrap_or(&people);
    let mut cards = registrations(&dice, own, from);
    cards.resize(people.len(), Vec::new());
    let others = elsewhere(&dice, &people, order.persons, from);
    for (cards, others) in cards.iter_mut().zip(others) {
        cards.extend(others);
    }
    let files = tell_all(out, &dice, &people, &cards, &order)?;
    write(
        &out.join("people.json"),
        &format!("{:#}\n", truth(&order, &people, &cards)),
    )?;
    for community in &COMMUNITIES {
        let folder = out.join(community.letter.to_string());
        std::fs::create_dir_all(&folder).map_err(|e| ChartError::Disk(folder.clone(), e))?;
        describe(&folder, community, &dice, &people, &cards)?;
    }
    Ok(files)
}

/// Two threads, each taking the next person: the order of telling changes no byte.
fn tell_all(
    out: &Path,
    dice: &Dice,
    people: &[Person],
    cards: &[Vec<Registration>],
    order: &Order,
) -> Result<usize, ChartError> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<usize, ChartError> {
        let mut files = 0;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let (Some(person), Some(cards)) = (people.get(number), cards.get(number)) else {
                return Ok(files);
            };
            files += tell(out, dice, person, cards, (order.years(), order.heavy))?;
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mine = work()?;
        match other.join() {
            Ok(files) => Ok(mine + files?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn truth(order: &Order, people: &[Person], cards: &[Vec<Registration>]) -> Value {
    let people: Vec<Value> = people
        .iter()
        .zip(cards)
        .map(|(person, cards)| {
            let name = person.names.first().map(|(_, name)| name);
            json!({
                "person": person.number,
                "family": name.map(|name| &name.family),
                "given": name.map(|name| &name.given),
                "family_kana": name.map(|name| &name.family_kana),
                "given_kana": name.map(|name| &name.given_kana),
                "sex": person.sex.code(),
                "birth": person.birth.to_string(),
                "planted": person.planted.map(Planted::word),
                "registrations": cards.iter().map(|card| json!({
                    "facility": facility(card.facility).code,
                    "id": card.local_id,
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "version": 1, "seed": order.seed, "until": order.until.to_string(), "people": people })
}

pub(crate) fn write(path: &PathBuf, text: &str) -> Result<(), ChartError> {
    std::fs::write(path, text).map_err(|error| ChartError::Disk(path.clone(), error))
}
