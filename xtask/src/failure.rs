//! What went wrong, in words for whoever typed the command.

use std::fmt;

/// A message for the terminal. Commands are for people, so there is no code to match on.
#[derive(Debug)]
pub struct Failure(pub String);

/// The end of a command.
pub type Done = Result<(), Failure>;

impl Failure {
    /// An operating-system error and what it concerned.
    pub fn io(what: impl fmt::Display, error: &std::io::Error) -> Self {
        Self(format!("{what}: {error}"))
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// Fails with a formatted message.
macro_rules! fail {
    ($($word:tt)*) => { return Err($crate::failure::Failure(format!($($word)*))) };
}
pub(crate) use fail;
