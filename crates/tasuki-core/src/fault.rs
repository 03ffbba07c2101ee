//! Faults: something malformed, a store that fails, a bug. Not an [outcome](crate::gather) (a
//! source that could not answer) and not a [refusal](crate::policy::Refusal): the three are never
//! mixed.

use crate::Code;
use std::fmt;

/// What kind of failure, in a closed set that every edge can map (HTTP status, SOAP fault, ACK).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// What was sent is wrong.
    Incorrect,
    /// Not allowed.
    Forbidden,
    /// Not there, or not to be told of.
    NotFound,
    /// Does not fit what is already there.
    Conflict,
    /// Understood, but not offered.
    Unsupported,
    /// Cannot be reached now.
    Unavailable,
    /// Too much at once.
    Busy,
    /// Broken.
    Fault,
}

/// Who has to do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Whoever asked.
    Caller,
    /// Another node.
    Peer,
    /// This node.
    Us,
}

/// Whether the same request can succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// Not unless it is changed.
    Never,
    /// Later.
    After,
}

/// A fault: a stable code for everyone, and an inside message for the log of this node only.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// The stable code; its words for users are in the catalogue.
    pub code: Code,
    /// What happened, for whoever runs this node. Holds no patient data.
    pub inside: String,
}

impl Fault {
    /// A fault with what happened.
    pub fn new(code: Code, inside: impl Into<String>) -> Self {
        Self {
            code,
            inside: inside.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.id(), self.inside)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Fault {}
