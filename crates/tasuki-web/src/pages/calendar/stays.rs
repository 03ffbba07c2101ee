//! Stays: admissions paired with their discharges, facility by facility.

use crate::words::Words;
use tasuki_core::gather::Source;
use tasuki_model::JstDay;

/// One stay; without an end the patient is still there, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stay {
    pub source: Source,
    pub from: JstDay,
    pub to: Option<JstDay>,
}

/// What happened to a stay on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    Admitted,
    Discharged,
}

impl Stay {
    pub fn until(&self, today: JstDay) -> JstDay {
        self.to.unwrap_or(today).max(self.from)
    }

    /// "入院 15日", "入院中 3日目".
    pub fn words(&self, w: Words, today: JstDay) -> String {
        let days = self.until(today).epoch_days() - self.from.epoch_days() + 1;
        if self.to.is_some() {
            w.stay_days(days)
        } else {
            w.stay_so_far(days)
        }
        .into_owned()
    }
}

/// Pairs admissions with the next discharge at the same facility. A discharge without an admission
/// is a stay of which only the last day is known.
pub(crate) fn pair(mut events: Vec<(Source, JstDay, Event)>) -> Vec<Stay> {
    events.sort();
    events.dedup();
    let mut stays: Vec<Stay> = Vec::new();
    for (source, day, event) in events {
        let open = stays
            .iter_mut()
            .rev()
            .find(|s| s.source == source && s.to.is_none());
        match (event, open) {
            // A second admission without a discharge between: the same stay, told twice.
            (Event::Admitted, Some(_)) => {}
            (Event::Admitted, None) => stays.push(Stay {
                source,
                from: day,
                to: None,
            }),
            (Event::Discharged, Some(stay)) => stay.to = Some(day),
            (Event::Discharged, None) => stays.push(Stay {
                source,
                from: day,
                to: Some(day),
            }),
        }
    }
    stays.sort_by_key(|s| std::cmp::Reverse(s.from));
    stays
}

#[cfg(test)]
mod tests {
    use super::*;
    use tasuki_model::FacilityId;

    #[test]
    fn admissions_find_their_discharges_at_the_same_facility() {
        let f = |t: &str| Source::Facility(FacilityId::new(t).unwrap());
        let d = |t: &str| JstDay::parse_basic(t).unwrap();
        let stays = pair(vec![
            (f("b"), d("20260610"), Event::Discharged),
            (f("a"), d("20260702"), Event::Discharged),
            (f("a"), d("20260618"), Event::Admitted),
            (f("a"), d("20260710"), Event::Admitted),
        ]);
        let told: Vec<_> = stays
            .iter()
            .map(|s| {
                (
                    s.source.clone(),
                    s.from.to_string(),
                    s.to.map(|t| t.to_string()),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (f("a"), "2026-07-10".to_owned(), None),
                (
                    f("a"),
                    "2026-06-18".to_owned(),
                    Some("2026-07-02".to_owned())
                ),
                (
                    f("b"),
                    "2026-06-10".to_owned(),
                    Some("2026-06-10".to_owned())
                ),
            ]
        );
    }
}
