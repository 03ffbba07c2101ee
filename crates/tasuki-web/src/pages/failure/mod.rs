//! A failure as a page: what happened, what you can do, the code, whom to call.

use crate::pipeline::Portal;
use crate::shell::{Shell, Who};
use crate::visit::{Ask, SignedIn};
use crate::words::{Lang, Words};
use askama::Template;
use tasuki_core::{Code, Fault};

#[derive(Template)]
#[template(path = "pages/failure/page.html")]
struct FailurePage<'a> {
    shell: Shell,
    happened: &'a str,
    advice: &'a str,
    code: &'a str,
    phone: &'a str,
    request_id: &'a str,
    /// Nothing but the page of terminals would open.
    terminal: bool,
}

pub(crate) fn render(
    portal: &Portal,
    ask: &Ask,
    lang: Lang,
    who: Option<&SignedIn>,
    fault: &Fault,
) -> Result<String, askama::Error> {
    let w = Words { lang };
    let japanese = lang == Lang::Ja;
    let (happened, advice) = if japanese {
        (fault.code.outside_ja(), fault.code.advice_ja())
    } else {
        (fault.code.outside_en(), fault.code.advice_en())
    };
    let mut shell = Shell::bare(w, &ask.path, &ask.query, "", happened);
    shell.who = who.map(|who| Who {
        place: who.facility.name.clone(),
        name: who.account.name.clone(),
        role: super::words_of::role(w, who.session.membership.role).into_owned(),
        desk: crate::shell::has_desk(who.session.membership.role),
        statistics: who.session.membership.role == tasuki_model::Role::NetworkOperator,
        users: tasuki_core::policy::role_keeps_users(who.session.membership.role),
        dictionary: tasuki_core::policy::role_keeps_dictionary(who.session.membership.role),
        emergency: tasuki_core::policy::role_opens_emergencies(who.session.membership.role),
        reviews: tasuki_core::policy::role_judges_access(who.session.membership.role),
        csrf: who.session.csrf.clone(),
        here: "/".to_owned(),
    });
    FailurePage {
        shell,
        happened,
        advice,
        code: fault.code.id(),
        phone: &portal.config.help_phone,
        request_id: &ask.request_id,
        terminal: matches!(fault.code, Code::TerminalMissing | Code::TerminalEnded),
    }
    .render()
}
