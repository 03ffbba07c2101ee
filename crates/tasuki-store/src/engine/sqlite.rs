//! SQLite: one file in WAL mode, one writing connection a process, as many readers as needed.
//!
//! `synchronous=FULL` is set and read back: in WAL mode anything less acknowledges a commit before
//! it is on the disk (sqlite.org/pragma.html#pragma_synchronous). Most of the WAL is worked off beside
//! the writer ([`Checkpoints`]); what is left at some 64 MB by SQLite on the writing connection.

use super::checkpoint::Checkpoints;
use super::turnstile::{Turn, Turnstile};
use super::{EachRow, Engine, Next, Param, Row, Session};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tasuki_core::{Code, Fault};

/// Prepared statements kept a connection: more than the store has.
const STATEMENTS: usize = 256;

/// A database file.
pub(crate) struct SqliteEngine {
    file: PathBuf,
    /// How long one process waits for another's lock before it says so.
    patience: Duration,
    turnstile: Turnstile,
}

impl SqliteEngine {
    /// The database `tasuki.db` in a data folder.
    pub(crate) fn new(data_dir: &Path, patience: Duration) -> Result<Self, Fault> {
        Ok(Self {
            file: data_dir.join("tasuki.db"),
            patience,
            turnstile: Turnstile::new(data_dir, patience)?,
        })
    }

    fn connect(&self) -> Result<SqliteSession, Fault> {
        let conn = self.open()?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(SqliteSession {
            conn,
            fault: None,
            checkpoints: None,
        })
    }

    fn open(&self) -> Result<Connection, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.file, flags).map_err(told)?;
        conn.busy_timeout(self.patience).map_err(told)?;
        Ok(conn)
    }
}

impl Engine for SqliteEngine {
    fn connect_writer(&self) -> Result<Box<dyn Session>, Fault> {
        let mut session = self.connect()?;
        // The page size counts only while the file is empty.
        session.batch(
            "PRAGMA page_size = 8192;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 8192;
             PRAGMA journal_size_limit = 67108864;",
        )?;
        session.assert_pragma("journal_mode", "wal")?;
        session.assert_pragma("synchronous", "2")?;
        session.assert_pragma("foreign_keys", "1")?;
        let beside = self.open()?;
        beside
            .execute_batch("PRAGMA synchronous = FULL")
            .map_err(told)?;
        session.checkpoints = Some(Checkpoints::begin(beside));
        Ok(Box::new(session))
    }

    fn connect_reader(&self) -> Result<Box<dyn Session>, Fault> {
        let mut session = self.connect()?;
        session.batch(
            "PRAGMA query_only = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -8192;",
        )?;
        Ok(Box::new(session))
    }

    fn after_migration(&self) -> Result<(), Fault> {
        let session = self.connect()?;
        super::plans::fix(&session.conn).map_err(told)
    }

    fn spell(&self, migration: &str) -> String {
        migration
            .replace("{TEXT}", "TEXT")
            .replace("{BYTES}", "BLOB")
            .replace("{CLUSTERED}", "WITHOUT ROWID")
    }

    fn turn(&self, since: Instant) -> Result<Option<Turn>, Fault> {
        self.turnstile.enter(since).map(Some)
    }
}

/// One connection to the file.
struct SqliteSession {
    conn: Connection,
    fault: Option<Fault>,
    /// Of a writer.
    checkpoints: Option<Checkpoints>,
}

impl SqliteSession {
    fn assert_pragma(&self, name: &str, want: &str) -> Result<(), Fault> {
        let found = self
            .conn
            .pragma_query_value(None, name, |row| {
                Ok(match row.get_ref(0)? {
                    ValueRef::Integer(n) => n.to_string(),
                    ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
                    _ => String::new(),
                })
            })
            .map_err(told)?;
        if found == want {
            return Ok(());
        }
        Err(Fault::new(
            Code::DataFolderUnusable,
            format!("SQLite refuses {name} = {want} and keeps {found}"),
        ))
    }

    fn note<T>(&mut self, result: Result<T, Fault>) -> Result<T, Fault> {
        if let Err(fault) = &result {
            self.fault.get_or_insert_with(|| fault.clone());
        }
        result
    }
}

fn run(conn: &Connection, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault> {
    debug_assert!(super::placeholders_in_order(sql, params.len()), "{sql}");
    debug_assert!(super::plans::finds_by_index(conn, sql), "{sql}");
    let mut statement = conn.prepare_cached(sql).map_err(told)?;
    for (place, param) in params.iter().enumerate() {
        statement
            .raw_bind_parameter(place + 1, param)
            .map_err(told)?;
    }
    let changed = statement.raw_execute().map_err(told)?;
    Ok(changed as u64)
}

fn show(
    conn: &Connection,
    sql: &str,
    params: &[Param<'_>],
    each: &mut EachRow<'_>,
) -> Result<(), Fault> {
    debug_assert!(super::placeholders_in_order(sql, params.len()), "{sql}");
    debug_assert!(super::plans::finds_by_index(conn, sql), "{sql}");
    let mut statement = conn.prepare_cached(sql).map_err(told)?;
    for (place, param) in params.iter().enumerate() {
        statement
            .raw_bind_parameter(place + 1, param)
            .map_err(told)?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(told)? {
        if each(row)? == Next::Stop {
            break;
        }
    }
    Ok(())
}

impl Session for SqliteSession {
    fn begin_write(&mut self) -> Result<(), Fault> {
        self.execute("BEGIN IMMEDIATE", &[]).map(drop)
    }

    fn begin_read(&mut self) -> Result<(), Fault> {
        self.execute("BEGIN", &[]).map(drop)
    }

    fn commit(&mut self) -> Result<(), Fault> {
        self.execute("COMMIT", &[])?;
        if let Some(checkpoints) = &mut self.checkpoints {
            checkpoints.committed();
        }
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Fault> {
        if self.conn.is_autocommit() {
            return Ok(());
        }
        self.execute("ROLLBACK", &[]).map(drop)
    }

    fn savepoint(&mut self) -> Result<(), Fault> {
        self.execute("SAVEPOINT work", &[]).map(drop)
    }

    fn release(&mut self) -> Result<(), Fault> {
        self.execute("RELEASE work", &[]).map(drop)
    }

    fn rollback_to_savepoint(&mut self) -> Result<(), Fault> {
        self.execute("ROLLBACK TO work", &[])?;
        self.release()
    }

    fn in_transaction(&self) -> bool {
        !self.conn.is_autocommit()
    }

    fn usable(&self) -> bool {
        true
    }

    fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        let done = self.conn.execute_batch(sql).map_err(told);
        self.note(done)
    }

    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault> {
        let done = run(&self.conn, sql, params);
        if let Some(checkpoints) = &mut self.checkpoints {
            checkpoints.wrote(params);
        }
        self.note(done)
    }

    fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), Fault> {
        let done = show(&self.conn, sql, params, each);
        self.note(done)
    }

    fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Param::Int(n) => ValueRef::Integer(n),
            Param::Text(t) => ValueRef::Text(t.as_bytes()),
            Param::Bytes(b) => ValueRef::Blob(b),
            Param::Null => ValueRef::Null,
        }))
    }
}

fn mistyped(column: usize) -> Fault {
    Fault::new(
        Code::StoreBroken,
        format!("column {column} of an answer is not of its type"),
    )
}

impl Row for rusqlite::Row<'_> {
    fn int(&self, column: usize) -> Result<i64, Fault> {
        self.opt_int(column)?.ok_or_else(|| mistyped(column))
    }

    fn opt_int(&self, column: usize) -> Result<Option<i64>, Fault> {
        match self.get_ref(column).map_err(told)? {
            ValueRef::Integer(n) => Ok(Some(n)),
            ValueRef::Null => Ok(None),
            _ => Err(mistyped(column)),
        }
    }

    fn text(&self, column: usize) -> Result<&str, Fault> {
        self.opt_text(column)?.ok_or_else(|| mistyped(column))
    }

    fn opt_text(&self, column: usize) -> Result<Option<&str>, Fault> {
        match self.get_ref(column).map_err(told)? {
            ValueRef::Text(t) => std::str::from_utf8(t)
                .map(Some)
                .map_err(|_| mistyped(column)),
            ValueRef::Null => Ok(None),
            _ => Err(mistyped(column)),
        }
    }

    fn bytes(&self, column: usize) -> Result<&[u8], Fault> {
        self.opt_bytes(column)?.ok_or_else(|| mistyped(column))
    }

    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, Fault> {
        match self.get_ref(column).map_err(told)? {
            ValueRef::Blob(b) => Ok(Some(b)),
            ValueRef::Null => Ok(None),
            _ => Err(mistyped(column)),
        }
    }
}

/// SQLite's error as ours. Its messages name tables and columns, never values.
fn told(error: rusqlite::Error) -> Fault {
    let code = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Code::DatabaseLocked,
        Some(ErrorCode::DiskFull) => Code::DiskFull,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            Code::DataFolderUnusable
        }
        Some(ErrorCode::SystemIoFailure) => Code::StoreAway,
        Some(ErrorCode::ConstraintViolation) => Code::InternalFault,
        _ => Code::StoreBroken,
    };
    Fault::new(code, format!("SQLite: {error}"))
}
