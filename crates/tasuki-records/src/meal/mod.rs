//! 食事オーダ (OMD, OMD^O03): which diet from when to when.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, Coded, JstTime, SmolStr};
use tasuki_wire::hl7::Group;
use tasuki_wire::ssmix2::DataKind;

use crate::ClinicalValue;
use crate::kinds::{Kind, Place, Source};
use crate::problem::RecordError;
use crate::sheet::{Fields, count, part, table};
use crate::v2::{Encounter, Line, OrderHead, RECORD_COPY, Reader, Staff, Timing};
use crate::view::{Cell, Label, Sheet, Summary};

/// The kind.
pub const KIND: Kind = Kind {
    id: "meal",
    title_key: "kind-meal",
    codes: &[DataKind::Omd],
    category: Category::Meal,
    place: Place::Day,
    decode: Some(decode),
};

/// A meal order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MealOrder {
    /// Number, requester, department.
    pub order: OrderHead,
    /// PV1.
    pub encounter: Encounter,
    /// The diets.
    pub diets: Vec<Diet>,
}

/// ODS, with the timing of its order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Diet {
    /// ODS-1 (HL70159): `D` diet, `S` supplement, `P` preference.
    pub kind: SmolStr,
    /// ODS-2: which meals.
    pub periods: Vec<Coded>,
    /// ODS-3.
    pub diets: Vec<Coded>,
    /// ODS-4: 塩分控えめ …
    pub instruction: SmolStr,
    /// TQ1.
    pub timing: Timing,
}

fn decode(reader: &mut Reader<'_, '_>, source: &Source<'_>) -> Result<ClinicalValue, RecordError> {
    let body = source.message.body();
    let orc = body
        .first("ORC")
        .ok_or(RecordError::NoSegment { segment: "ORC" })?;
    // An order that stops meals may stand without ODS; a cut message stands without ORC.
    let order = OrderHead::read(&Line::new(orc), reader);
    let diets = body
        .groups("ORC")
        .flat_map(|group| diets(group, reader))
        .collect();
    let encounter = Encounter::read(reader);
    reader.note_unread(&["ORC", "TQ1", "ODS"], RECORD_COPY);
    Ok(ClinicalValue::Meal(MealOrder {
        order,
        encounter,
        diets,
    }))
}

fn diets(group: Group<'_, '_>, reader: &mut Reader<'_, '_>) -> Vec<Diet> {
    let timing = group
        .first("TQ1")
        .map(|tq1| Timing::read(tq1, reader))
        .unwrap_or_default();
    let of = |segment| {
        let ods = Line::new(segment);
        Diet {
            kind: ods.text(1),
            periods: ods.codeds(2),
            diets: ods.codeds(3),
            instruction: ods.lines(4).into(),
            timing: timing.clone(),
        }
    };
    group.all("ODS").map(of).collect()
}

impl MealOrder {
    pub(crate) fn summary(&self) -> Summary {
        let diets = self.diets.iter().flat_map(|diet| &diet.diets);
        let mut parts = vec![count(self.items())];
        parts.extend(diets.filter_map(|diet| part(diet.display())));
        parts.extend(self.diets.iter().filter_map(|diet| part(&diet.instruction)));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        use Label::{Diet, End, Instruction, Start, Type, Usage};
        let words = |codes: &[Coded]| {
            let words: Vec<_> = codes.iter().map(Coded::display).collect();
            words.join("\n")
        };
        let time =
            |time: &Option<JstTime>| time.as_ref().map(ToString::to_string).unwrap_or_default();
        let rows = self.diets.iter().map(|diet| {
            let name = diet.diets.first().map(Cell::coded).unwrap_or_default();
            let usage = [words(&diet.periods), words(&diet.timing.usage)].join("\n");
            vec![
                name,
                Cell::text(diet.kind.as_str()),
                Cell::text(diet.instruction.as_str()),
                Cell::text(time(&diet.timing.start)),
                Cell::text(time(&diet.timing.end)),
                Cell::text(usage.trim()),
            ]
        });
        let mut fields = Fields::default();
        fields.order(&self.order).encounter(&self.encounter);
        let diets = table(
            "",
            &[Diet, Type, Instruction, Start, End, Usage],
            rows.collect(),
        );
        Sheet {
            blocks: [diets, fields.into_block()].into_iter().flatten().collect(),
        }
    }

    pub(crate) fn items(&self) -> usize {
        self.diets.len()
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.order.requester.as_ref().map(Staff::display)
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        let start = self.diets.iter().find_map(|diet| diet.timing.start.clone());
        start.or_else(|| self.order.entered.clone())
    }
}
