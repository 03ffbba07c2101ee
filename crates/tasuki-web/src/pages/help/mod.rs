//! Help: the keys and the marks.

use crate::chart::standing::Standing;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/help/page.html")]
struct HelpPage<'a> {
    shell: Shell,
    phone: &'a str,
    states: &'static [Standing],
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let shell = Shell::of(visit, "help", visit.w.help_title());
    Ok(Reply::notice(
        HelpPage {
            shell,
            phone: &visit.portal.config.help_phone,
            states: Standing::ALL,
        }
        .render()?,
    ))
}
