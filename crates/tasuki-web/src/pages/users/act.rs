//! What an administrator does with one account. Two of them are needed for a code that stands in for a lost
//! second factor: one asks, another gives it.

use super::{RECOVERY_CODE_SECONDS, import::end_of, invited, keeper, one};
use crate::sign_in::{random_hex, sha256};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::policy::{Keeps, keeps, role_is_given};
use tasuki_core::ports::{Account, Membership, OneTime, OneTimeKind, Writing};
use tasuki_core::{Caller, Code, Fault};
use tasuki_model::{Role, UserId};

/// Memberships of one account.
const MEMBERSHIPS_MAX: usize = 16;

/// What was done, and the code to be handed over, where there is one.
struct Done {
    what: &'static str,
    code: Option<String>,
}

/// The account that a keeper named, and how much of it is theirs.
pub(super) fn account_of(
    visit: &Visit<'_>,
    tx: &(impl tasuki_core::ports::Reading + ?Sized),
    caller: &Caller,
) -> Result<Option<(Account, Keeps)>, Fault> {
    let Ok(id) = UserId::new(visit.ask.param("user")) else {
        return Ok(None);
    };
    let found = tx.account(&id)?.map(|account| {
        let kept = keeps(caller, &account);
        (account, kept)
    });
    Ok(found.filter(|(_, kept)| *kept != Keeps::Nothing))
}

pub(crate) fn act(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let caller = keeper(visit)?;
    let done = visit.portal.store.writing(|tx| {
        let Some((account, kept)) = account_of(visit, tx, &caller)? else {
            return Ok(None);
        };
        change(visit, tx, &caller, account, kept).map(Some)
    });
    match done {
        Ok(Some(done)) => {
            let user = visit.ask.param("user");
            let detail = format!("user {user} {}", done.what);
            let reply = match done.code {
                // Shown in the answer to the form, once: it is in no address and no history.
                Some(code) => Reply::notice(one::render(visit, Some(&code), None)?),
                None => Reply::redirect(format!("/admin/users/{user}?done={}", done.what)),
            };
            Ok(reply.with_detail(detail))
        }
        Ok(None) => Err(Stop::Refused),
        Err(fault) if [Code::ListLineWrong, Code::TwoNeeded].contains(&fault.code) => {
            let mut reply = Reply::notice(one::render(visit, None, Some(fault.code))?);
            reply.status = 422;
            Ok(reply.with_detail(fault.code.id().to_owned()))
        }
        Err(fault) => Err(Stop::Fault(fault)),
    }
}

fn change(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    caller: &Caller,
    mut account: Account,
    kept: Keeps,
) -> Result<Done, Fault> {
    let form = |name: &str| visit.ask.form(name).unwrap_or_default();
    let act = form("act");
    let done = |what| Ok(Done { what, code: None });
    if kept != Keeps::Account && act != "role" && act != "leave" {
        return Err(Fault::new(
            Code::RequestWrong,
            "not this facility's account",
        ));
    }
    match act {
        "role" => {
            let role = Role::from_code(form("role")).filter(|role| role_is_given(*role));
            let role = role.ok_or_else(|| Fault::new(Code::ListLineWrong, "no such role"))?;
            add_role(caller, &mut account, role, form("section"));
            tx.put_account(&account)?;
            done("changed")
        }
        "leave" => {
            let role = Role::from_code(form("role"));
            account
                .memberships
                .retain(|m| m.facility != caller.facility || Some(m.role) != role);
            if account.memberships.is_empty() {
                account.disabled = true;
            }
            tx.put_account(&account)?;
            done("changed")
        }
        "until" => {
            account.expires = end_of(form("until"))?;
            tx.put_account(&account)?;
            done("changed")
        }
        "disable" | "enable" => {
            account.disabled = act == "disable";
            tx.put_account(&account)?;
            done("changed")
        }
        "password" => {
            tx.end_sessions_of(&account.id, None)?;
            tx.forget_browsers_of(&account.id)?;
            let code = Some(invited(visit, tx, caller, &account.id)?);
            Ok(Done {
                what: "password-code",
                code,
            })
        }
        "recovery" => recovery(visit, tx, caller, &account),
        _ => Err(Fault::new(Code::RequestWrong, "no such act")),
    }
}

fn add_role(caller: &Caller, account: &mut Account, role: Role, section: &str) {
    let section: String = section.chars().take(64).collect();
    let same = |m: &&mut Membership| m.facility == caller.facility && m.role == role;
    let room = account.memberships.len() < MEMBERSHIPS_MAX;
    match account.memberships.iter_mut().find(same) {
        Some(known) => known.section = section,
        None if room => {
            account.memberships.push(Membership {
                facility: caller.facility.clone(),
                role,
                section,
            });
        }
        None => {}
    }
}

/// The first administrator asks; another one's asking gives the code.
fn recovery(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    caller: &Caller,
    account: &Account,
) -> Result<Done, Fault> {
    let known = tx.one_times_of(&account.id)?;
    let asked = known
        .into_iter()
        .find(|code| code.kind == OneTimeKind::RecoveryAsked && visit.now < code.expires);
    let new = |code: &str, kind, asked_by: &UserId, approved_by| OneTime {
        code_sha256: sha256(code),
        user: account.id.clone(),
        kind,
        facility: caller.facility.clone(),
        asked_by: asked_by.clone(),
        approved_by,
        expires: visit.now.plus_seconds(RECOVERY_CODE_SECONDS),
    };
    let code: String = random_hex()?.chars().take(20).collect();
    match asked {
        Some(asked) if asked.asked_by == caller.user || account.id == caller.user => {
            Err(Fault::new(Code::TwoNeeded, "the same person twice"))
        }
        Some(asked) => {
            tx.take_one_time(&asked.code_sha256, visit.now)?;
            let approved = Some(caller.user.clone());
            let given = new(&code, OneTimeKind::Recovery, &asked.asked_by, approved);
            tx.put_one_time(&given)?;
            Ok(Done {
                what: "recovery-given",
                code: Some(code),
            })
        }
        None => {
            // Nobody learns the text of this one: it only marks that somebody has asked.
            tx.put_one_time(&new(&code, OneTimeKind::RecoveryAsked, &caller.user, None))?;
            Ok(Done {
                what: "recovery-asked",
                code: None,
            })
        }
    }
}
