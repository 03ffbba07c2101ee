//! 連携登録依頼書: a request on paper, for a facility that is no member: who asks, who the patient is, what was
//! agreed, and room for the answer that comes back by fax.

use super::one::{id_of, items};
use super::{clerk, lines_of};
use crate::pages::print::printed;
use crate::pages::words_of;
use crate::shell::facility_name;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::policy::{RequestLine, release_requests};
use tasuki_core::ports::Signer;
use tasuki_core::release::Body;
use tasuki_report::{Block, Document, Table};

pub(crate) fn print(visit: &Visit<'_>) -> Result<Reply, Stop> {
    clerk(visit)?;
    let id = id_of(visit)?;
    let lines = visit
        .portal
        .store
        .reading(|tx| lines_of(tx, tx.link_request(&id)?.into_iter().collect()))?;
    let released = release_requests(&visit.who()?.caller(), lines);
    let faces = visit.portal.faces()?;
    let body = released.try_map(|lines| {
        let line = lines.first().ok_or(Stop::Refused)?;
        let pdf = document(visit, line)?.to_pdf(&faces)?;
        Ok::<_, Stop>(Body::new("application/pdf", pdf))
    })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body));
    reply.file_name = Some("tasuki-request.pdf".to_owned());
    Ok(reply.with_detail(format!("print request {id}")))
}

fn document(visit: &Visit<'_>, line: &RequestLine) -> Result<Document, Stop> {
    let w = visit.w;
    // A request between members is dealt with on their desks.
    let to = line.request.beyond.clone();
    let to = to
        .filter(|_| line.request.on_paper())
        .ok_or(Stop::Refused)?;
    let from = facility_name(visit, &visit.who()?.facility);
    let phone = visit.who()?.facility.phone.clone();
    let labels = [
        w.requests_kana(),
        w.requests_name(),
        w.requests_birth(),
        w.requests_sex(),
        w.requests_address(),
        w.requests_phone(),
    ];
    let mut rows: Vec<Vec<String>> = labels
        .into_iter()
        .zip(items(visit, &line.asked.demographics))
        .map(|(label, says)| vec![label.into_owned(), says])
        .collect();
    let own = line.asked.local_id.to_string();
    rows.push(vec![w.requests_own_id().into_owned(), own]);
    let theirs = line.request.their_id.clone().unwrap_or_default();
    rows.push(vec![w.requests_their_id().into_owned(), theirs]);
    let agreed = words_of::long_day(w, line.request.agreed);
    let agreed = match &line.request.signer {
        Signer::Patient => agreed,
        Signer::Proxy { name, relation } => format!("{agreed} {name} ({relation})"),
    };
    rows.push(vec![w.requests_agreed().into_owned(), agreed]);
    let answers = [
        w.requests_paper_id(),
        w.requests_paper_answer(),
        w.requests_paper_who(),
    ];
    Ok(Document {
        title: w.requests_paper_title().into_owned(),
        lang: w.lang.tag().to_owned(),
        banner: vec![
            (w.requests_to().into_owned(), to),
            (w.requests_from().into_owned(), format!("{from} {phone}")),
        ],
        gaps: Vec::new(),
        gap_mark: String::new(),
        blocks: vec![
            Block::Text(w.requests_paper_asks().into_owned()),
            Block::Table(Table {
                columns: vec![
                    (w.line_item().into_owned(), 34),
                    (w.requests_patient().into_owned(), 66),
                ],
                rows,
            }),
            Block::Heading(w.requests_paper_back().into_owned()),
            Block::Lines(answers.map(std::borrow::Cow::into_owned).into()),
        ],
        printed: printed(visit)?,
    })
}
