//! TQ1: when and how often (HL7 v2.5 §4.5.4), with the Japanese 用法 code in TQ1-3.

use serde::{Deserialize, Serialize};
use tasuki_model::{Coded, JstTime, Quantity, SmolStr};
use tasuki_wire::hl7::Segment;

use super::{Line, Reader, coded, quantity};
use crate::view::Span;

/// A timing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Timing {
    /// TQ1-3: 用法, the 16-digit JAMI code and its text; or a repeat pattern of HL7 table 0335.
    /// Repetitions are further usages (補足用法).
    pub usage: Vec<Coded>,
    /// TQ1-6: how long or how many times, such as `14 d` or `3 1`.
    pub duration: Option<Quantity>,
    /// TQ1-7.
    pub start: Option<JstTime>,
    /// TQ1-8.
    pub end: Option<JstTime>,
    /// TQ1-9: priority.
    pub priority: Coded,
    /// TQ1-10 and -11: condition and instruction in words.
    pub instruction: SmolStr,
    /// TQ1-14: total occurrences, where sent.
    pub times: SmolStr,
}

impl Timing {
    pub(crate) fn read(segment: &Segment<'_>, reader: &mut Reader<'_, '_>) -> Self {
        let tq1 = Line::new(segment);
        // RPT-1 is itself coded: `code&text&system`.
        let usage = tq1.field(3).reps().map(|rep| coded(rep.comp(1).lowered()));
        let duration = tq1.field(6).rep(0);
        let unit = coded(duration.comp(2).lowered());
        let instruction = [tq1.whole(10), tq1.whole(11)];
        Self {
            usage: usage.filter(|usage| !usage.is_empty()).collect(),
            duration: quantity(duration.comp(1).value(), unit),
            start: tq1.time(7, reader),
            end: tq1.time(8, reader),
            priority: tq1.coded(9),
            instruction: instruction.join(" ").trim().into(),
            times: tq1.text(14),
        }
    }

    /// The duration where its unit is one of UCUM's times (`d`, or as some systems write it), else
    /// the total of occurrences (屯用).
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let Some(duration) = &self.duration else {
            return self.times.parse().ok().map(Span::Times);
        };
        let number = duration.value.parse().ok()?;
        let unit = duration.unit.as_ref()?.codings.first()?;
        match unit.code.as_str() {
            "min" | "MIN" | "分" => Some(Span::Minutes(number)),
            "h" | "H" | "HR" | "時間" => Some(Span::Hours(number)),
            "d" | "D" | "DAY" | "日" | "日分" => Some(Span::Days(number)),
            "wk" | "WK" | "週" => Some(Span::Weeks(number)),
            "mo" | "MO" | "月" => Some(Span::Months(number)),
            "回" | "回分" => Some(Span::Times(number)),
            _ => None,
        }
    }

    /// Days, where the duration is one in days.
    #[must_use]
    pub fn days(&self) -> Option<u32> {
        match self.span()? {
            Span::Days(days) => Some(days),
            _ => None,
        }
    }
}
