//! Radiology, endoscopy, physiology: OMG-01/-11, OMG-02/-12, OMG-03/-13.

use super::header::person;
use super::{Chart, Slip, Told, basic_day, time14};
use jiff::civil::DateTime;
use tasuki_wire::hl7::comps;

/// The three families of examinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// 放射線.
    Radiology,
    /// 内視鏡.
    Endoscopy,
    /// 生理.
    Physiology,
}

/// An examination: what is ordered, and the modality that did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Examination {
    /// Which family.
    pub family: Family,
    /// Code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Code system.
    pub system: &'static str,
    /// DICOM modality.
    pub modality: &'static str,
}

const fn examination(
    family: Family,
    code: &'static str,
    name: &'static str,
    system: &'static str,
    modality: &'static str,
) -> Examination {
    Examination {
        family,
        code,
        name,
        system,
        modality,
    }
}

/// Chest X-ray, standing.
pub const CHEST: Examination = examination(
    Family::Radiology,
    "10000002000102000000010000000000",
    "胸部.Ｘ線単純撮影.立位正面(A→P)",
    "JJ1017",
    "DX",
);
/// CT of chest and abdomen.
pub const CT: Examination = examination(
    Family::Radiology,
    "R2010",
    "胸腹部ＣＴ（単純）",
    "99RAD",
    "CT",
);
/// X-ray of the hip.
pub const HIP: Examination = examination(
    Family::Radiology,
    "R1105",
    "股関節Ｘ線 ２方向",
    "99RAD",
    "DX",
);
/// MRI of the head.
pub const MRI: Examination = examination(Family::Radiology, "R3001", "頭部ＭＲＩ", "99RAD", "MR");
/// Gastroscopy.
pub const ENDOSCOPY: Examination = examination(
    Family::Endoscopy,
    "11000001000",
    "検査.上部.-.-.上部通常内視鏡.-",
    "LENDO",
    "ES",
);
/// Colonoscopy.
pub const COLONOSCOPY: Examination = examination(
    Family::Endoscopy,
    "E0201",
    "下部消化管内視鏡",
    "99END",
    "ES",
);
/// 12-lead ECG.
pub const ECG: Examination = examination(
    Family::Physiology,
    "9A110",
    "標準１２誘導心電図",
    "JC10",
    "ECG",
);
/// Echocardiography.
pub const ECHO: Examination =
    examination(Family::Physiology, "P0201", "心臓超音波検査", "99PHY", "US");

impl Chart<'_> {
    /// Orders an examination, does it a day part later, and (physiology) writes what was found.
    pub fn examine(
        &mut self,
        at: DateTime,
        department: &'static str,
        what: Examination,
        impression: &str,
    ) -> Told {
        let (ordered, done) = match what.family {
            Family::Radiology => ("OMG-01", "OMG-11"),
            Family::Endoscopy => ("OMG-02", "OMG-12"),
            Family::Physiology => ("OMG-03", "OMG-13"),
        };
        let order = self.order();
        let slip = Slip {
            kind: ordered,
            day: Some(at.date()),
            order: Some(&order),
            at,
            department: Some(department),
        };
        let mut message = self.message("OMG^O19^OMG_O19", at);
        self.pid(&mut message, at);
        self.pv1(&mut message, department, None);
        let child = format!("{order}1");
        for (control, number) in [("NW", &order), ("PA", &order), ("CH", &child)] {
            self.orc(&mut message, slip, None, false)
                .set(1, control)
                .set(2, number.as_str());
            message.segment("TQ1").set(9, comps(["R", "", "HL70485"]));
            let doctor = self.doctor(department);
            let obr = message.segment("OBR");
            obr.set(2, number.as_str())
                .set(4, comps([what.code, what.name, what.system]))
                .set(16, person(doctor));
        }
        self.put(slip, &message)?;
        let at = at.saturating_add(jiff::Span::new().minutes(95));
        match what.family {
            Family::Physiology => self.measured(at, department, what, &order, done, impression),
            _ => self.performed(at, department, what, &order, done),
        }
    }

    fn performed(
        &mut self,
        at: DateTime,
        department: &'static str,
        what: Examination,
        order: &str,
        kind: &str,
    ) -> Told {
        let slip = Slip {
            kind,
            day: Some(at.date()),
            order: Some(order),
            at,
            department: Some(department),
        };
        let mut message = self.message("OMI^Z23^OMI_Z23", at);
        self.pid(&mut message, at);
        self.pv1(&mut message, department, None);
        let accession = format!("A{order}");
        for (control, number) in [
            ("NW", order.to_owned()),
            ("PA", order.to_owned()),
            ("CH", format!("{order}1")),
        ] {
            self.orc(&mut message, slip, None, false)
                .set(1, control)
                .set(2, number.as_str());
            message.segment("TQ1").set(9, comps(["R", "", "HL70485"]));
            let doctor = self.doctor(department);
            let obr = message.segment("OBR");
            obr.set(2, number)
                .set(4, comps([what.code, what.name, what.system]));
            obr.set(7, basic_day(Some(at.date())))
                .set(16, person(doctor))
                .set(22, time14(at))
                .set(25, "F");
            if control == "CH" {
                message
                    .segment("ZE1")
                    .set(1, "1")
                    .set(2, "RS")
                    .set(3, comps([what.code, what.name, what.system]));
            }
            let ipc = message.segment("IPC");
            // A UID below the arc for UUIDs would do as well; this one is the sender's own.
            ipc.set(1, accession.as_str()).set(
                3,
                format!(
                    "1.2.392.999999.{}.{}",
                    self.facility().code,
                    order.trim_start_matches('0')
                ),
            );
            ipc.set(5, comps([what.modality, "", "DCM"]));
        }
        self.put(slip, &message)
    }

    fn measured(
        &mut self,
        at: DateTime,
        department: &'static str,
        what: Examination,
        order: &str,
        kind: &str,
        impression: &str,
    ) -> Told {
        let slip = Slip {
            kind,
            day: Some(at.date()),
            order: Some(order),
            at,
            department: Some(department),
        };
        let mut message = self.message("ORU^R01^ORU_R01", at);
        self.pid(&mut message, at);
        self.pv1(&mut message, department, None);
        let doctor = self.doctor(department);
        let obr = message.segment("OBR");
        obr.set(1, "1")
            .set(2, order)
            .set(4, comps([what.code, what.name, what.system]));
        obr.set(7, time14(at))
            .set(16, person(doctor))
            .set(22, time14(at))
            .set(25, "F");
        let obx = message.segment("OBX");
        obx.set(1, "1")
            .set(2, "TX")
            .set(3, comps(["IMP", "所見", "99PHY"]))
            .set(4, "1")
            .set(5, impression)
            .set(11, "F");
        let rate = self.dice.between(56, 92);
        let figures = [
            ("32769", "心拍数", rate, "bpm"),
            ("32770", "ＰＱ時間", 150 + rate % 30, "msec"),
            ("58240", "ＱＲＳ幅", 88 + rate % 14, "msec"),
        ];
        for (n, (code, name, value, unit)) in figures.into_iter().enumerate() {
            let obx = message.segment("OBX");
            obx.set(1, (n + 2).to_string())
                .set(2, "NM")
                .set(3, comps([code, name, "99MFR"]))
                .set(4, "2");
            obx.set(5, value.to_string()).set(6, unit).set(11, "F");
        }
        self.put(slip, &message)
    }
}
