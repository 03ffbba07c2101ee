//! The store: the ports of the core on one engine.

use crate::audit;
use crate::disk::DiskReserve;
use crate::engine::{Readers, Writer};
use crate::spool::{Passing, Spool};
use crate::tx::{Lease, Shared, Tx};
use std::path::PathBuf;
use std::sync::{MutexGuard, PoisonError};
use tasuki_core::audit::{AuditEvent, ChainFinding, SegmentSignature};
use tasuki_core::ports::{Claim, Reading, Spooled, Spooling, Store, Writing};
use tasuki_core::release::Stored;
use tasuki_core::{Code, Fault};

/// A community's store on SQLite or PostgreSQL.
pub(crate) struct SqlStore {
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
    pub(crate) shared: Shared,
    pub(crate) reserve: DiskReserve,
    /// Where the last segment of each stream is copied to.
    pub(crate) segments: PathBuf,
}

impl SqlStore {
    fn lease(&self) -> MutexGuard<'_, Option<Lease>> {
        self.shared
            .lease
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A transaction for the store's own work or for a port's.
    pub(crate) fn transact(
        &self,
        work: &mut dyn FnMut(&Tx<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut removals = false;
        let mut claims = Vec::new();
        self.writer.write(&mut |session| {
            let tx = Tx::new(session, &self.shared);
            let done = work(&tx);
            removals = tx.has_removals();
            claims = tx.claims();
            if done.is_err() {
                tx.drop_objects();
            }
            done
        })?;
        claims.iter().for_each(Claim::keep);
        if removals {
            self.remove_objects()?;
        }
        Ok(())
    }

    /// Removes objects whose rows are gone. What a crash leaves undone is done at the next start.
    pub(crate) fn remove_objects(&self) -> Result<(), Fault> {
        loop {
            let mut names = Vec::new();
            self.read_tx(&mut |tx| {
                names = tx.removals()?;
                Ok(())
            })?;
            if names.is_empty() {
                return Ok(());
            }
            self.shared.objects.remove(&names)?;
            self.writer.write(&mut |session| {
                let tx = Tx::new(session, &self.shared);
                names.iter().try_for_each(|name| tx.removed(name))
            })?;
        }
    }

    fn read_tx(&self, work: &mut dyn FnMut(&Tx<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
        self.readers.read(|session| {
            let tx = Tx::new(session, &self.shared);
            work(&tx)
        })
    }

    /// Makes sure that this process holds an audit stream.
    fn hold_stream(&self) -> Result<(), Fault> {
        if self.lease().is_some() {
            return Ok(());
        }
        let mut taken = None;
        self.transact(&mut |tx| {
            taken = Some(tx.take_stream(self.shared.clock.now())?);
            Ok(())
        })?;
        // Two threads may both have come here; the second stream goes back unused.
        let spare = {
            let mut lease = self.lease();
            if lease.is_some() {
                taken
            } else {
                *lease = taken;
                None
            }
        };
        match spare {
            Some(spare) => self.transact(&mut |tx| tx.give_stream_back(&spare)),
            None => Ok(()),
        }
    }

    /// Writes with an audit stream held; once more if another process took it meanwhile.
    fn write_audited(
        &self,
        work: &mut dyn FnMut(&Tx<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.hold_stream()?;
        match self.transact(work) {
            Err(fault) if fault.code == Code::AuditAway && self.lease().is_none() => {
                self.hold_stream()?;
                self.transact(work)
            }
            done => done,
        }
    }
}

impl Store for SqlStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<(), Fault>) -> Result<(), Fault> {
        self.read_tx(&mut |tx| work(tx))
    }

    fn write(
        &self,
        work: &mut (dyn FnMut(&dyn Writing) -> Result<(), Fault> + Send),
    ) -> Result<(), Fault> {
        self.reserve.check()?;
        self.write_audited(&mut |tx| work(tx))
    }

    fn append_audit(&self, events: &[AuditEvent]) -> Result<(), Fault> {
        if events.is_empty() {
            return Ok(());
        }
        self.write_audited(&mut |tx| events.iter().try_for_each(|event| tx.append_audit(event)))
    }

    fn sign_segment(&self) -> Result<Option<SegmentSignature>, Fault> {
        let Some(lease) = self.lease().clone() else {
            return Ok(None);
        };
        let mut signed = None;
        self.transact(&mut |tx| {
            let key_id = tx
                .setting("audit_key")?
                .ok_or_else(|| Fault::new(Code::KeyMissing, "no audit key is in force"))?;
            let key = self.shared.keys.folder().audit_key(&key_id)?;
            let now = self.shared.clock.now();
            signed = audit::sign(tx, &lease.stream, now, &key_id, &key)?;
            Ok(())
        })?;
        if let Some(signed) = &signed {
            audit::export(&self.segments, signed)?;
        }
        Ok(signed)
    }

    fn index_audit(&self, limit: u32) -> Result<u32, Fault> {
        let mut taken = 0;
        self.transact(&mut |tx| {
            taken = tx.index_rows(limit)?;
            Ok(())
        })?;
        Ok(taken)
    }

    fn verify_audit(&self) -> Result<Vec<(String, ChainFinding)>, Fault> {
        let mut findings = Vec::new();
        let copied = audit::exported(&self.segments)?;
        self.read_tx(&mut |tx| {
            findings = audit::verify(tx, self.shared.keys.folder(), copied.clone())?;
            Ok(())
        })?;
        Ok(findings)
    }

    fn spool(&self) -> Result<Box<dyn Spooling>, Fault> {
        self.reserve.check()?;
        let mut key = None;
        self.transact(&mut |tx| {
            key = Some(tx.spooling_key()?);
            Ok(())
        })?;
        let no_key = || Fault::new(Code::InternalFault, "a spool without a key");
        let (key_id, key) = key.ok_or_else(no_key)?;
        Ok(Box::new(Spool::begin(&self.shared, key_id, key)?))
    }

    fn reread(&self, spooled: Spooled) -> Result<Stored, Fault> {
        let mut key = None;
        self.read_tx(&mut |tx| {
            key = Some(tx.opening_key(spooled.key_id())?);
            Ok(())
        })?;
        let no_key = || Fault::new(Code::InternalFault, "a spool without a key");
        let passing = Passing::begin(&self.shared, key.ok_or_else(no_key)?, spooled)?;
        Ok(Stored::new(passing))
    }

    fn commits(&self) -> u64 {
        self.writer.commits()
    }

    fn close(&self) -> Result<(), Fault> {
        self.sign_segment()?;
        let held = self.lease().take();
        match held {
            Some(held) => self.transact(&mut |tx| tx.give_stream_back(&held)),
            None => Ok(()),
        }
    }
}
