//! Which codes facilities send for laboratory items and medicines, and what local ones of them mean
//! (a per-facility dictionary: dated, and undone without a trace in the documents).

use crate::Fault;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{Coding, CommunityId, FacilityId, Instant, SmolStr, UserId};

/// An institution of another community, as the metadata of its documents name it (`authorInstitution`,
/// an XON). Codes of its own are kept apart from those of every other one, as ours are by facility.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Institution {
    /// Whose it is.
    pub community: CommunityId,
    /// XON-10, its number; may be empty.
    pub number: SmolStr,
    /// XON-1, its name; may be empty.
    pub name: SmolStr,
}

/// What parts the key of an institution; no id of ours has it.
const PART: char = '|';
/// The longest number or name that is told apart, in characters.
const PART_MAX: usize = 40;

impl Institution {
    /// The institution of the first author that names one; without any, the community as a whole.
    #[must_use]
    pub fn of(community: &CommunityId, entry: &DocumentEntry) -> Self {
        let xon = entry.authors.iter().flat_map(|a| &a.institutions).next();
        let component = |n: usize| -> SmolStr {
            let text = xon
                .and_then(|xon| xon.split('^').nth(n))
                .unwrap_or_default();
            let plain = text.chars().filter(|c| *c != PART && !c.is_control());
            plain.take(PART_MAX).collect()
        };
        Self {
            community: community.clone(),
            number: component(9),
            name: component(0),
        }
    }

    /// Under which key its items and mappings stand, beside those of our facilities.
    #[must_use]
    pub fn key(&self) -> Option<FacilityId> {
        let key = format!("{}{PART}{}{PART}{}", self.community, self.number, self.name);
        FacilityId::new(&key).ok()
    }

    /// The institution of a key; nothing for a facility of ours.
    #[must_use]
    pub fn from_key(key: &FacilityId) -> Option<Self> {
        let mut parts = key.as_str().splitn(3, PART);
        let community = CommunityId::new(parts.next()?).ok()?;
        Some(Self {
            community,
            number: parts.next()?.into(),
            name: parts.next()?.into(),
        })
    }
}

/// What a code is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodedKind {
    /// A laboratory item (JLAC10).
    Lab,
    /// A medicine (HOT9, YJ).
    Drug,
}

impl CodedKind {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Lab, Self::Drug];

    /// The stable word stored and exchanged.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Drug => "drug",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// One item as a facility names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalItem {
    /// What it is.
    pub kind: CodedKind,
    /// Its code; may be empty.
    pub code: SmolStr,
    /// Its name; may be empty.
    pub name: SmolStr,
}

/// An item that came with documents. No patient is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenItem {
    /// Who sent it.
    pub facility: FacilityId,
    /// What was sent.
    pub item: LocalItem,
    /// The standard system of its code; empty for a local one.
    pub system: SmolStr,
    /// How many times.
    pub times: u64,
}

/// What an item of a facility stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeMapping {
    /// Whose item.
    pub facility: FacilityId,
    /// The item.
    pub item: LocalItem,
    /// The standard code, with its name.
    pub standard: Coding,
    /// Who said so.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// Reading the dictionary.
pub trait CodeDictionary {
    /// Items without a standard code that a facility has sent, the most frequent first; at most `limit`.
    fn local_items(&self, facility: &FacilityId, limit: u32) -> Result<Vec<SeenItem>, Fault>;

    /// Items with a standard code that facilities have sent, the most frequent first; at most `limit`.
    fn standard_items(&self, kind: CodedKind, limit: u32) -> Result<Vec<SeenItem>, Fault>;

    /// The institutions of other communities of which items have come; at most 1,000.
    fn item_institutions(&self) -> Result<Vec<FacilityId>, Fault>;

    /// How many different items of a facility or institution are counted.
    fn items_known(&self, facility: &FacilityId) -> Result<u64, Fault>;

    /// The mappings of some facilities, at most 20,000 of each.
    fn code_mappings(&self, facilities: &[FacilityId]) -> Result<Vec<CodeMapping>, Fault>;
}

/// Writing the dictionary.
pub trait CodeDictionaryWrite {
    /// Adds to the counts of items.
    fn count_items(&self, seen: &[SeenItem]) -> Result<(), Fault>;

    /// Sets what an item stands for; an earlier word is overwritten.
    fn put_code_mapping(&self, mapping: &CodeMapping) -> Result<(), Fault>;

    /// Takes a mapping away; returns whether there was one.
    fn drop_code_mapping(&self, facility: &FacilityId, item: &LocalItem) -> Result<bool, Fault>;
}
