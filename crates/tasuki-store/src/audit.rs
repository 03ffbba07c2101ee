//! Signing the audit trail and checking it.
//!
//! The last segment of each stream is also written to a file outside the database, because whoever
//! can cut rows off the end of a table can cut the segment's row off as well. The head that the
//! stream's own row states is checked too: it tells of rows that were cut off since the last
//! signature.

use crate::seal::KeyFolder;
use crate::tx::Tx;
use ring::signature::Ed25519KeyPair;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tasuki_core::audit::{
    ChainFinding, GENESIS, Segment, SegmentSignature, StreamRow, verify_stream,
};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// Rows read at once while checking.
const PAGE: u32 = 1_000;

/// A segment as it lies in a file.
#[derive(Serialize, Deserialize)]
struct Exported {
    version: u8,
    stream: String,
    first: u64,
    last: u64,
    before: String,
    head: String,
    at_micros: i64,
    key_id: String,
    signature: String,
}

/// Signs a stream from its last segment to its head, if there is anything new.
pub(crate) fn sign(
    tx: &Tx<'_>,
    stream: &str,
    now: Instant,
    key_id: &str,
    key: &Ed25519KeyPair,
) -> Result<Option<SegmentSignature>, Fault> {
    let Some(head) = tx.head(stream)? else {
        return Ok(None);
    };
    let (before_seq, before) = tx.last_segment(stream)?.unwrap_or((0, GENESIS));
    if head.seq <= before_seq {
        return Ok(None);
    }
    let segment = Segment {
        stream: stream.to_owned(),
        first: number(before_seq + 1)?,
        last: number(head.seq)?,
        before,
        head: head.hash,
        at_micros: now.micros(),
    };
    let signed = SegmentSignature {
        signature: key.sign(&segment.to_signed_bytes()).as_ref().to_vec(),
        key_id: key_id.to_owned(),
        segment,
    };
    tx.put_segment(&signed)?;
    Ok(Some(signed))
}

fn number(seq: i64) -> Result<u64, Fault> {
    u64::try_from(seq).map_err(|_| Fault::new(Code::AuditBroken, "a negative position"))
}

/// Copies a segment out of the database; durable on return.
pub(crate) fn export(dir: &Path, signed: &SegmentSignature) -> Result<(), Fault> {
    crate::objects::make_dir(dir)?;
    let segment = &signed.segment;
    let body = serde_json::to_vec_pretty(&Exported {
        version: 1,
        stream: segment.stream.clone(),
        first: segment.first,
        last: segment.last,
        before: hex(&segment.before),
        head: hex(&segment.head),
        at_micros: segment.at_micros,
        key_id: signed.key_id.clone(),
        signature: hex(&signed.signature),
    })
    .map_err(|e| Fault::new(Code::AuditAway, format!("segment: {e}")))?;
    let file = dir.join(format!("{}.json", segment.stream));
    let temporary = dir.join(format!("{}.tmp", segment.stream));
    let write = || {
        use std::io::Write;
        let mut out = fs::File::create(&temporary)?;
        out.write_all(&body)?;
        out.sync_all()?;
        fs::rename(&temporary, &file)?;
        fs::File::open(dir)?.sync_all()
    };
    write().map_err(|e: std::io::Error| {
        Fault::new(Code::AuditAway, format!("copying a segment out: {e}"))
    })
}

/// The segments that were copied out, by stream. Read before the snapshot that is checked begins:
/// a segment is copied after its commit, so each of these is in the snapshot if all is well.
pub(crate) fn exported(dir: &Path) -> Result<BTreeMap<String, SegmentSignature>, Fault> {
    let broken = |path: &PathBuf| {
        Fault::new(
            Code::AuditBroken,
            format!("{}: not a copied segment", path.display()),
        )
    };
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(dir) else {
        return Ok(found);
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let body = fs::read(&path).map_err(|_| broken(&path))?;
        let copy: Exported = serde_json::from_slice(&body).map_err(|_| broken(&path))?;
        let array = |text: &str| -> Option<[u8; 32]> { unhex(text)?.try_into().ok() };
        let signed = (|| {
            Some(SegmentSignature {
                segment: Segment {
                    stream: copy.stream.clone(),
                    first: copy.first,
                    last: copy.last,
                    before: array(&copy.before)?,
                    head: array(&copy.head)?,
                    at_micros: copy.at_micros,
                },
                key_id: copy.key_id.clone(),
                signature: unhex(&copy.signature)?,
            })
        })()
        .ok_or_else(|| broken(&path))?;
        found.insert(copy.stream.clone(), signed);
    }
    Ok(found)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

/// Checks every stream from end to end.
pub(crate) fn verify(
    tx: &Tx<'_>,
    keys: &KeyFolder,
    mut copied: BTreeMap<String, SegmentSignature>,
) -> Result<Vec<(String, ChainFinding)>, Fault> {
    let public = keys.audit_public()?;
    let mut streams = tx.streams()?;
    streams.extend(copied.keys().cloned());
    streams.sort();
    streams.dedup();
    let mut findings = Vec::new();
    for stream in streams {
        let mut segments = tx.segments(&stream)?;
        if let Some(copy) = copied.remove(&stream)
            && !segments.contains(&copy)
        {
            // Its row was changed or taken away; both stay in the list, and do not join.
            segments.push(copy);
            segments.sort_by_key(|s| (s.segment.first, s.segment.last));
        }
        for finding in verify_one(tx, &stream, &segments, &public)? {
            findings.push((stream.clone(), finding));
        }
    }
    Ok(findings)
}

fn verify_one(
    tx: &Tx<'_>,
    stream: &str,
    segments: &[SegmentSignature],
    public: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<ChainFinding>, Fault> {
    let fault = RefCell::new(None);
    let last = RefCell::new((0u64, GENESIS));
    let rows = Pages {
        tx,
        stream,
        page: Vec::new().into_iter(),
        after: 0,
        fault: &fault,
        last: &last,
    };
    let mut findings = verify_stream(stream, (1, GENESIS), rows, segments, |id| {
        public.get(id).map(Vec::as_slice)
    });
    if let Some(fault) = fault.take() {
        return Err(fault);
    }
    let (end, hash) = *last.borrow();
    let head = tx.head(stream)?;
    let stated = head.map_or((0, GENESIS), |h| {
        (u64::try_from(h.seq).unwrap_or(0), h.hash)
    });
    if stated.0 > end {
        findings.push(ChainFinding::Truncated {
            last: stated.0,
            end,
        });
    } else if stated != (end, hash) && findings.is_empty() {
        findings.push(ChainFinding::Changed { seq: end });
    }
    Ok(findings)
}

/// The rows of a stream, page by page.
struct Pages<'a, 'tx> {
    tx: &'a Tx<'tx>,
    stream: &'a str,
    page: std::vec::IntoIter<StreamRow>,
    after: i64,
    fault: &'a RefCell<Option<Fault>>,
    last: &'a RefCell<(u64, [u8; 32])>,
}

impl Iterator for Pages<'_, '_> {
    type Item = StreamRow;

    fn next(&mut self) -> Option<StreamRow> {
        if self.page.len() == 0 {
            match self.tx.rows_after(self.stream, self.after, PAGE) {
                Ok(rows) => self.page = rows.into_iter(),
                Err(fault) => {
                    self.fault.replace(Some(fault));
                    return None;
                }
            }
        }
        let row = self.page.next()?;
        self.after = i64::try_from(row.seq).unwrap_or(i64::MAX);
        self.last.replace((row.seq, row.hash));
        Some(row)
    }
}
