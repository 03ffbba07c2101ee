//! On paper: 同意書 and 同意撤回届, with what was agreed, what other systems keep until their time is out, lines
//! to sign on, and the code that opens this consent at the desk.

use super::words::{code_of, past};
use super::{Known, Names, known, names, person, scan};
use crate::pages::print::printed;
use crate::pages::words_of;
use crate::sign_in::qr;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::ports::Consent;
use tasuki_core::release::Body;
use tasuki_report::{Block, Document, Modules};

/// `sheet`, `withdrawal`, or the `scan` of what was signed.
pub(crate) fn print(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let withdrawal = match visit.ask.param("form") {
        "sheet" => false,
        "withdrawal" => true,
        "scan" => return scan::show(visit),
        _ => return Err(Stop::Refused),
    };
    let known = known(visit)?;
    let names = names(visit, &known.view().consents)?;
    let faces = visit.portal.faces()?;
    let meant = visit.ask.query("consent").unwrap_or_default();
    let body = known.try_map(|known| {
        let at = known.consents.iter().position(|c| c.id.as_str() == meant);
        let consent = at.and_then(|at| Some((at, known.consents.get(at)?)));
        let (at, consent) = consent.ok_or(Stop::Refused)?;
        let document = document(visit, &known, (consent, at == 0), &names, withdrawal)?;
        Ok::<_, Stop>(Body::new("application/pdf", document.to_pdf(&faces)?))
    })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body));
    reply.file_name = Some("tasuki-consent.pdf".to_owned());
    Ok(reply
        .about(&person(visit)?)
        .with_detail("print consent".to_owned()))
}

fn document(
    visit: &Visit<'_>,
    known: &Known,
    (consent, newest): (&Consent, bool),
    names: &Names,
    withdrawal: bool,
) -> Result<Document, Stop> {
    let w = visit.w;
    let said = &known.record.demographics;
    let own = names.facilities.get(&known.record.facility);
    let own = own.cloned().unwrap_or_default();
    let title = if withdrawal {
        w.consent_sheet_withdrawal()
    } else {
        w.consent_sheet_title()
    };
    let mut blocks = Vec::new();
    let text = |t: std::borrow::Cow<'_, str>| Block::Text(t.into_owned());
    blocks.push(match withdrawal {
        true => text(w.consent_sheet_withdraws()),
        false => text(w.consent_sheet_agrees()),
    });
    blocks.push(Block::Heading(w.consent_sheet_discloser().into_owned()));
    blocks.push(Block::Text(own));
    blocks.push(Block::Heading(w.consent_sheet_scope().into_owned()));
    let shown = past(visit, consent, names, newest);
    blocks.extend(
        shown
            .scope
            .into_iter()
            .map(|line| Block::Text(format!("• {line}"))),
    );
    blocks.push(text(w.consent_sheet_taken(
        &shown.taken,
        &shown.signer,
        &shown.place,
    )));
    if visit.portal.config.consent_documents && !withdrawal {
        blocks.push(text(w.consent_sheet_published()));
    }
    blocks.push(Block::Heading(w.consent_sheet_after().into_owned()));
    blocks.push(text(w.consent_sheet_keeps()));
    blocks.push(Block::Lines(
        [
            w.consent_sheet_day(),
            w.consent_sheet_signature(),
            w.consent_sheet_proxy(),
        ]
        .map(std::borrow::Cow::into_owned)
        .into(),
    ));
    blocks.push(Block::Code(code(visit, consent)?));
    Ok(Document {
        title: title.into_owned(),
        lang: w.lang.tag().to_owned(),
        banner: vec![
            (w.print_name().into_owned(), said.name.display()),
            (
                w.banner_birth().into_owned(),
                said.birth
                    .map(|b| words_of::birth(w, b))
                    .unwrap_or_default(),
            ),
            (
                w.banner_ids().into_owned(),
                known.record.local_id.to_string(),
            ),
        ],
        gaps: Vec::new(),
        gap_mark: String::new(),
        blocks,
        printed: printed(visit)?,
    })
}

/// The code says where the desk is, if the portal knows its own address, and never who the patient is.
fn code(visit: &Visit<'_>, consent: &Consent) -> Result<Modules, Stop> {
    let code = code_of(consent);
    let origin = visit.portal.config.origin.as_deref();
    let says = match origin {
        Some(origin) => format!("{origin}/desk/consents?code={code}"),
        None => code.clone(),
    };
    Ok(Modules {
        rows: qr::modules(&says)?,
        caption: visit.w.consent_sheet_code(&code).into_owned(),
    })
}
