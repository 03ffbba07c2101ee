//! Who is spoken of: the hospital's IDs and the patients of the affinity domain, as this node knows
//! them, and whether the sender may speak of them.

use super::LinkChange;
use crate::exchange::{Exchange, Stop};
use crate::v2::{Problem, StatedId};
use crate::xds::Registry;
use crate::xds::patient::PatientCx;
use tasuki_core::Code;
use tasuki_core::ports::{PatientRecord, Reading};
use tasuki_model::{FacilityId, PatientKey};

/// A patient of the affinity domain.
pub(super) struct Patient {
    pub(super) cx: PatientCx,
    /// Registrations at the hospital whose ID is spoken of.
    pub(super) records: Vec<PatientRecord>,
}

impl Patient {
    pub(super) fn keys(&self) -> Vec<PatientKey> {
        let keys = self.records.iter();
        keys.map(|record| record.patient_key.clone()).collect()
    }
}

/// An ID of the hospital.
pub(super) struct Local {
    pub(super) cx: PatientCx,
    /// Its registration; many an ID is known from documents only.
    pub(super) record: Option<PatientRecord>,
}

/// Everybody a link change speaks of.
pub(super) struct Parties {
    pub(super) patient: Patient,
    pub(super) previous: Patient,
    pub(super) local: Local,
    pub(super) subsumed: Option<Local>,
}

impl Parties {
    pub(super) fn of(
        exchange: &Exchange<'_>,
        registry: &Registry,
        tx: &dyn Reading,
        change: &LinkChange,
    ) -> Result<Self, Stop> {
        let facility = own_facility(exchange, &change.local)?;
        if let Some(other) = &change.subsumed
            && own_facility(exchange, other)? != facility
        {
            let place = other.place.component(4);
            return Err(Problem::error(Code::MergeAcrossFacilities, place).into());
        }
        let local = |stated: &StatedId| -> Result<Local, Stop> {
            Ok(Local {
                cx: cx(exchange, registry, stated)?,
                record: tx.find_registration(&facility, &stated.local_id()?)?,
            })
        };
        let patient = |stated: &StatedId| -> Result<Patient, Stop> {
            let cx = cx(exchange, registry, stated)?;
            let mut records = match cx.authority == registry.authority.as_str() {
                true => registry.known(tx, cx.clone())?.registrations,
                // As it is, also where it was merged away: its documents may lie under it.
                false => {
                    let domain = stated.domain(&exchange.domains)?;
                    let found = tx.find_registration(&domain.facility, &stated.local_id()?)?;
                    found.into_iter().collect()
                }
            };
            records.retain(|record| record.facility == facility);
            if records.is_empty() {
                let place = stated.place.component(1);
                return Err(Problem::error(Code::UnknownPatientId, place).into());
            }
            Ok(Patient { cx, records })
        };
        Ok(Self {
            patient: patient(&change.patient)?,
            previous: patient(&change.previous)?,
            local: local(&change.local)?,
            subsumed: change.subsumed.as_ref().map(local).transpose()?,
        })
    }
}

/// The facility that issued an ID, if the sender feeds it.
fn own_facility(exchange: &Exchange<'_>, stated: &StatedId) -> Result<FacilityId, Problem> {
    let facility = &stated.domain(&exchange.domains)?.facility;
    match exchange.peer.feeds.contains(facility) {
        true => Ok(facility.clone()),
        false => {
            let place = stated.place.component(4);
            Err(Problem::error(Code::AuthorityOfOthers, place))
        }
    }
}

/// An identifier as XDS has it: its authority by OID.
fn cx(
    exchange: &Exchange<'_>,
    registry: &Registry,
    stated: &StatedId,
) -> Result<PatientCx, Problem> {
    let ours = stated.authority.universal == registry.authority.as_str();
    let authority = match ours {
        true => registry.authority.as_str(),
        false => stated.domain(&exchange.domains)?.authority.as_str(),
    };
    Ok(PatientCx {
        id: stated.id.clone(),
        authority: authority.to_owned(),
    })
}
