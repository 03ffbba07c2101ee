//! How an event of a stay is shown.

use tasuki_model::JstTime;

use super::{StayChange, StayEvent};
use crate::sheet::{Fields, part};
use crate::v2::{Location, Staff, department};
use crate::view::{Label, Part, Sheet, Summary};

impl StayChange {
    /// The label of the event's time.
    const fn label(self) -> Label {
        match self {
            Self::AdmissionPlanned | Self::TransferPlanned | Self::DischargePlanned => {
                Label::Planned
            }
            Self::Admitted => Label::Admitted,
            Self::Discharged => Label::Discharged,
            Self::LeaveStarted => Label::Start,
            Self::LeaveEnded => Label::End,
            Self::Transferred => Label::To,
        }
    }
}

fn place(location: &Location) -> String {
    let parts = [&location.unit, &location.room, &location.bed];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect();
    parts.join("-")
}

impl StayEvent {
    pub(crate) fn summary(&self) -> Summary {
        let location = self
            .encounter
            .location
            .as_ref()
            .map(place)
            .unwrap_or_default();
        let mut parts: Vec<_> = self.at.clone().map(Part::Time).into_iter().collect();
        parts.extend(part(&location));
        parts.extend(part(&department(&self.encounter.department)));
        parts.extend(self.author().as_deref().and_then(part));
        parts.extend(self.cancelled.then_some(Part::Cancelled));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let mut fields = Fields::default();
        fields.time(self.change.label(), self.at.as_ref());
        fields.encounter(&self.encounter);
        for (label, location) in [(Label::From, &self.from), (Label::To, &self.planned)] {
            fields.text(label, &location.as_ref().map(place).unwrap_or_default());
        }
        if self.change != StayChange::Admitted {
            fields.time(Label::Admitted, self.admitted.as_ref());
        }
        if self.change != StayChange::Discharged {
            fields.time(Label::Discharged, self.discharged.as_ref());
        }
        fields
            .text(Label::Outcome, &self.outcome)
            .text(Label::Comment, &self.reason);
        fields.time(Label::Written, self.recorded.as_ref());
        Sheet {
            blocks: fields.into_block().into_iter().collect(),
        }
    }

    pub(crate) const fn items(&self) -> usize {
        1
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.encounter
            .attending
            .as_ref()
            .or(self.admitting.as_ref())
            .map(Staff::display)
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        self.at.clone()
    }
}
