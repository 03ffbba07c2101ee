//! Problems and allergies of every source. The allergy sentence says what is known and what is not;
//! "none" is said only where a source has stated it. Where sources contradict one another both are
//! shown. Documents one by one stand under `?view=list`.

mod allergies;
mod diseases;
mod paper;
pub(crate) mod saying;
#[cfg(test)]
pub(crate) mod tests;

use crate::chart::Section;
use crate::chart::merged::{Drawn, View, merged};
use crate::pages::section;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
pub(crate) use allergies::words;
use allergies::{Six, Told};
use askama::Template;
use diseases::{Conflict, Group};
pub(crate) use paper::{ALLERGY_PAPER, PAPER};
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::Category;
use tasuki_records::ClinicalValue;
use tasuki_records::allergy::AllergyList;
use tasuki_records::allergy::merge::Allergies;
use tasuki_records::merge::Origin;
use tasuki_records::problem_list::merge::{ProblemLine, problems, stated};

#[derive(Template)]
#[template(path = "pages/problems/toolbar.html")]
struct Toolbar {
    w: Words,
}

#[derive(Template)]
#[template(path = "pages/problems/body.html")]
struct Body {
    w: Words,
    sentence: String,
    conflicts: Vec<String>,
    allergies: Vec<Told>,
    withdrawn: Vec<Told>,
    six: Vec<Six>,
    groups: Vec<Group>,
    contradictions: Vec<Conflict>,
    any: bool,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Problems);
    }
    merged(visit, Section::Problems, &filter(), |view| {
        Ok(Drawn {
            toolbar: Toolbar { w: view.w }.render()?,
            body: body(view).render()?,
            aside: String::new(),
        })
    })
}

/// The basic record of some facilities names allergies too (AL1 of ADT-00).
fn filter() -> EntryFilter {
    EntryFilter {
        categories: vec![Category::Problem, Category::Allergy, Category::Basic],
        service: Service::Either,
        ..EntryFilter::default()
    }
}

fn body(view: &View<'_>) -> Body {
    let (allergies, problems) = read(view);
    let six = allergies::six(view, &allergies);
    Body {
        w: view.w,
        sentence: allergies::sentence(view, &allergies, &six),
        conflicts: allergies::conflicts(view, &allergies),
        allergies: allergies
            .lines
            .iter()
            .map(|line| allergies::told(view, line))
            .collect(),
        withdrawn: allergies
            .withdrawn
            .iter()
            .map(|line| allergies::told(view, line))
            .collect(),
        six,
        groups: diseases::groups(view, &problems),
        contradictions: diseases::contradictions(view, &problems),
        any: !problems.is_empty(),
    }
}

/// The allergy lists and diseases of a page's documents, merged.
pub(crate) fn read(view: &View<'_>) -> (Allergies, Vec<ProblemLine>) {
    let (mut lists, mut facts): (Vec<(Vec<Origin>, AllergyList)>, Vec<_>) = Default::default();
    for document in &view.papers.documents {
        let origins = document.origins.clone();
        match &document.value.value {
            Some(ClinicalValue::Allergies(list)) => lists.push((origins, list.clone())),
            // A basic record without an allergy states nothing about allergies.
            Some(ClinicalValue::Patient(record)) if !record.allergies.is_empty() => {
                let entries = record.allergies.clone();
                lists.push((
                    origins,
                    AllergyList {
                        entries,
                        ..AllergyList::default()
                    },
                ));
            }
            Some(ClinicalValue::Problems(list)) => facts.extend(stated(list, &origins)),
            _ => {}
        }
    }
    (
        tasuki_records::allergy::merge::allergies(&lists),
        problems(facts),
    )
}
