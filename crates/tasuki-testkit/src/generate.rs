//! The whole community on disk: storages, `people.json` with the truth, `community.toml`, and what
//! clerks have decided: `links.csv`, `disclosed.csv`.

use crate::chart::ChartError;
use crate::community::{FACILITIES, Registration, registrations};
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
}

/// Writes everything below `out`, which must not hold anything yet; returns the number of files.
///
/// # Errors
/// When a file cannot be written or a story says something that the formats cannot.
pub fn generate(order: Order, out: &Path) -> Result<usize, ChartError> {
    let years = Years {
        from: order.until.saturating_sub(Span::new().years(order.years)),
        until: order.until,
    };
    let dice = Dice::new(order.seed);
    let people = people(&dice, order.persons, order.until);
    let cards = registrations(&dice, &people, years.from);
    let files = tell_all(out, &dice, &people, &cards, years)?;
    write(
        &out.join("people.json"),
        &format!("{:#}\n", truth(&order, &people, &cards)),
    )?;
    write(&out.join("community.toml"), &community())?;
    write(&out.join("links.csv"), &links(&cards))?;
    write(
        &out.join("disclosed.csv"),
        &disclosed(&dice, &people, &cards),
    )?;
    Ok(files)
}

/// Two threads, each taking the next person: the order of telling changes no byte.
fn tell_all(
    out: &Path,
    dice: &Dice,
    people: &[Person],
    cards: &[Vec<Registration>],
    years: Years,
) -> Result<usize, ChartError> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<usize, ChartError> {
        let mut files = 0;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let (Some(person), Some(cards)) = (people.get(number), cards.get(number)) else {
                return Ok(files);
            };
            files += tell(out, dice, person, cards, years)?;
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
                    "facility": FACILITIES.get(card.facility).map(|facility| facility.code),
                    "id": card.local_id,
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "version": 1, "seed": order.seed, "until": order.until.to_string(), "people": people })
}

/// What a clerk has decided: each person's cards belong together. `CODE:ID,CODE:ID` a line.
fn links(cards: &[Vec<Registration>]) -> String {
    let pairs = cards.iter().flat_map(|cards| cards.windows(2));
    pairs
        .filter_map(|pair| match pair {
            [one, other] => Some(format!("{},{}\n", card(one), card(other))),
            _ => None,
        })
        .collect()
}

/// Whom each facility discloses: most patients, and the planted ones but for him who died, whose
/// usual hospital does not. `CODE:ID` a line.
fn disclosed(dice: &Dice, people: &[Person], cards: &[Vec<Registration>]) -> String {
    let mut lines = String::new();
    for (person, cards) in people.iter().zip(cards) {
        let mut dice = dice.fork("disclosed", person.number);
        for (rank, one) in cards.iter().enumerate() {
            let disclosed = match person.planted {
                Some(Planted::Died) => rank > 0,
                Some(_) => true,
                None => dice.chance(0.88),
            };
            if disclosed {
                lines += &format!("{}\n", card(one));
            }
        }
    }
    lines
}

fn card(card: &Registration) -> String {
    let code = FACILITIES
        .get(card.facility)
        .map_or("", |facility| facility.code);
    format!("{code}:{}", card.local_id)
}

fn community() -> String {
    let mut toml = "# The synthetic community. Storages: <code>_STD (standardized), <code>_EXT (extended).\nversion = 1\n".to_owned();
    for facility in FACILITIES {
        toml += &format!(
            "\n[[facility]]\ncode = \"{}\"\nname = \"{}\"\nshort = \"{}\"\nbadge = \"{}\"\nhospital = {}\naddress = \"{}\"\n",
            facility.code,
            facility.name,
            facility.short,
            facility.badge,
            facility.hospital,
            facility.address
        );
    }
    toml
}

fn write(path: &PathBuf, text: &str) -> Result<(), ChartError> {
    std::fs::write(path, text).map_err(|error| ChartError::Disk(path.clone(), error))
}
