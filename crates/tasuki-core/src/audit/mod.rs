//! The audit trail: one event per transaction, kept in hash-chained streams that are cut into
//! signed segments, so that truncation, deletion and recomputation are found.

mod chain;
mod event;
mod exchange;

pub use chain::{
    ChainFinding, GENESIS, Segment, SegmentSignature, StreamRow, row_hash, verify_stream,
};
pub use event::{Action, Actor, AuditEvent, CopiesSeen, Ending};
pub use exchange::{AuditedDocument, AuditedLink, AuditedQuery, Exchange, LinkPart, Node, Side};
