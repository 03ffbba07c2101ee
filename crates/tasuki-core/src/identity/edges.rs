//! The pairs that were compared and may be one person, reachable from either end.

/// What an edge between two registrations stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tie {
    /// A person has said that they are the same.
    Said,
    /// The engine links them.
    Automatic,
    /// The engine would link them, but one of them fits somebody whom the other cannot be
    /// ([`torn`](super::torn)).
    Torn,
    /// Only corroboration is lacking, and kin give it ([`kin`](super::kin)).
    Kin,
    /// Only corroboration is lacking.
    Lacking,
    /// A person has to look.
    Review,
}

/// An edge between two registrations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The two ends, by their place in the index; the smaller patient number first.
    pub ends: [u32; 2],
    /// Posterior bits.
    pub bits: f32,
    /// What it stands for.
    pub tie: Tie,
    /// Whether both ends are disclosed; else it is an affair of one facility.
    pub shared: bool,
}

impl Edge {
    /// The end that is not this one.
    #[must_use]
    pub fn other(&self, slot: u32) -> u32 {
        let [a, b] = self.ends;
        if a == slot { b } else { a }
    }
}

/// The end of a list.
const END: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Stored {
    edge: Edge,
    next: [u32; 2],
}

impl Stored {
    /// The next edge in the list of one of the ends.
    fn next(&self, slot: u32) -> u32 {
        let ([first, _], [of_first, of_second]) = (self.edge.ends, self.next);
        if first == slot { of_first } else { of_second }
    }

    fn next_mut(&mut self, slot: u32) -> &mut u32 {
        let ([first, _], [of_first, of_second]) = (self.edge.ends, &mut self.next);
        if first == slot { of_first } else { of_second }
    }
}

/// All edges, each in the list of both of its ends.
#[derive(Debug, Default)]
pub struct Edges {
    heads: Vec<u32>,
    stored: Vec<Stored>,
    free: Vec<u32>,
}

impl Edges {
    /// Forgets all edges and makes room for so many registrations.
    pub fn clear(&mut self, slots: usize) {
        self.heads.clear();
        self.heads.resize(slots, END);
        self.stored.clear();
        self.free.clear();
    }

    /// The edges at a registration, with their numbers.
    pub fn at(&self, slot: u32) -> impl Iterator<Item = (u32, Edge)> {
        let mut next = self.heads.get(slot as usize).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let stored = self.stored.get(next as usize)?;
            let number = next;
            next = stored.next(slot);
            Some((number, stored.edge))
        })
    }

    /// Adds an edge.
    pub fn add(&mut self, edge: Edge) {
        let slots = edge.ends[0].max(edge.ends[1]) as usize + 1;
        if self.heads.len() < slots {
            self.heads.resize(slots, END);
        }
        let number = self.free.pop().unwrap_or(self.stored.len() as u32);
        let mut next = [END; 2];
        for (end, next) in edge.ends.into_iter().zip(&mut next) {
            if let Some(head) = self.heads.get_mut(end as usize) {
                *next = std::mem::replace(head, number);
            }
        }
        let stored = Stored { edge, next };
        match self.stored.get_mut(number as usize) {
            Some(place) => *place = stored,
            None => self.stored.push(stored),
        }
    }

    /// Changes what an edge stands for.
    pub fn set_tie(&mut self, number: u32, tie: Tie) {
        if let Some(stored) = self.stored.get_mut(number as usize) {
            stored.edge.tie = tie;
        }
    }

    /// Removes every edge at a registration; returns the other ends.
    pub fn remove_at(&mut self, slot: u32) -> Vec<u32> {
        let edges: Vec<(u32, Edge)> = self.at(slot).collect();
        for (number, edge) in &edges {
            let other = edge.other(slot);
            let stored = self.stored.get(*number as usize);
            let after = stored.map_or(END, |s| s.next(other));
            self.take_out(other, *number, after);
            self.free.push(*number);
        }
        if let Some(head) = self.heads.get_mut(slot as usize) {
            *head = END;
        }
        edges.iter().map(|(_, e)| e.other(slot)).collect()
    }

    /// Takes an edge out of the list of one of its ends.
    fn take_out(&mut self, slot: u32, gone: u32, after: u32) {
        let Some(head) = self.heads.get_mut(slot as usize) else {
            return;
        };
        if *head == gone {
            *head = after;
            return;
        }
        let mut at = *head;
        while let Some(stored) = self.stored.get_mut(at as usize) {
            let next = stored.next_mut(slot);
            if *next == gone {
                *next = after;
                return;
            }
            at = *next;
        }
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        (self.heads.capacity() + self.free.capacity()) * 4
            + self.stored.capacity() * size_of::<Stored>()
    }
}
