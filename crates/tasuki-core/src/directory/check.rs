//! What a directory may not say: anything by which one community could pass for another.

use super::{Community, Directory};
use crate::{Code, Fault};
use std::collections::BTreeSet;

/// Communities, authorities or certificates of one community, contacts: bounds against a slip.
const COMMUNITIES_MAX: usize = 4_096;
const PER_COMMUNITY_MAX: usize = 1_024;
const TEXT_BYTES_MAX: usize = 512;

/// Refuses a directory in which something stands for two communities, or nothing for one.
pub(super) fn check(directory: &Directory) -> Result<(), Fault> {
    let wrong = |what: String| Err(Fault::new(Code::DirectoryInvalid, what));
    if directory.communities.is_empty() || directory.communities.len() > COMMUNITIES_MAX {
        return wrong(format!("not between 1 and {COMMUNITIES_MAX} communities"));
    }
    let mut seen = BTreeSet::new();
    for community in &directory.communities {
        alone(community)?;
        for mark in marks(community) {
            if !seen.insert(mark.clone()) {
                let id = &community.home_community_id;
                return wrong(format!("{id}: {} {} stands twice", mark.0, mark.1));
            }
        }
    }
    managers(directory)
}

/// Who holds or waits for the role is a member, and each is named once.
fn managers(directory: &Directory) -> Result<(), Fault> {
    let wrong = |what: String| Err(Fault::new(Code::DirectoryInvalid, what));
    let mut named = BTreeSet::new();
    for id in directory.pix_manager.iter().chain(&directory.pix_standbys) {
        if directory.community(id).is_none() {
            return wrong(format!("pix_manager: {id} is no member"));
        }
        if !named.insert(id) {
            return wrong(format!("pix_manager: {id} is named twice"));
        }
    }
    match (&directory.pix_manager, directory.pix_standbys.len()) {
        (None, 1..) => wrong("pix_standbys without a pix_manager".to_owned()),
        (_, 0..=2) => Ok(()),
        _ => wrong("more than two pix_standbys".to_owned()),
    }
}

/// What no two communities may share, and none may say twice.
fn marks(community: &Community) -> Vec<(&'static str, String)> {
    let mut marks = vec![("home id", community.home_community_id.to_string())];
    let authorities = community.authorities.iter();
    marks.extend(authorities.map(|oid| ("authority", oid.to_string())));
    let certificates = community.certificates.iter();
    marks.extend(certificates.map(|c| ("certificate", crate::release::hex(c))));
    if let Some(assertions) = &community.assertions {
        marks.push(("issuer", assertions.issuer.to_string()));
        let signers = assertions.certificates.iter();
        marks.extend(signers.map(|der| {
            let digest = ring::digest::digest(&ring::digest::SHA256, der);
            ("signer", crate::release::hex(digest.as_ref()))
        }));
    }
    marks
}

fn alone(community: &Community) -> Result<(), Fault> {
    let id = &community.home_community_id;
    let wrong = |what: &str| Err(Fault::new(Code::DirectoryInvalid, format!("{id}: {what}")));
    let counts = [
        community.authorities.len(),
        community.certificates.len(),
        community.replies.len(),
        community.contacts.len(),
    ];
    if counts.iter().any(|count| *count > PER_COMMUNITY_MAX) {
        return wrong("more of a kind than a community has");
    }
    let texts = [&community.name, &community.dialect];
    let contacts = community.contacts.iter();
    let texts = texts
        .into_iter()
        .chain(contacts.flat_map(|c| [&c.name, &c.phone, &c.mail]));
    let odd = |text: &str| text.len() > TEXT_BYTES_MAX || text.chars().any(char::is_control);
    if texts.into_iter().any(|text| odd(text)) {
        return wrong("a text is too long or has a control character");
    }
    if community.name.trim().is_empty() {
        return wrong("no name");
    }
    let folder = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if community.dialect.is_empty() || !community.dialect.chars().all(folder) {
        return wrong("dialect: lower-case letters, digits and hyphens");
    }
    if community.certificates.is_empty() {
        return wrong("no certificate");
    }
    match &community.assertions {
        Some(xua) if odd(&xua.issuer) || xua.issuer.trim().is_empty() => wrong("xua: no issuer"),
        Some(xua) if xua.certificates.is_empty() || xua.certificates.len() > 4 => {
            wrong("xua: one to four certificates")
        }
        _ => Ok(()),
    }
}
