//! What is missing of an answer, as the error of the community that it is missing from (ITI TF-3
//! table 4.2.4.1-2; `location` is its home community id, ITI TF-2 3.38.4.1.3).

use crate::gateway::NoAnswer;
use tasuki_core::Code;
use tasuki_core::directory::Community;
use tasuki_model::CommunityId;
use tasuki_wire::ebrim::{RegistryError, Severity};

/// Characters of another community's words that are passed on.
const WORDS_MAX: usize = 400;

fn error(xds: &str, code: Code, of: &CommunityId, words: &str) -> RegistryError {
    RegistryError {
        code: xds.to_owned(),
        context: format!("{} {words}", code.id()),
        location: Some(format!("urn:oid:{of}")),
        severity: Severity::Error,
    }
}

/// A community gave no answer that could be used.
pub(super) fn unanswered(to: &Community, no: &NoAnswer) -> RegistryError {
    let words = format!("{}: {} {}", to.name, no.code.outside_en(), no.what);
    let mut gap = error(
        "XDSUnavailableCommunity",
        no.code,
        &to.home_community_id,
        words.trim_end(),
    );
    // Whoever does not take part in this transaction was not expected to answer it.
    if no.code == Code::PeerDoesNotOffer {
        gap.severity = Severity::Warning;
    }
    gap
}

/// Which of its patients is meant could not be found out.
pub(super) fn unidentified(to: &Community, no: &NoAnswer) -> RegistryError {
    let words = format!(
        "{}: not asked, for whoever knows its patient ids did not answer: {}",
        to.name,
        no.code.outside_en()
    );
    error(
        "XDSUnavailableCommunity",
        no.code,
        &to.home_community_id,
        &words,
    )
}

/// The index knows no id there, and it offers to be asked by name (ITI-55). That finds somebody whom nobody
/// has confirmed: a reader of a chart sees that, for one visit; a system has no visit and nobody who sees.
pub(super) fn not_sought(to: &Community) -> RegistryError {
    let words = format!("{}: {}", to.name, Code::NotSoughtByName.outside_en());
    let gap = error(
        "XDSUnavailableCommunity",
        Code::NotSoughtByName,
        &to.home_community_id,
        &words,
    );
    RegistryError {
        severity: Severity::Warning,
        ..gap
    }
}

/// Its objects are without the id of a community: nobody could fetch them. Names what they are
/// (ITI TF-2 3.38.4.1.3).
pub(super) fn homeless(to: &Community, ids: &[String]) -> RegistryError {
    let some: Vec<&str> = ids.iter().map(String::as_str).take(10).collect();
    let words = format!(
        "{} answered without homeCommunityId: {} objects, {}",
        to.name,
        ids.len(),
        some.join(" ")
    );
    error(
        "XDSMissingHomeCommunityId",
        Code::XdsHomeMissing,
        &to.home_community_id,
        &words,
    )
}

/// So many of its objects are of another patient or another community.
pub(super) fn foreign(to: &Community, count: usize) -> RegistryError {
    let words = format!(
        "{}: {count} objects of another patient or community are withheld",
        to.name
    );
    error(
        "XDSRegistryError",
        Code::AnswerForeign,
        &to.home_community_id,
        &words,
    )
}

/// So many of its objects could not be read.
pub(super) fn unreadable(to: &Community, count: usize) -> RegistryError {
    let words = format!("{}: {count} objects could not be read", to.name);
    error(
        "XDSRegistryError",
        Code::AnswerGarbled,
        &to.home_community_id,
        &words,
    )
}

/// One document that was not given as its entry describes it.
pub(super) fn document(to: &Community, unique_id: &str, no: &NoAnswer) -> RegistryError {
    let words = format!("{unique_id}: {}: {}", to.name, no.code.outside_en());
    let (code, of) = (no.code, &to.home_community_id);
    error("XDSDocumentUniqueIdError", code, of, &words)
}

/// It says that something is missing, and not what.
pub(super) fn unexplained(to: &Community) -> RegistryError {
    let words = format!("{}: it says that its answer is not whole", to.name);
    error(
        "XDSRegistryError",
        Code::PeerFaults,
        &to.home_community_id,
        &words,
    )
}

/// What a community says itself.
pub(super) fn said(to: &Community, said: RegistryError) -> RegistryError {
    let known = !said.code.is_empty() && said.code.bytes().all(|b| b.is_ascii_alphanumeric());
    RegistryError {
        code: match known {
            true => said.code,
            false => "XDSRegistryError".to_owned(),
        },
        context: said.context.chars().take(WORDS_MAX).collect(),
        location: Some(format!("urn:oid:{}", to.home_community_id)),
        severity: said.severity,
    }
}

/// A home community id of nobody.
pub(super) fn unknown(home: &str) -> RegistryError {
    RegistryError {
        code: "XDSUnknownCommunity".to_owned(),
        context: format!(
            "{} {home:.80} is no member of this network",
            Code::XdsCommunityUnknown.id()
        ),
        location: None,
        severity: Severity::Error,
    }
}

/// The others were not asked: nobody who may ask them discloses such a patient. The same words for a
/// patient who is not known, for one who is not disclosed, and for an id that is none.
pub(super) fn not_named() -> RegistryError {
    RegistryError {
        code: "XDSUnavailableCommunity".to_owned(),
        context: format!(
            "{} {}",
            Code::OthersNotAsked.id(),
            Code::OthersNotAsked.outside_en()
        ),
        location: None,
        severity: Severity::Warning,
    }
}

/// The patient ids elsewhere are those of an old answer.
pub(super) fn aged(since: tasuki_model::Instant) -> RegistryError {
    RegistryError {
        code: "XDSUnavailableCommunity".to_owned(),
        context: format!(
            "{} patient ids elsewhere are those of {}",
            Code::PeerLate.id(),
            tasuki_model::xds::utc_text(since)
        ),
        location: None,
        severity: Severity::Warning,
    }
}

/// Our code of an error, for the audit trail.
pub(super) fn stable(error: &RegistryError) -> Option<Code> {
    Code::from_id(error.context.split(' ').next()?)
}
