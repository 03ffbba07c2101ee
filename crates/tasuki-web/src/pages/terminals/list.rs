//! Terminals from a list, one a line: `name, place, user id`. A line that cannot be taken is said with its code
//! and stays in the field, to be put right; the others are enrolled, or are only checked.

use super::enrol::{Fields, fresh, ours, released};
use super::{Handed, Shown, refused, render};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::Terminal;
use tasuki_core::{Caller, Code, Fault};

/// Lines of one list.
const LINES_MAX: usize = 300;

/// What became of a line.
pub(super) struct Checked {
    pub number: i64,
    pub name: String,
    /// Why it was not taken.
    pub refused: Option<(&'static str, &'static str)>,
}

pub(super) fn enrol(visit: &Visit<'_>, caller: &Caller) -> Result<Reply, Stop> {
    let list = visit.ask.form("list").unwrap_or_default();
    let lines: Vec<&str> = list.lines().filter(|l| !l.trim().is_empty()).collect();
    let mut shown = Shown::default();
    if lines.is_empty() || lines.len() > LINES_MAX {
        list.clone_into(&mut shown.list);
        return refused(visit, Code::ListWrong, shown);
    }
    let only_check = visit.ask.form("check").is_some();
    let (mut taken, mut left): (Vec<Terminal>, Vec<&str>) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(&lines) {
        let terminal = terminal(visit, caller, line);
        let refused = match terminal {
            Ok(terminal) => {
                taken.push(terminal);
                None
            }
            Err(fault) if ours(fault.code) => Some((visit.says(fault.code), fault.code.id())),
            Err(fault) => return Err(Stop::Fault(fault)),
        };
        if only_check || refused.is_some() {
            left.push(line);
        }
        let name = line.split(',').next().unwrap_or_default().trim().to_owned();
        shown.checked.push(Checked {
            number,
            name,
            refused,
        });
    }
    shown.list = left.join("\n");
    if !only_check {
        match put(visit, &taken) {
            Ok(handed) => shown.handed = handed,
            Err(fault) if fault.code == Code::TerminalsTooMany => {
                let shown = Shown {
                    list: list.to_owned(),
                    ..Shown::default()
                };
                return refused(visit, fault.code, shown);
            }
            Err(fault) => return Err(Stop::Fault(fault)),
        }
    }
    let (taken, lines) = (if only_check { 0 } else { taken.len() }, lines.len());
    let reply = Reply::notice(render(visit, None, shown)?);
    Ok(reply.with_detail(format!("{taken} terminals of {lines} lines")))
}

fn terminal(visit: &Visit<'_>, caller: &Caller, line: &str) -> Result<Terminal, Fault> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let [name, rest @ ..] = &fields[..] else {
        return Err(Fault::new(Code::TerminalWordsWrong, "no field"));
    };
    if rest.len() > 2 {
        return Err(Fault::new(Code::TerminalWordsWrong, "too many fields"));
    }
    let fields = Fields {
        name,
        place: rest.first().copied().unwrap_or_default(),
        owner: rest.get(1).copied().unwrap_or_default(),
        request: "",
    };
    fresh(visit, caller, fields)
}

/// All of them, or none: name, code and passphrase of each, where nobody has to approve them first.
fn put(visit: &Visit<'_>, terminals: &[Terminal]) -> Result<Vec<(String, Handed)>, Fault> {
    visit.portal.store.writing(|tx| {
        let mut handed = Vec::new();
        for terminal in terminals {
            tx.put_terminal(terminal)?;
            if !visit.portal.config.four_eyes
                && let Some(given) = released(visit, tx, terminal, None)?
            {
                handed.push((terminal.name.to_string(), given));
            }
        }
        Ok(handed)
    })
}
