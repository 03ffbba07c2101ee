//! The search index of the audit trail: built from the rows after they are there, so that no
//! append waits for it. A cursor per stream says how far it has come; the lag is shown beside
//! every search.

use super::rows::{count, size};
use super::{Tx, damaged};
use crate::engine::Param;
use tasuki_core::Fault;
use tasuki_core::audit::{Action, Actor, AuditEvent, StreamRow};
use tasuki_core::ports::{AuditCursors, AuditLine, AuditRow, AuditSearch, AuditTrail};

/// The most lines one search gives, whatever it asks for.
const LINES_MAX: u32 = 10_000;
/// The name of the index among the cursors.
const CURSOR: &str = "index";

/// The stored word of an action: the one in the event's own JSON.
fn action_word(action: Action) -> Result<String, Fault> {
    match serde_json::to_value(action) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(damaged("action")),
    }
}

impl AuditTrail for Tx<'_> {
    fn find_events(&self, search: &AuditSearch, limit: u32) -> Result<Vec<AuditLine>, Fault> {
        let action = search.action.map(action_word).transpose()?;
        let mut sql = String::from(
            "SELECT a.stream, a.seq, a.bytes FROM audit_index i JOIN audit_row a ON a.stream = i.stream AND a.seq = i.seq",
        );
        let mut params: Vec<Param<'_>> = Vec::new();
        let mut conditions: Vec<String> = Vec::new();
        // The index by patient is in the order of time as well: the newest are read, and no more.
        let mut by = "i";
        if let Some(patient) = &search.patient {
            by = "p";
            sql.push_str(" JOIN audit_patient p ON p.stream = i.stream AND p.seq = i.seq");
            params.push(patient.as_str().into());
            conditions.push("p.patient_key = $1".to_owned());
        }
        let (from, to) = (format!("{by}.at >="), format!("{by}.at <"));
        let wanted: [(&str, Option<Param<'_>>); 5] = [
            (
                "i.user_id =",
                search.user.as_ref().map(|u| u.as_str().into()),
            ),
            (
                "i.person_id =",
                search.person.as_ref().map(|p| p.as_str().into()),
            ),
            ("i.action =", action.as_deref().map(Into::into)),
            (&from, search.from.map(|t| t.micros().into())),
            (&to, search.to.map(|t| t.micros().into())),
        ];
        for (condition, value) in wanted {
            if let Some(value) = value {
                params.push(value);
                conditions.push(format!("{condition} ${}", params.len()));
            }
        }
        if conditions.is_empty() {
            // The newest of all: read in the order of time until there are enough.
            sql.push_str(" /* walks */");
        } else {
            sql.push_str(" WHERE ");
            sql.push_str(&conditions.join(" AND "));
        }
        let limit = limit.min(LINES_MAX);
        sql.push_str(&format!(
            " ORDER BY {by}.at DESC, {by}.stream DESC, {by}.seq DESC LIMIT {limit}"
        ));
        self.all(&sql, &params, |row| {
            let event: AuditEvent =
                serde_json::from_slice(row.bytes(2)?).map_err(|_| damaged("audit event"))?;
            Ok(AuditLine {
                stream: row.text(0)?.to_owned(),
                seq: size(row.int(1)?),
                event,
            })
        })
    }

    fn audit_after(&self, cursor: &str, limit: u32) -> Result<Vec<AuditRow>, Fault> {
        let mut found = Vec::new();
        for stream in self.headed_streams()? {
            let left = limit.saturating_sub(count(found.len() as i64));
            if left == 0 {
                break;
            }
            let from = self.cursor(cursor, &stream)?;
            let rows = self.rows_after(&stream, from, left)?;
            found.extend(rows.into_iter().map(|row| AuditRow {
                stream: stream.clone(),
                seq: row.seq,
                event: serde_json::from_slice(&row.bytes).ok(),
            }));
        }
        Ok(found)
    }

    fn audit_lag(&self) -> Result<u64, Fault> {
        let lag = self.first(
            "SELECT CAST(COALESCE(SUM(s.seq - COALESCE(c.seq, 0)), 0) AS BIGINT)
             FROM audit_stream s LEFT JOIN audit_cursor c
             ON c.stream = s.stream AND c.name = $1 /* walks */",
            &[CURSOR.into()],
            |row| row.int(0),
        )?;
        Ok(size(lag.unwrap_or(0)))
    }
}

impl AuditCursors for Tx<'_> {
    fn pass_audit(&self, cursor: &str, stream: &str, seq: u64) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO audit_cursor (name, stream, seq) VALUES ($1, $2, $3)
             ON CONFLICT (name, stream) DO UPDATE SET seq = excluded.seq
             WHERE audit_cursor.seq < excluded.seq",
            &[
                cursor.into(),
                stream.into(),
                super::rows::stored_size(seq).into(),
            ],
        )
        .map(drop)
    }

    fn passed_audit(&self, cursor: &str, stream: &str) -> Result<u64, Fault> {
        self.cursor(cursor, stream).map(size)
    }
}

impl Tx<'_> {
    /// Where a cursor stands in a stream.
    fn cursor(&self, name: &str, stream: &str) -> Result<i64, Fault> {
        let seq = self.first(
            "SELECT seq FROM audit_cursor WHERE name = $1 AND stream = $2",
            &[name.into(), stream.into()],
            |row| row.int(0),
        )?;
        Ok(seq.unwrap_or(0))
    }

    /// Brings the index further by at most `limit` rows; returns how many it took.
    pub(crate) fn index_rows(&self, limit: u32) -> Result<u32, Fault> {
        let mut taken = 0u32;
        for stream in self.headed_streams()? {
            let left = limit.saturating_sub(taken);
            if left == 0 {
                break;
            }
            let from = self.cursor(CURSOR, &stream)?;
            let rows = self.rows_after(&stream, from, left)?;
            let Some(last) = rows.last().map(|r| r.seq) else {
                continue;
            };
            for row in &rows {
                self.index_row(&stream, row)?;
            }
            self.pass_audit(CURSOR, &stream, last)?;
            taken += count(rows.len() as i64);
        }
        Ok(taken)
    }

    fn index_row(&self, stream: &str, row: &StreamRow) -> Result<(), Fault> {
        // A row that was tampered with must not stop the index: verification will name it.
        let Ok(event) = serde_json::from_slice::<AuditEvent>(&row.bytes) else {
            return Ok(());
        };
        let seq = super::rows::stored_size(row.seq);
        let user = match &event.actor {
            Actor::User { user, .. } => Some(user.as_str()),
            _ => None,
        };
        self.execute(
            "INSERT INTO audit_index (at, stream, seq, action, user_id, person_id)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (stream, seq) DO NOTHING",
            &[
                event.at.micros().into(),
                stream.into(),
                seq.into(),
                action_word(event.action)?.as_str().into(),
                user.into(),
                event.person.as_ref().map(|p| p.as_str()).into(),
            ],
        )?;
        for patient in &event.patients {
            self.execute(
                "INSERT INTO audit_patient (patient_key, at, stream, seq) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (patient_key, at, stream, seq) DO NOTHING",
                &[
                    patient.as_str().into(),
                    event.at.micros().into(),
                    stream.into(),
                    seq.into(),
                ],
            )?;
        }
        Ok(())
    }
}
