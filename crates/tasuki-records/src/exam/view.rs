//! How examinations are shown.

use tasuki_model::{Coded, JstTime};

use super::{Exam, Exposure, Request, Step};
use crate::sheet::{Fields, amount, count, flag, observations, part, table};
use crate::v2::{Observation, ObservedValue, Staff};
use crate::view::{Block, Cell, Label, Part, Sheet, Summary};

/// Running text is prose; the rest is a table.
fn findings(request: &Request) -> Vec<Block> {
    let is_prose = |observation: &&Observation| {
        let ObservedValue::Text(text) = &observation.value else {
            return false;
        };
        observation.unit.is_empty() && (text.contains('\n') || text.chars().count() > 20)
    };
    let (prose, rest): (Vec<_>, Vec<_>) = request.observations.iter().partition(is_prose);
    let rest: Vec<_> = rest.into_iter().cloned().collect();
    let mut blocks: Vec<_> = prose
        .into_iter()
        .map(|observation| Block::Prose {
            heading: Some(observation.item.display().to_owned()).filter(|h| !h.is_empty()),
            text: observation.value.display(),
        })
        .collect();
    blocks.extend(observations(request.test.display(), &rest));
    blocks
}

fn request_fields(request: &Request) -> Option<Block> {
    let mut fields = Fields::default();
    fields
        .coded(Label::Procedure, &request.test)
        .time(Label::Start, request.at.as_ref());
    fields.time(Label::End, request.until.as_ref());
    fields.time(Label::Planned, request.timing.start.as_ref());
    fields.time(Label::Reported, request.reported.as_ref());
    fields.text(Label::Instruction, &request.clinical_information);
    let reasons: Vec<_> = request.reasons.iter().map(Coded::display).collect();
    fields.text(
        Label::Comment,
        &[
            reasons,
            request.comments.iter().map(String::as_str).collect(),
        ]
        .concat()
        .join("\n"),
    );
    fields.into_block()
}

fn exposure_text(exposure: &Exposure) -> String {
    let amounts = [
        &exposure.voltage,
        &exposure.current,
        &exposure.distance,
        &exposure.time,
    ];
    let mut parts: Vec<_> = amounts
        .into_iter()
        .map(|quantity| amount(quantity.as_ref()))
        .collect();
    parts.extend([&exposure.count, &exposure.field].map(ToString::to_string));
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn step_blocks(step: &Step) -> Vec<Block> {
    let mut fields = Fields::default();
    fields
        .coded(Label::Procedure, &step.procedure)
        .staff(Label::GivenBy, step.by.as_ref());
    for exposure in &step.exposures {
        fields.text(Label::Comment, &exposure_text(exposure));
    }
    let rows = step.observations.iter().map(|observation| {
        let material = match &observation.value {
            ObservedValue::Material(material) => amount(material.amount.as_ref()),
            _ => observation.unit.display().to_owned(),
        };
        vec![
            Cell::coded(&observation.item),
            Cell::text(observation.value.display()),
            Cell::text(material),
        ]
    });
    let done = table(
        step.procedure.display(),
        &[Label::Item, Label::Result, Label::Unit],
        rows.collect(),
    );
    [fields.into_block(), done].into_iter().flatten().collect()
}

impl Exam {
    pub(crate) fn summary(&self) -> Summary {
        let telling = self.telling();
        let mut parts = vec![count(self.items())];
        parts.extend(
            telling
                .iter()
                .filter_map(|request| part(request.test.display())),
        );
        for observation in self
            .requests
            .iter()
            .flat_map(|request| &request.observations)
        {
            let (name, value) = (observation.item.display(), observation.value.display());
            match (&observation.value, flag(observation)) {
                (_, Some(flag)) => parts.push(Part::Flagged(name.to_owned(), value, Some(flag))),
                (ObservedValue::Text(_), None) if !self.ordered_only => parts.extend(part(&value)),
                _ => {}
            }
        }
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let telling = self.telling_control();
        let mut blocks = Vec::new();
        for request in &self.requests {
            // Whole and parent repeat what the children say, but their findings are their own.
            if request.is_controlled_by(telling) {
                blocks.extend(request_fields(request));
            }
            blocks.extend(findings(request));
            blocks.extend(request.steps.iter().flat_map(step_blocks));
        }
        for study in self.studies() {
            let mut fields = Fields::default();
            fields
                .coded(Label::Type, &study.modality)
                .text(Label::Code, &study.accession);
            blocks.extend(fields.into_block());
        }
        let mut fields = Fields::default();
        if let Some(request) = self.requests.first() {
            fields.order(&request.order);
            if request.order.requester.is_none() {
                fields.staff(Label::OrderedBy, request.requester.as_ref());
            }
        }
        fields.encounter(&self.encounter);
        blocks.extend(fields.into_block());
        Sheet { blocks }
    }

    pub(crate) fn items(&self) -> usize {
        self.telling().len()
    }

    pub(crate) fn author(&self) -> Option<String> {
        let request = self.requests.first()?;
        request
            .order
            .requester
            .as_ref()
            .or(request.requester.as_ref())
            .map(Staff::display)
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        let done = self.requests.iter().find_map(|request| request.at.clone());
        let planned = || {
            self.requests
                .iter()
                .find_map(|request| request.timing.start.clone())
        };
        done.or_else(planned)
            .or_else(|| self.requests.first()?.order.entered.clone())
    }
}
