//! How SQLite finds rows.
//!
//! Without statistics its planner takes the first column of every key, `community_id`, for a
//! selective one, and walks a whole table in the order of its key. So the statistics of a large
//! network are written once, by rule and not by counting: plans are the same in a test, in a clinic
//! and in a hospital of a million patients, and do not change overnight
//! (sqlite.org/fileformat2.html#the_sqlite_stat1_table).
//!
//! In debug builds every statement's plan is looked at: one that walks a large table is fast on a
//! test's ten rows and stops a hospital. Whoever means to walk one writes [`WALKS`] into the
//! statement.

use rusqlite::{Connection, params};
use std::cell::RefCell;
use std::collections::HashSet;

/// The mark of a statement that walks a table on purpose.
pub(super) const WALKS: &str = "/* walks */";

/// Tables that stay small enough to be walked: a few rows a facility, a month or a process.
const SMALL: &[&str] = &[
    "account",
    "audit_segment",
    "audit_stream",
    "community",
    "data_key",
    "entry_codes",
    "facility",
    "facility_past",
    "identity_lease",
    "membership",
    "notice_consumer",
    "object_removal",
    "publication",
    "schema_version",
    "setting",
    "terminal_authority",
];

/// Indexes read in their own order until there is enough: the newest of a list.
const LISTS: &[&str] = &[
    "registration_latest",
    "quarantine_put",
    "quarantine_facility_put",
    "audit_index_at",
];

/// What a plan calls something that is no table: constants, and a subquery of bounded size.
const NAMED: &[&str] = &["CONSTANT", "named"];

/// Rows that every large table is said to have.
const ROWS: u64 = 10_000_000;

/// How many values a column of a key is said to have.
fn values(column: &str) -> u64 {
    match column {
        "community_id" => 1,
        "status" | "sex" | "disclosed" | "state" => 2,
        "facility_id" | "stream" | "name" | "kind" | "action" => 50,
        "day" | "put" | "at" | "latest" | "birth" => 5_000,
        _ => 100_000,
    }
}

/// Writes the statistics, unless they are there already.
pub(super) fn fix(conn: &Connection) -> rusqlite::Result<()> {
    let wanted = statistics(conn)?;
    if written(conn)? == wanted {
        return Ok(());
    }
    // The only statement that makes the table of statistics; counted is nothing.
    conn.execute_batch("BEGIN IMMEDIATE; ANALYZE sqlite_schema; DELETE FROM sqlite_stat1;")?;
    for (table, index, stat) in &wanted {
        conn.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
            params![table, index, stat],
        )?;
    }
    conn.execute_batch("ANALYZE sqlite_schema; COMMIT")
}

/// Table, index, and how many rows share each longer beginning of its key.
type Statistics = Vec<(String, String, String)>;

fn statistics(conn: &Connection) -> rusqlite::Result<Statistics> {
    let mut tables = conn.prepare(
        "SELECT name, wr FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'",
    )?;
    let tables = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(String, bool)>>>()?;
    let mut found = Vec::new();
    for (table, without_rowid) in tables {
        if SMALL.contains(&table.as_str()) {
            continue;
        }
        let mut list = conn.prepare("SELECT name, origin = 'pk' FROM pragma_index_list(?1)")?;
        let list = list
            .query_map([&table], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, bool)>>>()?;
        for (index, of_key) in list {
            let stat = statistic(conn, &index)?;
            // The key of a table without rowids goes by the name of the table.
            let index = if of_key && without_rowid {
                table.clone()
            } else {
                index
            };
            found.push((table.clone(), index, stat));
        }
    }
    found.sort();
    Ok(found)
}

fn statistic(conn: &Connection, index: &str) -> rusqlite::Result<String> {
    let mut columns = conn.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?;
    let columns = columns
        .query_map([index], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let mut left = ROWS;
    let mut stat = left.to_string();
    for column in &columns {
        left = (left / values(column)).max(1);
        stat.push(' ');
        stat.push_str(&left.to_string());
    }
    Ok(stat)
}

fn written(conn: &Connection) -> rusqlite::Result<Statistics> {
    let there: bool = conn.query_row(
        "SELECT COUNT(*) > 0 FROM sqlite_schema WHERE name = 'sqlite_stat1'",
        [],
        |row| row.get(0),
    )?;
    if !there {
        return Ok(Vec::new());
    }
    let mut rows =
        conn.prepare("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx, stat")?;
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

thread_local! {
    /// Statements already looked at on this thread.
    static SEEN: RefCell<HashSet<String>> = RefCell::new(HashSet::new());
}

/// Whether a statement finds its rows by an index; says on standard error what it does otherwise.
pub(super) fn finds_by_index(conn: &Connection, sql: &str) -> bool {
    let word = sql.trim_start().get(..6).unwrap_or("").to_ascii_uppercase();
    let reads = matches!(word.as_str(), "SELECT" | "UPDATE" | "DELETE");
    if !reads || sql.contains(WALKS) || !SEEN.with_borrow_mut(|seen| seen.insert(sql.to_owned())) {
        return true;
    }
    let walks = plan(conn, sql)
        .unwrap_or_default()
        .into_iter()
        .find(|step| walks_a_table(step));
    if let Some(step) = &walks {
        eprintln!("{step}\n  in {sql}");
    }
    walks.is_none()
}

fn plan(conn: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get(3)?);
    }
    Ok(steps)
}

/// One step of a plan, such as `SEARCH registration USING INDEX registration_kana (community_id=?)`.
fn walks_a_table(step: &str) -> bool {
    let mut words = step.split(' ');
    let how = words.next();
    let table = words.next().unwrap_or_default();
    if LISTS.iter().any(|index| step.contains(index))
        || SMALL.contains(&table)
        || NAMED.contains(&table)
        || table.starts_with('(')
    {
        return false;
    }
    match how {
        Some("SCAN") => true,
        // Every row of a community has the same first column, every patient of a hospital the same
        // first two.
        Some("SEARCH") => {
            step.ends_with("(community_id=?)")
                || (table == "registration" && step.ends_with("(community_id=? AND facility_id=?)"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::walks_a_table;

    #[test]
    fn a_walk_is_told_from_a_search() {
        for walk in [
            "SCAN registration",
            "SEARCH d USING INDEX document_day (community_id=?)",
            "SEARCH registration USING INDEX registration_kana (community_id=? AND facility_id=?)",
        ] {
            assert!(walks_a_table(walk), "{walk}");
        }
        for search in [
            "SCAN facility",
            "SCAN CONSTANT ROW",
            "SEARCH d USING PRIMARY KEY (community_id=? AND patient_key=?)",
            "USE TEMP B-TREE FOR ORDER BY",
        ] {
            assert!(!walks_a_table(search), "{search}");
        }
    }
}
