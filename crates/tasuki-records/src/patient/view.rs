//! How a patient record is shown.

use tasuki_model::JstTime;

use super::PatientRecord;
use crate::allergy::allergy_table;
use crate::sheet::{Fields, observations, part, table};
use crate::v2::Staff;
use crate::view::{Cell, Label, Part, Sheet, Summary};

impl PatientRecord {
    pub(crate) fn summary(&self) -> Summary {
        let name = self.demographics.name.display();
        let mut parts: Vec<_> = part(&name).into_iter().collect();
        parts.extend(self.updated.clone().map(Part::Time));
        parts.extend(self.deleted.then_some(Part::Cancelled));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let person = &self.demographics;
        let mut fields = Fields::default();
        fields
            .text(Label::Name, &person.name.display())
            .text(Label::Kana, &person.name.kana());
        fields.text(
            Label::Birth,
            &person
                .birth
                .map_or_else(|| person.birth_text.clone(), |day| day.to_string()),
        );
        fields.text(Label::Sex, person.sex.code());
        for address in &person.addresses {
            fields.text(
                Label::Address,
                [address.postal.as_str(), &address.text].join(" ").trim(),
            );
        }
        for phone in &person.phones {
            fields.text(Label::Phone, phone);
        }
        fields
            .encounter(&self.encounter)
            .time(Label::Written, self.updated.as_ref());
        let relatives = self.relatives.iter().map(|relative| {
            vec![
                Cell::text(relative.name.display()),
                Cell::coded(&relative.relationship),
                Cell::text(relative.phones.join("\n")),
                Cell::text(relative.organisation.as_str()),
            ]
        });
        let insurances = self.coverages.iter().map(|coverage| {
            let insurance = &coverage.insurance;
            let numbers = [&insurance.insurer, &insurance.symbol, &insurance.number];
            let numbers: Vec<_> = numbers
                .into_iter()
                .filter(|n| !n.is_empty())
                .cloned()
                .collect();
            let day = |time: &Option<JstTime>| {
                Cell::text(time.as_ref().map(ToString::to_string).unwrap_or_default())
            };
            vec![
                Cell::coded(&insurance.kind),
                Cell::text(numbers.join(" ")),
                day(&coverage.from),
                day(&coverage.to),
            ]
        });
        let family = [
            Label::Name,
            Label::Family,
            Label::Phone,
            Label::Organisation,
        ];
        let insured = [Label::Insurance, Label::Code, Label::Start, Label::End];
        let blocks = [
            fields.into_block(),
            observations("", &self.observations),
            allergy_table(&self.allergies),
            table("", &insured, insurances.collect()),
            table("", &family, relatives.collect()),
        ];
        Sheet {
            blocks: blocks.into_iter().flatten().collect(),
        }
    }

    pub(crate) const fn items(&self) -> usize {
        1
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.encounter.attending.as_ref().map(Staff::display)
    }

    pub(crate) const fn service_time(&self) -> Option<JstTime> {
        None
    }
}
