//! Two database engines behind one narrow door: SQL text with `$1` placeholders and four value
//! types. DML is written once; only type names in the migrations differ.
//!
//! Placeholders must appear for the first time in ascending order (`$1` before `$2`): SQLite
//! numbers them as it meets them. Debug builds check it on every statement.

mod checkpoint;
mod plans;
mod postgres;
mod readers;
mod sqlite;
mod turnstile;
mod writer;

pub(crate) use postgres::PostgresEngine;
pub(crate) use readers::Readers;
pub(crate) use sqlite::SqliteEngine;
pub(crate) use writer::Writer;

use tasuki_core::Fault;

/// A value bound to a placeholder.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Param<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Null,
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer, borrowed while it is read. Columns count from 0.
pub(crate) trait Row {
    /// A number; a null or another type is a fault.
    fn int(&self, column: usize) -> Result<i64, Fault>;
    /// A number or null.
    fn opt_int(&self, column: usize) -> Result<Option<i64>, Fault>;
    /// A text; a null or another type is a fault.
    fn text(&self, column: usize) -> Result<&str, Fault>;
    /// A text or null.
    fn opt_text(&self, column: usize) -> Result<Option<&str>, Fault>;
    /// Bytes; a null or another type is a fault.
    fn bytes(&self, column: usize) -> Result<&[u8], Fault>;
    /// Bytes or null.
    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, Fault>;
}

/// What to do after a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Read the next row.
    More,
    /// Enough.
    Stop,
}

/// What reads one row after the other.
pub(crate) type EachRow<'f> = dyn FnMut(&dyn Row) -> Result<Next, Fault> + 'f;

/// One connection.
pub(crate) trait Session: Send {
    /// Begins a transaction that will write.
    fn begin_write(&mut self) -> Result<(), Fault>;
    /// Begins a transaction that only reads: one snapshot.
    fn begin_read(&mut self) -> Result<(), Fault>;
    /// Commits; durable on return.
    fn commit(&mut self) -> Result<(), Fault>;
    /// Rolls everything back. Does nothing outside a transaction.
    fn rollback(&mut self) -> Result<(), Fault>;
    /// Marks a place to roll back to.
    fn savepoint(&mut self) -> Result<(), Fault>;
    /// Keeps what was done since the mark.
    fn release(&mut self) -> Result<(), Fault>;
    /// Undoes what was done since the mark, and forgets the mark.
    fn rollback_to_savepoint(&mut self) -> Result<(), Fault>;
    /// Whether a transaction is open. An engine may have ended it by itself after an error.
    fn in_transaction(&self) -> bool;
    /// Whether the connection can be used again after a fault.
    fn usable(&self) -> bool;
    /// Runs several statements without placeholders: migrations and settings.
    fn batch(&mut self, sql: &str) -> Result<(), Fault>;
    /// Runs one statement; returns how many rows it changed.
    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault>;
    /// Runs one query and shows its rows one by one.
    fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), Fault>;
    /// The first fault of a statement since this was last asked. Work that swallowed it must not
    /// be committed.
    fn take_fault(&mut self) -> Option<Fault>;
}

/// A database engine: makes connections and knows its own words for types.
pub(crate) trait Engine: Send + Sync {
    /// A connection that may write.
    fn connect_writer(&self) -> Result<Box<dyn Session>, Fault>;
    /// A connection that may not.
    fn connect_reader(&self) -> Result<Box<dyn Session>, Fault>;
    /// Whatever the engine needs after the schema has changed, on a connection of its own.
    fn after_migration(&self) -> Result<(), Fault>;
    /// Fills the type names of this engine into a migration.
    fn spell(&self, migration: &str) -> String;
    /// Holds the right to write against other processes, fairly, where the engine itself does not
    /// care for fairness. Given back when dropped. Whoever asks has waited since a moment.
    fn turn(&self, since: std::time::Instant) -> Result<Option<turnstile::Turn>, Fault>;
}

/// Whether `$1` … appear in ascending order and as many as there are values.
pub(crate) fn placeholders_in_order(sql: &str, values: usize) -> bool {
    let mut highest = 0usize;
    for part in sql.split('$').skip(1) {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse::<usize>() {
            Ok(n) if n <= highest => {}
            Ok(n) if n == highest + 1 => highest = n,
            _ => return false,
        }
    }
    highest == values
}

#[cfg(test)]
mod tests {
    use super::placeholders_in_order;

    #[test]
    fn placeholders_are_counted_as_sqlite_counts_them() {
        assert!(placeholders_in_order("a = $1 AND b = $2 OR c = $1", 2));
        assert!(!placeholders_in_order("a = $2 AND b = $1", 2));
        assert!(!placeholders_in_order("a = $1", 2));
        assert!(placeholders_in_order("SELECT 1", 0));
    }
}
