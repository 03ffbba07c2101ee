//! Runs of segments: a message, or one of its groups.
//!
//! The abstract message syntax of HL7 v2.5 nests groups (`{ORC [{TQ1}] RXE …}`). Real messages
//! order the segments within a group in more than one way, so a group is taken as: from one segment
//! that opens it up to the next.

use super::Segment;

/// Consecutive segments of a message.
#[derive(Debug, Clone, Copy)]
pub struct Group<'s, 'm> {
    segments: &'s [Segment<'m>],
}

impl<'s, 'm> Group<'s, 'm> {
    pub(super) const fn new(segments: &'s [Segment<'m>]) -> Self {
        Self { segments }
    }

    /// The segments in order.
    pub const fn segments(&self) -> &'s [Segment<'m>] {
        self.segments
    }

    /// The first segment of a name.
    pub fn first(&self, name: &str) -> Option<&'s Segment<'m>> {
        self.segments.iter().find(|segment| segment.name() == name)
    }

    /// All segments of a name.
    pub fn all<'n>(
        &self,
        name: &'n str,
    ) -> impl Iterator<Item = &'s Segment<'m>> + use<'s, 'm, 'n> {
        self.segments
            .iter()
            .filter(move |segment| segment.name() == name)
    }

    /// The segments before the first of a name; all of them if there is none.
    pub fn before(&self, name: &str) -> Group<'s, 'm> {
        let end = self
            .segments
            .iter()
            .position(|segment| segment.name() == name);
        let end = end.unwrap_or(self.segments.len());
        Group::new(self.segments.get(..end).unwrap_or_default())
    }

    /// The groups that a segment of this name opens, each up to the next one.
    pub fn groups<'n>(
        &self,
        name: &'n str,
    ) -> impl Iterator<Item = Group<'s, 'm>> + use<'s, 'm, 'n> {
        let mut rest = self.segments;
        if let Some(start) = rest.iter().position(|segment| segment.name() == name) {
            rest = rest.get(start..).unwrap_or_default();
        } else {
            rest = &[];
        }
        std::iter::from_fn(move || {
            let (_, after) = rest.split_first()?;
            let length = after.iter().position(|segment| segment.name() == name);
            let (group, tail) = rest.split_at_checked(length.map_or(rest.len(), |n| n + 1))?;
            rest = tail;
            Some(Group::new(group))
        })
    }
}
