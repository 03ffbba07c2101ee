//! Who is with whom: each registration knows its group's first member and the next one round.

/// A partition of the registrations of an index.
#[derive(Debug, Default)]
pub struct Partition {
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Partition {
    /// Makes room for so many registrations; new ones are alone.
    pub fn grow(&mut self, slots: usize) {
        for alone in self.first.len()..slots {
            self.first.push(alone as u32);
            self.next.push(alone as u32);
        }
    }

    /// The group of a registration, named by one of its members.
    #[must_use]
    pub fn of(&self, slot: u32) -> u32 {
        self.first.get(slot as usize).copied().unwrap_or(slot)
    }

    /// The members of a registration's group, itself first.
    pub fn members(&self, slot: u32) -> impl Iterator<Item = u32> {
        let mut at = Some(slot);
        std::iter::from_fn(move || {
            let member = at?;
            at = self
                .next
                .get(member as usize)
                .copied()
                .filter(|next| *next != slot);
            Some(member)
        })
    }

    /// Makes these registrations one group. Together with the other groups set in the same step
    /// they must be whole groups of before.
    pub fn set(&mut self, group: &[u32]) {
        let Some(&first) = group.first() else {
            return;
        };
        let after = group.iter().skip(1).chain(group.first());
        for (&member, &next) in group.iter().zip(after) {
            let at = member as usize;
            if let (Some(f), Some(n)) = (self.first.get_mut(at), self.next.get_mut(at)) {
                (*f, *n) = (first, next);
            }
        }
    }

    /// Takes one registration out of its group; returns the others.
    pub fn take_out(&mut self, slot: u32) -> Vec<u32> {
        let others: Vec<u32> = self.members(slot).skip(1).collect();
        self.set(&others);
        self.set(&[slot]);
        others
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        (self.first.capacity() + self.next.capacity()) * 4
    }
}
