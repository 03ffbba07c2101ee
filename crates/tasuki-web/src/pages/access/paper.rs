//! The same on paper, for the patient to take home.

use super::history;
use crate::pages::print::printed;
use crate::pages::words_of;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::release::Body;
use tasuki_model::{Demographics, Sex};
use tasuki_report::{Block, Document, Table};

fn sex(w: Words, sex: Sex) -> String {
    words_of::sex(w, sex).into_owned()
}

/// Every address on record, one after the other.
fn addresses(said: &Demographics) -> String {
    let texts: Vec<&str> = said.addresses.iter().map(|a| a.text.as_str()).collect();
    texts.join("　")
}

pub(crate) fn print(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let w = visit.w;
    let (person, history, lag) = history(visit)?;
    let faces = visit.portal.faces()?;
    let printed = printed(visit)?;
    let body = history.try_map(|history| {
        let said = &history.record.demographics;
        let row = |t: &super::Told| {
            vec![
                t.day.clone(),
                t.who.clone(),
                t.what.clone(),
                t.why.clone(),
                t.times.to_string(),
            ]
        };
        let columns = [
            (w.access_day(), 14),
            (w.access_who(), 44),
            (w.access_what(), 22),
            (w.access_why(), 12),
            (w.access_times(), 8),
        ];
        let table = Table {
            columns: columns.map(|(c, width)| (c.into_owned(), width)).into(),
            rows: history.told.iter().map(row).collect(),
        };
        let mut gaps = history.silent.clone();
        if lag > 0 {
            gaps.push(w.access_lag(lag).into_owned());
        }
        if history.more {
            gaps.push(w.access_more().into_owned());
        }
        let document = Document {
            title: w.access_title().into_owned(),
            lang: w.lang.tag().to_owned(),
            banner: vec![
                (w.print_name().into_owned(), said.name.display()),
                (
                    w.banner_birth().into_owned(),
                    said.birth
                        .map(|b| words_of::birth(w, b))
                        .unwrap_or_default(),
                ),
                (w.banner_sex().into_owned(), sex(w, said.sex)),
                (w.access_address().into_owned(), addresses(said)),
                (w.access_phone().into_owned(), said.phones.join("　")),
                (
                    w.banner_ids().into_owned(),
                    history.record.local_id.to_string(),
                ),
            ],
            gaps,
            gap_mark: w.print_incomplete().into_owned(),
            blocks: vec![
                Block::Text(w.access_rule().into_owned()),
                Block::Table(table),
            ],
            printed,
        };
        let pdf = document.to_pdf(&faces)?;
        Ok::<_, Stop>(Body::new("application/pdf", pdf))
    })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body)).about(&person);
    reply.file_name = Some("tasuki-access.pdf".to_owned());
    Ok(reply.with_detail("print access".to_owned()))
}
