//! What sources say of one thing: equal words once, with the badge of every source that says them; each
//! badge leads to its document.

use crate::chart::badges::Badges;
use crate::chart::merged::View;
use tasuki_core::gather::Source;
use tasuki_records::merge::Fact;

/// Words, and who says them.
pub(crate) struct Saying {
    /// Badge and document of each source.
    pub by: Vec<(Badges, String)>,
    pub words: String,
}

/// The words of facts, equal ones joined, in the order of the facts.
pub(crate) fn sayings<T>(
    view: &View<'_>,
    facts: &[Fact<T>],
    words: impl Fn(&T) -> String,
) -> Vec<Saying> {
    let mut said: Vec<Saying> = Vec::new();
    for fact in facts {
        let sources: Vec<Source> = fact.sources().cloned().collect();
        let document = fact
            .origins
            .first()
            .map(|origin| view.address(&origin.document));
        let by = (view.badges(&sources), document.unwrap_or_default());
        let words = words(&fact.value);
        match said.iter_mut().find(|saying| saying.words == words) {
            Some(saying) => saying.by.push(by),
            None => said.push(Saying {
                by: vec![by],
                words,
            }),
        }
    }
    said
}
