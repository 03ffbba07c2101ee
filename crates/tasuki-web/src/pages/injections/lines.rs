//! Injections by day, as they are printed.

use crate::chart::badges::Badges;
use crate::chart::merged::View;
use crate::pages::words_of;
use tasuki_core::gather::Source;
use tasuki_model::{Coded, JstTime, Quantity};
use tasuki_records::injection::merge::{Bottle, Given, InjectionLine};
use tasuki_records::merge::Fact;

/// The injections of one day.
pub(super) struct Day {
    pub words: String,
    pub lines: Vec<Line>,
}

/// One bottle with what was given of it.
pub(super) struct Line {
    /// The order; nothing where none is here.
    pub order: Option<Order>,
    pub given: Vec<Done>,
}

/// What was ordered.
pub(super) struct Order {
    pub clock: String,
    pub drugs: Vec<String>,
    pub says: String,
    pub author: String,
    pub cancelled: bool,
    pub badges: Badges,
    pub href: String,
}

/// What was given.
pub(super) struct Done {
    pub when: String,
    pub drug: String,
    pub says: String,
    /// Not given, refused, or in part only (HL70322).
    pub not: Option<String>,
    pub badges: Badges,
    pub href: String,
}

/// Lines by the day of what was given, else of what was ordered; the newest first.
pub(super) fn days<'l>(
    view: &View<'_>,
    lines: impl Iterator<Item = &'l InjectionLine>,
) -> Vec<Day> {
    let mut days: Vec<(Option<tasuki_model::JstDay>, Day)> = Vec::new();
    for line in lines {
        let day = line.at().map(JstTime::day);
        let printed = Line {
            order: line.bottle.as_ref().map(|bottle| order(view, bottle)),
            given: line.given.iter().map(|given| done(view, given)).collect(),
        };
        match days.last_mut() {
            Some((last, open)) if *last == day => open.lines.push(printed),
            _ => {
                let unsaid = || view.w.merged_no_day().into_owned();
                let words = day.map_or_else(unsaid, |day| words_of::long_day(view.w, day));
                let lines = vec![printed];
                days.push((day, Day { words, lines }));
            }
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn place<T>(view: &View<'_>, fact: &Fact<T>) -> (Badges, String) {
    let sources: Vec<Source> = fact.sources().cloned().collect();
    let document = fact
        .origins
        .first()
        .map(|origin| view.address(&origin.document));
    (view.badges(&sources), document.unwrap_or_default())
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("　")
}

fn quantity(quantity: Option<&Quantity>) -> String {
    let Some(quantity) = quantity else {
        return String::new();
    };
    let unit = quantity
        .unit
        .as_ref()
        .map(Coded::display)
        .unwrap_or_default();
    format!("{} {unit}", quantity.value).trim_end().to_owned()
}

fn order(view: &View<'_>, fact: &Fact<Bottle>) -> Order {
    let mixture = &fact.value.mixture;
    let drug = |i: &tasuki_records::injection::Ingredient| {
        joined([i.drug.display().to_owned(), quantity(i.amount.as_ref())])
    };
    let ingredients: Vec<String> = mixture.ingredients.iter().map(drug).collect();
    let alone = ingredients.is_empty();
    let shown = |coded: &Coded| coded.display().to_owned();
    let (badges, href) = place(view, fact);
    let rest = [&mixture.route, &mixture.device, &mixture.site].map(shown);
    let kind = if alone {
        String::new()
    } else {
        shown(&mixture.kind)
    };
    let amounts = [
        kind,
        quantity(mixture.volume.as_ref()),
        quantity(mixture.rate.as_ref()),
    ];
    let usage = mixture.timing.usage.iter().map(shown);
    Order {
        clock: fact
            .value
            .at
            .as_ref()
            .and_then(JstTime::clock)
            .unwrap_or_default(),
        drugs: if alone {
            vec![shown(&mixture.kind)]
        } else {
            ingredients
        },
        says: joined(
            amounts
                .into_iter()
                .chain(rest)
                .chain(usage)
                .chain(mixture.comments.clone()),
        ),
        author: fact.value.author.clone(),
        cancelled: fact.value.cancelled,
        badges,
        href,
    }
}

fn done(view: &View<'_>, fact: &Fact<Given>) -> Done {
    let told = &fact.value.administration;
    let time = |time: &Option<JstTime>| time.as_ref().map(ToString::to_string).unwrap_or_default();
    let when = joined([time(&told.start), time(&told.end)]).replace('　', " – ");
    let not = match told.status.as_str() {
        "NA" => Some(view.w.injections_not_given()),
        "RE" => Some(view.w.injections_refused()),
        "PA" => Some(view.w.injections_in_part()),
        _ => None,
    };
    let by = told
        .by
        .as_ref()
        .map(tasuki_records::v2::Staff::display)
        .unwrap_or_default();
    let notes = told
        .notes
        .iter()
        .chain([&told.route, &told.device, &told.refusal]);
    let notes = notes.map(|coded| coded.display().to_owned());
    let (badges, href) = place(view, fact);
    Done {
        when,
        drug: joined([
            told.drug.display().to_owned(),
            quantity(told.amount.as_ref()),
        ]),
        says: joined([told.rate.to_string(), by].into_iter().chain(notes)),
        not: not.map(std::borrow::Cow::into_owned),
        badges,
        href,
    }
}
