//! What a link change does (ITI TF-2 3.64.4.1.3).
//!
//! Documents of the hospital's ID are those whose `sourcePatientId` it is. They stay within the
//! hospital, whose feed knows both patients. Relations that would lie between two patients are ended
//! with a warning in the acknowledgement (3.64.4.1.3.2 leaves the choice): a document under the wrong
//! patient is worse than a folder that has to be made anew.

use super::LinkChange;
use super::parties::Parties;
use crate::exchange::{Exchange, Stated, Stating, Stop};
use crate::iti8::{self, Event, Feed};
use crate::v2::{Place, Problem};
use crate::xds::patient::PatientCx;
use crate::xds::update::{Plan, Relink};
use crate::xds::{Refused, Registry};
use std::sync::Arc;
use tasuki_core::Code;
use tasuki_core::audit::{AuditedLink, LinkPart};
use tasuki_core::ports::Writing;
use tasuki_model::{Demographics, PatientKey};

pub(super) fn respond(exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
    let change = LinkChange::decode(exchange.message)?;
    let registry = Registry::within(exchange.network, Arc::clone(&exchange.domains))?;
    let parties = Parties::of(exchange, &registry, tx, &change)?;
    let mut stated = merged(exchange, tx, &change, &parties)?;
    stated.links = links(&parties);
    let Some(to) = target(&registry, &change, &parties)? else {
        stated.detail = "ADT^A43 as it is already".to_owned();
        return Ok(stated);
    };
    let mut sources = vec![parties.local.cx.clone()];
    sources.extend(parties.subsumed.as_ref().map(|gone| gone.cx.clone()));
    let moves = parties.patient.cx != parties.previous.cx;
    let relink = Relink {
        from: parties.previous.keys(),
        sources,
        local: parties.local.cx,
        patient: parties.patient.cx,
        moves,
        to,
        sender: change
            .sender
            .map_or_else(|| registry.home.to_string(), |oid| oid.to_string()),
    };
    let planned = Plan::relink(&registry, tx, &relink);
    let (plan, done) = planned.map_err(|refused| match refused {
        Refused::Fault(fault) => Stop::Fault(fault),
        Refused::Problems(problems) => {
            let code = problems.first().map_or(Code::Hl7FieldWrong, |p| p.code);
            Problem::error(code, Place::field("MRG", 1)).into()
        }
    })?;
    for key in plan.apply(tx)?.into_iter().chain(relink.from) {
        if done.entries > 0 && !stated.patients.contains(&key) {
            stated.patients.push(key);
        }
    }
    if done.ended > 0 {
        let place = Place::field("MRG", 1).repetition(1);
        let ended = Problem::error(Code::XdsRelationEnded, place);
        stated.warnings.push(ended.as_warning());
    }
    stated.submission_sets.extend(some(&done.set));
    stated.detail = format!(
        "ADT^A43 {} documents, {} folders, {} relations ended, set {}",
        done.entries, done.folders, done.ended, done.set
    );
    Ok(stated)
}

/// The set that was made; none where nothing was to be done.
fn some(set: &str) -> Option<String> {
    (!set.is_empty()).then(|| set.to_owned())
}

/// Everybody it speaks of, for the auditor.
fn links(parties: &Parties) -> Vec<AuditedLink> {
    let link = |part, cx: &PatientCx| AuditedLink {
        part,
        id: cx.to_string(),
    };
    let mut links = vec![
        link(LinkPart::Local, &parties.local.cx),
        link(LinkPart::New, &parties.patient.cx),
        link(LinkPart::Previous, &parties.previous.cx),
    ];
    let gone = parties.subsumed.iter();
    links.extend(gone.map(|gone| link(LinkPart::Subsumed, &gone.cx)));
    links
}

/// An ID that is merged into another is merged as by ITI-8 A40, where it has a registration.
fn merged(
    exchange: &Exchange<'_>,
    tx: &dyn Writing,
    change: &LinkChange,
    parties: &Parties,
) -> Result<Stated, Stop> {
    let gone = parties.subsumed.as_ref().and_then(|s| s.record.as_ref());
    let (Some(_), Some(prior)) = (gone, &change.subsumed) else {
        return Ok(Stated::default());
    };
    let feed = Feed {
        event: Event::Merged(vec![prior.clone()]),
        ids: vec![change.local.clone()],
        demographics: Demographics::default(),
        deleted: Vec::new(),
        visit: None,
        stated: None,
    };
    let stating = Stating {
        feeds: &exchange.peer.feeds,
        name: &exchange.peer.system.name,
        transaction: "ITI-64 A43",
        message: &exchange.header.control_id,
        domains: &exchange.domains,
        now: exchange.now,
    };
    iti8::take(&stating, &feed, tx)
}

/// Under which registration documents lie from now on; nothing where everything is so already.
fn target(
    registry: &Registry,
    change: &LinkChange,
    parties: &Parties,
) -> Result<Option<PatientKey>, Problem> {
    let (new, old) = (&parties.patient, &parties.previous);
    let place = change.previous.place.component(4);
    if new.cx.authority != old.cx.authority {
        return Err(Problem::error(Code::Hl7FieldWrong, place));
    }
    let known = parties.local.record.as_ref().map(|r| &r.patient_key);
    let of_new = known.filter(|key| new.records.iter().any(|r| r.patient_key == **key));
    if new.cx.authority == registry.authority.as_str() {
        return match (of_new, new.cx == old.cx) {
            (Some(key), true) => Ok(Some(key.clone())),
            (Some(_), false) => Ok(None),
            (None, _) => {
                let place = change.local.place.component(1);
                Err(Problem::error(Code::LinksDecidedHere, place))
            }
        };
    }
    let survivor = new.records.iter().find(|r| r.survivor.is_none());
    let in_use = survivor.ok_or_else(|| {
        Problem::error(Code::PatientIdNotInUse, change.patient.place.component(1))
    })?;
    // An ID that is itself the patient until now goes over by a merge, and not without one.
    if parties.local.cx == old.cx && new.cx != old.cx {
        let place = change.local.place.component(1);
        return Err(Problem::error(Code::Hl7FieldWrong, place));
    }
    Ok(Some(in_use.patient_key.clone()))
}
