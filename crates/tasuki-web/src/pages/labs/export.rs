//! The table shown, for other programs: as CSV with one line a value, or as an Excel workbook with the
//! table, the same lines, and the sources. What did not come stands in both.

use super::grid::{Drawing, drawing};
use super::table;
use super::wanted::Wanted;
use crate::chart::lines::flag_mark;
use crate::chart::merged::View;
use crate::chart::papers::papers;
use crate::chart::standing::limit_sentences;
use crate::chart::{self, Section, undated};
use crate::marks::gap_of;
use crate::pages::print::{banner, printed, source_rows};
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use tasuki_core::audit::Action;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered};
use tasuki_model::JstDay;
use tasuki_records::lab::merge::{ItemRow, Measured};
use tasuki_records::lab::range::{judgement, number};
use tasuki_records::merge::Fact;
use tasuki_report::{Book, Cell, Sheet};

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let format = match visit.ask.param("format") {
        format @ ("csv" | "xlsx") => format.to_owned(),
        _ => return Err(Stop::Refused),
    };
    let wanted = Wanted::of(visit)?;
    let today = JstDay::at(visit.now);
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let found = papers(visit, &chart, &wanted.filter(today))?;
    let undated = undated(visit, &chart)?;
    let chart::Chart { facts, marks, .. } = chart;
    let body = facts
        .zip(found)
        .zip(undated)
        .try_map(|((facts, papers), undated)| {
            let view = View::of(visit, &marks, &facts, &papers);
            let whose = banner(visit, &marks, &facts, undated.allergy_words(visit.w));
            let by = printed(visit)?;
            let gathered = Gathered::new((), facts.reports.clone());
            let book = gathered.section(|()| ()).compose(|(), missing| {
                let gaps = missing.iter().map(|report| {
                    let gap = gap_of(view.w, &marks, report);
                    format!("{}　{}", gap.name, gap.what)
                });
                let limits = limit_sentences(view.w, &marks, &facts, Section::Labs.categories());
                let gaps = gaps.chain(limits).chain(papers.remarks(view.w));
                let gaps: Vec<String> = gaps.collect();
                let above = whose
                    .iter()
                    .map(|(label, value)| format!("{label} {value}"));
                let above = above.chain([by.clone()]).chain(gaps.clone()).collect();
                book(&view, &wanted, above, gaps)
            });
            match book.sheets.get(1) {
                Some(values) if format == "csv" => Ok(Body::new(CSV, values.to_csv()?)),
                _ => Ok::<_, Stop>(Body::new(XLSX, book.to_xlsx()?)),
            }
        })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body)).about(&person);
    reply.file_name = Some(format!("tasuki-labs-{today}.{format}"));
    Ok(reply.with_detail(format!("labs {format}")))
}

fn book(view: &View<'_>, wanted: &Wanted, above: Vec<String>, gaps: Vec<String>) -> Book {
    let w = view.w;
    let table = table(view);
    let drawing = drawing(view, wanted, &table);
    let columns = drawing.columns();
    let rows: Vec<&ItemRow> = drawing.rows(&columns).collect();
    let mut sources = Sheet {
        name: w.section_sources().into_owned(),
        columns: vec![
            (w.sources_facility().into_owned(), 30),
            (w.sources_state().into_owned(), 60),
            (w.sources_count().into_owned(), 10),
            (w.sources_as_of().into_owned(), 20),
        ],
        ..Sheet::default()
    };
    let said = source_rows(w, view.marks, view.facts);
    sources.rows = said
        .map(|row| row.into_iter().map(Cell::Text).collect())
        .collect();
    Book {
        title: w.section_labs().into_owned(),
        sheets: vec![
            as_shown(&drawing, &columns, &rows, above),
            one_a_line(view, &columns, &rows, gaps, drawing.left_out(&columns)),
            sources,
        ],
    }
}

/// Items down, takings across, as on the screen.
fn as_shown(
    drawing: &Drawing<'_>,
    columns: &[usize],
    rows: &[&ItemRow],
    mut above: Vec<String>,
) -> Sheet {
    let w = drawing.w;
    above.push(w.labs_judged().into_owned());
    above.extend(drawing.left_out(columns));
    let taking = |column: &usize| drawing.table.takings.get(*column);
    let heads = columns.iter().filter_map(taking).map(|taking| {
        let head = drawing.head(taking);
        let words = format!("{} {}\n{}", head.day, head.clock, head.badges.words());
        (words, 16)
    });
    let item = [
        (w.label_item().into_owned(), 24),
        (w.label_unit().into_owned(), 10),
    ];
    let line = |row: &&ItemRow| {
        let mut cells = vec![Cell::text(name(w, row)), Cell::text(&row.unit)];
        cells.extend(columns.iter().map(|column| cell(w, row, *column)));
        cells
    };
    Sheet {
        name: w.section_labs().into_owned(),
        above,
        columns: item.into_iter().chain(heads).collect(),
        held: 2,
        rows: rows.iter().map(line).collect(),
    }
}

fn name(w: Words, row: &ItemRow) -> String {
    let name = row.names.iter().find(|name| !name.is_empty());
    name.cloned()
        .unwrap_or_else(|| w.merged_no_name().into_owned())
}

/// A number to reckon with where the cell holds one value in the row's unit; words otherwise.
fn cell(w: Words, row: &ItemRow, column: usize) -> Cell {
    let here: Vec<_> = row.values.iter().filter(|(c, _)| *c == column).collect();
    if let [(_, fact)] = here[..] {
        let value = super::grid::value(w, row, fact);
        if value.unit.is_empty() && value.notes.is_empty() {
            return result(fact);
        }
    }
    let said = here.iter().map(|(_, fact)| {
        let value = super::grid::value(w, row, fact);
        let mut parts = vec![value.text];
        parts.extend(value.flag.map(str::to_owned));
        parts.push(value.unit);
        parts.extend(value.notes);
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    });
    Cell::Text(said.collect::<Vec<_>>().join("\n"))
}

/// A result; with its flag where it is a number.
fn result(fact: &Fact<Measured>) -> Cell {
    let observation = &fact.value.observation;
    let shown = observation.value.display();
    let flag = judgement(observation).map_or("", flag_mark);
    match number(&observation.value) {
        Some((number, true)) => Cell::Number {
            shown,
            number,
            flag,
        },
        _ if flag.is_empty() => Cell::Text(shown),
        _ => Cell::Text(format!("{shown} {flag}")),
    }
}

/// One value a line, with whatever its source said of it.
fn one_a_line(
    view: &View<'_>,
    columns: &[usize],
    rows: &[&ItemRow],
    gaps: Vec<String>,
    left_out: Vec<String>,
) -> Sheet {
    let w = view.w;
    let heads = [
        (w.label_item(), 24),
        (w.label_code(), 20),
        (w.label_specimen(), 12),
        (w.lines_when(), 18),
        (w.label_result(), 12),
        (w.label_judgement(), 8),
        (w.label_unit(), 10),
        (w.label_range(), 14),
        (w.label_comment(), 24),
        (w.lines_source(), 24),
    ];
    let shown = |(column, _): &&(usize, Fact<Measured>)| columns.contains(column);
    let values = rows.iter().flat_map(|row| {
        row.values
            .iter()
            .filter(shown)
            .map(move |(_, fact)| (row, fact))
    });
    let lines = values.map(|(row, fact)| line(view, row, fact));
    let said = gaps.into_iter().chain(left_out);
    let last = said.map(|words| vec![Cell::text(w.labs_not_in_file()), Cell::Text(words)]);
    Sheet {
        name: w.labs_values().into_owned(),
        columns: heads
            .map(|(words, width)| (words.into_owned(), width))
            .into(),
        held: 1,
        rows: lines.chain(last).collect(),
        ..Sheet::default()
    }
}

fn line(view: &View<'_>, row: &ItemRow, fact: &Fact<Measured>) -> Vec<Cell> {
    let observation = &fact.value.observation;
    let value = super::grid::value(view.w, row, fact);
    let sources = fact.sources().map(|source| view.name(source));
    let code = observation.item.codings.first();
    let digits = match result(fact) {
        Cell::Number { shown, number, .. } => Cell::Number {
            shown,
            number,
            flag: "",
        },
        Cell::Text(_) => Cell::Text(value.text),
    };
    vec![
        Cell::text(observation.item.display()),
        Cell::text(code.map(|c| c.code.to_string()).unwrap_or_default()),
        Cell::text(fact.value.material.display()),
        Cell::text(
            fact.value
                .at
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        digits,
        Cell::text(value.flag.unwrap_or_default()),
        Cell::text(observation.unit.display()),
        Cell::Text(value.range),
        Cell::Text(value.notes.join(" ")),
        Cell::Text(sources.collect::<Vec<_>>().join(" / ")),
    ]
}
