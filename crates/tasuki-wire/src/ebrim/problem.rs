//! What is wrong with the form of one object's metadata, and where.

use std::fmt;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// There twice, where once is allowed.
    Repeated,
    /// A slot with several values, where one is allowed.
    ManyValues,
    /// A slot without a value.
    NoValue,
    /// A classification without `nodeRepresentation`.
    NoCode,
    /// A classification without `codingScheme`.
    NoCodingScheme,
    /// A classification scheme, identification scheme, node or element that XDS does not define.
    Unknown,
    /// Not there.
    Missing,
}

impl What {
    /// What to change, in one sentence.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Repeated => "is there more than once: send it once",
            Self::ManyValues => "has several values: send one value",
            Self::NoValue => "is a slot without a value: send a value or leave the slot out",
            Self::NoCode => "has an empty nodeRepresentation: put the code there",
            Self::NoCodingScheme => "has no codingScheme: add that slot to the classification",
            Self::Unknown => "is not defined for this object in XDS: leave it out",
            Self::Missing => "is missing: add it",
        }
    }
}

/// One thing that is wrong with the form of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of object, such as `DocumentEntry`.
    pub kind: &'static str,
    /// Its `id` as sent, cut to 64 characters.
    pub object: String,
    /// The attribute, slot or scheme, cut to 64 characters.
    pub attribute: String,
    /// What is wrong.
    pub what: What,
}

impl Problem {
    pub(super) fn new(kind: &'static str, object: &str, attribute: &str, what: What) -> Self {
        Self {
            kind,
            object: object.chars().take(64).collect(),
            attribute: attribute.chars().take(64).collect(),
            what,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = self.what.advice();
        write!(
            f,
            "{} {}: {} {advice}",
            self.kind, self.object, self.attribute
        )
    }
}
