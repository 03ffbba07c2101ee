//! The other community as a test says, and the index of the network away.

use crate::gateway::both::Directly;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;
use tasuki_core::elsewhere::{Examine, Examined};
use tasuki_core::ports::{CodedKind, LocalItem};
use tasuki_core::{Code, Egress};
use tasuki_ihe::soap::{Asked as Under, Asking, Received, Recipient, Unanswered};
use tasuki_model::Category;
use tasuki_model::xds::DocumentEntry;

/// The line to the others: the index is away, the community as a test says.
pub struct Line {
    pub other: Directly,
    pub off: AtomicBool,
    /// Says another patient than was asked for.
    pub mistaken: AtomicBool,
    pub garbage: AtomicBool,
    pub retrieves: Meeting,
}

/// Retrieves under way: the first ones wait until so many have met, or no further one can come.
#[derive(Default)]
pub struct Meeting {
    /// How many have to meet.
    of: usize,
    /// How many are answered, before the community falls silent.
    answers: Option<usize>,
    state: Mutex<Met>,
    changed: Condvar,
}

#[derive(Default, Clone, Copy)]
pub struct Met {
    now: usize,
    /// The most that were under way at once.
    pub most: usize,
    /// How many there were.
    pub all: usize,
}

impl Meeting {
    pub fn of(of: usize, answers: Option<usize>) -> Self {
        Self {
            of,
            answers,
            ..Self::default()
        }
    }

    pub fn met(&self) -> Met {
        *self.state.lock().unwrap()
    }

    /// Whether it is answered.
    fn enter(&self) -> bool {
        let mut state = self.state.lock().unwrap();
        state.now += 1;
        state.all += 1;
        state.most = state.most.max(state.now);
        let answered = self.answers.is_none_or(|answers| state.all <= answers);
        self.changed.notify_all();
        // The end is for a crew that is too small: the test then fails by what it counts.
        let end = Duration::from_secs(20);
        let waits = |met: &mut Met| met.most < self.of;
        let (mut state, _) = self.changed.wait_timeout_while(state, end, waits).unwrap();
        state.now -= 1;
        answered
    }
}

impl Asking for Line {
    fn ask<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        time: Duration,
    ) -> Under<'a, Received> {
        let is = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
        let code = match to.endpoint.host() {
            "index.example.jp" => Code::PeerUnreachable,
            _ if is(&self.off) => Code::PeerLate,
            _ if is(&self.garbage) => Code::PeerGarbage,
            _ if to.endpoint.path() == "/ITI-39" && !self.retrieves.enter() => Code::PeerLate,
            _ => {
                let mistaken = is(&self.mistaken);
                let answer = self.other.ask(to, request, time);
                return Box::pin(async move {
                    let mut answer = answer.await?;
                    if mistaken {
                        rename(&mut answer.envelope.body);
                    }
                    Ok(answer)
                });
            }
        };
        Box::pin(async move { Err(Unanswered::new(code, "as told")) })
    }

    fn reply<'a>(&'a self, _: &'a Recipient, _: Egress, _: Duration) -> Under<'a, ()> {
        Box::pin(async { panic!("nobody is replied to here") })
    }
}

/// Every patient ID of an answer becomes somebody else's.
fn rename(element: &mut tasuki_wire::xml::Element) {
    for attribute in &mut element.attributes {
        if attribute.value.contains("2.25.1.9&ISO") {
            attribute.value = "SOMEBODY^^^&2.25.1.9&ISO".into();
        }
    }
    for child in &mut element.children {
        if let tasuki_wire::xml::Node::Element(child) = child {
            rename(child);
        }
    }
}

/// An item without a standard code.
pub fn own_item() -> LocalItem {
    LocalItem {
        kind: CodedKind::Lab,
        code: "TP01".into(),
        name: "総蛋白".into(),
    }
}

/// What a document is, by its first letter.
pub struct Letters;

impl Examine for Letters {
    fn category(&self, _: &DocumentEntry) -> Option<Category> {
        Some(Category::Record)
    }

    fn examine(&self, _: &DocumentEntry, bytes: &[u8]) -> Examined {
        match bytes.first() {
            Some(b'X') => Examined::OtherPatient,
            Some(b'U') => Examined::Unreadable("REC-002".into()),
            first => Examined::Readable {
                items: 3,
                local: match first {
                    Some(b'L') => vec![(own_item(), 2)],
                    _ => Vec::new(),
                },
            },
        }
    }
}
