//! What one Tasuki states to another of itself, signed. Not a transaction of the framework: IHE has none for it,
//! so it goes to those only who list it in the member directory.
//!
//! A [`Statement`] is signed with the key of its community's assertions, beside the certificate of the connection:
//! what was told can be shown afterwards. It is taken once, within minutes of being made, from the community that
//! it names, and answered alike whether it found anything here. Each kind ([`Told`]) has a file: what takes it
//! ([`Effect`]) and what tells it.

mod facility;
mod link;
mod link_answer;
mod misfiled;
mod refusals;
mod signed;
mod viewed;
mod withdrawal;

pub(crate) use facility::FacilitiesTold;
pub use facility::{FacilityTold, LineTold};
pub use link::{LinkAsked, LinkTakenBack};
pub use link_answer::{LinkAnswer, LinkOutcome};
pub use misfiled::MisfiledDocument;
pub(crate) use refusals::Refusals;
pub use signed::{Statement, Told};
pub(crate) use viewed::ViewsTold;
pub use viewed::{ViewAct, ViewTold, Viewed};
pub use withdrawal::Withdrawn;

use crate::communities::Communities;
use crate::gateway::{Audited, NoAnswer, Request, Visit};
use crate::soap::{Change, Exchange, Handler, Message, Problem, Stated, Stop, Transaction};
use crate::xds::Registry;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use tasuki_core::Code;
use tasuki_core::audit::Action;
use tasuki_core::directory::Community;
use tasuki_core::ports::Writing;
use tasuki_core::release::Released;
use tasuki_model::{CommunityId, Instant, PatientKey, XadPid};
use tasuki_wire::xml::Document;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "TASUKI-1",
    title: "Statement",
    actions: &[(ACTION, "urn:tasuki:statement:taken")],
    bytes_max: 64 * 1024,
    attachments_max: 0,
    audit: Action::Identity,
    handler: Handler::Feed(read),
};

const ACTION: &str = "urn:tasuki:statement";

/// What a kind of statement does where it is taken.
trait Effect: Send + Sync {
    /// Does it, in the transaction that writes down that it came; gives the patients whom it is about.
    fn write(&self, id: &str, by: &By<'_>, tx: &dyn Writing) -> Result<Vec<PatientKey>, Stop>;
}

/// Who states, and when it is taken.
struct By<'a> {
    from: &'a CommunityId,
    now: Instant,
}

/// A statement that is signed, ours and of now.
struct Taken {
    id: String,
    effect: Box<dyn Effect>,
}

fn wrong(code: Code, place: &str) -> Stop {
    Problem::new(code, place).into()
}

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let members = exchange.network.members();
    let from = exchange.caller.caller().community();
    let keys = members.assertion_keys(from);
    let statement = Statement::open(message.body, &keys)?;
    message.audited.detail = format!("statement {}: {}", statement.id, statement.told.kind());
    let own = members
        .own()
        .ok_or_else(|| wrong(Code::PeerUnknown, "own"))?;
    statement.fits(from, own, exchange.now)?;
    let effect = match statement.told {
        Told::Withdrawal(told) => withdrawal::read(&told, from, members, message.audited)?,
        Told::Misfiled(told) => misfiled::read(&told)?,
        Told::LinkRequest(told) => link::read(&told)?,
        Told::LinkTakenBack(told) => link::read_taken_back(&told)?,
        Told::LinkAnswer(told) => link_answer::read(&told, from, members)?,
        Told::Facility(told) => facility::read(&told)?,
        Told::Viewed(told) => viewed::read(&told, exchange.now)?,
    };
    let id = statement.id;
    Ok(Box::new(Taken { id, effect }))
}

impl Change for Taken {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let (from, now) = (exchange.caller.caller().community(), exchange.now);
        if !tx.first_statement(from, &self.id, now, signed::forgotten(now))? {
            return Err(wrong(Code::StatementRepeated, "id"));
        }
        Ok(Stated {
            body: signed::taken(),
            items: 1,
            patients: self.effect.write(&self.id, &By { from, now }, tx)?,
            settles: false,
        })
    }
}

/// Characters of one text of a statement.
const TEXT_MAX: usize = 500;

/// Refuses texts that are too long for any form, or have control characters other than ends of lines.
fn bounded<'a>(texts: impl IntoIterator<Item = &'a String>, place: &str) -> Result<(), Stop> {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r');
    let odd = |text: &&String| text.chars().count() > TEXT_MAX || text.chars().any(control);
    match texts.into_iter().any(|text| odd(&text)) {
        true => Err(wrong(Code::StatementForged, place)),
        false => Ok(()),
    }
}

/// Statements that one round lets a community refuse before it ends: who refuses them all is asked less often.
const REFUSED_MAX: u32 = 10;

/// One community that is told.
struct Telling<'a> {
    communities: &'a Communities,
    to: &'a Community,
    visit: &'a Visit,
    registry: Registry,
    now: Instant,
    /// How many it has refused in this round.
    refused: AtomicU32,
    /// Patients of whom it has not taken a withdrawal yet.
    withheld: Mutex<BTreeSet<XadPid>>,
}

impl Telling<'_> {
    /// States one thing, called so here; policy lets its signed text out. False where the community has refused
    /// it, now or a while ago: it stays where it is, and the others go on.
    fn state(
        &self,
        name: &str,
        told: Told,
        release: impl FnOnce(Document) -> Released<Document>,
        audited: Audited,
    ) -> Result<bool, NoAnswer> {
        let peer = &self.to.home_community_id;
        let refusals = self.communities.refusals();
        if refusals.waits(peer, name, self.now) {
            return Ok(false);
        }
        let kind = told.kind();
        let statement = Statement::new(&self.registry.home, peer, told, self.now)?;
        let request = Request {
            transaction: TRANSACTION.id,
            action: ACTION,
            body: release(self.communities.signed(&statement)?),
            mtom: false,
            coming: 0,
            audited,
        };
        let gateway = self.communities.gateway();
        let Err(no) = gateway.ask(self.to, self.visit, request) else {
            refusals.over(peer, name);
            return Ok(true);
        };
        let goes_on = self.refused.fetch_add(1, Ordering::Relaxed) + 1 < REFUSED_MAX;
        if !no.is_fault() || !refusals.refused(peer, name, self.now) || !goes_on {
            return Err(no);
        }
        let code = Code::StatementRefused.id();
        tracing::error!(code, community = %peer, kind, "a statement was refused; the others go on");
        Ok(false)
    }

    /// The withdrawals of these patients are not taken yet.
    fn withheld(&self) -> std::sync::MutexGuard<'_, BTreeSet<XadPid>> {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many of a queue are read: a batch, and as many as are set aside.
    fn batch(&self, kind: &str, batch: u32) -> u32 {
        let peer = &self.to.home_community_id;
        batch.saturating_add(self.communities.refusals().aside(peer, kind))
    }
}

/// Tells a community a bounded number of what waits for it, kind by kind; gives how many it has acknowledged. What
/// it refuses stays, is told again later, and is in the log for the operator to see. Withdrawals go first: before all
/// of them were told nothing else is, but for those that were refused.
///
/// # Errors
/// [`NoAnswer`] where it is away; what was not acknowledged still waits.
pub fn tell(
    communities: &Communities,
    to: &Community,
    visit: &Visit,
    now: Instant,
) -> Result<usize, NoAnswer> {
    let telling = Telling {
        communities,
        to,
        visit,
        registry: Registry::of(communities.gateway().network())?,
        now,
        refused: AtomicU32::new(0),
        withheld: Mutex::default(),
    };
    let withdrawn = withdrawal::tell(&telling)?;
    if withdrawn > 0 {
        return Ok(withdrawn);
    }
    let kinds = [misfiled::tell, link::tell, facility::tell, viewed::tell];
    let mut told = 0;
    for kind in kinds {
        told += kind(&telling)?;
    }
    Ok(told)
}
