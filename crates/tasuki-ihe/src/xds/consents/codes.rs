//! The codes of a consent document (ITI TF-3, 5.1.2.1): what it is, and which policies it acknowledges.
//!
//! A policy says how far a consent goes and nothing of the record: which facilities it names, which kinds, days
//! or departments it leaves out, stays at the facility that took it.

use tasuki_core::policy::Restriction;
use tasuki_core::ports::Consent;
use tasuki_model::Coding;
use tasuki_model::xds::DocumentEntry;

/// A code as it stands in a table: scheme, code, words.
type Row = (&'static str, &'static str, &'static str);

/// LOINC.
pub(super) const LOINC: &str = "2.16.840.1.113883.6.1";
/// Class and type (ITI TF-3, 5.1.2.1.1.1).
pub(super) const CONSENT: Row = (LOINC, "57016-8", "同意文書");
/// Format of a document without a scanned part.
pub(super) const FORMAT: Row = (
    "1.3.6.1.4.1.19376.1.2.3",
    "urn:ihe:iti:bppc:2007",
    "ITI BPPC",
);
/// Where it comes from: the desk.
pub(super) const PRACTICE: Row = ("urn:tasuki:practice-setting", "desk", "地域連携室");
/// The policies that Tasuki knows: an arc of its own (ITU-T X.667), for a CDA takes no other scheme.
pub(super) const POLICIES: &str = "2.25.164998370788233163667820412818513385735";

const NETWORK: Row = (POLICIES, "network", "ネットワークの全施設への開示に同意");
const LISTED: Row = (
    POLICIES,
    "listed",
    "同意書で指定した施設・地域に限った開示に同意",
);
const AT_VISIT: Row = (
    POLICIES,
    "at-visit",
    "受診した施設への開示に同意（令和2年3月31日の取扱い）",
);
const LIMITED: Row = (POLICIES, "limited", "開示する区分または期間に限りあり");
const NO_EMERGENCY: Row = (POLICIES, "no-emergency", "救急時の開示を希望しない");

/// A code in the words of the exchange.
pub(super) fn coding((system, code, text): Row) -> Coding {
    Coding {
        system: system.into(),
        code: code.into(),
        text: text.into(),
        version: None,
    }
}

/// Whether an entry is of a consent document, ours or another's, whatever a region's file of codes says of it.
pub(in crate::xds) fn is_consent(entry: &DocumentEntry) -> bool {
    let is = |code: &Option<Coding>| {
        let code = code.as_ref();
        code.is_some_and(|code| &*code.system == LOINC && &*code.code == CONSENT.1)
    };
    is(&entry.class_code) || is(&entry.type_code)
}

/// Whether a code is one that our own consent documents have: a region's file need not list them.
pub(in crate::xds) fn is_ours(code: &Coding) -> bool {
    let own = [CONSENT, FORMAT, PRACTICE];
    &*code.system == POLICIES
        || own
            .iter()
            .any(|own| &*code.system == own.0 && &*code.code == own.1)
}

/// The policies that a consent acknowledges: to whom, and then what narrows it. What is kept out by department
/// or document is not among them: to say so would tell that there is one.
pub(super) fn policies(consent: &Consent) -> Vec<Coding> {
    let all = consent.terms.restrictions();
    let has = |is: fn(&Restriction) -> bool| all.iter().any(is);
    let listed = has(|r| matches!(r, Restriction::OnlyTo(_)));
    let to = match (has(|r| *r == Restriction::AtVisit), listed) {
        (true, _) => AT_VISIT,
        (false, true) => LISTED,
        (false, false) => NETWORK,
    };
    let narrows = |r: &Restriction| {
        matches!(
            r,
            Restriction::OnlyCategories(_) | Restriction::OnlyDays { .. }
        )
    };
    let limited = has(narrows).then_some(LIMITED);
    let refuses = has(|r| *r == Restriction::NoEmergency).then_some(NO_EMERGENCY);
    let narrower = [limited, refuses].into_iter().flatten();
    std::iter::once(to).chain(narrower).map(coding).collect()
}
