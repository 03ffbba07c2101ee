//! Demographics, allergies, problems, visits: ADT-00, ADT-61, PPR-01, ADT-12, ADT-01, OMD.

use super::header::{Bed, department_name, person};
use super::{Chart, Slip, Told, basic_day, time14};
use crate::clinical::diseases::{Disease, GASTRITIS, GASTRITIS_MDCDX2};
use jiff::civil::{Date, DateTime};
use tasuki_wire::hl7::comps;

/// A line of the problem list.
#[derive(Clone, Copy, Debug)]
pub struct Problem {
    /// What.
    pub disease: Disease,
    /// Since when.
    pub since: Date,
    /// Healed on.
    pub healed: Option<Date>,
    /// 疑い.
    pub suspected: bool,
    /// Who treats it.
    pub department: &'static str,
}

impl Chart<'_> {
    /// ADT-00: who the patient is, as known now.
    pub fn demographics(&mut self, at: DateTime) -> Told {
        let mut message = self.message("ADT^A08^ADT_A01", at);
        message.segment("EVN").set(2, time14(at));
        self.pid(&mut message, at);
        self.pv1(&mut message, "01", None);
        let age = self.person.age(at.date()).clamp(0, 120) as f64;
        let height = if age < 16.0 {
            78.0 + age * 5.6
        } else {
            172.0 - age * 0.18
        };
        let weight = if age < 16.0 {
            10.0 + age * 2.9
        } else {
            62.0 - age * 0.12
        };
        for (set, (code, name, value, unit)) in [
            ("9N001000000000001", "身長", height, "cm"),
            ("9N006000000000001", "体重", weight, "kg"),
        ]
        .into_iter()
        .enumerate()
        {
            let obx = message.segment("OBX");
            obx.set(1, (set + 1).to_string())
                .set(2, "NM")
                .set(3, comps([code, name, "JC10"]));
            obx.set(5, format!("{value:.1}"))
                .set(6, comps([unit, unit, "ISO+"]))
                .set(11, "F");
        }
        let insurance = if age >= 75.0 {
            ("39", "後期高齢者")
        } else {
            ("C0", "国民健康保険")
        };
        message
            .segment("IN1")
            .set(1, "1")
            .set(2, comps([insurance.0, insurance.1, "JHSD0001"]))
            .set(3, "39130000");
        self.put(
            Slip {
                kind: "ADT-00",
                day: None,
                order: None,
                at,
                department: None,
            },
            &message,
        )
    }

    /// ADT-61: every allergy known now: (type code, code, name, system, severity, reaction).
    pub fn allergies(&mut self, at: DateTime, known: &[[&'static str; 6]]) -> Told {
        let mut message = self.message("ADT^A60^ADT_A60", at);
        message.segment("EVN").set(1, time14(at));
        self.pid(&mut message, at);
        for (set, [kind, code, name, system, severity, reaction]) in
            known.iter().copied().enumerate()
        {
            let iam = message.segment("IAM");
            let kind_name = if kind == "FA" {
                "食物アレルギー"
            } else {
                "薬剤アレルギー"
            };
            let severity_name = if severity == "SV" {
                "重度"
            } else {
                "中等度"
            };
            iam.set(1, (set + 1).to_string())
                .set(2, comps([kind, kind_name, "HL70127"]))
                .set(
                    3,
                    comps([
                        code,
                        name,
                        if system.is_empty() {
                            self.facility().habits.local_system
                        } else {
                            system
                        },
                    ]),
                )
                .set(4, comps([severity, severity_name, "HL70128"]))
                .set(5, reaction)
                .set(6, comps(["A", "追加", "HL70323"]));
        }
        self.put(
            Slip {
                kind: "ADT-61",
                day: None,
                order: None,
                at,
                department: None,
            },
            &message,
        )
    }

    /// PPR-01: the whole problem list, in one file.
    pub fn problems(&mut self, at: DateTime, problems: &[Problem]) -> Told {
        let mut message = self.message("PPR^ZD1^PPR_ZD1", at);
        self.pid(&mut message, at);
        for (number, problem) in problems.iter().enumerate() {
            let instance = format!(
                "{:07}{:05}{:03}",
                self.person.number + 1,
                problem.disease.local,
                number + 1
            );
            let prb = message.segment("PRB");
            let local = format!("D{:05}", problem.disease.local);
            let coded = if problem.disease == GASTRITIS {
                comps([GASTRITIS_MDCDX2, problem.disease.name, "MDCDX2"])
            } else {
                comps([
                    local.as_str(),
                    problem.disease.name,
                    self.facility().habits.local_system,
                ])
            };
            prb.set(1, "AD")
                .set(2, basic_day(Some(at.date())))
                .set(3, coded.clone())
                .set(4, instance.as_str())
                .set(7, basic_day(Some(problem.since)))
                .set(
                    10,
                    comps([problem.disease.icd10, "", "I10", "O", "外来時", "JHSD0004"]),
                )
                .set(16, basic_day(Some(problem.since)));
            if let Some(healed) = problem.healed {
                prb.set(9, basic_day(Some(healed)))
                    .set(14, comps(["F", "完全に回復", "HL70241"]));
            }
            if problem.suspected {
                prb.set(13, comps(["1", "疑いあり", "JHSD0005"]));
            }
            if number == 0 {
                prb.set(18, comps(["1", "主診断", "JHSD0007"]));
            }
            message.segment("ZPR").set(2, coded);
            let doctor = self.doctor(problem.department);
            let orc = message.segment("ORC");
            orc.set(1, "NW")
                .set(2, instance.as_str())
                .set(12, person(doctor));
            orc.set(
                17,
                comps([
                    problem.department,
                    department_name(problem.department),
                    "HL70069",
                ]),
            );
        }
        self.put(
            Slip {
                kind: "PPR-01",
                day: None,
                order: None,
                at,
                department: Some("01"),
            },
            &message,
        )
    }

    /// ADT-12: came to the outpatient desk.
    pub fn visit(&mut self, at: DateTime, department: &'static str) -> Told {
        let mut message = self.message("ADT^A04^ADT_A01", at);
        message.segment("EVN").set(2, time14(at));
        self.pid(&mut message, at);
        self.pv1(&mut message, department, None).set(44, time14(at));
        let order = self.order();
        let day = Some(at.date());
        self.put(
            Slip {
                kind: "ADT-12",
                day,
                order: Some(&order),
                at,
                department: Some(department),
            },
            &message,
        )
    }

    /// ADT-01: who is in charge.
    pub fn attending(&mut self, at: DateTime, department: &'static str) -> Told {
        let mut message = self.message("ADT^A54^ADT_A54", at);
        message.segment("EVN").set(2, time14(at));
        self.pid(&mut message, at);
        self.pv1(&mut message, department, None);
        self.put(
            Slip {
                kind: "ADT-01",
                day: None,
                order: None,
                at,
                department: Some(department),
            },
            &message,
        )
    }

    /// OMD: a diet from a meal on.
    pub fn diet(
        &mut self,
        at: DateTime,
        department: &'static str,
        bed: Bed,
        code: &str,
        name: &str,
    ) -> Told {
        let order = self.order();
        let slip = Slip {
            kind: "OMD",
            day: Some(at.date()),
            order: Some(&order),
            at,
            department: Some(department),
        };
        let mut message = self.message("OMD^O03^OMD_O03", at);
        self.pid(&mut message, at);
        self.pv1(&mut message, department, Some(bed));
        self.orc(&mut message, slip, None, true);
        message
            .segment("TQ1")
            .set(1, "1")
            .set(7, time14(at))
            .set(9, comps(["R", "ルーチン", "HL70485"]));
        let system = self.facility().habits.local_system;
        message
            .segment("ODS")
            .set(1, "D")
            .set(3, comps([code, name, system]));
        self.put(slip, &message)
    }
}
