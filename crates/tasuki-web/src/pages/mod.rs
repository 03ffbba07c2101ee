//! The registry of pages. Adding a page is one folder and one line here: the route, the audit
//! event, the security table and the browser's list of pages all come from this list.

mod access;
mod account;
pub(crate) mod arrival;
pub(crate) mod assets;
mod audit;
mod board;
mod calendar;
mod consent;
mod consents;
mod desk;
mod dictionary;
mod disaster;
mod document;
pub(crate) mod emergency;
mod explain;
pub(crate) mod failure;
mod help;
mod images;
mod injections;
mod invite;
pub(crate) mod kept;
mod labs;
mod launch;
mod medications;
mod members;
mod misfiled;
pub(crate) mod notes;
mod page;
pub(crate) mod patients;
pub(crate) mod print;
mod problems;
mod provider;
mod public;
mod received;
mod requests;
mod reviews;
mod rights;
mod root;
mod screening;
mod second;
mod section;
mod sign_in;
mod sources;
mod statistics;
mod stays;
mod summary;
mod terminal;
mod terminals;
mod users;
pub(crate) mod words_of;

pub(crate) use page::find;
pub use page::{Door, Page};

use crate::pipeline::ADMINISTRATION;
use page::{change, form, open, shut};
use tasuki_core::audit::Action;

/// Where notes are read and written.
pub(crate) const NOTES: &str = "/patients/{person}/notes";
/// Where a patient's consent is taken and shown.
const CONSENT: &str = "/patients/{person}/consent";
/// The addresses whose forms come with files.
pub(crate) const TAKES_FILES: &[&str] = &[NOTES, CONSENT];

/// What opens without a terminal's certificate where everything else asks for one: what anybody may read, what
/// a patient reads with a sheet of the desk at home, and where a terminal takes its certificate.
pub const NEEDS_NO_TERMINAL: &[&str] = &[
    "assets",
    "icon",
    "public",
    "public-json",
    "rights",
    "rights-form",
    "terminal",
    "terminal-take",
];

/// Every page of the portal.
pub const PAGES: &[Page] = &[
    open("root", "/", None, root::show),
    open("assets", "/assets/{hash}/{file}", None, assets::show),
    open("icon", "/icon.svg", None, assets::icon),
    open("sign-in", "/sign-in", None, sign_in::show),
    form(
        "sign-in-form",
        "/sign-in",
        Door::Open,
        Action::SignIn,
        sign_in::begin,
    ),
    open(
        "provider",
        "/sign-in/with/{provider}",
        Some(Action::SignIn),
        provider::go,
    ),
    open(
        "provider-back",
        "/sign-in/back",
        Some(Action::SignIn),
        provider::back_again,
    ),
    form(
        "provider-form",
        "/account/provider",
        Door::SignedIn,
        Action::Administration,
        provider::change,
    ),
    Page {
        door: Door::Waiting,
        ..open("second", "/sign-in/second", None, second::show)
    },
    form(
        "second-form",
        "/sign-in/second",
        Door::Waiting,
        Action::SignIn,
        second::confirm,
    ),
    change("lock", "/lock", Action::SignOut, second::lock),
    change("note-form", NOTES, Action::Import, notes::write),
    change("sign-out", "/sign-out", Action::SignOut, sign_in::end),
    shut("account", "/account", ADMINISTRATION, account::show),
    change(
        "membership-form",
        "/account/membership",
        Action::SignIn,
        account::choose_membership,
    ),
    change(
        "devices-form",
        "/account/devices",
        Action::SignOut,
        account::end_device,
    ),
    change(
        "totp-form",
        "/account/totp",
        Action::Administration,
        account::add_totp,
    ),
    shut(
        "passkey",
        "/account/passkey",
        ADMINISTRATION,
        account::new_passkey,
    ),
    change(
        "passkey-form",
        "/account/passkey",
        Action::Administration,
        account::add_passkey,
    ),
    change(
        "factor-form",
        "/account/factors",
        Action::Administration,
        account::remove_factor,
    ),
    change(
        "password-form",
        "/account/password",
        Action::Administration,
        account::change_password,
    ),
    shut("desk", "/desk", Action::PatientSearch, desk::show),
    shut(
        "line",
        "/desk/links/{line}",
        Action::PatientSearch,
        desk::line,
    ),
    change(
        "line-form",
        "/desk/links/{line}",
        Action::Identity,
        desk::decide,
    ),
    shut(
        "misfiled",
        "/desk/misfiled",
        Action::PatientSearch,
        misfiled::show,
    ),
    change(
        "misfiled-form",
        "/desk/misfiled",
        Action::Identity,
        misfiled::deal,
    ),
    shut(
        "requests",
        "/desk/requests",
        Action::PatientSearch,
        requests::show,
    ),
    change(
        "requests-form",
        "/desk/requests",
        Action::Identity,
        requests::ask,
    ),
    shut(
        "request",
        "/desk/requests/{request}",
        Action::PatientSearch,
        requests::one,
    ),
    change(
        "request-form",
        "/desk/requests/{request}",
        Action::Identity,
        requests::act,
    ),
    shut(
        "request-print",
        "/desk/requests/{request}/print",
        Action::Export,
        requests::print,
    ),
    shut(
        "consents",
        "/desk/consents",
        Action::PatientSearch,
        consents::show,
    ),
    shut("consent", CONSENT, Action::PatientSearch, consent::show),
    form(
        "consent-form",
        CONSENT,
        Door::SignedIn,
        Action::Identity,
        consent::act,
    ),
    form(
        "rights-link",
        "/patients/{person}/consent/link",
        Door::SignedIn,
        Action::Export,
        rights::hand_over,
    ),
    open("rights", "/mine", None, rights::show),
    form(
        "rights-form",
        "/mine",
        Door::Open,
        Action::AuditView,
        rights::open,
    ),
    shut(
        "consent-print",
        "/patients/{person}/consent/{form}",
        Action::Export,
        consent::print,
    ),
    shut(
        "dictionary",
        "/admin/dictionary",
        ADMINISTRATION,
        dictionary::show,
    ),
    change(
        "dictionary-form",
        "/admin/dictionary",
        ADMINISTRATION,
        dictionary::decide,
    ),
    shut(
        "emergency",
        "/emergency",
        Action::Emergency,
        emergency::show,
    ),
    change(
        "emergency-find",
        "/emergency",
        Action::Emergency,
        emergency::find,
    ),
    shut(
        "emergency-mine",
        "/emergency/mine",
        Action::Emergency,
        emergency::mine,
    ),
    change(
        "emergency-answer",
        "/emergency/mine",
        Action::Emergency,
        reviews::answer,
    ),
    shut(
        "emergency-steps",
        "/emergency/{emergency}",
        Action::Emergency,
        emergency::steps,
    ),
    change(
        "emergency-act",
        "/emergency/{emergency}",
        Action::Emergency,
        emergency::act,
    ),
    shut("board", "/board", ADMINISTRATION, board::show),
    change("board-form", "/board", Action::Administration, board::write),
    shut(
        "disaster",
        "/admin/disaster",
        ADMINISTRATION,
        disaster::show,
    ),
    change(
        "disaster-form",
        "/admin/disaster",
        Action::Administration,
        disaster::act,
    ),
    shut(
        "explain",
        "/admin/policy/explain",
        Action::AuditView,
        explain::show,
    ),
    change(
        "explain-form",
        "/admin/policy/explain",
        Action::AuditView,
        explain::explain,
    ),
    shut("audit", "/admin/audit", Action::AuditView, audit::show),
    shut(
        "audit-file",
        "/admin/audit/file",
        Action::AuditView,
        audit::file,
    ),
    shut(
        "access",
        "/patients/{person}/access",
        Action::AuditView,
        access::show,
    ),
    shut(
        "access-print",
        "/patients/{person}/access/print",
        Action::Export,
        access::print,
    ),
    shut("invite", "/desk/emergency", Action::Emergency, invite::show),
    change(
        "invite-form",
        "/desk/emergency",
        Action::Emergency,
        invite::invite,
    ),
    shut(
        "reviews",
        "/admin/reviews",
        Action::AuditView,
        reviews::show,
    ),
    change(
        "reviews-form",
        "/admin/reviews",
        Action::AuditView,
        reviews::judge,
    ),
    shut("members", "/admin/members", ADMINISTRATION, members::show),
    form(
        "members-form",
        "/admin/members",
        Door::SignedIn,
        ADMINISTRATION,
        members::act,
    ),
    shut(
        "statistics",
        "/admin/statistics",
        ADMINISTRATION,
        statistics::show,
    ),
    change(
        "statistics-form",
        "/admin/statistics",
        ADMINISTRATION,
        statistics::decide,
    ),
    open("public", "/public", None, public::show),
    open("public-json", "/public/statistics.json", None, public::json),
    shut("users", "/admin/users", ADMINISTRATION, users::show),
    change("users-form", "/admin/users", ADMINISTRATION, users::import),
    shut("user", "/admin/users/{user}", ADMINISTRATION, users::one),
    change(
        "user-form",
        "/admin/users/{user}",
        ADMINISTRATION,
        users::act,
    ),
    shut(
        "terminals",
        "/admin/terminals",
        ADMINISTRATION,
        terminals::show,
    ),
    change(
        "terminals-form",
        "/admin/terminals",
        ADMINISTRATION,
        terminals::enrol,
    ),
    shut(
        "terminals-one",
        "/admin/terminals/{terminal}",
        ADMINISTRATION,
        terminals::one,
    ),
    change(
        "terminals-act",
        "/admin/terminals/{terminal}",
        ADMINISTRATION,
        terminals::act,
    ),
    open("terminal", "/terminal", None, terminal::show),
    form(
        "terminal-take",
        "/terminal",
        Door::Open,
        ADMINISTRATION,
        terminal::take,
    ),
    change(
        "terminal-renew",
        "/terminal/renew",
        ADMINISTRATION,
        terminal::renew,
    ),
    open("welcome", "/welcome", None, users::welcome::show),
    form(
        "welcome-form",
        "/welcome",
        Door::Open,
        ADMINISTRATION,
        users::welcome::begin,
    ),
    shut("launch", "/launch", Action::PatientSearch, launch::show),
    shut("help", "/help", ADMINISTRATION, help::show),
    shut(
        "patients",
        "/patients",
        Action::PatientSearch,
        patients::show,
    ),
    shut(
        "chart",
        "/patients/{person}",
        Action::ChartView,
        root::chart,
    ),
    shut(
        "calendar",
        "/patients/{person}/calendar",
        Action::ChartView,
        calendar::show,
    ),
    shut(
        "summary",
        "/patients/{person}/summary",
        Action::ChartView,
        summary::show,
    ),
    shut(
        "sources",
        "/patients/{person}/sources",
        Action::ChartView,
        sources::show,
    ),
    Page {
        name: "arrival",
        post: false,
        path: "/patients/{person}/arrival/{gathering}",
        door: Door::SignedIn,
        audit: None,
        handle: arrival::show,
    },
    shut(
        "received",
        "/patients/{person}/received/{copy}",
        Action::DocumentView,
        received::show,
    ),
    shut(
        "received-original",
        "/patients/{person}/received/{copy}/original",
        Action::DocumentView,
        received::original,
    ),
    change(
        "keep-form",
        "/patients/{person}/kept",
        Action::ChartView,
        kept::keep,
    ),
    shut(
        "stays",
        "/patients/{person}/stays",
        Action::ChartView,
        stays::show,
    ),
    shut("notes", NOTES, Action::ChartView, notes::show),
    shut(
        "images",
        "/patients/{person}/images",
        Action::ChartView,
        images::show,
    ),
    shut(
        "injections",
        "/patients/{person}/injections",
        Action::ChartView,
        injections::show,
    ),
    shut(
        "problems",
        "/patients/{person}/problems",
        Action::ChartView,
        problems::show,
    ),
    shut(
        "screening",
        "/patients/{person}/screening",
        Action::ChartView,
        screening::show,
    ),
    shut(
        "medications",
        "/patients/{person}/medications",
        Action::ChartView,
        medications::show,
    ),
    shut(
        "labs",
        "/patients/{person}/labs",
        Action::ChartView,
        labs::show,
    ),
    shut(
        "labs-file",
        "/patients/{person}/labs/{format}",
        Action::Export,
        labs::export,
    ),
    shut(
        "print",
        "/patients/{person}/print/{preset}",
        Action::Export,
        print::show,
    ),
    shut(
        "section",
        "/patients/{person}/{section}",
        Action::ChartView,
        section::show,
    ),
    shut(
        "document",
        "/patients/{person}/documents/{entry}",
        Action::DocumentView,
        document::show,
    ),
    shut(
        "original",
        "/patients/{person}/documents/{entry}/original",
        Action::DocumentView,
        document::original,
    ),
];
