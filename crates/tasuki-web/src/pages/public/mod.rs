//! What anybody may see: the facilities of the network and its published figures, with the day they are
//! of; the same for programs as `statistics.json`. Nothing that was not approved, and no patient.

use crate::pages::statistics::months;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use serde_json::json;
use tasuki_core::Egress;
use tasuki_core::ports::Publication;
use tasuki_core::release::{Body, NonClinical};
use tasuki_model::Facility;
use tasuki_model::facility::Part;

#[derive(Template)]
#[template(path = "pages/public/page.html")]
struct PublicPage<'a> {
    shell: Shell,
    network: &'a str,
    phone: &'a str,
    published: Option<Shown>,
    members: Vec<(String, bool)>,
}

struct Shown {
    as_of: String,
    it: Publication,
    months: Vec<(String, u64)>,
}

fn found(visit: &Visit<'_>) -> Result<(Option<Publication>, Vec<Facility>), Stop> {
    let store = &visit.portal.store;
    Ok(store.reading(|tx| Ok((tx.published()?, tx.facilities()?)))?)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let (published, facilities) = found(visit)?;
    let config = &visit.portal.config;
    let named = |f: &Facility| {
        let name = crate::shell::facility_name(visit, f);
        (name, f.part == Part::Disclosing)
    };
    let page = PublicPage {
        shell: Shell::of(visit, "public", visit.w.public_title()),
        network: &config.network_name,
        phone: &config.help_phone,
        published: published.map(|it| Shown {
            as_of: it.as_of.in_jst().to_string(),
            months: months(&it.figures),
            it,
        }),
        members: facilities.iter().map(named).collect(),
    };
    Ok(Reply::notice(page.render()?))
}

/// The same numbers for programs.
pub(crate) fn json(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let (published, facilities) = found(visit)?;
    let part = |part: Part| {
        let of = facilities.iter().filter(|f| f.part == part);
        of.map(|f| json!({ "code": f.code.as_str(), "name": f.name }))
            .collect::<Vec<_>>()
    };
    let figures = published.map(|it| {
        let by_month = it.figures.by_month.iter();
        let by_month =
            by_month.map(|(month, views)| json!({ "month": month.to_string(), "views": views }));
        json!({
            "as_of": it.as_of.in_jst().to_string(),
            "disclosing": it.figures.disclosing,
            "viewing": it.figures.viewing,
            "registered": it.figures.registered,
            "linked": it.figures.linked,
            "views": it.figures.views,
            "views_by_month": by_month.collect::<Vec<_>>(),
        })
    });
    let told = json!({
        "version": 1,
        "network": visit.portal.config.network_name,
        "figures": figures,
        "disclosing_facilities": part(Part::Disclosing),
        "viewing_facilities": part(Part::Viewing),
    });
    let body = Body::new("application/json", told.to_string().into_bytes());
    Ok(Reply::new(Egress::non_clinical(NonClinical::Notice(body))))
}
