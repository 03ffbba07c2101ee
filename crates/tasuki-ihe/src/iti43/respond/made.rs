//! Documents of one request that are made on demand: whose they are, and the making.

use super::{Given, Giving, Place};
use crate::xds::on_demand::{SUMMARIES_MAX, unmade};
use crate::xds::patient::subject;
use crate::xds::{Registry, XdsProblem};
use std::collections::BTreeSet;
use tasuki_core::on_demand::Summary;
use tasuki_core::policy::{PeerCaller, Subject};
use tasuki_core::ports::Reading;
use tasuki_core::release::Stored;
use tasuki_core::{Code, Fault, Labelled, Released};
use tasuki_wire::ebrim::{DocumentRequest, RetrieveRequest};

/// What was made, under an id of its own.
pub(super) struct Made {
    summary: Summary,
    id: String,
}

impl Made {
    pub fn given(self, asked: &DocumentRequest) -> Given {
        Given {
            asked: asked.clone(),
            made: Some(self.id),
            media_type: self.summary.mime_type.to_owned(),
            content: Stored::new(self.summary.bytes),
        }
    }
}

/// A summary by its uniqueId, under each registration that it would be made of.
pub(super) fn places(
    registry: &Registry,
    tx: &dyn Reading,
    number: usize,
    unique: &str,
) -> Result<(Vec<Labelled<Place>>, Vec<Subject>), Fault> {
    let Some(known) = registry.summarised_by_name(tx, unique)? else {
        return Ok((Vec::new(), Vec::new()));
    };
    let records = known.registrations.iter();
    let subjects = records.map(|record| subject(record, registry.clock.now()));
    let persons = known.registrations.iter().map(|r| r.person.clone());
    let patient = known.cx.to_string();
    let places = registry.offered(&known).into_iter().zip(persons);
    let places = places
        .map(|(object, person)| object.map(|_, _| (number, Giving::Made(person, patient.clone()))));
    Ok((places.collect(), subjects.collect()))
}

/// Documents that were made, each with the number of its request; nothing for one of which nothing may be
/// released by now.
pub(super) type Makings = Vec<(usize, Option<Made>)>;

/// Why some could not be made, each with the number of its request.
pub(super) type Unmade = Vec<(usize, XdsProblem)>;

/// Makes what was released to be made, and says of each that could not be made why.
pub(super) fn made(
    registry: &Registry,
    caller: &PeerCaller,
    places: &[Place],
    request: &RetrieveRequest,
) -> Result<(Option<Released<Makings>>, Unmade), Fault> {
    let mut all: Option<Released<Makings>> = None;
    let mut problems = Vec::new();
    let mut begun: BTreeSet<usize> = BTreeSet::new();
    for (number, giving) in places {
        let Giving::Made(person, patient) = giving else {
            continue;
        };
        if !begun.insert(*number) {
            continue;
        }
        let made = match begun.len() > SUMMARIES_MAX {
            true => Err(Fault::new(Code::XdsMakingBusy, "several in one request")),
            false => registry.make_summary(caller, person, patient),
        };
        let one = match made {
            Ok(Some(made)) => made,
            Ok(None) => continue,
            Err(fault) => {
                let asked = request.documents.get(*number);
                let unique = asked.map_or("", |asked| asked.unique_id.as_str());
                problems.push((*number, unmade(unique, &fault)));
                continue;
            }
        };
        let id = registry.fresh_unique_id()?.as_str().to_owned();
        let one = one.map(|summary| (*number, summary.map(|summary| Made { summary, id })));
        all = Some(match all {
            None => one.map(|one| vec![one]),
            Some(all) => all.zip(one).map(|(mut all, one)| {
                all.push(one);
                all
            }),
        });
    }
    Ok((all, problems))
}
