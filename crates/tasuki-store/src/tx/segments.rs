//! Signed segments as rows.

use super::Tx;
use super::audit::hash_of;
use super::rows::{size, stored_size};
use tasuki_core::Fault;
use tasuki_core::audit::{Segment, SegmentSignature};

impl Tx<'_> {
    /// The signed segments of a stream, oldest first.
    pub(crate) fn segments(&self, stream: &str) -> Result<Vec<SegmentSignature>, Fault> {
        self.all(
            "SELECT first_seq, last_seq, hash_before, head, signed, key_id, signature
             FROM audit_segment WHERE stream = $1 ORDER BY first_seq",
            &[stream.into()],
            |row| {
                Ok(SegmentSignature {
                    segment: Segment {
                        stream: stream.to_owned(),
                        first: size(row.int(0)?),
                        last: size(row.int(1)?),
                        before: hash_of(row.bytes(2)?)?,
                        head: hash_of(row.bytes(3)?)?,
                        at_micros: row.int(4)?,
                    },
                    key_id: row.text(5)?.to_owned(),
                    signature: row.bytes(6)?.to_vec(),
                })
            },
        )
    }

    /// The last signed segment of a stream.
    pub(crate) fn last_segment(&self, stream: &str) -> Result<Option<(i64, [u8; 32])>, Fault> {
        self.first(
            "SELECT last_seq, head FROM audit_segment WHERE stream = $1
             ORDER BY first_seq DESC LIMIT 1",
            &[stream.into()],
            |row| Ok((row.int(0)?, hash_of(row.bytes(1)?)?)),
        )
    }

    /// Stores a signed segment.
    pub(crate) fn put_segment(&self, signed: &SegmentSignature) -> Result<(), Fault> {
        let segment = &signed.segment;
        self.execute(
            "INSERT INTO audit_segment (stream, first_seq, last_seq, hash_before, head, signed,
             key_id, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                segment.stream.as_str().into(),
                stored_size(segment.first).into(),
                stored_size(segment.last).into(),
                segment.before.as_slice().into(),
                segment.head.as_slice().into(),
                segment.at_micros.into(),
                signed.key_id.as_str().into(),
                signed.signature.as_slice().into(),
            ],
        )
        .map(drop)
    }
}
