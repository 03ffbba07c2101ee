//! What other communities told of their hospitals.

use super::{Line, OLD_SECONDS, Place, age, words};
use crate::visit::Visit;
use tasuki_core::Fault;
use tasuki_core::ports::{FacilityElsewhere, Reading};

/// Facilities that are looked at.
const FACILITIES_MAX: u32 = 5_000;
/// What was told longer ago is not shown any more.
const KEPT_SECONDS: i64 = 86_400;
/// A community that has told nothing for so long may have changed meanwhile: it is told every few minutes.
const SILENT_SECONDS: i64 = 900;

/// A community whose present state is not known.
pub(super) struct Silent {
    pub name: String,
    /// How long ago it told something; nothing where it never did.
    pub since: Option<String>,
}

pub(super) fn told(visit: &Visit<'_>, tx: &dyn Reading) -> Result<Vec<FacilityElsewhere>, Fault> {
    tx.facilities_elsewhere(visit.now.plus_seconds(-KEPT_SECONDS), FACILITIES_MAX)
}

/// The hospitals of the other communities of the directory, and which of these do not tell.
pub(super) fn places(visit: &Visit<'_>, told: &[FacilityElsewhere]) -> (Vec<Place>, Vec<Silent>) {
    let others = visit.portal.others.as_ref();
    let members = others.map_or_else(Vec::new, |others| others.members());
    let (mut places, mut silent) = (Vec::new(), Vec::new());
    for member in members {
        let of_it = told.iter().filter(|f| f.community == member.community);
        let of_it: Vec<_> = of_it.collect();
        let last = of_it.iter().map(|f| f.at).max();
        if last.is_none_or(|at| visit.now.seconds_since(at) > SILENT_SECONDS) {
            silent.push(Silent {
                name: member.name.to_string(),
                since: last.map(|at| age(visit, at)),
            });
        }
        places.extend(of_it.into_iter().map(|f| place(visit, f, &member.name)));
    }
    (places, silent)
}

fn place(visit: &Visit<'_>, facility: &FacilityElsewhere, community: &str) -> Place {
    let lines = facility.lines.iter().map(|line| Line {
        department: line.department.to_string(),
        state: words(visit, line.acceptance),
        words: line.words.to_string(),
        age: age(visit, line.at),
        old: visit.now.seconds_since(line.at) > OLD_SECONDS,
        own: false,
    });
    let told = age(visit, facility.at);
    Place {
        name: facility.name.to_string(),
        community: visit.w.board_told(community, &told).into_owned(),
        phone: facility.phone.to_string(),
        lines: lines.collect(),
    }
}
