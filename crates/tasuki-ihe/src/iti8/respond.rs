//! What a feed does (ITI TF-2 3.8.4.1.3, 3.8.4.2.3).
//!
//! Refused, with nothing changed: IDs of a facility that the peer does not feed, an ID that comes
//! with the demographics of somebody else (a number used again), an ID that was merged away, a
//! merge across assigning authorities. An ID of an authority nobody here knows is left out with a
//! warning while another one of the same message stands for the patient.

use super::message::{Event, Feed};
use crate::exchange::{Exchange, Stated, Stating, Stop};
use crate::v2::{Problem, StatedId};
use tasuki_core::Code;
use tasuki_core::identity::stated::reused;
use tasuki_core::ports::{DemographicsSource, LinkDecision, LinkEvent, PatientRecord, Writing};
use tasuki_model::{Demographics, FacilityId, JstTime, LocalPatientId, PatientKey};

/// An ID that this peer may state.
struct Own {
    facility: FacilityId,
    local_id: LocalPatientId,
    stated: StatedId,
}

/// A clock of a hospital may be ahead of ours by so much and no more.
const AHEAD_SECONDS_MAX: i64 = 24 * 3600;

pub(super) fn respond(exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
    let feed = Feed::decode(exchange.message, exchange.header)?;
    let stating = Stating {
        feeds: &exchange.peer.feeds,
        name: &exchange.peer.system.name,
        transaction: "ITI-8 A40",
        message: &exchange.header.control_id,
        domains: &exchange.domains,
        now: exchange.now,
    };
    let header = exchange.header;
    let stated = take(&stating, &feed, tx)?;
    Ok(Stated {
        detail: format!("{}^{} {}", header.code, header.trigger, stated.detail),
        ..stated
    })
}

/// Takes what is stated, whatever message it came in.
pub(crate) fn take(stating: &Stating<'_>, feed: &Feed, tx: &dyn Writing) -> Result<Stated, Stop> {
    let (own, mut warnings) = own_ids(stating, &feed.ids)?;
    one_of_each(&own)?;
    let mut patients = Vec::new();
    match &feed.event {
        Event::Revised => {
            for id in &own {
                patients.push(revise(stating, tx, feed, id)?);
            }
        }
        Event::Merged(prior) => {
            let (prior, unknown) = own_ids(stating, prior)?;
            warnings.extend(unknown);
            for id in &prior {
                patients.extend(merge(stating, tx, feed, &own, id)?);
            }
        }
    }
    Ok(Stated {
        patients,
        warnings,
        detail: format!("{} IDs", own.len()),
        ..Stated::default()
    })
}

/// The IDs that the peer may state, and what is said of the others. At least one has to be there.
fn own_ids(
    stating: &Stating<'_>,
    stated: &[StatedId],
) -> Result<(Vec<Own>, Vec<Problem>), Problem> {
    let mut own = Vec::new();
    let mut left_out = Vec::new();
    for id in stated {
        match id.domain(stating.domains) {
            Ok(domain) if stating.feeds.contains(&domain.facility) => own.push(Own {
                facility: domain.facility.clone(),
                local_id: id.local_id()?,
                stated: id.clone(),
            }),
            // To state IDs of another hospital is no slip: nothing of the message is believed.
            Ok(_) => {
                let place = id.place.component(4);
                return Err(Problem::error(Code::AuthorityOfOthers, place));
            }
            Err(problem) => left_out.push(problem),
        }
    }
    match left_out.first() {
        Some(problem) if own.is_empty() => Err(*problem),
        _ => Ok((own, left_out.into_iter().map(Problem::as_warning).collect())),
    }
}

/// Two IDs of one authority for one patient are a merge that was not said.
fn one_of_each(own: &[Own]) -> Result<(), Problem> {
    for (n, id) in own.iter().enumerate() {
        let before = own.iter().take(n);
        let other = before
            .filter(|o| o.facility == id.facility)
            .any(|o| o.local_id != id.local_id);
        if other {
            let place = id.stated.place.component(1);
            return Err(Problem::error(Code::TwoPatientIds, place));
        }
    }
    Ok(())
}

fn revise(
    stating: &Stating<'_>,
    tx: &dyn Writing,
    feed: &Feed,
    id: &Own,
) -> Result<PatientKey, Stop> {
    let place = id.stated.place.component(1);
    let known = tx.find_registration(&id.facility, &id.local_id)?;
    let mut demographics = feed.demographics.clone();
    if let Some(known) = &known {
        if known.survivor.is_some() {
            return Err(Problem::error(Code::PatientIdNotInUse, place).into());
        }
        demographics = feed.over(&known.demographics);
        let said = known.demographics != Demographics::default();
        if said && reused(&known.demographics, &demographics) {
            return Err(Problem::error(Code::NumberReused, place).into());
        }
    }
    let key = tx.ensure_registration(&id.facility, &id.local_id)?;
    let latest = stating.now.plus_seconds(AHEAD_SECONDS_MAX);
    let stated = feed
        .stated
        .clone()
        .filter(|stated| stated.start() <= latest)
        .unwrap_or_else(|| JstTime::from_instant(stating.now));
    let source = DemographicsSource::PatientRecord;
    let taken = tx.put_demographics(&key, &demographics, &stated, source)?;
    if let Some(visit) = feed.visit.as_ref().filter(|_| taken) {
        tx.put_visit(&key, visit)?;
    }
    Ok(key)
}

/// Merges one prior ID into the ID of PID-3 that the same facility issued.
fn merge(
    stating: &Stating<'_>,
    tx: &dyn Writing,
    feed: &Feed,
    surviving: &[Own],
    prior: &Own,
) -> Result<Vec<PatientKey>, Stop> {
    let place = prior.stated.place;
    let stays = surviving
        .iter()
        .find(|own| own.facility == prior.facility)
        .ok_or(Problem::error(
            Code::MergeAcrossFacilities,
            place.component(4),
        ))?;
    if stays.local_id == prior.local_id {
        return Err(Problem::error(Code::MergeWithItself, place.component(1)).into());
    }
    let gone = tx
        .find_registration(&prior.facility, &prior.local_id)?
        .ok_or(Problem::error(Code::UnknownPatientId, place.component(1)))?;
    let survives = standing(stating, tx, feed, stays)?;
    match &gone.survivor {
        // Said once more: nothing changes.
        Some(known) if *known == survives => return Ok(vec![survives, gone.patient_key]),
        Some(_) => {
            return Err(Problem::error(Code::PatientIdNotInUse, place.component(1)).into());
        }
        None => {}
    }
    let evidence = serde_json::json!({
        "version": 1,
        "source": stating.transaction,
        "system": stating.name,
        "message": stating.message,
    });
    tx.put_link(&LinkEvent {
        a: survives.clone(),
        b: gone.patient_key.clone(),
        decision: LinkDecision::Merged,
        by: None,
        at: stating.now,
        evidence: evidence.to_string(),
    })?;
    Ok(vec![survives, gone.patient_key])
}

/// The registration that survives: it may be new, and PID may say who it is.
fn standing(
    stating: &Stating<'_>,
    tx: &dyn Writing,
    feed: &Feed,
    stays: &Own,
) -> Result<PatientKey, Stop> {
    if !feed.demographics.name.display().trim().is_empty() {
        return revise(stating, tx, feed, stays);
    }
    let known: Option<PatientRecord> = tx.find_registration(&stays.facility, &stays.local_id)?;
    let place = stays.stated.place.component(1);
    let known = known.ok_or(Problem::error(Code::UnknownPatientId, place))?;
    match known.survivor {
        None => Ok(known.patient_key),
        Some(_) => Err(Problem::error(Code::PatientIdNotInUse, place).into()),
    }
}
