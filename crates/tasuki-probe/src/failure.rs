//! What ends a run: one line for whoever started it.

use std::fmt::{Display, Formatter};

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub String);

/// What could be done, or why not.
pub type Done<T = ()> = Result<T, Failure>;

impl Failure {
    /// Something outside refused.
    pub fn io(what: impl Display, error: &impl Display) -> Self {
        Self(format!("{what}: {error}"))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// Leaves the function with a [`Failure`].
#[macro_export]
macro_rules! fail {
    ($($said:tt)*) => {
        return Err($crate::failure::Failure(format!($($said)*)))
    };
}
