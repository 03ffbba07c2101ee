//! Institutions of the network.

use crate::{Category, CommunityId, FacilityCode, FacilityId, Oid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a facility does in the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// 開示施設: discloses, and may look.
    Disclosing,
    /// 閲覧施設: looks only.
    Viewing,
}

/// The mark that stands for a facility beside its two-letter code on every badge. All are drawn in
/// one colour, so that the meaning survives greyscale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// ●
    Disc,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ✚
    Cross,
    /// ◎
    Ring,
    /// ▼
    Wedge,
    /// ★
    Star,
    /// □
    Frame,
}

impl Shape {
    /// Every shape, in the order in which facilities are given them.
    pub const ALL: &'static [Self] = &[
        Self::Disc,
        Self::Square,
        Self::Triangle,
        Self::Diamond,
        Self::Cross,
        Self::Ring,
        Self::Wedge,
        Self::Star,
        Self::Frame,
    ];

    /// The stable word; also the name of the drawing in the portal's sprite.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Disc => "disc",
            Self::Square => "square",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
            Self::Cross => "cross",
            Self::Ring => "ring",
            Self::Wedge => "wedge",
            Self::Star => "star",
            Self::Frame => "frame",
        }
    }

    /// The shape of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.code() == code)
    }
}

/// Which kinds of data a source offers to the network at all: every kind, unless it says which. That a
/// kind is not offered is no statement about any patient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offers(Option<BTreeSet<Category>>);

impl Offers {
    /// These kinds and no others.
    #[must_use]
    pub fn only(kinds: impl IntoIterator<Item = Category>) -> Self {
        Self(Some(kinds.into_iter().collect()))
    }

    /// Every kind.
    #[must_use]
    pub const fn every(&self) -> bool {
        self.0.is_none()
    }

    /// Whether this kind is offered. Who a patient is always goes with it.
    #[must_use]
    pub fn has(&self, kind: Category) -> bool {
        let listed = |kinds: &BTreeSet<Category>| kinds.contains(&kind);
        kind == Category::Basic || self.0.as_ref().is_none_or(listed)
    }

    /// The kinds as they are configured: codes with commas between; empty for every kind.
    ///
    /// # Errors
    /// The first code that is no kind.
    pub fn parse(text: &str) -> Result<Self, &str> {
        let codes = || text.split(',').map(str::trim).filter(|c| !c.is_empty());
        let kinds = codes().map(|code| Category::from_code(code).ok_or(code));
        let kinds: BTreeSet<Category> = kinds.collect::<Result<_, _>>()?;
        Ok(Self(Some(kinds).filter(|kinds| !kinds.is_empty())))
    }
}

/// One institution as it is today. Codes and names are dated in the store; this is the current row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facility {
    /// Our stable id.
    pub id: FacilityId,
    /// 医療機関コード in force.
    pub code: FacilityCode,
    /// The community that holds its records.
    pub community: CommunityId,
    /// Assigning authority of its patient IDs.
    pub authority: Oid,
    /// Full name.
    pub name: String,
    /// Name in Latin letters, for the English screens.
    pub name_en: String,
    /// Short name for strips and badges, at most six characters.
    pub short: String,
    /// Two-letter code for badges.
    pub badge: String,
    /// Shape for badges.
    pub shape: Shape,
    /// Disclosing or viewing.
    pub part: Part,
    /// Telephone of its 地域連携室.
    pub phone: String,
    /// Which kinds it offers.
    #[serde(default, skip_serializing_if = "Offers::every")]
    pub offers: Offers,
}
