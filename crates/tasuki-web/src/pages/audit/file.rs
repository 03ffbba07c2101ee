//! What was found, as a table to be kept.

use super::row::Row;
use super::search::found;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::release::Body;
use tasuki_report::{Cell, Sheet};

/// The same rows as the page, as CSV.
pub(crate) fn file(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let (rows, ..) = found(visit)?;
    let w = visit.w;
    let columns = [
        (w.audit_at(), 20),
        (w.access_who(), 40),
        (w.access_what(), 20),
        (w.audit_patients(), 20),
        (w.access_why(), 10),
        (w.audit_ending(), 10),
        (w.audit_page(), 20),
    ];
    let body = rows.try_map(|rows| {
        let line = |row: Row| {
            let cells = [
                row.at,
                row.who,
                row.what,
                row.patients,
                row.why,
                row.ending,
                row.page,
            ];
            cells.into_iter().map(Cell::Text).collect()
        };
        let sheet = Sheet {
            name: w.audit_title().into_owned(),
            columns: columns.map(|(c, width)| (c.into_owned(), width)).into(),
            rows: rows.into_iter().map(line).collect(),
            ..Sheet::default()
        };
        Ok::<_, Stop>(Body::new("text/csv; charset=utf-8", sheet.to_csv()?))
    })?;
    let mut reply = Reply::new(Egress::released(Action::AuditView, body));
    reply.file_name = Some("tasuki-audit.csv".to_owned());
    Ok(reply.with_detail("export".to_owned()))
}
