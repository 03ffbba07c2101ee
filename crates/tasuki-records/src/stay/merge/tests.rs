use super::{Stay, event, stays};
use crate::merge::Fact;
use crate::merge::tests::origin;
use crate::stay::{StayChange, StayEvent};
use crate::v2::Encounter;

fn happened(
    facility: &str,
    document: &str,
    change: StayChange,
    day: &str,
    cancelled: bool,
) -> Fact<StayEvent> {
    let value = StayEvent {
        change,
        cancelled,
        at: tasuki_model::JstTime::parse_hl7(day).ok(),
        encounter: Encounter::default(),
        from: None,
        planned: None,
        admitting: None,
        outcome: Default::default(),
        admitted: None,
        discharged: None,
        expected_admission: None,
        expected_discharge: None,
        expected_return: None,
        recorded: None,
        reason: Default::default(),
    };
    event(&value, &[origin(facility, document)])
}

fn told(stays: &[Stay]) -> Vec<(Option<String>, Option<String>, usize)> {
    let day = |time: Option<tasuki_model::JstTime>| time.map(|time| time.day().to_string());
    let told = |stay: &Stay| {
        (
            day(stay.admitted()),
            day(stay.discharged()),
            stay.events.len(),
        )
    };
    stays.iter().map(told).collect()
}

#[test]
fn events_of_a_hospital_become_its_stays_whatever_their_order() {
    use StayChange::{Admitted, Discharged, Transferred};
    let mut events = vec![
        happened("a", "1", Admitted, "20260601", false),
        happened("a", "2", Transferred, "20260603", false),
        happened("a", "3", Discharged, "20260610", false),
        happened("a", "4", Admitted, "20260701", false),
        happened("b", "5", Admitted, "20260702", false),
    ];
    let found = stays(events.clone());
    let day = |day: &str| Some(day.to_owned());
    let expected = [
        (day("2026-07-02"), None, 1),
        (day("2026-07-01"), None, 1),
        (day("2026-06-01"), day("2026-06-10"), 3),
    ];
    assert_eq!(told(&found), expected);
    events.reverse();
    assert_eq!(stays(events), found);
}

#[test]
fn nothing_is_guessed_where_an_end_or_a_beginning_is_not_known() {
    use StayChange::{AdmissionPlanned, Admitted, Discharged};
    let found = stays(vec![
        happened("a", "1", Discharged, "20260510", false),
        happened("a", "2", Admitted, "20260601", false),
        happened("a", "3", Admitted, "20260701", false),
        happened("b", "4", AdmissionPlanned, "20260801", false),
        happened("c", "5", Admitted, "20260401", true),
    ]);
    assert_eq!(found.len(), 5);
    assert_eq!(found.iter().map(|stay| stay.events.len()).sum::<usize>(), 5);
    let planned: Vec<bool> = found.iter().map(Stay::is_planned).collect();
    assert_eq!(planned, [true, false, false, false, true]);
    assert!(found[3].admitted().is_none() && found[3].discharged().is_some());
}
