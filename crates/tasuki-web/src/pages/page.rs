//! What a page is, and how a path finds one.

use super::PAGES;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::audit::Action;

/// Who may come to a page at all; what they see there is the policy's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Anyone.
    Open,
    /// Someone signed in.
    SignedIn,
    /// Someone who has begun to sign in, or whose screen is locked.
    Waiting,
}

/// One page.
pub struct Page {
    /// Its name, in audit events and tests.
    pub name: &'static str,
    /// Answers POST instead of GET.
    pub post: bool,
    /// Its path; `{name}` stands for one segment.
    pub path: &'static str,
    /// Who may come.
    pub door: Door,
    /// What the audit calls a visit; none for files of the product, and for the number by which a
    /// page learns that something has come: the page that it then fetches leaves the event.
    pub audit: Option<Action>,
    pub(crate) handle: fn(&Visit<'_>) -> Result<Reply, Stop>,
}

pub(super) const fn open(
    name: &'static str,
    path: &'static str,
    audit: Option<Action>,
    handle: Handle,
) -> Page {
    Page {
        name,
        post: false,
        path,
        door: Door::Open,
        audit,
        handle,
    }
}

pub(super) const fn shut(
    name: &'static str,
    path: &'static str,
    audit: Action,
    handle: Handle,
) -> Page {
    Page {
        name,
        post: false,
        path,
        door: Door::SignedIn,
        audit: Some(audit),
        handle,
    }
}

pub(super) const fn form(
    name: &'static str,
    path: &'static str,
    door: Door,
    audit: Action,
    handle: Handle,
) -> Page {
    Page {
        name,
        post: true,
        path,
        door,
        audit: Some(audit),
        handle,
    }
}

/// A form of somebody signed in.
pub(super) const fn change(
    name: &'static str,
    path: &'static str,
    audit: Action,
    handle: Handle,
) -> Page {
    form(name, path, Door::SignedIn, audit, handle)
}

type Handle = fn(&Visit<'_>) -> Result<Reply, Stop>;

type Params = Vec<(&'static str, String)>;

/// The page of a path and the values of its parameters.
pub(crate) fn find(post: bool, path: &str) -> Option<(&'static Page, Params)> {
    PAGES
        .iter()
        .filter(|p| p.post == post)
        .find_map(|p| Some((p, fit(p.path, path)?)))
}

fn fit(pattern: &'static str, path: &str) -> Option<Params> {
    let mut params = Params::new();
    let mut given = path.split('/');
    for segment in pattern.split('/') {
        let value = given.next()?;
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(name) if !value.is_empty() => params.push((name, value.to_owned())),
            Some(_) => return None,
            None if segment == value => {}
            None => return None,
        }
    }
    given.next().is_none().then_some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_page_and_parameters() {
        let (page, params) = find(false, "/patients/abc/calendar").unwrap();
        assert_eq!(page.name, "calendar");
        assert_eq!(params, [("person", "abc".to_owned())]);
        assert!(find(true, "/patients").is_none());
        assert!(find(false, "/patients//calendar").is_none());
        assert!(find(false, "/patients/abc/calendar/x").is_none());
    }

    #[test]
    fn names_and_routes_are_unique_and_every_door_leaves_an_event() {
        for (i, a) in PAGES.iter().enumerate() {
            let silent = a.door != Door::SignedIn || a.name == "arrival";
            assert!(silent || a.audit.is_some(), "{}", a.name);
            for b in &PAGES[i + 1..] {
                assert_ne!(a.name, b.name);
                assert!(a.path != b.path || a.post != b.post, "{}", a.path);
            }
        }
    }
}
