//! How injections are shown.

use tasuki_model::{Coded, JstTime};

use super::{Injection, Mixture};
use crate::prescription::administration_table;
use crate::sheet::{Fields, amount, count, part, table};
use crate::v2::Staff;
use crate::view::{Block, Cell, Label, Part, Sheet, Summary};

impl Mixture {
    /// What is given: the ingredients, or what RXE-2 names where there are none.
    pub(crate) fn drugs(&self) -> Vec<&Coded> {
        if self.ingredients.is_empty() {
            return vec![&self.kind];
        }
        self.ingredients
            .iter()
            .map(|ingredient| &ingredient.drug)
            .collect()
    }
}

fn ingredients(mixture: &Mixture) -> Option<Block> {
    let rows = mixture.ingredients.iter().map(|ingredient| {
        vec![
            Cell::coded(&ingredient.drug),
            Cell::text(amount(ingredient.amount.as_ref())),
            Cell::text(amount(ingredient.strength.as_ref())),
        ]
    });
    table(
        mixture.number.as_str(),
        &[Label::Drug, Label::Dose, Label::Total],
        rows.collect(),
    )
}

fn fields(mixture: &Mixture) -> Option<Block> {
    let mut fields = Fields::default();
    fields.coded(Label::Type, &mixture.kind);
    fields.text(Label::Total, &amount(mixture.volume.as_ref()));
    fields.text(Label::Rate, &amount(mixture.rate.as_ref()));
    fields.time(Label::Start, mixture.timing.start.as_ref());
    fields.time(Label::End, mixture.timing.end.as_ref());
    for usage in &mixture.timing.usage {
        fields.coded(Label::Usage, usage);
    }
    fields
        .coded(Label::Route, &mixture.route)
        .coded(Label::Device, &mixture.device);
    fields.coded(Label::Procedure, &mixture.site);
    let instructions: Vec<_> = mixture.instructions.iter().map(Coded::display).collect();
    fields.text(Label::Instruction, &instructions.join("\n"));
    let settings: Vec<_> = mixture.settings.iter().map(Coded::display).collect();
    fields.text(Label::Setting, &settings.join(" "));
    fields.text(Label::Comment, &mixture.comments.join("\n"));
    fields.into_block()
}

impl Injection {
    pub(crate) fn summary(&self) -> Summary {
        let mut parts = vec![count(self.items())];
        let drugs = self.groups.iter().flat_map(Mixture::drugs);
        let given = self.given.iter().map(|given| &given.drug);
        parts.extend(drugs.chain(given).filter_map(|drug| part(drug.display())));
        parts.extend(self.order.is_cancelled().then_some(Part::Cancelled));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let mut blocks: Vec<_> = self
            .groups
            .iter()
            .flat_map(|mixture| [ingredients(mixture), fields(mixture)])
            .flatten()
            .collect();
        blocks.extend(administration_table(&self.given));
        let mut fields = Fields::default();
        fields.order(&self.order).encounter(&self.encounter);
        blocks.extend(fields.into_block());
        Sheet { blocks }
    }

    pub(crate) fn items(&self) -> usize {
        let ordered = self.groups.iter().map(|mixture| mixture.drugs().len());
        ordered.sum::<usize>() + self.given.len()
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.order
            .requester
            .as_ref()
            .or(self.encounter.attending.as_ref())
            .map(Staff::display)
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        let given = self.given.iter().find_map(|given| given.start.clone());
        let planned = || {
            self.groups
                .iter()
                .find_map(|mixture| mixture.timing.start.clone())
        };
        given
            .or_else(planned)
            .or_else(|| self.order.entered.clone())
    }
}
