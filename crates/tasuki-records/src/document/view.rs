//! How a document is shown: as blocks where its content is readable, else by its title alone.

use tasuki_model::JstTime;
use tasuki_model::label::Confidentiality;
use tasuki_wire::cda::{self, Body, Inline, Payload};

use super::{Content, Document};
use crate::sheet::{Fields, count, part};
use crate::view::{Block, Cell, Label, Sheet, Summary};

impl Document {
    pub(crate) fn summary(&self) -> Summary {
        let mut parts: Vec<_> = part(&self.title).into_iter().collect();
        match &self.content {
            Content::Report(exam) => parts.push(count(exam.observations().count())),
            _ => parts.extend(self.author().as_deref().and_then(part)),
        }
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        match &self.content {
            Content::Cda(document) => clinical_document(document),
            Content::Report(exam) => exam.sheet(),
            Content::Text(text) => Sheet {
                blocks: vec![Block::Prose {
                    heading: None,
                    text: text.clone(),
                }],
            },
            Content::Binary => Sheet::default(),
        }
    }

    pub(crate) const fn items(&self) -> usize {
        1
    }

    /// `confidentialityCode` of a CDA document.
    pub(crate) fn confidentiality(&self) -> Confidentiality {
        match &self.content {
            Content::Cda(document) => document
                .confidentiality
                .as_deref()
                .map_or_else(Confidentiality::default, Confidentiality::from_code),
            _ => Confidentiality::Normal,
        }
    }

    pub(crate) fn author(&self) -> Option<String> {
        match &self.content {
            Content::Cda(document) => document.authors.first().map(|author| author.name.display()),
            Content::Report(exam) => exam.author(),
            Content::Text(_) | Content::Binary => None,
        }
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        match &self.content {
            Content::Cda(document) => {
                let service = document
                    .services
                    .first()
                    .and_then(|event| event.period.start.clone());
                service.or_else(|| document.effective.clone())
            }
            Content::Report(exam) => exam
                .observations()
                .find_map(|o| o.at.clone())
                .or_else(|| exam.service_time()),
            Content::Text(_) | Content::Binary => None,
        }
    }
}

fn clinical_document(document: &cda::ClinicalDocument) -> Sheet {
    let mut fields = Fields::default();
    fields.text(Label::Title, &document.title);
    for author in &document.authors {
        fields.text(Label::Author, &author.name.display());
        let organization = author
            .organization
            .as_ref()
            .map(|found| found.name.as_str());
        fields.text(Label::Organisation, organization.unwrap_or_default());
    }
    fields.time(Label::Written, document.effective.as_ref());
    for service in &document.services {
        let stay = service.class == "ACCM";
        let (start, end) = if stay {
            (Label::Admitted, Label::Discharged)
        } else {
            (Label::Start, Label::End)
        };
        fields
            .time(start, service.period.start.as_ref())
            .time(end, service.period.end.as_ref());
    }
    let mut blocks: Vec<_> = fields.into_block().into_iter().collect();
    match &document.body {
        Body::Structured(sections) => {
            for section in sections {
                add_section(section, &mut blocks);
            }
        }
        Body::NonXml(media) => {
            if let Payload::Text(text) = &media.payload {
                blocks.push(Block::Prose {
                    heading: None,
                    text: text.clone(),
                });
            }
        }
        Body::Missing => {}
    }
    Sheet { blocks }
}

fn add_section(section: &cda::Section, blocks: &mut Vec<Block>) {
    let title = if section.title.is_empty() {
        section.code.display()
    } else {
        &section.title
    };
    let mut heading = Some(title.to_owned()).filter(|title| !title.is_empty());
    let mut prose = String::new();
    for block in &section.blocks {
        match block {
            cda::Block::Paragraph(inlines) => line(&mut prose, &inline_text(inlines)),
            cda::Block::List(list) => list_text(list, 0, &mut prose),
            cda::Block::Table(table) => {
                flush(&mut prose, &mut heading, blocks);
                blocks.push(table_block(table, heading.take().unwrap_or_default()));
            }
        }
    }
    flush(&mut prose, &mut heading, blocks);
    if let Some(heading) = heading {
        // A heading without text still says that the section is there.
        blocks.push(Block::Prose {
            heading: Some(heading),
            text: String::new(),
        });
    }
    for inner in &section.sections {
        add_section(inner, blocks);
    }
}

fn flush(prose: &mut String, heading: &mut Option<String>, blocks: &mut Vec<Block>) {
    if !prose.is_empty() {
        blocks.push(Block::Prose {
            heading: heading.take(),
            text: std::mem::take(prose),
        });
    }
}

fn line(prose: &mut String, text: &str) {
    if !prose.is_empty() {
        prose.push('\n');
    }
    prose.push_str(text);
}

fn list_text(list: &cda::List, depth: usize, prose: &mut String) {
    for (n, item) in list.items.iter().enumerate() {
        let mark = if list.ordered {
            format!("{}. ", n + 1)
        } else {
            "・".to_owned()
        };
        let mut text = inline_text(&item.caption);
        for block in &item.blocks {
            match block {
                cda::Block::Paragraph(inlines) => text.push_str(&inline_text(inlines)),
                cda::Block::List(_) | cda::Block::Table(_) => {}
            }
        }
        line(prose, &format!("{}{mark}{text}", "　".repeat(depth)));
        for block in &item.blocks {
            match block {
                cda::Block::List(inner) => list_text(inner, depth + 1, prose),
                cda::Block::Table(table) => line(prose, &table_text(table)),
                cda::Block::Paragraph(_) => {}
            }
        }
    }
}

fn inline_text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            // Deleted text must not read as valid.
            Inline::Styled(cda::Style::Deleted, inner) => {
                out.push_str(&format!("[-{}-]", inline_text(inner)));
            }
            Inline::Styled(_, inner) | Inline::Link(_, inner) => out.push_str(&inline_text(inner)),
            Inline::Media(_, caption) => out.push_str(&inline_text(caption)),
            Inline::Footnote(inner) => out.push_str(&format!(" ({})", inline_text(inner))),
        }
    }
    out
}

fn blocks_text(blocks: &[cda::Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            cda::Block::Paragraph(inlines) => line(&mut out, &inline_text(inlines)),
            cda::Block::List(list) => list_text(list, 0, &mut out),
            cda::Block::Table(table) => line(&mut out, &table_text(table)),
        }
    }
    out
}

fn rows(table: &cda::Table) -> Vec<Vec<String>> {
    let all = table.head.iter().chain(&table.body).chain(&table.foot);
    all.map(|row| {
        row.cells
            .iter()
            .map(|cell| blocks_text(&cell.blocks))
            .collect()
    })
    .collect()
}

fn table_text(table: &cda::Table) -> String {
    rows(table)
        .iter()
        .map(|row| row.join("\t"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Sheets name columns by label, CDA tables by whatever the author wrote: the head is a row.
fn table_block(table: &cda::Table, heading: String) -> Block {
    let rows = rows(table);
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let caption = match inline_text(&table.caption) {
        caption if caption.is_empty() => heading,
        caption => caption,
    };
    let wide = |row: Vec<String>| {
        let mut row: Vec<_> = row.into_iter().map(Cell::text).collect();
        row.resize_with(width, Cell::default);
        row
    };
    Block::Table {
        caption,
        head: Vec::new(),
        rows: rows.into_iter().map(wide).collect(),
    }
}
