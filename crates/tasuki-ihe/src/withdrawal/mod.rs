//! Withdrawals beyond the community: one Tasuki tells another that a patient of its own is disclosed no more, or
//! less than before; whoever is told drops its copies of that patient at once. Not a transaction of the
//! framework: IHE has none for it, so it goes to those only who list it in the member directory.
//!
//! The notice is a [`Statement`] signed with the key of its community's assertions, beside the certificate of
//! the connection: what was told can be shown afterwards. It is taken once, within minutes of being made, and
//! from the community that it is about. It opens nothing and says nothing but that something was withdrawn.
//! By the same message a community is told that a document which it gave names another patient inside
//! ([`Told::Misfiled`]).

mod misfiled;
mod statement;
mod tell;

pub use statement::{Statement, Told};
pub use tell::tell;

use crate::soap::{Change, Exchange, Handler, Message, Problem, Stated, Stop, Transaction};
use tasuki_core::Code;
use tasuki_core::audit::Action;
use tasuki_core::ports::Writing;
use tasuki_model::{LocalPatientId, Registration};

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "TASUKI-1",
    title: "Withdrawal Notice",
    actions: &[("urn:tasuki:withdrawal", "urn:tasuki:withdrawal:taken")],
    bytes_max: 16 * 1024,
    attachments_max: 0,
    audit: Action::Identity,
    handler: Handler::Feed(read),
};

/// A notice that its community has signed.
struct Notice {
    statement: Statement,
    patient: Registration,
}

fn wrong(code: Code, place: &str) -> Stop {
    Problem::new(code, place).into()
}

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let members = exchange.network.members();
    let from = exchange.caller.caller().community();
    let keys = members.assertion_keys(from);
    let statement = Statement::open(message.body, &keys)?;
    message.audited.detail = format!("statement {}", statement.id);
    let own = members
        .own()
        .ok_or_else(|| wrong(Code::PeerUnknown, "own"))?;
    statement.fits(from, own, exchange.now)?;
    let (authority, patient) = match &statement.told {
        Told::Withdrawal { authority, patient } => (authority, patient),
        Told::Misfiled { document } => return misfiled::taken(&statement, document, message),
    };
    let directory = members.directory();
    let theirs = directory.as_ref().and_then(|d| d.community(from));
    // A community withdraws what is its own, and nobody else's.
    if !theirs.is_some_and(|theirs| theirs.authorities.contains(authority)) {
        return Err(wrong(Code::StatementForged, "authority"));
    }
    let patient =
        LocalPatientId::new(patient).map_err(|_| wrong(Code::StatementForged, "patient"))?;
    let patient = Registration {
        authority: authority.clone(),
        local_id: patient,
    };
    message.audited.patients = vec![format!("{}^^^&{}&ISO", patient.local_id, patient.authority)];
    Ok(Box::new(Notice { statement, patient }))
}

impl Change for Notice {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let from = exchange.caller.caller().community();
        let forget = statement::forgotten(exchange.now);
        if !tx.first_statement(from, &self.statement.id, exchange.now, forget)? {
            return Err(wrong(Code::StatementRepeated, "id"));
        }
        let held = tx.take_withdrawal(from, &self.patient, exchange.now)?;
        Ok(Stated {
            body: statement::taken(),
            items: 1,
            patients: held,
            settles: false,
        })
    }
}
