//! Documents of one community: several retrieves under way at once where its dialect takes few documents
//! in one.

use super::Initiating;
use crate::abreast::{Line, abreast};
use crate::communities::Communities;
use crate::dialect;
use crate::gateway::{NoAnswer, Visit};
use crate::iti38::RemoteEntry;
use crate::iti39::{self, Fetched};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tasuki_core::directory::Community;
use tasuki_core::{Code, Released};

type Part = (usize, Released<Vec<RemoteEntry>>);
type Answer = Result<Vec<Fetched>, NoAnswer>;

struct Several {
    communities: Arc<Communities>,
    to: Community,
    visit: Visit,
    waiting: Mutex<VecDeque<Part>>,
    came: Mutex<Vec<(usize, Answer)>>,
}

impl Line for Several {
    type Piece = Part;

    fn next(&self) -> Option<Part> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    }

    fn work(&self, (at, wanted): Part) {
        let gateway = self.communities.gateway();
        let answer = iti39::one(gateway, &self.to, wanted, &self.visit);
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        came.push((at, answer));
    }
}

impl Initiating {
    /// As [`iti39::ask`], with several requests at once.
    pub(super) fn retrieve(
        &self,
        to: Community,
        wanted: &Released<Vec<RemoteEntry>>,
        visit: &Visit,
    ) -> Answer {
        let parts = iti39::parts(&to, wanted)?;
        let whose: Vec<_> = parts.iter().map(|part| Vec::clone(part.view())).collect();
        let asks = &dialect::of(&to.dialect)?.asks;
        let at_once = asks.at_once.unwrap_or(dialect::AT_ONCE).min(parts.len());
        let further = (1..at_once).map_while(|_| self.further.enter()).collect();
        let line = Arc::new(Several {
            communities: Arc::clone(&self.communities),
            to,
            visit: visit.clone(),
            waiting: Mutex::new(parts.into_iter().enumerate().collect()),
            came: Mutex::default(),
        });
        abreast(&self.spawn, further, &line);
        let mut came = line.came.lock().unwrap_or_else(PoisonError::into_inner);
        // One whose thread broke off has left no answer.
        let mut answers: Vec<Answer> = whose
            .iter()
            .map(|_| Err(NoAnswer::new(Code::InternalFault, "")))
            .collect();
        for (at, answer) in came.drain(..) {
            if let Some(place) = answers.get_mut(at) {
                *place = answer;
            }
        }
        iti39::together(whose.into_iter().zip(answers))
    }
}
