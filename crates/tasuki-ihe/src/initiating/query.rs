//! ITI-18 of a system of ours, here and elsewhere.
//!
//! A query that names a patient and no community is for all of them. One that names objects is for
//! the community that it names, and for ours where it names none: ids say nothing of where they are.

use super::forward::{self, Forwarded};
use super::part::{Part, together};
use super::route::Route;
use super::whose::Ours;
use super::{Across, gap};
use crate::gateway::{NoAnswer, Visit};
use crate::iti45;
use crate::soap::{Answer, Stop};
use crate::xds::query::answer;
use std::collections::BTreeMap;
use std::sync::Arc;
use tasuki_core::directory::Community;
use tasuki_core::policy::decide_peer;
use tasuki_core::{Code, Released};
use tasuki_model::xds::RegistryObject;
use tasuki_wire::ebrim::{AdhocQuery, QueryResponse, ResponseStatus, ReturnType, Value};

/// Patients that one answer to a query by ids may be of; objects of others are withheld.
const PATIENTS_MAX: usize = 8;

/// What one community is asked: under each id that it has for the patient.
type Errand = (Community, Vec<(String, Released<AdhocQuery>)>);

/// Whether a parameter names the patient.
fn names_patient(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("patientid")
}

/// The patient that a query names.
fn patient(asked: &AdhocQuery) -> Option<&str> {
    let mut named = asked.parameters.iter().filter(|p| names_patient(&p.name));
    named.find_map(|p| p.values.first()).map(Value::as_str)
}

/// The query for the patient under another id.
fn renamed(mut query: AdhocQuery, cx: &str) -> AdhocQuery {
    for parameter in &mut query.parameters {
        if names_patient(&parameter.name) {
            parameter.values = vec![Value::Text(cx.to_owned())];
        }
    }
    query
}

impl Across<'_> {
    /// Answers a stored query here and elsewhere.
    ///
    /// # Errors
    /// As the registry's own answer; whatever others do not answer is in the answer.
    pub(crate) fn query(&self, asked: &AdhocQuery) -> Result<Answer, Stop> {
        decide_peer(self.caller(), &[])?;
        let named = patient(asked);
        let parts = match (self.route(asked.home.as_deref()), named) {
            (Route::Unknown, _) => {
                let home = asked.home.as_deref().unwrap_or_default();
                self.nothing(vec![Part::gap(gap::unknown(home))])?
            }
            (Route::Ours, _) | (Route::Unsaid, None) => self.local(asked)?,
            (Route::Other(to), Some(cx)) => self.of_patient(asked, cx, vec![*to])?,
            (Route::Other(to), None) => self.by_ids(asked, &to)?,
            (Route::Unsaid, Some(cx)) => {
                let local = self.local(asked)?;
                // What is wrong with the query is wrong everywhere.
                if is_refused(local.view()) {
                    local
                } else {
                    let others = self.initiating.communities.others();
                    joined(local, self.of_patient(asked, cx, others)?)
                }
            }
        };
        let reply = parts.map(|parts| together(parts, asked.returns));
        let code = reply.view().response.errors.first().and_then(gap::stable);
        let failed = reply.view().response.status != ResponseStatus::Success;
        Ok(Answer {
            code: code.filter(|_| failed),
            reply: reply.map(|answer| answer.encode().into()),
        })
    }

    fn local(&self, asked: &AdhocQuery) -> Result<Released<Vec<Part>>, Stop> {
        let answered = answer(&self.registry, self.caller(), asked, false)?;
        let home = self.registry.home_urn();
        Ok(answered.response.map(|answer| {
            let response = self.registry.located(answer.response);
            vec![Part::own(QueryResponse { response, ..answer }, &home)]
        }))
    }

    /// Every one of these communities is asked about a patient, under each id that it has.
    fn of_patient(
        &self,
        asked: &AdhocQuery,
        cx: &str,
        others: Vec<Community>,
    ) -> Result<Released<Vec<Part>>, Stop> {
        let Some(ours) = self.ours(cx)? else {
            let answered = Part {
                answered: true,
                ..Part::gap(gap::not_named())
            };
            return self.nothing(vec![answered]);
        };
        let visit = self.visit()?;
        let known = match iti45::elsewhere(self.gateway(), &ours.person, &visit) {
            Ok(known) => known,
            Err(no) => {
                let gaps = others.iter().map(|to| gap::unidentified(to, &no));
                return self.nothing(gaps.map(Part::gap).collect());
            }
        };
        let errand = |to: Community| -> Errand {
            let ids = known
                .ids
                .iter()
                .filter(|id| id.authority == to.patient_authority);
            let ids = ids.map(|id| format!("{}^^^&{}&ISO", id.local_id, id.authority));
            let queries = ids.map(|cx| {
                let query = ours.person.clone().map(|_| renamed(asked.clone(), &cx));
                (cx, query)
            });
            let queries = queries.collect();
            (to, queries)
        };
        let errands: Vec<Errand> = others.into_iter().map(errand).collect();
        let unsought = errands
            .iter()
            .filter(|(to, ids)| ids.is_empty() && to.offers_discovery());
        let unsought: Vec<_> = unsought.map(|(to, _)| gap::not_sought(to)).collect();
        let whom: Vec<Community> = errands.iter().map(|(to, _)| to.clone()).collect();
        let answers = self.ask_all(errands, visit);
        let mut parts = self.nothing(Vec::new())?;
        let aged = known.since.map(gap::aged);
        parts = parts.map(|_| aged.into_iter().chain(unsought).map(Part::gap).collect());
        for (to, answers) in whom.iter().zip(answers) {
            let answers = answers.unwrap_or_else(|| vec![Err(NoAnswer::new(Code::PeerLate, ""))]);
            for answered in answers {
                parts = joined(parts, self.released(&ours, to, answered));
            }
        }
        Ok(parts)
    }

    fn ask_all(
        &self,
        errands: Vec<Errand>,
        visit: Visit,
    ) -> Vec<Option<Vec<Result<Forwarded, NoAnswer>>>> {
        let communities = Arc::clone(&self.initiating.communities);
        self.initiating.fan(errands, 0, move |(to, queries)| {
            let gateway = communities.gateway();
            let ask = |(cx, query): &(String, Released<AdhocQuery>)| {
                forward::ask(gateway, &to, query, Some(cx), &visit)
            };
            queries.iter().map(ask).collect()
        })
    }

    /// What the policy lets out of one answer.
    fn released(
        &self,
        ours: &Ours,
        to: &Community,
        answered: Result<Forwarded, NoAnswer>,
    ) -> Released<Vec<Part>> {
        let (mut forwarded, gap) = match answered {
            Ok(forwarded) => (forwarded, None),
            Err(no) => (Forwarded::default(), Some(gap::unanswered(to, &no))),
        };
        forwarded.errors.extend(gap);
        let objects = std::mem::take(&mut forwarded.objects).into_iter();
        let labelled = objects.map(|object| ours.labelled(self, object)).collect();
        let released = ours.grant.release(labelled);
        released.map(|objects| vec![Part::other(forwarded, objects)])
    }

    /// One community is asked for objects by their ids. Whose they are, it says; objects of somebody
    /// whom we may not ask about are not there.
    fn by_ids(&self, asked: &AdhocQuery, to: &Community) -> Result<Released<Vec<Part>>, Stop> {
        let visit = self.visit()?;
        // Without their metadata nobody could say whose they are.
        let query = AdhocQuery {
            returns: ReturnType::LeafClass,
            ..asked.clone()
        };
        let query = self.nothing(query)?;
        let mut forwarded = match forward::ask(self.gateway(), to, &query, None, &visit) {
            Ok(forwarded) => forwarded,
            Err(no) => return self.nothing(vec![Part::gap(gap::unanswered(to, &no))]),
        };
        forwarded.references.clear();
        let objects = std::mem::take(&mut forwarded.objects);
        let (parts, joins) = self.of_whom(to, objects, &visit)?;
        // Associations are ids and nothing else.
        let rest = self.nothing(vec![Part::other(forwarded, joins)])?;
        let whole = joined(parts, rest);
        Ok(whole.map(|parts| {
            let mut whole = Part::default();
            parts.into_iter().for_each(|part| whole.join(part));
            let errors = std::mem::take(&mut whole.errors);
            let objects = std::mem::take(&mut whole.found.objects);
            let forwarded = Forwarded {
                answered: whole.answered,
                errors,
                ..Forwarded::default()
            };
            vec![Part::other(forwarded, objects)]
        }))
    }

    /// Objects by their patients, each released under the patient's registration here; and those that
    /// are nobody's.
    pub(super) fn of_whom(
        &self,
        to: &Community,
        objects: Vec<RegistryObject>,
        visit: &Visit,
    ) -> Result<(Released<Vec<Part>>, Vec<RegistryObject>), Stop> {
        let mut of: BTreeMap<String, Vec<RegistryObject>> = BTreeMap::new();
        let mut joins = Vec::new();
        for object in objects {
            match (&object, object.patient_id()) {
                (RegistryObject::Association(_), _) => joins.push(object),
                (_, Some(cx)) => of.entry(cx.to_owned()).or_default().push(object),
                (_, None) => {}
            }
        }
        let mut parts = self.nothing(Vec::new())?;
        for (cx, objects) in of.into_iter().take(PATIENTS_MAX) {
            let part = match self.of_theirs(to, &cx, visit)? {
                Ok(Some(ours)) => {
                    let forwarded = Forwarded {
                        objects,
                        answered: true,
                        ..Forwarded::default()
                    };
                    self.released(&ours, to, Ok(forwarded))
                }
                Ok(None) => self.nothing(Vec::new())?,
                Err(no) => self.nothing(vec![Part::gap(gap::unidentified(to, &no))])?,
            };
            parts = joined(parts, part);
        }
        Ok((parts, joins))
    }
}

fn joined(parts: Released<Vec<Part>>, more: Released<Vec<Part>>) -> Released<Vec<Part>> {
    parts.zip(more).map(|(mut parts, more)| {
        parts.extend(more);
        parts
    })
}

/// Whether our own registry could not work with the query at all.
fn is_refused(own: &[Part]) -> bool {
    let errors = own.iter().flat_map(|part| &part.errors);
    let mut wrong = errors.filter(|e| e.code != "XDSTooManyResults");
    own.iter().all(|part| !part.answered) && wrong.next().is_some()
}
