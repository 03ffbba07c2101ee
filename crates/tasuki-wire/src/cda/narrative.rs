//! Narrative blocks (CDA R2 §4.3.5) as typed blocks: paragraphs, lists, tables and the inline marks
//! that carry meaning. No colours, sizes or borders: they are the page's.

use super::{CdaFault, Reading};
use crate::xml::{Element, Node};

/// A block of a narrative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, or text that stood outside any.
    Paragraph(Vec<Inline>),
    /// A list.
    List(List),
    /// A table.
    Table(Table),
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// True for numbers, false for dots.
    pub ordered: bool,
    /// Caption.
    pub caption: Vec<Inline>,
    /// Items.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// Caption.
    pub caption: Vec<Inline>,
    /// Content.
    pub blocks: Vec<Block>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Caption.
    pub caption: Vec<Inline>,
    /// Rows of `thead`.
    pub head: Vec<Row>,
    /// Rows of `tbody`, or of the table itself.
    pub body: Vec<Row>,
    /// Rows of `tfoot`.
    pub foot: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// `th` rather than `td`.
    pub header: bool,
    /// Columns it covers, 1 to 100.
    pub columns: u16,
    /// Rows it covers, 1 to 100.
    pub rows: u16,
    /// Content.
    pub blocks: Vec<Block>,
}

/// Something within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Text with its white space as sent.
    Text(String),
    /// A line break.
    Break,
    /// Marked text.
    Styled(Style, Vec<Inline>),
    /// A link to a web page (`http`, `https`) or to a place in the document (`#id`).
    Link(String, Vec<Inline>),
    /// Media shown here, by their ids; with a caption.
    Media(Vec<String>, Vec<Inline>),
    /// A footnote.
    Footnote(Vec<Inline>),
}

/// A mark that carries meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `styleCode="Bold"`.
    Bold,
    /// `styleCode="Italics"`.
    Italic,
    /// `styleCode="Underline"`.
    Underline,
    /// `sub`.
    Subscript,
    /// `sup`.
    Superscript,
    /// `revised="delete"`: no longer valid, and to be shown so.
    Deleted,
    /// `revised="insert"`.
    Inserted,
}

/// The blocks inside an element: `text`, `item`, `td` …
pub(super) fn blocks(parent: &Element, reading: &mut Reading<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut line = Vec::new();
    for child in &parent.children {
        let block = match child {
            Node::Element(element) => match &*element.name {
                "paragraph" => Some(Block::Paragraph(paragraph(element, reading))),
                "list" => Some(Block::List(list(element, reading))),
                "table" => Some(Block::Table(table(element, reading))),
                "caption" => None,
                _ => {
                    line.extend(inline(element, reading));
                    continue;
                }
            },
            Node::Text(text) => {
                line.push(Inline::Text(text.clone()));
                continue;
            }
        };
        flush(&mut line, &mut blocks);
        blocks.extend(block);
    }
    flush(&mut line, &mut blocks);
    blocks
}

fn flush(line: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
    let inlines = trimmed(std::mem::take(line));
    if !inlines.is_empty() {
        blocks.push(Block::Paragraph(inlines));
    }
}

/// Removes the indentation of the XML at both ends of a line; a line of nothing else is none.
fn trimmed(mut inlines: Vec<Inline>) -> Vec<Inline> {
    if let Some(Inline::Text(first)) = inlines.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some(Inline::Text(last)) = inlines.last_mut() {
        last.truncate(last.trim_end().len());
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
    inlines
}

fn paragraph(element: &Element, reading: &mut Reading<'_>) -> Vec<Inline> {
    let caption = caption(element, reading);
    let body = trimmed(inlines(element, reading));
    if caption.is_empty() {
        return body;
    }
    [
        vec![Inline::Styled(Style::Bold, caption), Inline::Break],
        body,
    ]
    .concat()
}

fn caption(element: &Element, reading: &mut Reading<'_>) -> Vec<Inline> {
    element
        .first("caption")
        .map(|caption| trimmed(inlines(caption, reading)))
        .unwrap_or_default()
}

fn list(element: &Element, reading: &mut Reading<'_>) -> List {
    List {
        ordered: element.attribute("listType") == Some("ordered"),
        caption: caption(element, reading),
        items: element
            .all("item")
            .map(|item| Item {
                caption: caption(item, reading),
                blocks: blocks(item, reading),
            })
            .collect(),
    }
}

fn table(element: &Element, reading: &mut Reading<'_>) -> Table {
    let mut table = Table {
        caption: caption(element, reading),
        ..Table::default()
    };
    for part in element.elements() {
        match &*part.name {
            "thead" => table.head.extend(part.all("tr").map(|tr| row(tr, reading))),
            "tfoot" => table.foot.extend(part.all("tr").map(|tr| row(tr, reading))),
            "tbody" => table.body.extend(part.all("tr").map(|tr| row(tr, reading))),
            "tr" => table.body.push(row(part, reading)),
            "caption" | "col" | "colgroup" => {}
            other => reading.note(CdaFault::UnknownElement, other),
        }
    }
    table
}

fn row(element: &Element, reading: &mut Reading<'_>) -> Row {
    let mut row = Row::default();
    for cell in element.elements() {
        if !matches!(&*cell.name, "td" | "th") {
            reading.note(CdaFault::UnknownElement, &cell.name);
        }
        let span = |name| {
            let number = cell
                .attribute(name)
                .and_then(|text| text.trim().parse::<u16>().ok());
            number.unwrap_or(1).clamp(1, 100)
        };
        row.cells.push(Cell {
            header: &*cell.name == "th",
            columns: span("colspan"),
            rows: span("rowspan"),
            blocks: blocks(cell, reading),
        });
    }
    row
}

fn inlines(parent: &Element, reading: &mut Reading<'_>) -> Vec<Inline> {
    let mut out = Vec::new();
    for child in &parent.children {
        match child {
            Node::Text(text) => out.push(Inline::Text(text.clone())),
            Node::Element(element) if &*element.name == "caption" => {}
            Node::Element(element) => out.extend(inline(element, reading)),
        }
    }
    out
}

fn inline(element: &Element, reading: &mut Reading<'_>) -> Vec<Inline> {
    let styled =
        |style, reading: &mut Reading<'_>| vec![Inline::Styled(style, inlines(element, reading))];
    match &*element.name {
        "br" => vec![Inline::Break],
        "content" => content(element, reading),
        "sub" => styled(Style::Subscript, reading),
        "sup" => styled(Style::Superscript, reading),
        "linkHtml" => link(element, reading),
        "footnote" => vec![Inline::Footnote(inlines(element, reading))],
        "footnoteRef" => Vec::new(),
        "renderMultiMedia" => {
            let ids = element.attribute("referencedObject").unwrap_or_default();
            let ids = ids.split_whitespace().map(str::to_owned).collect();
            vec![Inline::Media(ids, caption(element, reading))]
        }
        other => {
            // Blocks may stand here in documents that no schema has seen: their text is kept.
            reading.note(CdaFault::UnknownElement, other);
            inlines(element, reading)
        }
    }
}

fn content(element: &Element, reading: &mut Reading<'_>) -> Vec<Inline> {
    let mut inner = inlines(element, reading);
    let codes = element.attribute("styleCode").unwrap_or_default();
    let styles = codes.split_whitespace().filter_map(|code| match code {
        "Bold" | "bold" => Some(Style::Bold),
        "Italics" | "italics" => Some(Style::Italic),
        "Underline" | "underline" => Some(Style::Underline),
        _ => None,
    });
    let revised = match element.attribute("revised") {
        Some("delete") => Some(Style::Deleted),
        Some("insert") => Some(Style::Inserted),
        _ => None,
    };
    for style in styles.chain(revised).take(4) {
        inner = vec![Inline::Styled(style, inner)];
    }
    inner
}

fn link(element: &Element, reading: &mut Reading<'_>) -> Vec<Inline> {
    let inner = inlines(element, reading);
    let target = element.attribute("href").unwrap_or_default().trim();
    let lower = target.to_ascii_lowercase();
    let allowed = ["http://", "https://", "#"]
        .iter()
        .any(|start| lower.starts_with(start));
    if allowed {
        return vec![Inline::Link(target.to_owned(), inner)];
    }
    reading.note(CdaFault::Link, "linkHtml");
    inner
}
