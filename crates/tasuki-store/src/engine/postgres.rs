//! PostgreSQL, and what speaks its protocol. Nothing beyond what distributed engines support is
//! used: no sequences, no LISTEN, no advisory locks, no deferrable constraints.
//!
//! Writes run SERIALIZABLE and reads REPEATABLE READ; a serialisation failure or a deadlock
//! (SQLSTATE 40001, 40P01) becomes `SerialisationFailed`, on which the writer runs the work again.
//! Text columns are `COLLATE "C"`, so that both engines sort and compare alike.

use super::turnstile::Turn;
use super::{EachRow, Engine, Next, Param, Row, Session};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, NoTls, Statement};
use std::collections::HashMap;
use std::error::Error;
use tasuki_core::{Code, Fault};
use tokio::runtime::{Handle, RuntimeFlavor};

/// Prepared statements kept a connection; more than the store has.
const STATEMENTS: usize = 256;

/// A PostgreSQL server.
pub(crate) struct PostgresEngine {
    url: String,
}

impl PostgresEngine {
    /// A server by its connection URL or key-value string.
    pub(crate) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
        }
    }

    fn connect(&self) -> Result<PostgresSession, Fault> {
        let client = blocking(|| Client::connect(&self.url, NoTls)).map_err(|e| told(&e))?;
        Ok(PostgresSession {
            client: Held(Some(client)),
            statements: HashMap::new(),
            open: false,
            fault: None,
        })
    }
}

impl Engine for PostgresEngine {
    fn connect_writer(&self) -> Result<Box<dyn Session>, Fault> {
        let mut session = self.connect()?;
        // What is acknowledged must be on the disk, whatever the server's default is.
        session.batch("SET synchronous_commit = on; SET client_min_messages = warning")?;
        session.assert_setting("synchronous_commit", "on")?;
        Ok(Box::new(session))
    }

    fn connect_reader(&self) -> Result<Box<dyn Session>, Fault> {
        Ok(Box::new(self.connect()?))
    }

    /// PostgreSQL counts by itself.
    fn after_migration(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn spell(&self, migration: &str) -> String {
        migration
            .replace("{TEXT}", "TEXT COLLATE \"C\"")
            .replace("{BYTES}", "BYTEA")
            .replace("{CLUSTERED}", "")
    }

    fn turn(&self, _: std::time::Instant) -> Result<Option<Turn>, Fault> {
        Ok(None)
    }
}

/// Runs what waits for the server. The client waits in a runtime of its own, which cannot begin inside
/// another one; a node asks its store from within one while it starts and ends.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => {
            tokio::task::block_in_place(work)
        }
        _ => work(),
    }
}

/// A connection, which is ended like it is used: ending it waits too.
struct Held(Option<Client>);

impl Held {
    /// The connection; it is there until it is ended.
    fn open(&mut self) -> Result<&mut Client, Fault> {
        let ended = || Fault::new(Code::StoreAway, "the connection has been ended");
        self.0.as_mut().ok_or_else(ended)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            blocking(|| drop(client));
        }
    }
}

/// One connection to the server.
struct PostgresSession {
    client: Held,
    statements: HashMap<String, Statement>,
    open: bool,
    fault: Option<Fault>,
}

impl PostgresSession {
    fn prepared(&mut self, sql: &str) -> Result<Statement, Fault> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let client = self.client.open()?;
        let statement = blocking(|| client.prepare(sql)).map_err(|e| told(&e))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn assert_setting(&mut self, name: &str, want: &str) -> Result<(), Fault> {
        let client = self.client.open()?;
        let asked = format!("SHOW {name}");
        let row = blocking(|| client.query_one(&asked, &[])).map_err(|e| told(&e))?;
        let found: String = row.try_get(0).map_err(|e| told(&e))?;
        if found == want {
            return Ok(());
        }
        Err(Fault::new(
            Code::StoreAway,
            format!("PostgreSQL keeps {name} = {found}; {want} is needed"),
        ))
    }

    fn run(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault> {
        debug_assert!(super::placeholders_in_order(sql, params.len()), "{sql}");
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let client = self.client.open()?;
        blocking(|| client.execute(&statement, &params)).map_err(|e| told(&e))
    }

    fn show(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), Fault> {
        debug_assert!(super::placeholders_in_order(sql, params.len()), "{sql}");
        let statement = self.prepared(sql)?;
        let client = self.client.open()?;
        blocking(|| {
            let rows = client.query_raw(&statement, params.iter());
            let mut rows = rows.map_err(|e| told(&e))?;
            while let Some(row) = rows.next().map_err(|e| told(&e))? {
                if each(&row)? == Next::Stop {
                    break;
                }
            }
            Ok(())
        })
    }

    fn note<T>(&mut self, result: Result<T, Fault>) -> Result<T, Fault> {
        if let Err(fault) = &result {
            self.fault.get_or_insert_with(|| fault.clone());
        }
        result
    }
}

impl Session for PostgresSession {
    fn begin_write(&mut self) -> Result<(), Fault> {
        self.batch("BEGIN ISOLATION LEVEL SERIALIZABLE")?;
        self.open = true;
        Ok(())
    }

    fn begin_read(&mut self) -> Result<(), Fault> {
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        self.open = true;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Fault> {
        self.open = false;
        self.batch("COMMIT")
    }

    fn rollback(&mut self) -> Result<(), Fault> {
        if !self.open {
            return Ok(());
        }
        self.open = false;
        self.batch("ROLLBACK")
    }

    fn savepoint(&mut self) -> Result<(), Fault> {
        self.batch("SAVEPOINT work")
    }

    fn release(&mut self) -> Result<(), Fault> {
        self.batch("RELEASE SAVEPOINT work")
    }

    fn rollback_to_savepoint(&mut self) -> Result<(), Fault> {
        self.batch("ROLLBACK TO SAVEPOINT work; RELEASE SAVEPOINT work")
    }

    fn in_transaction(&self) -> bool {
        self.open
    }

    fn usable(&self) -> bool {
        self.client.0.as_ref().is_some_and(|c| !c.is_closed())
    }

    fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        let client = self.client.open();
        let done = client.and_then(|c| blocking(|| c.batch_execute(sql)).map_err(|e| told(&e)));
        self.note(done)
    }

    fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault> {
        let done = self.run(sql, params);
        self.note(done)
    }

    fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), Fault> {
        let done = self.show(sql, params, each);
        self.note(done)
    }

    fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match *self {
            Self::Int(n) => match *ty {
                Type::INT2 => i16::try_from(n)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(n)?.to_sql(ty, out),
                _ => n.to_sql(ty, out),
            },
            Self::Text(t) => t.to_sql(ty, out),
            Self::Bytes(b) => b.to_sql(ty, out),
            Self::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT2 | Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA
        )
    }

    postgres::types::to_sql_checked!();
}

/// A number of any of the three widths.
struct AnyInt(i64);

impl<'a> FromSql<'a> for AnyInt {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *ty {
            Type::INT2 => i16::from_sql(ty, raw)?.into(),
            Type::INT4 => i32::from_sql(ty, raw)?.into(),
            _ => i64::from_sql(ty, raw)?,
        }))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8)
    }
}

fn mistyped(column: usize) -> Fault {
    Fault::new(
        Code::StoreBroken,
        format!("column {column} of an answer is not of its type"),
    )
}

impl Row for postgres::Row {
    fn int(&self, column: usize) -> Result<i64, Fault> {
        self.opt_int(column)?.ok_or_else(|| mistyped(column))
    }

    fn opt_int(&self, column: usize) -> Result<Option<i64>, Fault> {
        let found: Option<AnyInt> = self.try_get(column).map_err(|_| mistyped(column))?;
        Ok(found.map(|n| n.0))
    }

    fn text(&self, column: usize) -> Result<&str, Fault> {
        self.opt_text(column)?.ok_or_else(|| mistyped(column))
    }

    fn opt_text(&self, column: usize) -> Result<Option<&str>, Fault> {
        self.try_get(column).map_err(|_| mistyped(column))
    }

    fn bytes(&self, column: usize) -> Result<&[u8], Fault> {
        self.opt_bytes(column)?.ok_or_else(|| mistyped(column))
    }

    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, Fault> {
        self.try_get(column).map_err(|_| mistyped(column))
    }
}

/// PostgreSQL's error as ours. Its main message names tables and columns; the detail line, which
/// can hold values, is left out.
fn told(error: &postgres::Error) -> Fault {
    let Some(db) = error.as_db_error() else {
        return Fault::new(Code::StoreAway, format!("PostgreSQL: {error}"));
    };
    let state = db.code().code();
    let code = match state {
        "40001" | "40P01" => Code::SerialisationFailed,
        "53100" => Code::DiskFull,
        "55P03" => Code::DatabaseLocked,
        _ => match state.get(..2) {
            Some("08" | "53" | "57") => Code::StoreAway,
            Some("23") => Code::InternalFault,
            Some("58" | "XX") => Code::StoreBroken,
            _ => Code::InternalFault,
        },
    };
    Fault::new(code, format!("PostgreSQL {state}: {}", db.message()))
}
