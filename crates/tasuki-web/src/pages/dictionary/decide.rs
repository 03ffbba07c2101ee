//! An item is said to stand for a standard code, or that is taken back. Only items that the facility has
//! sent can be decided on.

use super::{address, chosen, facilities};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::{CodeMapping, CodedKind, LocalItem, Writing};
use tasuki_core::{Code, Fault};
use tasuki_records::dictionary::standard_code;

pub(crate) fn decide(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let all = facilities(visit)?;
    let form = |name: &str| visit.ask.form(name).unwrap_or_default();
    let facility = &chosen(&all, Some(form("facility")))?.id;
    let kind = CodedKind::from_code(form("kind")).ok_or_else(|| Stop::wrong("kind of item"))?;
    let item = LocalItem {
        kind,
        code: form("code").into(),
        name: form("name").into(),
    };
    let what = format!("{} {} {}", facility, kind.code(), item.code);
    if form("answer") == "undo" {
        let undo = |tx: &dyn Writing| tx.drop_code_mapping(facility, &item);
        if !visit.portal.store.writing(undo)? {
            return Err(Stop::Refused);
        }
        let reply = Reply::redirect(address(facility, "undone"));
        return Ok(reply.with_detail(format!("unmapped {what}")));
    }
    let standard = standard_code(kind, form("standard"), form("standard-name"));
    let standard = standard
        .ok_or_else(|| Fault::new(Code::StandardCodeWrong, "neither JLAC10 nor HOT nor YJ"))?;
    let code = standard.code.clone();
    let mapping = CodeMapping {
        facility: facility.clone(),
        item,
        standard,
        by: visit.who()?.account.id.clone(),
        at: visit.now,
    };
    let written = visit.portal.store.writing(|tx| {
        let known = tx.local_items(facility, u32::MAX)?;
        let sent = known.iter().any(|seen| seen.item == mapping.item);
        if sent {
            tx.put_code_mapping(&mapping)?;
        }
        Ok(sent)
    })?;
    if !written {
        return Err(Stop::Refused);
    }
    let reply = Reply::redirect(address(facility, "mapped"));
    Ok(reply.with_detail(format!("mapped {what} to {code}")))
}
