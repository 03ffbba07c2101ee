//! The results of one report as facts: each with the time, specimen and panel that its report says.

use super::{Lab, Panel, Specimen};
use crate::merge::{Fact, Origin, facts_of};
use crate::v2::Observation;
use tasuki_model::{Coded, JstTime};

/// One result with what its report says around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// 採取日時; nothing where the report has no time at all.
    pub at: Option<JstTime>,
    /// SPM-4.
    pub material: Coded,
    /// OBR-4 in words.
    pub panel: String,
    /// The result.
    pub observation: Observation,
}

/// The results of one report, wherever it was found. An order holds none: what has only been asked
/// for is no result.
#[must_use]
pub fn measured(lab: &Lab, origins: &[Origin], service: Option<&JstTime>) -> Vec<Fact<Measured>> {
    let specimens = lab.specimens.iter();
    let panels = specimens.flat_map(|specimen| specimen.panels.iter().map(move |p| (specimen, p)));
    let results = panels.flat_map(|(specimen, panel)| {
        let at = time(specimen, panel, service);
        panel.results.iter().map(move |observation| Measured {
            at: at.clone().or_else(|| observation.at.clone()),
            material: specimen.material.clone(),
            panel: panel.test.display().to_owned(),
            observation: observation.clone(),
        })
    });
    facts_of(origins, results)
        .filter(|fact| !lab.ordered_only || !fact.value.observation.value.is_none())
        .collect()
}

fn time(specimen: &Specimen, panel: &Panel, service: Option<&JstTime>) -> Option<JstTime> {
    let taken = specimen.collected.as_ref().or(panel.collected.as_ref());
    taken.or(service).or(panel.reported.as_ref()).cloned()
}
