//! Laboratory: OML-01 (order) and OML-11 (result).

use super::header::{Bed, department_name, person};
use super::{Chart, Slip, Told, time14};
use crate::clinical::labs::{Analyte, Panel};
use crate::community::LabCodes;
use jiff::civil::DateTime;
use tasuki_wire::hl7::{MessageBuilder, RepValue, comps};

/// A result: its analyte and the value in the usual unit, or a text.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was measured.
    pub analyte: Analyte,
    /// The value, or what it says in words (`(2+)`).
    pub value: Result<f64, &'static str>,
}

impl Chart<'_> {
    /// Orders a panel and, two hours later, its result.
    pub fn lab(
        &mut self,
        at: DateTime,
        department: &'static str,
        bed: Option<Bed>,
        panel: &Panel,
        findings: &[Finding],
    ) -> Told {
        let order = self.order();
        // Clinics send specimens out and keep no orders of their own.
        if self.facility().hospital {
            self.lab_order(at, department, bed, panel, &order, findings)?;
        }
        let reported = at.saturating_add(jiff::Span::new().minutes(110));
        let slip = Slip {
            kind: "OML-11",
            day: Some(at.date()),
            order: Some(&order),
            at: reported,
            department: Some(department),
        };
        let mut message = self.message("OUL^R22^OUL_R22", reported);
        self.pid(&mut message, reported);
        self.pv1(&mut message, department, bed);
        let specimen = format!("S{order}");
        self.spm(&mut message, &specimen, panel, at);
        let doctor = self.doctor(department);
        let obr = message.segment("OBR");
        obr.set(1, "1")
            .set(2, order.as_str())
            .set(3, specimen.as_str());
        obr.set(4, comps([panel.code, panel.title, "99O03"]))
            .set(7, time14(at));
        obr.set(16, person(doctor)).set(22, time14(reported));
        let orc = message.segment("ORC");
        orc.set(1, "SC")
            .set(2, order.as_str())
            .set(3, specimen.as_str())
            .set(5, "CM")
            .set(9, time14(reported));
        orc.set(12, person(doctor)).set(
            17,
            comps([department, department_name(department), "HL70069"]),
        );
        orc.set(21, self.facility().name);
        for (n, finding) in findings.iter().enumerate() {
            self.obx(&mut message, n + 1, finding, at);
        }
        self.put(slip, &message)
    }

    fn lab_order(
        &mut self,
        at: DateTime,
        department: &'static str,
        bed: Option<Bed>,
        panel: &Panel,
        order: &str,
        findings: &[Finding],
    ) -> Told {
        let entered = at.saturating_sub(jiff::Span::new().minutes(35));
        let slip = Slip {
            kind: "OML-01",
            day: Some(entered.date()),
            order: Some(order),
            at: entered,
            department: Some(department),
        };
        let mut message = self.message("OML^O33^OML_O33", entered);
        self.pid(&mut message, entered);
        self.pv1(&mut message, department, bed);
        self.spm(&mut message, "", panel, at);
        self.orc(&mut message, slip, None, bed.is_some());
        message
            .segment("TQ1")
            .set(1, "1")
            .set(7, time14(at))
            .set(9, comps(["R", "ルーチン", "HL70485"]));
        let obr = message.segment("OBR");
        obr.set(1, "1")
            .set(2, order)
            .set(4, comps([panel.code, panel.title, "99O03"]));
        for (n, finding) in findings.iter().enumerate() {
            let obx = message.segment("OBX");
            obx.set(1, (n + 1).to_string())
                .set(3, self.analyte(finding.analyte))
                .set(11, "O");
        }
        self.put(slip, &message)
    }

    fn spm(&self, message: &mut MessageBuilder, id: &str, panel: &Panel, taken: DateTime) {
        let spm = message.segment("SPM");
        spm.set(1, "1")
            .set(2, id)
            .set(4, comps([panel.material, panel.material_name, "JC10"]))
            .set(17, time14(taken));
    }

    fn obx(&self, message: &mut MessageBuilder, n: usize, finding: &Finding, taken: DateTime) {
        let analyte = finding.analyte;
        let habits = self.facility().habits;
        let code = self.analyte(analyte);
        let obx = message.segment("OBX");
        obx.set(1, n.to_string())
            .set(3, code)
            .set(11, "F")
            .set(14, time14(taken));
        let value = match finding.value {
            Err(words) => {
                obx.set(2, "ST").set(5, words);
                obx.set(7, "(-)");
                if words != "(-)" {
                    obx.set(8, "A");
                }
                return;
            }
            Ok(value) => value,
        };
        // CRP in mg/L: the same analyte, ten times the figure, another unit.
        let per_litre = habits.crp_per_litre && analyte.key == "CRP";
        let scale = if per_litre { 10.0 } else { 1.0 };
        let unit = if per_litre { "mg/L" } else { analyte.unit };
        let decimals = if per_litre { 1 } else { analyte.decimals };
        let shift = if analyte.range.0 > 0.0 {
            1.0 + habits.range_shift
        } else {
            1.0
        };
        let (low, high) = (
            analyte.range.0 * shift * scale,
            analyte.range.1 * shift * scale,
        );
        let value = value * scale;
        let least = 2.0 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
        if analyte.key == "CRP" && value < least {
            obx.set(2, "ST").set(5, format!("< {least:.decimals$}"));
        } else {
            obx.set(2, "NM").set(5, format!("{value:.decimals$}"));
        }
        if !unit.is_empty() {
            obx.set(6, comps([unit, unit, "ISO+"]));
        }
        if low > 0.0 {
            obx.set(7, format!("{low:.decimals$}-{high:.decimals$}"));
        } else {
            obx.set(7, format!("<={high:.decimals$}"));
        }
        // The flag follows the figure as printed, as a technician would read it.
        let printed: f64 = format!("{value:.decimals$}").parse().unwrap_or(value);
        let bound = |bound: f64| format!("{bound:.decimals$}").parse().unwrap_or(bound);
        if printed > bound(high) {
            obx.set(
                8,
                if printed > bound(high) * 3.0 {
                    "HH"
                } else {
                    "H"
                },
            );
        } else if printed < bound(low) {
            obx.set(8, "L");
        }
    }

    /// An analyte's code as this facility writes it.
    fn analyte(&self, analyte: Analyte) -> RepValue {
        let habits = self.facility().habits;
        let local = analyte.local.to_string();
        // One in four of the partly coded has no public code on its screen.
        let uncoded = habits.lab_codes == LabCodes::Partly && analyte.local.is_multiple_of(4);
        if analyte.jlac10.is_empty() || uncoded {
            comps([local.as_str(), analyte.local_name, habits.local_system])
        } else {
            comps([
                analyte.jlac10,
                analyte.name,
                "JC10",
                local.as_str(),
                analyte.local_name,
                habits.local_system,
            ])
        }
    }
}
