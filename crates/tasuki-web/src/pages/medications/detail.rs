//! The medicine chosen: every order of every source as it was written.

use crate::chart::badges::Badges;
use crate::chart::merged::View;
use crate::words::Words;
use askama::Template;
use tasuki_core::gather::Source;
use tasuki_records::merge::Fact;
use tasuki_records::prescription::merge::{Medicine, Supply};

/// Orders shown at most; it says how many there are besides.
const ORDERS_MAX: usize = 40;

/// The detail of one medicine.
#[derive(Template)]
#[template(path = "pages/medications/detail.html")]
pub(super) struct Detail {
    w: Words,
    name: String,
    others: Vec<String>,
    close: String,
    overlaps: Vec<String>,
    orders: Vec<Order>,
    more: usize,
}

struct Order {
    badges: Badges,
    start: String,
    days: String,
    says: Vec<String>,
    cancelled: bool,
    href: String,
}

/// The detail of a medicine; `overlaps` are the sentences about it.
pub(super) fn detail(
    view: &View<'_>,
    medicine: &Medicine,
    overlaps: Vec<String>,
    close: String,
) -> Detail {
    let orders = medicine.supplies.iter().take(ORDERS_MAX);
    Detail {
        w: view.w,
        name: medicine.name.clone(),
        others: medicine
            .other_names()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        close,
        overlaps,
        orders: orders.map(|fact| order(view, fact)).collect(),
        more: medicine.supplies.len().saturating_sub(ORDERS_MAX),
    }
}

fn order(view: &View<'_>, fact: &Fact<Supply>) -> Order {
    let supply = &fact.value;
    let sources: Vec<Source> = fact.sources().cloned().collect();
    let code = supply
        .drug
        .codings
        .first()
        .filter(|coding| !coding.code.is_empty());
    let code = code.map(|coding| format!("{} {}", coding.code, coding.system));
    let line = [supply.drug.display(), &supply.dose, &supply.usage];
    let line = line
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("　");
    let rest = [&code.unwrap_or_default(), &supply.setting, &supply.author];
    let rest = rest
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join("　");
    let says = [line, rest].into_iter().chain(supply.comments.clone());
    let document = fact
        .origins
        .first()
        .map(|origin| view.address(&origin.document));
    Order {
        badges: view.badges(&sources),
        start: supply.start.map_or_else(
            || view.w.merged_no_day().into_owned(),
            |day| day.to_string(),
        ),
        days: supply
            .days
            .map(|days| view.w.count_days(days).into_owned())
            .unwrap_or_default(),
        says: says.filter(|said| !said.is_empty()).collect(),
        cancelled: supply.cancelled,
        href: document.unwrap_or_default(),
    }
}
