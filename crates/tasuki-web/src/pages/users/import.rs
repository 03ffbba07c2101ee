//! Accounts from a list, one a line: `user id, name, role, section, last day`. A line that cannot be taken is
//! said with its code and stays in the field, to be put right; the others come in, or are only checked.
//! One line alone, from the form above the list, goes the same way.

use super::{Shown, fresh, invited, keeper, render};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::policy::role_is_given;
use tasuki_core::ports::{Account, Membership, Reading};
use tasuki_core::{Caller, Code, Fault};
use tasuki_model::{Instant, JstDay, Role};

/// Lines of one list.
const LINES_MAX: usize = 300;
/// Characters of a field.
const FIELD_MAX: usize = 64;

/// What became of a line.
pub(crate) struct Checked {
    pub number: usize,
    pub name: String,
    /// Why it was not taken.
    pub refused: Option<(&'static str, &'static str)>,
}

/// The list, or the fields of one account.
pub(crate) fn import(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let caller = keeper(visit)?;
    let list = match visit.ask.form.iter().find(|(name, _)| name == "list") {
        Some((_, list)) => list.clone(),
        None => one_line(visit),
    };
    let lines: Vec<&str> = list.lines().filter(|l| !l.trim().is_empty()).collect();
    if lines.is_empty() || lines.len() > LINES_MAX {
        return refused(visit, Code::ListWrong, list.clone());
    }
    let only_check = visit.ask.form("check").is_some();
    let done = visit.portal.store.writing(|tx| {
        let mut shown = Shown::default();
        let mut left = Vec::new();
        for (number, line) in (1..).zip(&lines) {
            let account = account(visit, &caller, line).and_then(|a| unused(tx, a));
            let refused = match account {
                Ok(account) if only_check => {
                    left.push(*line);
                    let _ = account;
                    None
                }
                Ok(account) => {
                    tx.put_account(&account)?;
                    let code = invited(visit, tx, &caller, &account.id)?;
                    shown.codes.push((account.sign_in_name, code));
                    None
                }
                Err(fault) if fault.code.category() == tasuki_core::fault::Category::Fault => {
                    return Err(fault);
                }
                Err(fault) => {
                    left.push(*line);
                    Some((visit.says(fault.code), fault.code.id()))
                }
            };
            let name = line.split(',').next().unwrap_or_default().trim().to_owned();
            shown.checked.push(Checked {
                number,
                name,
                refused,
            });
        }
        shown.list = left.join("\n");
        Ok(shown)
    })?;
    let (taken, lines) = (done.codes.len(), done.checked.len());
    let reply = Reply::notice(render(visit, done)?);
    Ok(reply.with_detail(format!("{taken} accounts of {lines} lines")))
}

fn refused(visit: &Visit<'_>, code: Code, list: String) -> Result<Reply, Stop> {
    let shown = Shown {
        failed: Some(code),
        list,
        ..Shown::default()
    };
    let mut reply = Reply::notice(render(visit, shown)?);
    reply.status = 422;
    Ok(reply.with_detail(code.id().to_owned()))
}

/// The form of one account as a line; a comma would be another field.
fn one_line(visit: &Visit<'_>) -> String {
    let fields = ["name", "person", "role", "section", "until"];
    let field = |name: &&str| {
        let value = visit.ask.form(name).unwrap_or_default();
        value.replace([',', '\n', '\r'], " ")
    };
    fields.iter().map(field).collect::<Vec<_>>().join(",")
}

fn account(visit: &Visit<'_>, caller: &Caller, line: &str) -> Result<Account, Fault> {
    let wrong = |why: &str| Fault::new(Code::ListLineWrong, why);
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let [name, person, role, rest @ ..] = &fields[..] else {
        return Err(wrong("fewer than three fields"));
    };
    if rest.len() > 2 || fields.iter().any(|f| f.chars().count() > FIELD_MAX) {
        return Err(wrong("too many fields, or one too long"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._@".contains(c);
    if name.len() < 2 || !name.chars().all(plain) || person.is_empty() {
        return Err(wrong("the user id or the name"));
    }
    let by_code = Role::from_code(role);
    let by_name = || {
        let named = super::roles(visit).into_iter().find(|(_, n)| n == role);
        named.and_then(|(code, _)| Role::from_code(code))
    };
    let role = by_code.or_else(by_name).filter(|role| role_is_given(*role));
    let membership = Membership {
        facility: caller.facility.clone(),
        role: role.ok_or_else(|| wrong("no such role"))?,
        section: rest.first().copied().unwrap_or_default().to_owned(),
    };
    let until = rest.get(1).copied().unwrap_or_default();
    fresh(name, person, membership, end_of(until)?)
}

/// The end of a day; none where none is said.
pub(super) fn end_of(day: &str) -> Result<Option<Instant>, Fault> {
    if day.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Fault::new(Code::ListLineWrong, "the last day");
    let day = JstDay::parse_iso(day).map_err(wrong)?;
    Ok(Some(day.plus_days(1).starts()))
}

/// An account whose name nobody has yet.
fn unused(tx: &(impl Reading + ?Sized), account: Account) -> Result<Account, Fault> {
    match tx.account_by_name(&account.sign_in_name)? {
        Some(_) => Err(Fault::new(Code::NameTaken, "a user id is taken")),
        None => Ok(account),
    }
}
