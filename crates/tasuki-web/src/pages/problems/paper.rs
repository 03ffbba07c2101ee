//! Allergies and diseases on paper, with what the sources do not agree on.

use super::diseases::Row;
use super::saying::Saying;
use super::{allergies, diseases, filter, read};
use crate::chart::merged::View;
use crate::pages::print::Part;
use tasuki_model::JstDay;
use tasuki_report::{Block, Table};

/// Both, as a part of a print.
pub(crate) const PAPER: Part = Part {
    filter: |_: JstDay| filter(),
    blocks: both,
};

/// Allergies alone.
pub(crate) const ALLERGY_PAPER: Part = Part {
    filter: |_: JstDay| filter(),
    blocks: of_allergies,
};

fn both(view: &View<'_>) -> Vec<Block> {
    let mut blocks = of_allergies(view);
    let (_, problems) = read(view);
    for group in diseases::groups(view, &problems) {
        let head = |words: std::borrow::Cow<'static, str>, share| (words.into_owned(), share);
        blocks.push(Block::Heading(group.head));
        blocks.push(Block::Table(Table {
            columns: vec![
                head(view.w.print_disease(), 30),
                head(view.w.problems_start_end(), 22),
                head(view.w.problems_wording(), 48),
            ],
            rows: group.rows.iter().map(|row| disease(view, row)).collect(),
        }));
    }
    for conflict in diseases::contradictions(view, &problems) {
        let says = conflict.says.iter();
        let says = says.map(|(source, state)| view.w.problems_says(source, state).into_owned());
        let text = format!("{}　{}", conflict.name, says.collect::<String>());
        blocks.push(Block::Text(text));
    }
    blocks
}

fn of_allergies(view: &View<'_>) -> Vec<Block> {
    let (all, _) = read(view);
    let six = allergies::six(view, &all);
    let mut blocks = vec![
        Block::Heading(view.w.problems_allergies().into_owned()),
        Block::Text(allergies::sentence(view, &all, &six)),
    ];
    let conflicts = allergies::conflicts(view, &all);
    blocks.extend(conflicts.into_iter().map(Block::Text));
    if !all.lines.is_empty() {
        let told = all.lines.iter().map(|line| {
            let told = allergies::told(view, line);
            vec![told.name, says(&told.says)]
        });
        blocks.push(Block::Table(Table {
            columns: vec![
                (view.w.print_allergen().into_owned(), 35),
                (view.w.problems_wording().into_owned(), 65),
            ],
            rows: told.collect(),
        }));
    }
    blocks
}

fn disease(view: &View<'_>, row: &Row) -> Vec<String> {
    let main = row.main.then(|| view.w.problems_main().into_owned());
    let conflict = row
        .conflict
        .then(|| view.w.problems_conflict().into_owned());
    let marks: Vec<String> = main.into_iter().chain(conflict).collect();
    let name = match marks.is_empty() {
        true => row.name.clone(),
        false => format!("{}（{}）", row.name, marks.join(" ")),
    };
    vec![name, row.when.clone(), says(&row.says)]
}

/// What each source says, a line for each wording.
fn says(sayings: &[Saying]) -> String {
    let line = |saying: &Saying| {
        let by: Vec<String> = saying.by.iter().map(|(badges, _)| badges.words()).collect();
        format!("[{}] {}", by.join(" "), saying.words)
    };
    sayings.iter().map(line).collect::<Vec<_>>().join("\n")
}
