//! Patient data that must not reach a log. The wrapper's `Debug` prints a mark; whoever wants the
//! value has to ask for it by name, which a reviewer can search for.

use std::fmt;

/// A value that never shows itself in logs, metrics, traces or error texts.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for a screen or a document that has been released.
    pub fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself, for a screen or a document that has been released.
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹sensitive›")
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;

    #[test]
    fn debug_shows_only_a_mark() {
        assert_eq!(format!("{:?}", Sensitive::new("東京 花子")), "‹sensitive›");
    }
}
