//! How lab orders and reports are shown.

use tasuki_model::JstTime;

use super::{Lab, Panel, Specimen};
use crate::sheet::{Fields, amount, count, flag, observations, part};
use crate::v2::Staff;
use crate::view::{Block, Label, Part, Sheet, Summary};

fn specimen_fields(specimen: &Specimen) -> Option<Block> {
    let mut fields = Fields::default();
    fields
        .coded(Label::Specimen, &specimen.material)
        .coded(Label::Procedure, &specimen.site);
    fields.text(Label::Total, &amount(specimen.amount.as_ref()));
    fields.time(Label::Collected, specimen.collected.as_ref());
    fields.into_block()
}

fn panel_fields(panel: &Panel) -> Option<Block> {
    let mut fields = Fields::default();
    if let Some(parent) = &panel.parent {
        fields
            .text(Label::Result, &parent.text)
            .coded(Label::Item, &parent.item);
    }
    fields.time(Label::Collected, panel.collected.as_ref());
    fields
        .time(Label::Reported, panel.reported.as_ref())
        .text(Label::Status, &panel.status);
    fields.text(Label::Comment, &panel.comments.join("\n"));
    fields.text(Label::Instruction, &panel.clinical_information);
    fields.text(Label::OrderNumber, &panel.placer);
    let requester = panel.order.requester.as_ref().or(panel.requester.as_ref());
    fields
        .staff(Label::OrderedBy, requester)
        .coded(Label::Department, &panel.order.department);
    fields.text(Label::Organisation, &panel.order.organisation);
    fields.into_block()
}

impl Lab {
    pub(crate) fn summary(&self) -> Summary {
        let mut parts = vec![count(self.items())];
        let results = || self.panels().flat_map(|panel| &panel.results);
        // Abnormal results first: they are what a reader must not miss.
        for result in results() {
            if let Some(flag) = flag(result) {
                let name = result.item.display().to_owned();
                parts.push(Part::Flagged(name, result.value.display(), Some(flag)));
            }
        }
        if self.ordered_only || parts.len() == 1 {
            parts.extend(self.panels().filter_map(|panel| part(panel.test.display())));
        }
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let mut blocks = Vec::new();
        for specimen in &self.specimens {
            blocks.extend(specimen_fields(specimen));
            for panel in &specimen.panels {
                blocks.extend(observations(panel.test.display(), &panel.results));
                blocks.extend(panel_fields(panel));
            }
        }
        for comment in &self.comments {
            blocks.push(Block::Prose {
                heading: None,
                text: comment.clone(),
            });
        }
        let mut fields = Fields::default();
        fields.encounter(&self.encounter);
        blocks.extend(fields.into_block());
        Sheet { blocks }
    }

    pub(crate) fn items(&self) -> usize {
        self.panels().map(|panel| panel.results.len()).sum()
    }

    pub(crate) fn author(&self) -> Option<String> {
        let panel = self.panels().next()?;
        panel
            .order
            .requester
            .as_ref()
            .or(panel.requester.as_ref())
            .map(Staff::display)
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        let specimen = self.specimens.first()?;
        let panel = specimen.panels.first();
        let collected = specimen.collected.clone();
        collected.or_else(|| panel.and_then(|panel| panel.collected.clone()))
    }
}
