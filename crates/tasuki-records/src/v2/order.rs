//! ORC: who ordered what, when (HL7 v2.5 §4.5.1).

use serde::{Deserialize, Serialize};
use tasuki_model::{Coded, JstTime, SmolStr};

use super::{Line, Location, Reader, Staff};

/// The head of an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct OrderHead {
    /// ORC-1: `NW` new, `PA` parent, `CH` child, `SC` status changed …
    pub control: SmolStr,
    /// ORC-2: オーダ番号 of the orderer.
    pub placer: SmolStr,
    /// ORC-3: number of the one who carries it out.
    pub filler: SmolStr,
    /// ORC-4: group number; of drugs, `order_RP_item` or the RP number.
    pub group: SmolStr,
    /// ORC-5: status (`CM` complete …).
    pub status: SmolStr,
    /// ORC-8: number of the parent order.
    pub parent: SmolStr,
    /// ORC-9: when the order was entered.
    pub entered: Option<JstTime>,
    /// ORC-10.
    pub entered_by: Option<Staff>,
    /// ORC-12: 依頼者.
    pub requester: Option<Staff>,
    /// ORC-13.
    pub location: Option<Location>,
    /// ORC-17: 診療科.
    pub department: Coded,
    /// ORC-21.
    pub organisation: SmolStr,
    /// ORC-29: 外来患者オーダ, 入院患者オーダ …
    pub order_type: Coded,
}

impl OrderHead {
    /// Taken back as a whole (ORC-1 `CA` or `DC`).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.control.as_str(), "CA" | "DC")
    }

    pub(crate) fn read(orc: &Line<'_, '_>, reader: &mut Reader<'_, '_>) -> Self {
        Self {
            control: orc.text(1),
            placer: orc.text(2),
            filler: orc.text(3),
            group: orc.text(4),
            status: orc.text(5),
            parent: orc.text(8),
            entered: orc.time(9, reader),
            entered_by: orc.staff(10),
            requester: orc.staff(12),
            location: orc.location(13),
            department: orc.coded(17),
            organisation: orc.text(21),
            order_type: orc.coded(29),
        }
    }
}
