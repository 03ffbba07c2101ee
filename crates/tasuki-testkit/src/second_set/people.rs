//! Who lives where with whom, and what changes: other households than a generator of families
//! makes — three generations, shared houses, homes for the old, companies that give one number.

use super::names::{FOREIGN_FAMILIES, FOREIGN_GIVEN, Names};
use crate::dice::Dice;

/// Days of a year, near enough.
const YEAR: i64 = 365;
/// Years in which registrations happen.
pub const WINDOW: i64 = 12 * YEAR;

/// A home: town, numbers, building, postal code, telephone of the house.
#[derive(Clone, Debug)]
pub struct Home {
    pub town: usize,
    pub numbers: [i64; 3],
    pub building: Option<(usize, i64)>,
    pub line: Option<String>,
}

/// An insurance: number of the insurer, symbol, number, and whether it is the person's own.
#[derive(Clone, Debug)]
pub struct Cover {
    pub insurer: String,
    pub symbol: String,
    pub number: String,
    pub own: bool,
}

/// Somebody, with what held until a day and what holds from then on.
#[derive(Clone, Debug)]
pub struct Person {
    pub family: [(String, String); 2],
    pub given: (String, String),
    pub roman: Option<(&'static str, &'static str)>,
    pub heard: [(String, String); 2],
    pub male: bool,
    /// Days before the end of the window; negative ages do not occur.
    pub born: i64,
    pub homes: [Home; 2],
    pub covers: [Cover; 2],
    pub mobiles: [Option<String>; 2],
    /// Days of the window on which surname, home, insurance and mobile change.
    pub changes: [i64; 4],
    pub branch: i64,
    pub unnamed: bool,
    /// Of twins the same number, of nobody else.
    pub twins: Option<usize>,
}

/// Makes a population.
pub struct Town<'d> {
    dice: &'d mut Dice,
    names: Names,
    companies: Vec<(String, String)>,
    pub people: Vec<Person>,
}

impl<'d> Town<'d> {
    /// So many persons, and a few more of the last household.
    pub fn new(dice: &'d mut Dice, persons: usize) -> Self {
        let companies = (0..persons / 40 + 20)
            .map(|_| {
                let insurer = format!("06{:06}", dice.between(130_001, 139_999));
                (insurer, dice.between(1, 9_999).to_string())
            })
            .collect();
        let mut town = Self {
            dice,
            names: Names::new(),
            companies,
            people: Vec::new(),
        };
        while town.people.len() < persons {
            match town.dice.below(100) {
                0..30 => town.alone(),
                30..52 => town.family(0),
                52..82 => {
                    let children = town.dice.between(1, 3);
                    town.family(children);
                }
                82..90 => town.three_generations(),
                90..94 => town.shared_house(),
                94..96 => town.home_for_the_old(),
                _ => town.foreigner(),
            }
        }
        town.namesakes(persons);
        town
    }

    fn home(&mut self) -> Home {
        let dice = &mut *self.dice;
        Home {
            town: dice.below(2_400),
            numbers: [dice.between(1, 7), dice.between(1, 45), dice.between(1, 30)],
            building: dice
                .chance(0.4)
                .then(|| (dice.below(6), dice.between(101, 1_209))),
            line: dice
                .chance(0.5)
                .then(|| format!("03{}{:07}", dice.between(3, 6), dice.below(10_000_000))),
        }
    }

    fn cover(&mut self, age: i64) -> Cover {
        let dice = &mut *self.dice;
        if age >= 75 {
            return Cover {
                insurer: format!("39{:06}", dice.between(130_000, 130_999)),
                symbol: String::new(),
                number: format!("{:08}", dice.below(100_000_000)),
                own: true,
            };
        }
        let (insurer, symbol) = if dice.chance(0.6) {
            dice.pick_early(&self.companies).clone()
        } else {
            (
                format!("{:06}", dice.between(138_000, 138_060)),
                dice.between(1, 60).to_string(),
            )
        };
        Cover {
            insurer,
            symbol,
            number: dice.between(1, 9_999_999).to_string(),
            own: false,
        }
    }

    fn mobile(&mut self) -> String {
        format!(
            "0{}0{:08}",
            self.dice.pick(&[9, 8, 7]),
            self.dice.below(100_000_000)
        )
    }

    /// Somebody of an age at a home; what changes is drawn here.
    fn person(
        &mut self,
        family: &(String, String),
        age: i64,
        homes: &[Home; 2],
        covers: &[Cover; 2],
        branch: i64,
    ) -> usize {
        let male = self.dice.chance(0.5);
        let given = self.names.given(self.dice, male);
        let mobiles = [0, 1].map(|_| (age >= 14).then(|| self.mobile()));
        let change = |dice: &mut Dice, share: f64| {
            if dice.chance(share) {
                dice.between(0, WINDOW)
            } else {
                0
            }
        };
        let marries = !male && (24..42).contains(&age) && self.dice.chance(0.25);
        let maiden = self.names.family(self.dice);
        let own = [
            covers[0].clone(),
            if age >= 75 {
                covers[0].clone()
            } else {
                covers[1].clone()
            },
        ];
        let person = Person {
            heard: [
                (family.1.clone(), given.1.clone()),
                (family.1.clone(), given.1.clone()),
            ],
            family: [
                if marries { maiden } else { family.clone() },
                family.clone(),
            ],
            given,
            roman: None,
            male,
            born: age * YEAR + self.dice.between(0, YEAR - 1),
            homes: homes.clone(),
            covers: own,
            mobiles,
            changes: [
                if marries {
                    self.dice.between(200, WINDOW - 200)
                } else {
                    0
                },
                0,
                0,
                change(self.dice, 0.3),
            ],
            branch,
            unnamed: age == 0 && self.dice.chance(0.2),
            twins: None,
        };
        self.people.push(person);
        self.people.len() - 1
    }

    /// A household that may have moved and changed its insurance once within the window.
    fn household(&mut self, ages: &[i64]) -> Vec<usize> {
        let family = self.names.family(self.dice);
        let homes = [self.home(), self.home()];
        let covers = [self.cover(40), self.cover(40)];
        let (moved, insured) = (self.dice.chance(0.5), self.dice.chance(0.5));
        let days = [moved, insured].map(|yes| if yes { self.dice.between(0, WINDOW) } else { 0 });
        let before = (self.home(), self.cover(40));
        let mut who = Vec::new();
        for (place, age) in (0..).zip(ages) {
            let own = [self.cover(*age), self.cover(*age)];
            let covers = if *age >= 75 { &own } else { &covers };
            let at = self.person(&family, *age, &homes, covers, place);
            if let Some(person) = self.people.get_mut(at) {
                let wed = person.changes[0];
                if wed == 0 {
                    (person.changes[1], person.changes[2]) = (days[0], days[1]);
                } else {
                    // Whoever marries leaves one household for another, with all its numbers.
                    (person.changes[1], person.changes[2]) = (wed, wed);
                    (person.homes[0], person.covers[0]) = (before.0.clone(), before.1.clone());
                }
            }
            who.push(at);
        }
        who
    }

    fn alone(&mut self) {
        let age = self.dice.between(19, 95);
        self.household(&[age]);
    }

    fn family(&mut self, children: i64) {
        let age = self.dice.between(24, if children > 0 { 54 } else { 90 });
        let mut ages = vec![age, age + self.dice.between(-4, 4)];
        ages.extend((0..children).map(|_| self.dice.between(0, (age - 20).min(24))));
        let who = self.household(&ages);
        // Wives and husbands are not of one sex here, and twins now and then are.
        for (place, at) in who.iter().enumerate().take(2) {
            if let Some(person) = self.people.get_mut(*at) {
                person.male = place == 0;
                person.given = self.names.given(self.dice, place == 0);
                person.heard = [0, 1].map(|_| (person.family[1].1.clone(), person.given.1.clone()));
            }
        }
        if let [.., a, b] = who[..]
            && children > 1
            && self.dice.chance(0.03)
        {
            self.twins(a, b);
        }
    }

    fn twins(&mut self, a: usize, b: usize) {
        let Some(first) = self.people.get(a).cloned() else {
            return;
        };
        let mut given = self.names.given(self.dice, first.male);
        for _ in 0..8 {
            let alike = given.0.chars().next() == first.given.0.chars().next();
            if given.0 != first.given.0 && (alike || self.dice.chance(0.2)) {
                break;
            }
            given = self.names.given(self.dice, first.male);
        }
        if let Some(first) = self.people.get_mut(a) {
            first.twins = Some(a);
        }
        if let Some(second) = self.people.get_mut(b) {
            second.twins = Some(a);
            (second.born, second.male, second.unnamed) = (first.born, first.male, first.unnamed);
            second.heard = [0, 1].map(|_| (first.family[1].1.clone(), given.1.clone()));
            second.given = given;
        }
    }

    fn three_generations(&mut self) {
        let age = self.dice.between(30, 52);
        let old = age + self.dice.between(23, 34);
        let child = self.dice.between(0, age - 22);
        self.household(&[age, age - 2, old, old - 3, child]);
    }

    /// Strangers under one roof.
    fn shared_house(&mut self) {
        let homes = [self.home(), self.home()];
        for _ in 0..self.dice.between(2, 4) {
            let (family, age) = (self.names.family(self.dice), self.dice.between(19, 34));
            let covers = [self.cover(age), self.cover(age)];
            self.person(&family, age, &homes, &covers, 0);
        }
    }

    /// Many old people with one address and one telephone, each from a home of their own.
    fn home_for_the_old(&mut self) {
        let mut shared = self.home();
        shared.building = None;
        shared.line.get_or_insert("0335550100".to_owned());
        for _ in 0..self.dice.between(8, 24) {
            let (family, age) = (self.names.family(self.dice), self.dice.between(72, 99));
            let homes = [self.home(), shared.clone()];
            let cover = self.cover(age);
            let covers = [cover.clone(), cover];
            let at = self.person(&family, age, &homes, &covers, 0);
            let day = self.dice.between(0, WINDOW);
            if let Some(person) = self.people.get_mut(at) {
                person.changes[1] = day;
                person.mobiles[1] = None;
            }
        }
    }

    fn foreigner(&mut self) {
        if self.dice.chance(0.4) {
            return;
        }
        let (family, heard_family) = *self.dice.pick(&FOREIGN_FAMILIES);
        let (given, heard_given) = *self.dice.pick(&FOREIGN_GIVEN);
        let age = self.dice.between(1, 62);
        let who = self.household(&[age]);
        for at in who {
            let Some(person) = self.people.get_mut(at) else {
                continue;
            };
            person.roman = Some((family, given));
            person.heard = [0, 1].map(|way| {
                let pick = |ways: [&str; 2]| if way == 0 { ways[0] } else { ways[1] }.to_owned();
                (pick(heard_family), pick(heard_given))
            });
            person.family = [0, 1].map(|_| (String::new(), heard_family[0].to_owned()));
            person.given = (String::new(), heard_given[0].to_owned());
        }
    }

    /// Strangers of one name and birth date (0.3 %), and of one reading (0.15 %): more than nature
    /// has, so that few persons suffice to see what is done with them.
    fn namesakes(&mut self, persons: usize) {
        for pair in 0..persons * 45 / 10_000 {
            let (from, to) = (self.dice.below(persons), self.dice.below(persons));
            let Some(model) = self.people.get(from).filter(|p| p.roman.is_none()).cloned() else {
                continue;
            };
            let other = self.names.given(self.dice, model.male).0;
            let Some(person) = self.people.get_mut(to).filter(|p| p.roman.is_none()) else {
                continue;
            };
            if from == to || person.homes[1].numbers == model.homes[1].numbers {
                continue;
            }
            (person.family, person.given) = (model.family.clone(), model.given.clone());
            (person.heard, person.male) = (model.heard.clone(), model.male);
            (person.born, person.changes[0]) = (model.born, 0);
            (person.unnamed, person.family[0]) = (false, model.family[1].clone());
            if pair % 3 == 2 {
                person.given.0 = other;
            }
        }
    }
}
