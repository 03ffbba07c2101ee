//! Lab results of every source as one table, and up to four items as graphs. Everything is drawn by
//! the server: the page is the same with and without script. Documents one by one stand under
//! `?view=list`.

mod codes;
mod export;
mod graph;
mod grid;
mod paper;
mod scale;
mod spark;
mod values;
mod wanted;

use crate::chart::merged::{Drawn, View, merged};
use crate::chart::{Section, badges};
use crate::pages::{section, words_of};
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
pub(crate) use export::show as export;
use graph::Graph;
use grid::{Grid, drawing};
pub(crate) use paper::PAPER;
use tasuki_model::JstDay;
use tasuki_records::ClinicalValue;
use tasuki_records::lab::item::ItemGroup;
use tasuki_records::lab::merge::{LabTable, lab_table, measured};
use wanted::{Takings, Wanted, group_code};

#[derive(Template)]
#[template(path = "pages/labs/toolbar.html")]
struct Toolbar {
    w: Words,
    /// Which takings: address, words, whether it is shown.
    takings: Vec<(String, String, bool)>,
    groups: Vec<(String, String, bool)>,
    /// Whose codes stand beside the items.
    codes: Vec<(String, String, bool)>,
    /// What the form keeps of the address.
    kept: Vec<(&'static str, String)>,
    abnormal: bool,
    ranges: bool,
    period: Option<(String, String)>,
    /// The same table as a file.
    files: [(String, String); 2],
}

#[derive(Template)]
#[template(path = "pages/labs/body.html")]
struct LabsBody {
    w: Words,
    grid: Grid,
    ranges: bool,
    graphs: Vec<Graph>,
    /// Reads five years instead of one.
    further: Option<String>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Labs);
    }
    let wanted = Wanted::of(visit)?;
    let filter = wanted.filter(JstDay::at(visit.now));
    merged(visit, Section::Labs, &filter, |view| {
        let table = table(view);
        Ok(Drawn {
            toolbar: toolbar(view, &wanted, &table).render()?,
            body: body(view, &wanted, &table).render()?,
            aside: String::new(),
        })
    })
}

/// Every result that was read.
fn table(view: &View<'_>) -> LabTable {
    let mut facts = Vec::new();
    for document in &view.papers.documents {
        if let Some(ClinicalValue::Lab(lab)) = &document.value.value {
            facts.extend(measured(
                lab,
                &document.origins,
                document.value.service.as_ref(),
            ));
        }
    }
    lab_table(facts)
}

fn body(view: &View<'_>, wanted: &Wanted, table: &LabTable) -> LabsBody {
    let chosen = |handle: &String| {
        table
            .rows
            .iter()
            .find(|row| badges::handle(&row.key) == *handle)
    };
    let rows: Vec<_> = wanted.rows.iter().filter_map(chosen).collect();
    LabsBody {
        w: view.w,
        grid: drawing(view, wanted, table).grid(),
        ranges: wanted.ranges,
        graphs: graph::graphs(view, wanted, &rows),
        further: match wanted.takings {
            Takings::Last(_) if wanted.years == 1 => Some(wanted.href("years", "5")),
            _ => None,
        },
    }
}

fn toolbar(view: &View<'_>, wanted: &Wanted, table: &LabTable) -> Toolbar {
    let w = view.w;
    let last = |n: usize| {
        let current = wanted.takings == Takings::Last(n);
        (
            wanted.href("takings", &n.to_string()),
            w.labs_last(n).into_owned(),
            current,
        )
    };
    let period = match wanted.takings {
        Takings::Period(from, to) => Some((from.to_string(), to.to_string())),
        Takings::Last(_) => None,
    };
    let by_period = (
        wanted.href("takings", "period"),
        w.labs_period().into_owned(),
        period.is_some(),
    );
    let group = |group: &ItemGroup| {
        let words = words_of::item_group(w, *group).into_owned();
        (group_code(*group), words, wanted.group == Some(*group))
    };
    let all = (
        String::new(),
        w.labs_all_groups().into_owned(),
        wanted.group.is_none(),
    );
    let chosen = ["group", "codes", "only", "ranges", "from", "to"];
    Toolbar {
        w,
        takings: vec![last(5), last(10), by_period],
        groups: std::iter::once(all)
            .chain(ItemGroup::ALL.iter().map(group))
            .collect(),
        codes: codes::choices(w, view.marks, table, wanted.codes.as_deref()),
        kept: wanted
            .pairs()
            .into_iter()
            .filter(|(name, _)| !chosen.contains(name))
            .collect(),
        abnormal: wanted.abnormal,
        ranges: wanted.ranges,
        period,
        files: [("xlsx", w.labs_excel()), ("csv", w.labs_csv())]
            .map(|(file, words)| (wanted.file(file), words.into_owned())),
    }
}
