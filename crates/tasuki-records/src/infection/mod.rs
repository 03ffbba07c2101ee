//! 感染症: results of the tests for syphilis, hepatitis B and C and HIV, picked out of laboratory reports
//! (電子カルテ情報共有サービス, 6情報「感染症」). They stay laboratory results: here they only stand
//! together, newest first, in the words of their source. What a result means is not judged.
//!
//! A test is known by its analyte, the first five digits of JLAC10. A local code that no dictionary maps
//! is not guessed: it stands in the laboratory table under its own name.

#[cfg(test)]
mod tests;

use crate::kinds::{Kind, Place};
use crate::lab::item::jlac10;
use crate::lab::merge::Measured;
use crate::merge::Fact;
use std::collections::BTreeMap;
use tasuki_model::{Category, JstTime};

/// The kind.
pub const KIND: Kind = Kind {
    id: "infection",
    title_key: "kind-infection",
    codes: &[],
    category: Category::Lab,
    place: Place::Row,
    decode: None,
};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    /// 梅毒 (STS and TP antibodies).
    Syphilis,
    /// B型肝炎ウイルス.
    HepatitisB,
    /// C型肝炎ウイルス.
    HepatitisC,
    /// HIV-1 and 2.
    Hiv,
}

/// Analytes by the first five digits of JLAC10, each by itself: their neighbours are other viruses
/// (5F011 is parvovirus B19).
const ANALYTES: &[(&str, Agent)] = &[
    // Glass plate, agglutination, RPR; antibodies against Treponema pallidum.
    ("5E071", Agent::Syphilis),
    ("5E073", Agent::Syphilis),
    ("5E074", Agent::Syphilis),
    ("5E075", Agent::Syphilis),
    // Nucleic acid, HBs, HBc, HBe.
    ("5F015", Agent::HepatitisB),
    ("5F016", Agent::HepatitisB),
    ("5F018", Agent::HepatitisB),
    ("5F019", Agent::HepatitisB),
    ("5F360", Agent::HepatitisC),
    // HIV-1, HIV-2, both.
    ("5F500", Agent::Hiv),
    ("5F550", Agent::Hiv),
    ("5F560", Agent::Hiv),
];

impl Agent {
    /// Every agent, in the order of a page.
    pub const ALL: &'static [Self] = &[
        Self::Syphilis,
        Self::HepatitisB,
        Self::HepatitisC,
        Self::Hiv,
    ];

    /// The agent that a JLAC10 code is about.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let analyte = code.get(..5)?.to_ascii_uppercase();
        let known = ANALYTES.iter().find(|(code, _)| *code == analyte);
        known.map(|(_, agent)| *agent)
    }
}

/// Results for one agent, the newest first; what has no time comes last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Infection {
    /// Which.
    pub agent: Agent,
    /// Every result of every source.
    pub results: Vec<Fact<Measured>>,
}

/// Picks the results out of those of some reports. None is lost; their order does not matter.
#[must_use]
pub fn infections(facts: Vec<Fact<Measured>>) -> Vec<Infection> {
    let mut found: BTreeMap<Agent, Vec<Fact<Measured>>> = BTreeMap::new();
    for fact in facts {
        let agent = jlac10(&fact.value.observation.item).and_then(Agent::of);
        if let Some(agent) = agent
            && !fact.value.observation.value.is_none()
        {
            found.entry(agent).or_default().push(fact);
        }
    }
    let start = |fact: &Fact<Measured>| fact.value.at.as_ref().map(JstTime::start);
    let infection = |(agent, mut results): (Agent, Vec<Fact<Measured>>)| {
        results.sort_by(|a, b| (start(b), a.place()).cmp(&(start(a), b.place())));
        Infection { agent, results }
    };
    found.into_iter().map(infection).collect()
}
