//! A database of one engine as one of the other: the same schema, and every row of every table. So a community
//! on PostgreSQL has the same backup as one on SQLite, a database file that can be looked into and checked; and
//! goes the same way back.
//!
//! What is read is one snapshot (REPEATABLE READ), what is written one transaction. Rows pass in pieces, never a
//! table at once.

use super::archive::broken;
use crate::engine::{Engine, Next, Param, PostgresEngine, Row, Session, SqliteEngine};
use crate::schema;
use std::path::Path;
use std::time::Duration;
use tasuki_core::{Code, Fault};
use tasuki_model::Instant;

/// Rows that are fetched at once, and written with one statement.
const FETCHED: usize = 1_000;
const TOGETHER: usize = 20;
/// Tables that others refer to come first.
const FIRST: [&str; 2] = ["account", "data_key"];
/// Counts itself while it is made.
const VERSIONS: &str = "schema_version";
/// How long a database of nobody else's is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Text,
    Bytes,
}

/// A table and its columns.
struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

/// A value on its way.
enum Value {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Null,
}

impl Value {
    fn of(row: &dyn Row, column: usize, kind: Kind) -> Result<Self, Fault> {
        Ok(match kind {
            Kind::Int => row.opt_int(column)?.map_or(Self::Null, Self::Int),
            Kind::Text => {
                let text = row.opt_text(column)?;
                text.map_or(Self::Null, |t| Self::Text(t.to_owned()))
            }
            Kind::Bytes => {
                let bytes = row.opt_bytes(column)?;
                bytes.map_or(Self::Null, |b| Self::Bytes(b.to_vec()))
            }
        })
    }

    fn param(&self) -> Param<'_> {
        match self {
            Self::Int(n) => Param::Int(*n),
            Self::Text(t) => Param::Text(t),
            Self::Bytes(b) => Param::Bytes(b),
            Self::Null => Param::Null,
        }
    }
}

/// Writes the database of a PostgreSQL server, as it is now, into a new database file in a folder.
///
/// # Errors
/// `STO-…` of the server or of the disk.
pub(super) fn into_file(url: &str, folder: &Path, now: Instant) -> Result<(), Fault> {
    let file = SqliteEngine::new(folder, PATIENCE)?;
    let mut to = file.connect_writer()?;
    let server = PostgresEngine::new(url);
    let mut from = server.connect_reader()?;
    to.begin_write()?;
    schema::migrate(&file, to.as_mut(), now)?;
    let tables = tables(to.as_mut())?;
    // From here on everything that is read is of one moment.
    from.begin_read()?;
    for table in &tables {
        let (name, select) = (&table.name, table.select());
        from.batch(&format!("DECLARE of_{name} NO SCROLL CURSOR FOR {select}"))?;
        loop {
            let piece = fetched(from.as_mut(), table)?;
            if piece.is_empty() {
                break;
            }
            table.insert(to.as_mut(), &piece)?;
        }
        from.batch(&format!("CLOSE of_{name}"))?;
    }
    from.rollback()?;
    to.commit()
}

fn fetched(from: &mut dyn Session, table: &Table) -> Result<Vec<Vec<Value>>, Fault> {
    let mut piece = Vec::new();
    // A cursor of its own name: the connection remembers the columns of each statement.
    let fetch = format!("FETCH {FETCHED} FROM of_{}", table.name);
    from.query(&fetch, &[], &mut |row| {
        piece.push(table.read(row)?);
        Ok(Next::More)
    })?;
    Ok(piece)
}

/// Writes a database file into a schema of a PostgreSQL server that has no table: all of it or nothing.
///
/// # Errors
/// `BAK-002` where there is a table, `STO-…` of the server.
pub(super) fn out_of_file(folder: &Path, url: &str, now: Instant) -> Result<(), Fault> {
    let file = SqliteEngine::new(folder, PATIENCE)?;
    {
        // A backup of an earlier release gets this one's schema first.
        let mut own = file.connect_writer()?;
        own.begin_write()?;
        schema::migrate(&file, own.as_mut(), now)?;
        own.commit()?;
    }
    let server = PostgresEngine::new(url);
    let mut to = server.connect_writer()?;
    to.begin_write()?;
    if !is_bare(to.as_mut())? {
        let what = "the schema of the PostgreSQL server has tables";
        return Err(Fault::new(Code::RestoreNotEmpty, what));
    }
    schema::migrate(&server, to.as_mut(), now)?;
    let mut from = file.connect_reader()?;
    from.begin_read()?;
    for table in tables(from.as_mut())? {
        let mut piece = Vec::new();
        from.query(
            &format!("{} /* walks */", table.select()),
            &[],
            &mut |row| {
                piece.push(table.read(row)?);
                if piece.len() == FETCHED {
                    table.insert(to.as_mut(), &piece)?;
                    piece.clear();
                }
                Ok(Next::More)
            },
        )?;
        table.insert(to.as_mut(), &piece)?;
    }
    to.commit()
}

/// Takes away what [`out_of_file`] wrote: of a restore that was refused afterwards.
pub(super) fn undo(folder: &Path, url: &str) -> Result<(), Fault> {
    let file = SqliteEngine::new(folder, PATIENCE)?;
    let mut tables = tables(file.connect_reader()?.as_mut())?;
    tables.reverse();
    let mut to = PostgresEngine::new(url).connect_writer()?;
    to.begin_write()?;
    for table in &tables {
        to.batch(&format!("DROP TABLE {}", table.name))?;
    }
    to.batch(&format!("DROP TABLE {VERSIONS}"))?;
    to.commit()
}

fn is_bare(server: &mut dyn Session) -> Result<bool, Fault> {
    let mut found = 0;
    let sql =
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()";
    server.query(sql, &[], &mut |row| {
        found = row.int(0)?;
        Ok(Next::Stop)
    })?;
    Ok(found == 0)
}

/// The tables of a database file with this release's schema.
fn tables(file: &mut dyn Session) -> Result<Vec<Table>, Fault> {
    let mut names = Vec::new();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         ORDER BY name /* walks */";
    file.query(sql, &[], &mut |row| {
        names.push(row.text(0)?.to_owned());
        Ok(Next::More)
    })?;
    names.retain(|name| name != VERSIONS);
    names.sort_by_key(|name| !FIRST.contains(&name.as_str()));
    names.into_iter().map(|name| columns(file, name)).collect()
}

fn columns(file: &mut dyn Session, name: String) -> Result<Table, Fault> {
    let mut columns = Vec::new();
    let sql = format!("SELECT name, type FROM pragma_table_info('{name}') /* walks */");
    file.query(&sql, &[], &mut |row| {
        let kind = match row.text(1)? {
            "BIGINT" | "SMALLINT" | "INTEGER" => Kind::Int,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Bytes,
            other => return Err(broken(format!("a column of type {other}"))),
        };
        columns.push((row.text(0)?.to_owned(), kind));
        Ok(Next::More)
    })?;
    Ok(Table { name, columns })
}

impl Table {
    fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.names(), self.name)
    }

    fn read(&self, row: &dyn Row) -> Result<Vec<Value>, Fault> {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(at, (_, kind))| Value::of(row, at, *kind))
            .collect()
    }

    fn insert(&self, to: &mut dyn Session, rows: &[Vec<Value>]) -> Result<(), Fault> {
        for some in rows.chunks(TOGETHER) {
            let mut number = 0;
            let mut one = || {
                let places = self.columns.iter().map(|_| {
                    number += 1;
                    format!("${number}")
                });
                format!("({})", places.collect::<Vec<_>>().join(", "))
            };
            let values: Vec<String> = some.iter().map(|_| one()).collect();
            let sql = format!(
                "INSERT INTO {} ({}) VALUES {}",
                self.name,
                self.names(),
                values.join(", ")
            );
            let params: Vec<Param<'_>> = some.iter().flatten().map(Value::param).collect();
            to.execute(&sql, &params)?;
        }
        Ok(())
    }
}
