//! The chain: each row's hash covers the row before it; signed segments say how far a stream had
//! come at a time, and are copied elsewhere, so that cutting the end off is found too.

use ring::digest::{Context, SHA256};
use ring::signature::{ED25519, UnparsedPublicKey};

/// The hash before the first row of a stream.
pub const GENESIS: [u8; 32] = [0; 32];

/// One stored row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRow {
    /// Position in the stream, from 1, without holes.
    pub seq: u64,
    /// The fencing epoch of the process that wrote it.
    pub epoch: u64,
    /// The exact event bytes.
    pub bytes: Vec<u8>,
    /// `row_hash` of this row.
    pub hash: [u8; 32],
}

/// What a segment says: rows `first ..= last` of a stream end in this hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The stream.
    pub stream: String,
    /// First row.
    pub first: u64,
    /// Last row.
    pub last: u64,
    /// Hash before the first row.
    pub before: [u8; 32],
    /// Hash of the last row.
    pub head: [u8; 32],
    /// When it was signed, microseconds since the epoch.
    pub at_micros: i64,
}

/// A segment with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSignature {
    /// What is signed.
    pub segment: Segment,
    /// Id of the audit key.
    pub key_id: String,
    /// Ed25519 over [`Segment::to_signed_bytes`].
    pub signature: Vec<u8>,
}

/// What is wrong with a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFinding {
    /// A row's hash does not follow from the row before it and its bytes.
    #[error("row {seq} does not follow from the row before it: changed")]
    Changed {
        /// Which row.
        seq: u64,
    },
    /// Rows are missing.
    #[error("rows {from} to {to} are missing: deleted")]
    Missing {
        /// First missing row.
        from: u64,
        /// Last missing row.
        to: u64,
    },
    /// A signed segment says other hashes than the rows give: the chain was computed anew.
    #[error("the signed segment {first}–{last} has another hash: recomputed")]
    Recomputed {
        /// First row of the segment.
        first: u64,
        /// Last row of the segment.
        last: u64,
    },
    /// A signed segment ends after the last row: the end was cut off.
    #[error("a signed segment ends at row {last}, the stream at row {end}: truncated")]
    Truncated {
        /// Last row of the segment.
        last: u64,
        /// Last row there is.
        end: u64,
    },
    /// A signature does not fit.
    #[error("the signature of segment {first}–{last} does not fit")]
    Signature {
        /// First row of the segment.
        first: u64,
        /// Last row of the segment.
        last: u64,
    },
    /// Segments do not join: one was taken out.
    #[error("no signed segment begins at row {first}: a segment is missing")]
    SegmentMissing {
        /// Where one should begin.
        first: u64,
    },
    /// A row was written by a process that had already lost the stream.
    #[error("row {seq} goes back to epoch {epoch}")]
    Epoch {
        /// Which row.
        seq: u64,
        /// Its epoch.
        epoch: u64,
    },
}

/// The hash of a row: SHA-256 over version, stream, sequence, epoch, hash before, bytes.
#[must_use]
pub fn row_hash(stream: &str, seq: u64, epoch: u64, before: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(b"tasuki-audit-1\0");
    context.update(&(stream.len() as u64).to_be_bytes());
    context.update(stream.as_bytes());
    context.update(&seq.to_be_bytes());
    context.update(&epoch.to_be_bytes());
    context.update(before);
    context.update(bytes);
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

impl Segment {
    /// The bytes that are signed.
    #[must_use]
    pub fn to_signed_bytes(&self) -> Vec<u8> {
        let mut bytes = b"tasuki-audit-segment-1\0".to_vec();
        bytes.extend((self.stream.len() as u64).to_be_bytes());
        bytes.extend(self.stream.as_bytes());
        bytes.extend(self.first.to_be_bytes());
        bytes.extend(self.last.to_be_bytes());
        bytes.extend(self.before);
        bytes.extend(self.head);
        bytes.extend(self.at_micros.to_be_bytes());
        bytes
    }
}

/// Checks one stream from its first kept row to its end. `start` is the hash before that row:
/// [`GENESIS`], or the head of the last segment that retention has dropped. Public keys are looked
/// up by key id; an unknown key is a signature that does not fit. All findings are returned, not
/// only the first, up to a thousand.
pub fn verify_stream<'a>(
    stream: &str,
    start: (u64, [u8; 32]),
    rows: impl Iterator<Item = StreamRow>,
    segments: &[SegmentSignature],
    public_key: impl Fn(&str) -> Option<&'a [u8]>,
) -> Vec<ChainFinding> {
    const FINDINGS_MAX: usize = 1_000;
    let mut findings = check_signatures(segments, public_key);
    let (mut next, mut before) = start;
    let mut epoch = 0;
    let mut ends = segments.iter().map(|s| &s.segment).peekable();
    let mut expected_first = next;
    for row in rows {
        if findings.len() >= FINDINGS_MAX {
            return findings;
        }
        if row.seq > next {
            findings.push(ChainFinding::Missing {
                from: next,
                to: row.seq - 1,
            });
        }
        if row.epoch < epoch {
            findings.push(ChainFinding::Epoch {
                seq: row.seq,
                epoch: row.epoch,
            });
        }
        if row_hash(stream, row.seq, row.epoch, &before, &row.bytes) != row.hash {
            findings.push(ChainFinding::Changed { seq: row.seq });
        }
        while let Some(segment) = ends.next_if(|s| s.last <= row.seq) {
            if segment.first != expected_first {
                findings.push(ChainFinding::SegmentMissing {
                    first: expected_first,
                });
            }
            expected_first = segment.last + 1;
            if segment.last == row.seq && segment.head != row.hash {
                findings.push(ChainFinding::Recomputed {
                    first: segment.first,
                    last: segment.last,
                });
            }
        }
        epoch = row.epoch.max(epoch);
        before = row.hash;
        next = row.seq + 1;
    }
    for segment in ends {
        findings.push(ChainFinding::Truncated {
            last: segment.last,
            end: next - 1,
        });
    }
    findings
}

fn check_signatures<'a>(
    segments: &[SegmentSignature],
    public_key: impl Fn(&str) -> Option<&'a [u8]>,
) -> Vec<ChainFinding> {
    segments
        .iter()
        .filter(|s| {
            let signed = s.segment.to_signed_bytes();
            !public_key(&s.key_id).is_some_and(|key| {
                UnparsedPublicKey::new(&ED25519, key)
                    .verify(&signed, &s.signature)
                    .is_ok()
            })
        })
        .map(|s| ChainFinding::Signature {
            first: s.segment.first,
            last: s.segment.last,
        })
        .collect()
}
