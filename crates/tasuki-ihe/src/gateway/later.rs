//! A community that is asked asynchronously: the request goes, and its answer comes on a connection of
//! its own to the address that our entry in the directory has for replies (WS-Addressing core §3.4).

use super::no_answer::NoAnswer;
use super::{Gateway, waiting};
use crate::soap::{Received, Recipient};
use std::time::{Duration, Instant};
use tasuki_core::directory::{Community, Endpoint};
use tasuki_core::{Code, Egress};

impl Gateway {
    /// Where the answers of a community shall go; nothing for the connection of the request.
    pub(super) fn replies_of(&self, to: &Community) -> Result<Option<Endpoint>, NoAnswer> {
        if !to.asynchronous {
            return Ok(None);
        }
        let members = &self.network.members;
        let directory = members.directory();
        let own = directory
            .as_ref()
            .and_then(|directory| directory.community(members.own()?));
        let replies = own.and_then(|own| own.replies.first());
        let missing = || NoAnswer::new(Code::NoAddressForReplies, "replies");
        replies.cloned().map(Some).ok_or_else(missing)
    }

    /// Sends a request, which has to be taken within `patience`, and waits for its answer: it is seen
    /// when it has come whole, all in all within `whole`.
    pub(super) fn hand_over(
        &self,
        to: &Recipient,
        request: Egress,
        message_id: &str,
        [patience, whole]: [Duration; 2],
    ) -> Result<Received, NoAnswer> {
        let begun = Instant::now();
        let expected = self
            .awaited
            .expect(message_id, &to.certificates)
            .ok_or_else(|| NoAnswer::new(Code::AnswersFull, ""))?;
        let answered = waiting::wait(self.asking.hand_over(to, request, patience))?;
        if let Some(answered) = answered {
            return Ok(answered);
        }
        let left = whole.saturating_sub(begun.elapsed());
        let late = || NoAnswer::new(Code::PeerLate, format!("{} s", whole.as_secs_f32()));
        expected.within(left).ok_or_else(late)
    }
}
