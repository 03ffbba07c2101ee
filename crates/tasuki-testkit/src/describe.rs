//! What a community knows of itself: `community.toml`, and what clerks have decided: `links.csv`,
//! `disclosed.csv`.

use crate::chart::ChartError;
use crate::community::{Community, Registration, facility};
use crate::dice::Dice;
use crate::generate::write;
use crate::people::{Person, Planted};
use std::path::Path;

/// What a community knows of itself.
pub(crate) fn describe(
    folder: &Path,
    community: &Community,
    dice: &Dice,
    people: &[Person],
    cards: &[Vec<Registration>],
) -> Result<(), ChartError> {
    let here = |card: &&Registration| community.facilities.contains(&card.facility);
    let own = |cards: &Vec<Registration>| cards.iter().filter(here).cloned().collect();
    let cards: Vec<Vec<Registration>> = cards.iter().map(own).collect();
    write(&folder.join("community.toml"), &description(community))?;
    write(&folder.join("links.csv"), &links(&cards))?;
    let first = community.facilities.contains(&0);
    let consents = if first {
        consents(people, &cards)
    } else {
        String::new()
    };
    write(&folder.join("consents.csv"), &consents)?;
    let disclosed = disclosed(dice, people, &cards);
    write(&folder.join("disclosed.csv"), &disclosed)
}

/// Which kinds a facility offers: a place without beds gives no injections, images or stays.
const fn offers(hospital: bool) -> &'static str {
    match hospital {
        true => "",
        false => "visit,prescription,lab,report,file,record,note,problem,allergy",
    }
}

/// Whose consent at a facility does not cover everything: hers at the last of her places in the
/// first community. The neighbours give all they have, whoever keeps the desk there.
/// `CODE:ID,CATEGORY,…` a line, the categories being what it covers.
fn consents(people: &[Person], cards: &[Vec<Registration>]) -> String {
    const COVERED: &str = "visit,prescription,lab,report,file,record,problem,allergy,stay,meal";
    let showcase = people.iter().zip(cards);
    let mut showcase = showcase.filter(|(p, _)| p.planted == Some(Planted::Showcase));
    let last = showcase.next().and_then(|(_, cards)| cards.last());
    last.map(|one| format!("{},{COVERED}\n", card(one)))
        .unwrap_or_default()
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
    format!("{}:{}", facility(card.facility).code, card.local_id)
}

fn description(community: &Community) -> String {
    let mut toml = format!(
        "# A synthetic community. Storages: <code>_STD (standardized), <code>_EXT (extended).\n\
         version = 1\nname = \"{}\"\nhome_community_id = \"{}\"\ndialect = \"{}\"\n",
        community.name, community.home_community_id, community.dialect
    );
    for facility in community.facilities.clone().map(facility) {
        toml += &format!(
            "\n[[facility]]\ncode = \"{}\"\nname = \"{}\"\nshort = \"{}\"\nbadge = \"{}\"\nhospital = {}\naddress = \"{}\"\noffers = \"{}\"\n",
            facility.code,
            facility.name,
            facility.short,
            facility.badge,
            facility.hospital,
            facility.address,
            offers(facility.hospital)
        );
    }
    toml
}
