//! Where the items of a value are.

use crate::ClinicalValue;
use crate::injection::Injection;
use crate::lab::Lab;
use crate::prescription::Prescription;
use tasuki_core::ports::CodedKind;
use tasuki_model::Coded;

/// Calls `each` with every laboratory item and every medicine of a value.
pub(super) fn each_item(value: &mut ClinicalValue, each: &mut dyn FnMut(CodedKind, &mut Coded)) {
    match value {
        ClinicalValue::Lab(lab) => results(lab, each),
        ClinicalValue::Prescription(prescription) => drugs(prescription, each),
        ClinicalValue::Injection(injection) => mixtures(injection, each),
        _ => {}
    }
}

fn results(lab: &mut Lab, each: &mut dyn FnMut(CodedKind, &mut Coded)) {
    let panels = lab.specimens.iter_mut().flat_map(|s| &mut s.panels);
    for result in panels.flat_map(|panel| &mut panel.results) {
        each(CodedKind::Lab, &mut result.item);
    }
}

fn drugs(prescription: &mut Prescription, each: &mut dyn FnMut(CodedKind, &mut Coded)) {
    let groups = prescription.groups.iter_mut();
    for drug in groups.flat_map(|group| &mut group.drugs) {
        each(CodedKind::Drug, &mut drug.drug);
    }
    for given in &mut prescription.given {
        each(CodedKind::Drug, &mut given.drug);
    }
}

fn mixtures(injection: &mut Injection, each: &mut dyn FnMut(CodedKind, &mut Coded)) {
    let groups = injection.groups.iter_mut();
    for ingredient in groups.flat_map(|group| &mut group.ingredients) {
        each(CodedKind::Drug, &mut ingredient.drug);
    }
    for given in &mut injection.given {
        each(CodedKind::Drug, &mut given.drug);
    }
}
