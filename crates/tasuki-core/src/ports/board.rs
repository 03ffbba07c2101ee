//! 受け入れ可能状況一覧: what each hospital can take in at present, by department, as its clerk wrote it
//! last. Nothing of a patient.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{CommunityId, FacilityCode, FacilityId, Instant, UserId};

/// Departments of one facility.
pub const BOARD_DEPARTMENTS_MAX: usize = 60;

/// Whether patients are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acceptance {
    /// 受け入れ可.
    Open,
    /// 要相談.
    Ask,
    /// 受け入れ不可.
    Closed,
}

impl Acceptance {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Open, Self::Ask, Self::Closed];

    /// Its stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ask => "ask",
            Self::Closed => "closed",
        }
    }

    /// The one of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// One department's present state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardLine {
    /// Where.
    pub facility: FacilityId,
    /// The department as the hospital calls it.
    pub department: Box<str>,
    /// Whether it takes patients in.
    pub acceptance: Acceptance,
    /// What else is to be said: beds, from when on.
    pub words: Box<str>,
    /// Who wrote it.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// One department of a facility elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakesIn {
    /// The department as the hospital calls it.
    pub department: Box<str>,
    /// Whether it takes patients in.
    pub acceptance: Acceptance,
    /// What else is said.
    pub words: Box<str>,
    /// When it was written there.
    pub at: Instant,
}

/// A disclosing facility of another community, as that community told it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityElsewhere {
    /// Whose.
    pub community: CommunityId,
    /// 医療機関コード.
    pub code: FacilityCode,
    /// Its name.
    pub name: Box<str>,
    /// Its telephone; may be empty.
    pub phone: Box<str>,
    /// What it takes in.
    pub lines: Vec<TakesIn>,
    /// When it was told.
    pub at: Instant,
}

/// Reading the board.
pub trait Board {
    /// Facilities of other communities that were told since then, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    fn facilities_elsewhere(
        &self,
        since: Instant,
        limit: u32,
    ) -> Result<Vec<FacilityElsewhere>, Fault>;

    /// One of them.
    ///
    /// # Errors
    /// Those of the store.
    fn facility_elsewhere(
        &self,
        community: &CommunityId,
        code: &FacilityCode,
    ) -> Result<Option<FacilityElsewhere>, Fault>;

    /// Every line, by facility and department, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    fn board(&self, limit: u32) -> Result<Vec<BoardLine>, Fault>;
}

/// Writing it.
pub trait BoardWrite {
    /// Keeps what a community told of a facility of its own, in the place of what it told before; false
    /// where it has told of more than `most`.
    ///
    /// # Errors
    /// Those of the store.
    fn put_facility_elsewhere(
        &self,
        facility: &FacilityElsewhere,
        most: u32,
    ) -> Result<bool, Fault>;

    /// Puts a line in the place of what was said before.
    ///
    /// # Errors
    /// Those of the store.
    fn put_board_line(&self, line: &BoardLine) -> Result<(), Fault>;

    /// Takes a line away; whether there was one.
    ///
    /// # Errors
    /// Those of the store.
    fn remove_board_line(&self, facility: &FacilityId, department: &str) -> Result<bool, Fault>;
}
