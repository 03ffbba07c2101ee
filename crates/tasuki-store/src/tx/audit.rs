//! The audit streams in a transaction: leasing one, appending to it, reading its rows.
//!
//! A stream belongs to the process that holds its epoch. Every append checks the epoch and moves
//! the head in the same transaction as the row, so two processes can never both extend one stream,
//! and what is rolled back leaves no hole. The lease runs out some time after the last append;
//! whoever takes the stream then raises the epoch, and the one before is refused at its next append.

use super::rows::size;
use super::{Tx, damaged};
use crate::engine::Row;
use tasuki_core::audit::{AuditEvent, GENESIS, StreamRow, row_hash};
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// How long a stream stays with a process that does not append, in seconds.
const LEASE_SECONDS: i64 = 600;

/// A stream held by this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) stream: String,
    pub(crate) epoch: i64,
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) epoch: i64,
    pub(crate) seq: i64,
    pub(crate) hash: [u8; 32],
}

/// A hash of a column.
pub(crate) fn hash_of(bytes: &[u8]) -> Result<[u8; 32], Fault> {
    bytes.try_into().map_err(|_| damaged("hash"))
}

fn read_head(row: &dyn Row) -> Result<Head, Fault> {
    Ok(Head {
        epoch: row.int(0)?,
        seq: row.int(1)?,
        hash: hash_of(row.bytes(2)?)?,
    })
}

impl Tx<'_> {
    /// Takes a stream that nobody holds, or makes one.
    pub(crate) fn take_stream(&self, now: Instant) -> Result<Lease, Fault> {
        let until = now.plus_seconds(LEASE_SECONDS).micros();
        let prefix = format!("{}-", self.shared.community_id);
        let streams = self.all(
            "SELECT stream, epoch, held_until FROM audit_stream
             WHERE stream >= $1 AND stream < $2 ORDER BY stream",
            &[prefix.as_str().into(), format!("{prefix}~").as_str().into()],
            |row| Ok((row.text(0)?.to_owned(), row.int(1)?, row.int(2)?)),
        )?;
        let free = streams.iter().find(|(_, _, held)| *held < now.micros());
        if let Some((stream, epoch, _)) = free {
            self.execute(
                "UPDATE audit_stream SET epoch = $1, holder = $2, held_until = $3
                 WHERE stream = $4",
                &[
                    (epoch + 1).into(),
                    self.shared.holder.as_str().into(),
                    until.into(),
                    stream.as_str().into(),
                ],
            )?;
            return Ok(Lease {
                stream: stream.clone(),
                epoch: epoch + 1,
            });
        }
        let stream = format!("{prefix}{:06}", streams.len() + 1);
        self.execute(
            "INSERT INTO audit_stream (stream, epoch, holder, held_until, seq, hash)
             VALUES ($1, 1, $2, $3, 0, $4)",
            &[
                stream.as_str().into(),
                self.shared.holder.as_str().into(),
                until.into(),
                GENESIS.as_slice().into(),
            ],
        )?;
        Ok(Lease { stream, epoch: 1 })
    }

    /// Lets others have the stream at once.
    pub(crate) fn give_stream_back(&self, lease: &Lease) -> Result<(), Fault> {
        self.execute(
            "UPDATE audit_stream SET held_until = 0 WHERE stream = $1 AND epoch = $2",
            &[lease.stream.as_str().into(), lease.epoch.into()],
        )
        .map(drop)
    }

    /// Where a stream stands.
    pub(crate) fn head(&self, stream: &str) -> Result<Option<Head>, Fault> {
        self.first(
            "SELECT epoch, seq, hash FROM audit_stream WHERE stream = $1",
            &[stream.into()],
            read_head,
        )
    }

    /// Appends an event to this process's stream.
    pub(super) fn append(&self, event: &AuditEvent) -> Result<(), Fault> {
        let lost = || Fault::new(Code::AuditAway, "this process no longer holds its stream");
        let lease = self
            .shared
            .lease
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
            .ok_or_else(lost)?;
        let head = self.head(&lease.stream)?.ok_or_else(lost)?;
        if head.epoch != lease.epoch {
            *self
                .shared
                .lease
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner) = None;
            return Err(lost());
        }
        let seq = head.seq + 1;
        let bytes = event.to_bytes()?;
        let hash = row_hash(
            &lease.stream,
            size(seq),
            size(lease.epoch),
            &head.hash,
            &bytes,
        );
        self.execute(
            "INSERT INTO audit_row (stream, seq, epoch, bytes, hash) VALUES ($1, $2, $3, $4, $5)",
            &[
                lease.stream.as_str().into(),
                seq.into(),
                lease.epoch.into(),
                bytes.as_slice().into(),
                hash.as_slice().into(),
            ],
        )?;
        let until = self.shared.clock.now().plus_seconds(LEASE_SECONDS);
        self.execute(
            "UPDATE audit_stream SET seq = $1, hash = $2, held_until = $3
             WHERE stream = $4 AND epoch = $5",
            &[
                seq.into(),
                hash.as_slice().into(),
                until.micros().into(),
                lease.stream.as_str().into(),
                lease.epoch.into(),
            ],
        )
        .map(drop)
    }

    /// Rows of a stream after a position, at most `limit`.
    pub(crate) fn rows_after(
        &self,
        stream: &str,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<StreamRow>, Fault> {
        let sql = format!(
            "SELECT seq, epoch, bytes, hash FROM audit_row WHERE stream = $1 AND seq > $2
             ORDER BY seq LIMIT {limit}"
        );
        self.all(&sql, &[stream.into(), seq.into()], |row| {
            Ok(StreamRow {
                seq: size(row.int(0)?),
                epoch: size(row.int(1)?),
                bytes: row.bytes(2)?.to_vec(),
                hash: hash_of(row.bytes(3)?)?,
            })
        })
    }

    /// Every stream of this database that has rows or a head, by name: for the verification, which
    /// does not believe the heads. Walks every row.
    pub(crate) fn streams(&self) -> Result<Vec<String>, Fault> {
        self.all(
            "SELECT stream FROM audit_stream UNION SELECT DISTINCT stream FROM audit_row /* walks */
             UNION SELECT DISTINCT stream FROM audit_segment ORDER BY 1",
            &[],
            |row| row.text(0).map(str::to_owned),
        )
    }

    /// Every stream that has a head, by name.
    pub(super) fn headed_streams(&self) -> Result<Vec<String>, Fault> {
        self.all(
            "SELECT stream FROM audit_stream ORDER BY stream",
            &[],
            |row| row.text(0).map(str::to_owned),
        )
    }
}
