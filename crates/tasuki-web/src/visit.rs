//! One request as a page sees it, and what a page gives back.

use crate::chart::Seen;
use crate::edge::{Framing, Keep};
use crate::pipeline::Portal;
use crate::terminals::ShownCertificate;
use crate::upload::File;
use crate::words::{Lang, Words};
use std::sync::{Arc, OnceLock};
use tasuki_core::audit::{Action, Actor, AuditEvent};
use tasuki_core::policy::Standing;
use tasuki_core::ports::{Account, Disaster, Emergency, Session};
use tasuki_core::release::{Body, NonClinical};
use tasuki_core::{Caller, Code, Egress, Fault};
use tasuki_model::{Facility, Instant, JstDay, PersonId, Purpose};

/// Declarations of disaster mode that are looked at.
const DISASTERS_MAX: u32 = 100;

/// What came over the wire, decoded and bounded.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    pub post: bool,
    pub path: String,
    /// The path with its query, for links back to the same page.
    pub target: String,
    pub params: Vec<(&'static str, String)>,
    pub query: Vec<(String, String)>,
    pub form: Vec<(String, String)>,
    /// Files of a form that takes some.
    pub files: Vec<File>,
    pub cookies: Vec<(String, String)>,
    /// The island asks for one part of the page only.
    pub part: bool,
    /// The island refreshes the page that it shows: the same page, as far as it has come.
    pub live: bool,
    pub accepts_gzip: bool,
    /// The browser says that the request comes from a page of ours.
    pub same_origin: bool,
    /// What the browser calls this portal.
    pub host: String,
    pub address: String,
    /// What its connection has shown.
    pub certificate: Option<ShownCertificate>,
    pub request_id: String,
}

impl Ask {
    fn of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
        let value = pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.trim())?;
        (!value.is_empty()).then_some(value)
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        Self::of(&self.query, name)
    }

    pub fn form(&self, name: &str) -> Option<&str> {
        Self::of(&self.form, name)
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        Self::of(&self.cookies, name)
    }

    pub fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, v)| v)
    }
}

/// A signed-in user at the facility of this session.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub account: Account,
    pub session: Session,
    pub facility: Facility,
}

impl SignedIn {
    /// The caller as the policy knows it.
    pub fn caller(&self) -> Caller {
        Caller {
            user: self.account.id.clone(),
            facility: self.facility.id.clone(),
            role: self.session.membership.role,
            purpose: Purpose::Treatment,
        }
    }
}

/// One request in the hands of a page.
pub(crate) struct Visit<'a> {
    pub portal: &'a Portal,
    pub ask: &'a Ask,
    pub who: Option<SignedIn>,
    /// Whose session waits for something before they are signed in.
    pub waiting: Option<SignedIn>,
    /// The terminal that it comes from.
    pub terminal: Standing,
    pub w: Words,
    pub now: Instant,
    /// Copies of other communities' documents that the page has shown.
    pub seen: Arc<Seen>,
    /// The emergency under which the page shows what it shows.
    pub emergency: OnceLock<Emergency>,
    /// The disaster mode in force, once it was looked for.
    pub disaster: OnceLock<Option<Disaster>>,
}

impl Visit<'_> {
    /// The signed-in user; pages behind the door have one.
    pub fn who(&self) -> Result<&SignedIn, Stop> {
        self.who.as_ref().ok_or(Stop::SignIn)
    }

    /// Who is about to sign in.
    pub fn waiting(&self) -> Result<&SignedIn, Stop> {
        self.waiting.as_ref().ok_or(Stop::SignIn)
    }

    /// What the page is for.
    pub fn purpose(&self) -> Purpose {
        match self.emergency.get() {
            Some(_) => Purpose::Emergency,
            None => Purpose::Treatment,
        }
    }

    /// The disaster mode in force, at the user's facility before others; nothing where the store does
    /// not say.
    pub fn disaster(&self) -> Option<&Disaster> {
        let look = || {
            let store = &self.portal.store;
            let open = store.reading(|tx| tx.open_disasters(DISASTERS_MAX));
            let open = open.unwrap_or_else(|fault| {
                tracing::error!(code = fault.code.id(), "disaster mode: {}", fault.inside);
                Vec::new()
            });
            let here = |d: &Disaster| {
                self.who
                    .as_ref()
                    .is_some_and(|w| d.holds_at(&w.facility.id, self.now))
            };
            let mut in_force: Vec<Disaster> =
                open.into_iter().filter(|d| d.in_force(self.now)).collect();
            in_force.sort_by_key(|d| !here(d));
            in_force.into_iter().next()
        };
        self.disaster.get_or_init(look).as_ref()
    }

    /// Whether disaster mode holds at the user's facility.
    pub fn in_disaster(&self) -> bool {
        let here = self.who.as_ref().map(|who| &who.facility.id);
        let holds = |(disaster, here): (&Disaster, _)| disaster.holds_at(here, self.now);
        self.disaster().zip(here).is_some_and(holds)
    }

    /// An event of the user, to be written in one transaction with what it says.
    pub fn event(&self, action: Action, subject: &str) -> Result<AuditEvent, Stop> {
        let who = self.who()?;
        Ok(AuditEvent {
            actor: Actor::User {
                user: who.account.id.clone(),
                role: who.session.membership.role,
                facility: who.facility.id.clone(),
            },
            request: self.ask.request_id.clone(),
            purpose: Some(self.purpose()),
            ..AuditEvent::of_process(self.now, action, "portal", subject)
        })
    }

    /// A day in the address (`YYYY-MM-DD`).
    pub fn day(&self, name: &str) -> Result<Option<JstDay>, Stop> {
        let day = |text| JstDay::parse_iso(text).map_err(|_| Stop::wrong("not a day"));
        self.ask.query(name).map(day).transpose()
    }

    /// What a code says to the reader.
    pub fn says(&self, code: Code) -> &'static str {
        if self.japanese() {
            code.outside_ja()
        } else {
            code.outside_en()
        }
    }

    pub fn japanese(&self) -> bool {
        self.w.lang == Lang::Ja
    }
}

/// What a page gives back.
pub(crate) struct Reply {
    pub status: u16,
    pub egress: Egress,
    pub cookies: Vec<String>,
    pub keep: Keep,
    pub framing: Framing,
    pub gzip: bool,
    pub file_name: Option<String>,
    /// Whose record it was, for the audit event.
    pub person: Option<PersonId>,
    /// Query or change in words, for the auditor.
    pub detail: Option<String>,
    /// Its event was written with what it changed, in one transaction.
    pub audited: bool,
    /// The browser is to forget what it keeps of these pages.
    pub clear: bool,
}

impl Reply {
    pub fn new(egress: Egress) -> Self {
        Self {
            status: 200,
            egress,
            cookies: Vec::new(),
            keep: Keep::No,
            framing: Framing::Never,
            gzip: false,
            file_name: None,
            person: None,
            detail: None,
            audited: false,
            clear: false,
        }
    }

    /// A page without patient data.
    pub fn notice(page: String) -> Self {
        Self::new(Egress::non_clinical(NonClinical::Notice(Body::html(page))))
    }

    pub fn redirect(to: impl Into<String>) -> Self {
        Self::new(Egress::non_clinical(NonClinical::Redirect(to.into())))
    }

    pub fn about(mut self, person: &PersonId) -> Self {
        self.person = Some(person.clone());
        self
    }

    pub fn with_detail(mut self, detail: String) -> Self {
        self.detail = Some(detail);
        self
    }
}

/// Why a page gives nothing back.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Sign in first.
    SignIn,
    /// Refused by the policy, or not there: the two look the same.
    Refused,
    /// A fault or a wrong request, by its code.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<tasuki_core::policy::Refusal> for Stop {
    fn from(_: tasuki_core::policy::Refusal) -> Self {
        Self::Refused
    }
}

impl From<askama::Error> for Stop {
    fn from(error: askama::Error) -> Self {
        Self::Fault(Fault::new(
            Code::InternalFault,
            format!("template: {error}"),
        ))
    }
}

impl Stop {
    pub fn wrong(what: &str) -> Self {
        Self::Fault(Fault::new(Code::RequestWrong, what))
    }
}
