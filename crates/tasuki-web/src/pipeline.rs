//! Written once for every page: limits → session → page → audit → answer. A page cannot skip the
//! audit event, and nothing is answered when it cannot be written.

mod events;

use crate::edge::{self, Encoding, Framing, Keep, Sending};
use crate::emergency::{EmergencyRules, Pace};
use crate::launch::LaunchKeys;
use crate::pages::{self, Door, Page};
use crate::password::Breached;
use crate::sign_in;
use crate::terminals::{self, TerminalRules};
use crate::upload::{self, Attachments};
use crate::visit::{Ask, Reply, SignedIn, Stop, Visit};
use crate::words::{Lang, Words};
use axum::extract::Request;
use axum::response::Response;
use http_body_util::{BodyExt, Limited};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::elsewhere::OtherCommunities;
use tasuki_core::hints::Unusual;
use tasuki_core::identity::cross_reference::CrossReference;
use tasuki_core::policy::Standing;
use tasuki_core::ports::{AuditSpooling, Stage, Store};
use tasuki_core::pressure::Gate;
use tasuki_core::provider::IdentityProvider;
use tasuki_core::publish::{Publishing, Scanner};
use tasuki_core::release::{Body, NonClinical};
use tasuki_core::terminal::TerminalCertifying;
use tasuki_core::{Clock, Code, Egress, Fault};
use tasuki_model::{CommunityId, Instant, Purpose};
use tasuki_report::Faces;

/// Requests with files that are read at once.
const UPLOADS_AT_ONCE: usize = 4;
/// A form is small; files come by other ways.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// The part that the island names when it refreshes the whole of what a page shows.
const LIVE: &str = "live";
/// Longest address accepted.
const TARGET_BYTES_MAX: usize = 4 * 1024;

/// What the portal is told by the node's configuration.
#[derive(Debug, Clone)]
pub struct PortalConfig {
    /// Name of the network, on the sign-in page.
    pub network_name: String,
    /// Telephone of the help desk.
    pub help_phone: String,
    /// This community.
    pub community: CommunityId,
    /// A session locks after so long without use, in seconds.
    pub idle_seconds: i64,
    /// A session ends after so long whatever happens, in seconds.
    pub session_seconds: i64,
    /// Everybody has to have a second factor.
    pub second_factor: bool,
    /// Passwords known from breaches, where there is a list.
    pub breached: Option<Breached>,
    /// Whoever has signed in from a browser before has their own turns there.
    pub known_browsers: bool,
    /// The portal as browsers see it, `https://…`, where it is said: passkeys are bound to it.
    pub origin: Option<String>,
    /// A feed not heard for so long makes its facility's report partial, in seconds.
    pub feed_silent_seconds: i64,
    /// A decision at the identity desk waits for a second person.
    pub four_eyes: bool,
    /// Keys of the electronic records that open charts.
    pub launch: LaunchKeys,
    /// Font files of what is printed, the first one first.
    pub fonts: Vec<PathBuf>,
    /// Pages worked on at once; further ones are answered `busy`.
    pub pages_at_once: usize,
    /// What may be attached to a note.
    pub attachments: Attachments,
    /// The network's rules of emergencies.
    pub emergency: EmergencyRules,
    /// Where the network has agreed on the rule of 2020-03-31: for so many days what the facility that is
    /// visited has been told stands for a consent.
    pub visit_consent_days: Option<i64>,
    /// What reading is unusual; nothing where it is told to nobody.
    pub unusual: Option<Unusual>,
    /// Consents are published as documents for other systems: the form says so.
    pub consent_documents: bool,
    /// Certificates of terminals.
    pub terminals: TerminalRules,
}

/// The portal of one node.
pub struct Portal {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) identity: Arc<CrossReference>,
    pub(crate) config: PortalConfig,
    pub(crate) others: Option<Arc<dyn OtherCommunities>>,
    /// Identity providers of hospitals.
    pub(crate) providers: Vec<Arc<dyn IdentityProvider>>,
    /// What makes certificates of terminals.
    pub(crate) certifying: Option<Arc<dyn TerminalCertifying>>,
    pub(crate) throttle: sign_in::Throttle,
    pub(crate) lane: sign_in::Lane,
    pub(crate) publishing: Option<Arc<dyn Publishing>>,
    pub(crate) scanner: Option<Arc<dyn Scanner>>,
    pub(crate) uploads: Gate,
    pub(crate) pace: Pace,
    /// Where the events of an emergency's reads go while the trail is away.
    spool: Option<Arc<dyn AuditSpooling>>,
    /// Notes that have been sent.
    pub(crate) sent: pages::notes::Sent,
    faces: OnceLock<Faces>,
    gate: Gate,
    waiting: Gate,
}

impl Portal {
    /// A portal on a store.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        identity: Arc<CrossReference>,
        config: PortalConfig,
    ) -> Self {
        let gate = Gate::new(config.pages_at_once);
        Self {
            store,
            clock,
            identity,
            config,
            others: None,
            providers: Vec::new(),
            certifying: None,
            throttle: sign_in::Throttle::default(),
            lane: sign_in::Lane::new(),
            publishing: None,
            scanner: None,
            uploads: Gate::new(UPLOADS_AT_ONCE),
            pace: Pace::default(),
            spool: None,
            sent: pages::notes::Sent::default(),
            faces: OnceLock::new(),
            gate,
            waiting: Gate::new(pages::arrival::AT_ONCE),
        }
    }

    /// The typefaces of what is printed, read with the first print.
    pub(crate) fn faces(&self) -> Result<Faces, Fault> {
        if let Some(faces) = self.faces.get() {
            return Ok(faces.clone());
        }
        let faces = Faces::read(&self.config.fonts)?;
        Ok(self.faces.get_or_init(|| faces).clone())
    }

    /// The same with what writes notes into the registry, and the scanner that looks into files first.
    #[must_use]
    pub fn with_notes(
        self,
        publishing: Arc<dyn Publishing>,
        scanner: Option<Arc<dyn Scanner>>,
    ) -> Self {
        Self {
            publishing: Some(publishing),
            scanner,
            ..self
        }
    }

    /// The same with what keeps the events of an emergency's reads while the audit trail is away.
    #[must_use]
    pub fn with_spool(self, spool: Arc<dyn AuditSpooling>) -> Self {
        Self {
            spool: Some(spool),
            ..self
        }
    }

    /// Whether the audit trail has been away and is not yet back: nothing can be written down but what an
    /// emergency reads.
    pub(crate) fn trail_is_away(&self) -> bool {
        self.spool.as_ref().is_some_and(|spool| spool.waiting())
    }

    /// Writes an event down, so that it is durable. A read in an emergency goes on while the trail is away.
    fn write_down(&self, ask: &Ask, event: AuditEvent) -> Result<(), Fault> {
        let reads = !ask.post && event.purpose == Some(Purpose::Emergency);
        let Some(spool) = self.spool.as_ref().filter(|_| reads) else {
            return self.store.append_audit(&[event]);
        };
        // Behind those that wait, so that the trail has them in their order.
        if spool.waiting() {
            return spool.keep(&event);
        }
        let events = [event];
        let Err(fault) = self.store.append_audit(&events) else {
            return Ok(());
        };
        tracing::error!(
            code = fault.code.id(),
            "the audit trail is away: {}",
            fault.inside
        );
        let [event] = events;
        spool.keep(&event)
    }

    /// The same with identity providers of hospitals.
    #[must_use]
    pub fn with_providers(self, providers: Vec<Arc<dyn IdentityProvider>>) -> Self {
        Self { providers, ..self }
    }

    /// The same with what makes certificates of terminals.
    #[must_use]
    pub fn with_terminals(self, certifying: Arc<dyn TerminalCertifying>) -> Self {
        Self {
            certifying: Some(certifying),
            ..self
        }
    }

    /// The same with the other communities, where there are any.
    #[must_use]
    pub fn with_others(self, others: Option<Arc<dyn OtherCommunities>>) -> Self {
        Self { others, ..self }
    }
}

/// Answers one request.
pub async fn serve(portal: Arc<Portal>, address: String, request: Request) -> Response {
    let request_id = new_request_id();
    let gate = match pages::arrival::waits(request.uri().path()) {
        true => &portal.waiting,
        false => &portal.gate,
    };
    let Some(place) = gate.enter() else {
        let fault = Fault::new(Code::Overloaded, "every page place is taken");
        return edge::send(plain_failure(&fault, request_id));
    };
    let ask = match read(&portal, request, address, request_id.clone()).await {
        Ok(ask) => ask,
        Err(fault) => return edge::send(plain_failure(&fault, request_id)),
    };
    let work = tokio::task::spawn_blocking(move || {
        let response = edge::send(answer(&portal, ask));
        drop(place);
        response
    });
    match work.await {
        Ok(response) => response,
        Err(error) => {
            let fault = Fault::new(Code::InternalFault, format!("page broke off: {error}"));
            edge::send(plain_failure(&fault, request_id))
        }
    }
}

/// Reads and bounds a request.
async fn read(
    portal: &Arc<Portal>,
    request: Request,
    address: String,
    request_id: String,
) -> Result<Ask, Fault> {
    let (parts, body) = request.into_parts();
    let post = match parts.method.as_str() {
        "GET" | "HEAD" => false,
        "POST" => true,
        _ => return Err(Fault::new(Code::RequestWrong, "method not offered")),
    };
    let mut ask = head(&parts, post, address, request_id)?;
    if !post {
        return Ok(ask);
    }
    let kind = parts.headers.get(http::header::CONTENT_TYPE);
    let boundary = kind
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| multer::parse_boundary(kind).ok());
    match boundary {
        Some(boundary) => upload::read(portal, ask, body, boundary).await,
        None => {
            let bytes = Limited::new(body, FORM_BYTES_MAX)
                .collect()
                .await
                .map_err(|_| Fault::new(Code::RequestTooLarge, "form too large or cut off"))?
                .to_bytes();
            ask.form = pairs(&bytes);
            Ok(ask)
        }
    }
}

/// Everything of a request but its body.
fn head(
    parts: &http::request::Parts,
    post: bool,
    address: String,
    request_id: String,
) -> Result<Ask, Fault> {
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |p| p.as_str())
        .to_owned();
    if target.len() > TARGET_BYTES_MAX {
        return Err(Fault::new(Code::RequestTooLarge, "address too long"));
    }
    let header = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let host = header("host").unwrap_or_default();
    let same_origin = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin.split_once("://").is_some_and(|(_, h)| h == host),
        (None, None) => false,
    };
    let cookies = header("cookie")
        .unwrap_or_default()
        .split(';')
        .filter_map(|c| c.trim().split_once('='))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    Ok(Ask {
        post,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        target,
        params: Vec::new(),
        form: Vec::new(),
        files: Vec::new(),
        cookies,
        part: header("tasuki-part").is_some_and(|part| part != LIVE),
        live: header("tasuki-part") == Some(LIVE),
        accepts_gzip: header("accept-encoding").is_some_and(|v| v.contains("gzip")),
        same_origin,
        host: host.to_owned(),
        address,
        certificate: parts.extensions.get().cloned(),
        request_id,
    })
}

/// `application/x-www-form-urlencoded` pairs; at most 200.
fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    serde_urlencoded::from_bytes::<Vec<(String, String)>>(bytes)
        .map(|mut pairs| {
            pairs.truncate(200);
            pairs
        })
        .unwrap_or_default()
}

/// Session, page, audit.
fn answer(portal: &Portal, mut ask: Ask) -> Sending {
    let lang = ask
        .query("lang")
        .or_else(|| ask.cookie(LANG_COOKIE))
        .and_then(Lang::from_tag)
        .unwrap_or_default();
    let now = portal.clock.now();
    let found = pages::find(ask.post, &ask.path);
    let (page, params) = match found {
        Some((page, params)) => (Some(page), params),
        None => (None, Vec::new()),
    };
    ask.params = params;
    let found = came_from(portal, page, &ask, now);
    let (terminal, who, barred) = match found {
        Ok(found) => found,
        Err(fault) => return failure(portal, &ask, lang, None, &fault),
    };
    let (who, waiting) = by_stage(who);
    let w = Words { lang };
    let visit = Visit {
        portal,
        ask: &ask,
        who,
        waiting,
        terminal,
        w,
        now,
        seen: Arc::default(),
        emergency: std::sync::OnceLock::new(),
        disaster: std::sync::OnceLock::new(),
    };
    let (result, event) = match barred {
        Some(fault) => {
            let event = events::refused_at(page, &visit, &fault);
            (Err(Stop::Fault(fault)), event)
        }
        None => {
            let result = run(page, &visit);
            let event = page.and_then(|p| events::event_of(p, &visit, &result));
            (result, event)
        }
    };
    if let Some(event) = event
        && let Err(fault) = portal.write_down(&ask, event)
    {
        let fault = Fault::new(Code::AuditAway, fault.to_string());
        return failure(portal, &ask, lang, visit.who.as_ref(), &fault);
    }
    let mut sending = match result {
        Ok(reply) => sending_of(reply, &ask),
        Err(Stop::SignIn) => {
            let to = format!("/sign-in?next={}", urlencode(&ask.target));
            sending_of(Reply::redirect(to), &ask)
        }
        Err(Stop::Refused) => {
            let fault = Fault::new(Code::NotFoundOrWithheld, "unknown or withheld");
            failure(portal, &ask, lang, visit.who.as_ref(), &fault)
        }
        Err(Stop::Fault(fault)) => failure(portal, &ask, lang, visit.who.as_ref(), &fault),
    };
    if ask.query("lang").is_some() {
        sending.cookies.push(format!(
            "{LANG_COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000",
            lang.tag()
        ));
    }
    sending
}

/// The terminal, the session, and why the page opens to neither.
pub(crate) type CameFrom = (Standing, Option<SignedIn>, Option<Fault>);

pub(crate) fn came_from(
    portal: &Portal,
    page: Option<&Page>,
    ask: &Ask,
    now: Instant,
) -> Result<CameFrom, Fault> {
    let terminal = terminals::standing_of(portal, ask, now)?;
    // Without its terminal a session is not even looked for: its use is not noted.
    if let Some(fault) = terminals::barred(portal, page, &terminal) {
        return Ok((terminal, None, Some(fault)));
    }
    let mut who = sign_in::session_of(portal, ask, &terminal, now)?;
    let barred = terminals::misplaced(portal, page, &terminal, &mut who);
    Ok((terminal, who, barred))
}

/// Only a session that waits for nothing has its user signed in: (signed in, waiting).
fn by_stage(who: Option<SignedIn>) -> (Option<SignedIn>, Option<SignedIn>) {
    match who {
        Some(who) if who.session.stage == Stage::Open => (Some(who), None),
        waiting => (None, waiting),
    }
}

const LANG_COOKIE: &str = "tasuki-lang";

fn run(page: Option<&Page>, visit: &Visit<'_>) -> Result<Reply, Stop> {
    let Some(page) = page else {
        return Err(Stop::Fault(Fault::new(Code::PageMissing, "no such page")));
    };
    let who = match page.door {
        Door::Open => None,
        Door::SignedIn => Some(visit.who()?),
        Door::Waiting => Some(visit.waiting()?),
    };
    if let Some(who) = who
        && visit.ask.post
    {
        let token = visit.ask.form("csrf").unwrap_or_default();
        // Digests are compared, so that the time taken says nothing of the token.
        let same = sign_in::sha256(token) == sign_in::sha256(&who.session.csrf);
        if !visit.ask.same_origin || !same {
            return Err(Stop::Fault(Fault::new(
                Code::FormRefused,
                "token or origin",
            )));
        }
    }
    (page.handle)(visit)
}

fn sending_of(reply: Reply, ask: &Ask) -> Sending {
    Sending {
        status: reply.status,
        egress: reply.egress,
        cookies: reply.cookies,
        keep: reply.keep,
        framing: reply.framing,
        encoding: match (reply.gzip, ask.accepts_gzip) {
            (true, _) => Encoding::Compressed,
            (false, true) => Encoding::Compress,
            (false, false) => Encoding::Plain,
        },
        file_name: reply.file_name,
        request_id: ask.request_id.clone(),
        clear: reply.clear,
    }
}

/// A failure as a page: what happened, what to do, the code, whom to call.
fn failure(
    portal: &Portal,
    ask: &Ask,
    lang: Lang,
    who: Option<&SignedIn>,
    fault: &Fault,
) -> Sending {
    if fault.code.category() == tasuki_core::fault::Category::Fault {
        tracing::error!(
            code = fault.code.id(),
            request = ask.request_id,
            "{}",
            fault.inside
        );
    }
    // Whose session was carried to another terminal is not said there.
    let carried = matches!(fault.code, Code::TerminalOther | Code::TerminalElsewhere);
    let who = who.filter(|_| !carried);
    let page = pages::failure::render(portal, ask, lang, who, fault);
    let mut sending = plain_failure(fault, ask.request_id.clone());
    if let Ok(page) = page {
        sending.egress = Egress::non_clinical(NonClinical::Notice(Body::html(page)));
    }
    sending
}

/// A failure before, or instead of, a page.
fn plain_failure(fault: &Fault, request_id: String) -> Sending {
    let text = format!("{} {}\n", fault.code.id(), fault.code.outside_en());
    Sending {
        status: status_of(fault.code),
        egress: Egress::non_clinical(NonClinical::Notice(Body::new(
            "text/plain; charset=utf-8",
            text.into_bytes(),
        ))),
        cookies: Vec::new(),
        keep: Keep::No,
        framing: Framing::Never,
        encoding: Encoding::Plain,
        file_name: None,
        request_id,
        clear: false,
    }
}

/// Categories to HTTP status: the one mapping of this edge.
pub(crate) fn status_of(code: Code) -> u16 {
    use tasuki_core::fault::Category;
    match code.category() {
        Category::Incorrect if code == Code::RequestTooLarge => 413,
        Category::Incorrect => 400,
        Category::Forbidden => 403,
        Category::NotFound => 404,
        Category::Conflict => 409,
        Category::Unsupported => 415,
        Category::Unavailable | Category::Busy => 503,
        Category::Fault => 500,
    }
}

fn new_request_id() -> String {
    let mut bytes = [0u8; 8];
    // Without randomness the id is zero: it names a request, it guards nothing.
    let _ = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes);
    tasuki_core::release::hex(&bytes)
}

/// Percent-encoding for a query value.
pub(crate) fn urlencode(text: &str) -> String {
    serde_urlencoded::to_string([("", text)])
        .map(|pair| pair.trim_start_matches('=').to_owned())
        .unwrap_or_default()
}

/// What the audit calls a page that shows no patient data but changes something.
pub(crate) const ADMINISTRATION: Action = Action::Administration;
