//! The network: four communities of different vendors, the first of which is *the* community of
//! every other test. Its facilities have the numbers 0 to 4, those of its neighbours the next ones.

use super::{FACILITIES, Facility, NEIGHBOURS};
use std::ops::Range;

/// A community of the network.
#[derive(Clone, Debug)]
pub struct Community {
    /// What people call it: A to D.
    pub letter: char,
    /// Its name.
    pub name: &'static str,
    /// Home community id. All are below the arc for UUIDs, so that they are nobody's.
    pub home_community_id: &'static str,
    /// The dialect of IHE that it speaks.
    pub dialect: &'static str,
    /// The numbers of its facilities.
    pub facilities: Range<usize>,
}

/// The communities.
pub const COMMUNITIES: [Community; 4] = [
    Community {
        letter: 'A',
        name: "架空地域医療ネットワーク",
        home_community_id: "2.25.178215409263407319872314005118093744",
        dialect: "standard",
        facilities: 0..5,
    },
    Community {
        letter: 'B',
        name: "双葉医療連携ネット",
        home_community_id: "2.25.240619371820446510932207716648203915",
        dialect: "plain-soap",
        facilities: 5..8,
    },
    Community {
        letter: 'C',
        name: "霞沢ヘルスケアネット",
        home_community_id: "2.25.91736402885512073649910284417735028",
        dialect: "one-by-one",
        facilities: 8..10,
    },
    Community {
        letter: 'D',
        name: "白帆医療情報ネット",
        home_community_id: "2.25.310284756619203847561029384756102938",
        dialect: "bare-home",
        facilities: 10..12,
    },
];

/// A facility by its number.
#[must_use]
pub fn facility(number: usize) -> &'static Facility {
    let mut all = FACILITIES.iter().chain(&NEIGHBOURS);
    all.nth(number).unwrap_or(&FACILITIES[0])
}
