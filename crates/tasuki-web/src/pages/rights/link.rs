//! The clerk hands a patient a link: a code, shown and printed once, and never kept.

use crate::pages::consent::{clerk, known, person};
use crate::pages::print::printed;
use crate::sign_in::{qr, random_hex, sha256};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Egress;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::ports::RightsLink;
use tasuki_core::release::Body;
use tasuki_report::{Block, Document, Modules};

/// Days for which a link holds.
const DAYS: i64 = 14;
/// How often it opens: read, print, copy, and again.
const USES: u32 = 10;
/// Hex digits of a code: 80 bits.
const DIGITS: usize = 20;

/// A sheet with the code, made anew: the one before opens nothing any more.
pub(crate) fn hand_over(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let by = clerk(visit)?.account.id.clone();
    let known = known(visit)?;
    let faces = visit.portal.faces()?;
    let code: String = random_hex()?.chars().take(DIGITS).collect();
    let link = RightsLink {
        code_sha256: sha256(&code),
        patient: known.view().record.patient_key.clone(),
        by,
        expires: visit.now.plus_seconds(DAYS * 86_400),
        uses: USES,
    };
    let event = AuditEvent {
        patients: vec![link.patient.clone()],
        person: Some(person(visit)?),
        items: 1,
        detail: Some("a link handed to the patient".to_owned()),
        ..visit.event(Action::Export, "rights-link")?
    };
    visit.portal.store.writing(|tx| {
        tx.put_rights_link(&link, visit.now)?;
        tx.append_audit(&event)
    })?;
    let printed = printed(visit)?;
    let body = known.try_map(|known| {
        let w = visit.w;
        let groups: Vec<char> = code.chars().collect();
        let groups = groups.chunks(5).map(|g| g.iter().collect::<String>());
        let shown = groups.collect::<Vec<_>>().join("-").to_uppercase();
        // The address alone: a code in an address would stand in logs.
        let place = visit.portal.config.origin.as_deref().unwrap_or_default();
        let place = format!("{place}/mine");
        let until = link.expires.in_jst().to_string();
        let document = Document {
            title: w.rights_title().into_owned(),
            lang: w.lang.tag().to_owned(),
            banner: vec![(
                w.print_name().into_owned(),
                known.record.demographics.name.display(),
            )],
            gaps: Vec::new(),
            gap_mark: String::new(),
            blocks: vec![
                Block::Text(w.rights_sheet(&place, &until).into_owned()),
                Block::Heading(w.rights_code().into_owned()),
                Block::Text(shown),
                Block::Code(Modules {
                    rows: qr::modules(&place)?,
                    caption: place,
                }),
            ],
            printed,
        };
        Ok::<_, Stop>(Body::new("application/pdf", document.to_pdf(&faces)?))
    })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body));
    reply.file_name = Some("tasuki-link.pdf".to_owned());
    reply.audited = true;
    Ok(reply)
}
