//! What stands around every page: the bar, the language switch, the sprite.

use crate::assets::Asset;
use crate::pages;
use crate::visit::Visit;
use crate::words::{Lang, Words};
use tasuki_core::policy::{
    role_judges_access, role_keeps_dictionary, role_keeps_users, role_opens_emergencies,
};

/// The frame of a page, filled in by [`Shell::of`] and printed by `shell.html`.
pub(crate) struct Shell {
    pub w: Words,
    pub title: String,
    pub style: String,
    pub script: Option<String>,
    /// Who is signed in: facility and section, name and role.
    pub who: Option<Who>,
    /// The page that the bar marks as the current one.
    pub current: &'static str,
    /// The same page in the other language.
    pub other_lang: (Lang, String),
    /// The emergency under which the page shows what it shows.
    pub emergency: Option<Running>,
    /// Disaster mode: what has happened and until when.
    pub disaster: Option<(String, String)>,
}

/// An emergency as every page of the chart shows it.
pub(crate) struct Running {
    pub href: String,
    pub reason: String,
    /// Hours and minutes that are left.
    pub left: String,
    pub until: String,
    /// Seconds that are left, for the island that counts them down.
    pub seconds: i64,
}

pub(crate) struct Who {
    pub place: String,
    pub name: String,
    pub role: String,
    /// Whether the desk is theirs.
    pub desk: bool,
    /// Whether the network's figures are theirs.
    pub statistics: bool,
    /// Whether the accounts of their facility are theirs.
    pub users: bool,
    /// Whether the dictionary is theirs.
    pub dictionary: bool,
    /// Whether emergencies are theirs.
    pub emergency: bool,
    /// Whether they judge what others have read.
    pub reviews: bool,
    pub csrf: String,
    /// Where a locked screen opens again.
    pub here: String,
}

impl Shell {
    pub fn of(visit: &Visit<'_>, current: &'static str, title: impl Into<String>) -> Self {
        let w = visit.w;
        let who = visit.who.as_ref().map(|who| Who {
            place: format!(
                "{} {}",
                facility_name(visit, &who.facility),
                who.session.membership.section
            ),
            name: who.account.name.clone(),
            role: pages::words_of::role(w, who.session.membership.role).into_owned(),
            desk: has_desk(who.session.membership.role),
            statistics: who.session.membership.role == tasuki_model::Role::NetworkOperator,
            users: role_keeps_users(who.session.membership.role),
            dictionary: role_keeps_dictionary(who.session.membership.role),
            emergency: role_opens_emergencies(who.session.membership.role),
            reviews: role_judges_access(who.session.membership.role),
            csrf: who.session.csrf.clone(),
            here: if visit.ask.post {
                "/".to_owned()
            } else {
                visit.ask.target.clone()
            },
        });
        Self {
            who,
            emergency: running(visit),
            disaster: visit.disaster().filter(|_| visit.who.is_some()).map(|d| {
                let until = d.until().map(|until| until.in_jst().to_string());
                (d.words.to_string(), until.unwrap_or_default())
            }),
            ..Self::bare(w, &visit.ask.path, &visit.ask.query, current, title)
        }
    }

    pub fn bare(
        w: Words,
        path: &str,
        query: &[(String, String)],
        current: &'static str,
        title: impl Into<String>,
    ) -> Self {
        let other = if w.lang == Lang::Ja {
            Lang::En
        } else {
            Lang::Ja
        };
        let mut pairs: Vec<(&str, &str)> = query
            .iter()
            .filter(|(n, _)| n != "lang")
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        pairs.push(("lang", other.tag()));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        Self {
            w,
            title: title.into(),
            style: Asset::named("portal.css")
                .map(Asset::href)
                .unwrap_or_default(),
            script: Asset::named("portal.js").map(Asset::href),
            who: None,
            current,
            other_lang: (other, format!("{path}?{query}")),
            emergency: None,
            disaster: None,
        }
    }
}

fn running(visit: &Visit<'_>) -> Option<Running> {
    let emergency = visit.emergency.get()?;
    let opening = emergency.opening.as_ref()?;
    let seconds = emergency.until.seconds_since(visit.now).max(0);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    Some(Running {
        href: format!("/emergency/{}", emergency.id),
        reason: pages::emergency::reason(visit, opening.reason),
        left: format!("{hours}:{minutes:02}"),
        until: emergency.until.in_jst().to_string(),
        seconds,
    })
}

/// Whether the bar leads a role to the desk.
pub(crate) fn has_desk(role: tasuki_model::Role) -> bool {
    tasuki_core::policy::role_decides_identity(role) || role == tasuki_model::Role::NetworkOperator
}

/// A facility's name in the reader's language.
pub(crate) fn facility_name(visit: &Visit<'_>, facility: &tasuki_model::Facility) -> String {
    if visit.japanese() || facility.name_en.is_empty() {
        facility.name.clone()
    } else {
        facility.name_en.clone()
    }
}
