//! Emergencies of other communities' users (purpose of use EMERGENCY in their assertion, ITI-40): which
//! registrations our own rule opens to them, and the lines that tell the disclosing facilities of it.
//!
//! Deliberately not: a reason in words. An assertion has none; whoever asks keeps it on its own side.

use super::Registry;
use tasuki_core::policy::{PeerCaller, PeerGrant, Subject};
use tasuki_core::ports::{Watch, WatchKind, WatchedPeer};
use tasuki_core::release::{Receipt, hex};
use tasuki_core::{Code, Fault};
use tasuki_model::{FacilityId, Instant, JstDay, PatientKey, UserId, WatchId};

impl Registry {
    /// Registrations as they stand to a caller: in an emergency, by our own rule for it.
    pub(crate) fn opened_to(&self, caller: &PeerCaller, subjects: Vec<Subject>) -> Vec<Subject> {
        let rule = self.emergencies;
        let opened = subjects.into_iter().map(|s| s.opened_to(caller, rule));
        opened.collect()
    }
}

/// Tells the facilities of what an emergency opened, before the answer leaves: one line for the privacy
/// officer for each reader, patient and day, however many messages it took.
///
/// # Errors
/// Those of the store; then there is no answer.
pub(crate) fn tell(registry: &Registry, grant: &PeerGrant, receipt: &Receipt) -> Result<(), Fault> {
    let told = grant.to_tell(receipt);
    let Some(user) = grant.caller().in_emergency().filter(|_| !told.is_empty()) else {
        return Ok(());
    };
    let peer = WatchedPeer {
        community: grant.caller().community().clone(),
        name_id: user.name_id.clone(),
        name: user.name.clone(),
        organisation: user.organisation.clone(),
        role: user.role,
    };
    let now = registry.clock.now();
    let lines = told
        .into_iter()
        .map(|(patient, facility)| line(&peer, patient, facility, now));
    let lines: Vec<Watch> = lines.collect::<Result<_, _>>()?;
    let known = |tx: &dyn tasuki_core::ports::Reading, line: &Watch| {
        tx.watch(&line.id).map(|found| found.is_some())
    };
    let missing = registry.store.reading(|tx| {
        let mut missing = false;
        for line in &lines {
            missing |= !known(tx, line)?;
        }
        Ok(missing)
    })?;
    if !missing {
        return Ok(());
    }
    registry.store.writing(|tx| {
        for line in &lines {
            // What was said of it since stays.
            if tx.watch(&line.id)?.is_none() {
                tx.put_watch(line)?;
            }
        }
        Ok(())
    })
}

fn line(
    peer: &WatchedPeer,
    patient: PatientKey,
    facility: FacilityId,
    now: Instant,
) -> Result<Watch, Fault> {
    let wrong = |e: tasuki_model::IdError| Fault::new(Code::InternalFault, e.to_string());
    let day = JstDay::at(now).basic();
    let parts = [
        peer.community.as_str(),
        &peer.name_id,
        patient.as_str(),
        &day,
    ];
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in parts {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    let digest = hex(context.finish().as_ref());
    let short = digest.get(..32).unwrap_or_default();
    Ok(Watch {
        id: WatchId::new(&format!("peer-{short}")).map_err(wrong)?,
        from: facility.clone(),
        facility,
        kind: WatchKind::Emergency,
        // Nobody of ours has this id: nobody is asked back on a page of ours.
        user: UserId::new(&format!("peer-{short}")).map_err(wrong)?,
        peer: Some(peer.clone()),
        patient: Some(patient),
        emergency: None,
        at: now,
        judged: Vec::new(),
    })
}
