//! Prescriptions and injections: OMP-01, OMP-11, OMP-02, OMP-12.

use super::header::{Bed, person};
use super::{Chart, Slip, Told, basic_day, time14};
use crate::clinical::drugs::Drug;
use jiff::civil::DateTime;
use tasuki_wire::hl7::{MessageBuilder, RepValue, comps, subs};

/// A drug for so many days.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What.
    pub drug: Drug,
    /// For how long.
    pub days: u32,
}

/// A drip or injection.
#[derive(Clone, Copy, Debug)]
pub struct Infusion {
    /// The fluid first, then what goes into it.
    pub drugs: &'static [Drug],
    /// Total volume in mL.
    pub volume: u32,
    /// 注射種別 (JHSI0002): (code, name).
    pub kind: (&'static str, &'static str),
    /// Hours from start to end.
    pub hours: i8,
}

impl Chart<'_> {
    /// OMP-01. Drugs with the same usage and days share an RP.
    pub fn prescribe(
        &mut self,
        at: DateTime,
        department: &'static str,
        bed: Option<Bed>,
        order: &str,
        lines: &[Line],
    ) -> Told {
        let slip = Slip {
            kind: "OMP-01",
            day: Some(at.date()),
            order: Some(order),
            at,
            department: Some(department),
        };
        let message = self.prescription(slip, bed, lines, "NW");
        self.put(slip, &message)
    }

    /// OMP-01 taken back: the same prescription once more, with `CA` in ORC-1.
    pub fn withdraw(
        &mut self,
        at: DateTime,
        department: &'static str,
        order: &str,
        lines: &[Line],
    ) -> Told {
        let slip = Slip {
            kind: "OMP-01",
            day: Some(at.date()),
            order: Some(order),
            at,
            department: Some(department),
        };
        let message = self.prescription(slip, None, lines, "CA");
        self.cancel(slip, &message)
    }

    fn prescription(
        &mut self,
        slip: Slip,
        bed: Option<Bed>,
        lines: &[Line],
        control: &str,
    ) -> MessageBuilder {
        let mut message = self.message("RDE^O11^RDE_O11", slip.at);
        self.pid(&mut message, slip.at);
        self.pv1(&mut message, slip.department.unwrap_or("01"), bed);
        let (mut rp, mut item, mut last) = (0, 0, None);
        for line in lines {
            let usage = (line.drug.usage.text, line.days);
            if last != Some(usage) {
                (rp, item, last) = (rp + 1, 0, Some(usage));
            }
            item += 1;
            let group = format!("{}_{rp:02}_{item:03}", slip.order.unwrap_or_default());
            self.orc(&mut message, slip, Some(&group), bed.is_some())
                .set(1, control);
            self.rxe(&mut message, line, slip.at, bed.is_some());
        }
        message
    }

    fn rxe(&self, message: &mut MessageBuilder, line: &Line, at: DateTime, inpatient: bool) {
        let drug = line.drug;
        let (unit, unit_name) = drug.unit;
        let coded = comps([unit, unit_name, "MR9P"]);
        let daily = drug.dose.parse::<u32>().unwrap_or(1) * drug.usage.times;
        let daily_unit = subs([unit, unit_name, "MR9P"]);
        let rxe = message.segment("RXE");
        rxe.set(2, self.drug(drug))
            .set(3, drug.dose)
            .set(5, coded.clone())
            .set(10, (daily * line.days).to_string())
            .set(11, coded)
            .set(
                15,
                format!("{}{:05}", basic_day(Some(at.date())), self.person.number),
            )
            .set(19, RepValue(vec![daily.to_string().into(), daily_unit]));
        let setting = if inpatient {
            ("IHP", "入院処方")
        } else {
            ("OHP", "外来処方")
        };
        rxe.set(21, comps([setting.0, setting.1, "MR9P"]));
        let usage = drug.usage;
        let timing = if usage.code.is_empty() {
            subs([usage.local, usage.text, self.facility().habits.local_system])
        } else {
            subs([usage.code, usage.text, "JAMISDP01"])
        };
        let tq1 = message.segment("TQ1");
        tq1.set(1, "1")
            .set(3, timing)
            .set(6, comps([line.days.to_string().as_str(), "d"]));
        tq1.set(7, basic_day(Some(at.date())));
        let route = if usage.local == "U21" {
            ("IH", "吸入")
        } else {
            ("PO", "口")
        };
        message
            .segment("RXR")
            .set(1, comps([route.0, route.1, "HL70162"]));
    }

    /// OMP-11: taken on the ward.
    pub fn taken(
        &mut self,
        at: DateTime,
        department: &'static str,
        bed: Bed,
        order: &str,
        lines: &[Line],
    ) -> Told {
        let slip = Slip {
            kind: "OMP-11",
            day: Some(at.date()),
            order: Some(order),
            at,
            department: Some(department),
        };
        let mut message = self.message("RAS^O17^RAS_O17", at);
        self.pid(&mut message, at);
        self.pv1(&mut message, department, Some(bed));
        self.orc(&mut message, slip, None, true);
        let nurse = self.nurse();
        for line in lines {
            let (unit, unit_name) = line.drug.unit;
            let rxa = message.segment("RXA");
            rxa.set(1, "0")
                .set(2, "1")
                .set(3, time14(at))
                .set(4, time14(at));
            rxa.set(5, self.drug(line.drug))
                .set(6, line.drug.dose)
                .set(7, comps([unit, unit_name, "MR9P"]));
            rxa.set(10, person(nurse)).set(20, "CP").set(22, time14(at));
        }
        message
            .segment("RXR")
            .set(1, comps(["PO", "口", "HL70162"]));
        self.put(slip, &message)
    }

    /// OMP-02 and, unless it was stopped, OMP-12.
    pub fn infuse(
        &mut self,
        at: DateTime,
        department: &'static str,
        bed: Option<Bed>,
        infusion: &Infusion,
    ) -> Told {
        let order = self.order();
        let entered = at.saturating_sub(jiff::Span::new().hours(2));
        let slip = Slip {
            kind: "OMP-02",
            day: Some(entered.date()),
            order: Some(&order),
            at: entered,
            department: Some(department),
        };
        let end = at.saturating_add(jiff::Span::new().hours(i64::from(infusion.hours)));
        let mut message = self.message("RDE^O11^RDE_O11", entered);
        self.pid(&mut message, entered);
        self.pv1(&mut message, department, bed);
        let group = format!("{order}_01_001");
        self.orc(&mut message, slip, Some(&group), bed.is_some());
        let rxe = message.segment("RXE");
        rxe.set(2, comps([infusion.kind.0, infusion.kind.1, "99I02"]))
            .set(3, infusion.volume.to_string())
            .set(5, comps(["ML", "ミリリットル", "MR9P"]))
            .set(6, comps(["INJ", "注射剤", "MR9P"]))
            .set(
                21,
                comps([
                    if bed.is_some() { "IHP" } else { "OHI" },
                    if bed.is_some() {
                        "入院処方"
                    } else {
                        "院内処方"
                    },
                    "MR9P",
                ]),
            )
            .set(22, "H1")
            .set(
                23,
                (infusion.volume / infusion.hours.max(1).unsigned_abs() as u32).to_string(),
            )
            .set(24, comps(["ml/hr", "ミリリッター／時間", "ISO+"]));
        message
            .segment("TQ1")
            .set(1, "1")
            .set(7, time14(at))
            .set(8, time14(end));
        message
            .segment("RXR")
            .set(1, comps(["IV", "静脈内", "HL70162"]));
        for (n, drug) in infusion.drugs.iter().enumerate() {
            let (unit, unit_name) = drug.unit;
            let rxc = message.segment("RXC");
            rxc.set(1, if n == 0 { "B" } else { "A" })
                .set(2, self.drug(*drug));
            rxc.set(3, drug.dose)
                .set(4, comps([unit, unit_name, "MR9P"]));
        }
        self.put(slip, &message)?;
        self.infused(at, end, department, bed, &order, infusion)
    }

    fn infused(
        &mut self,
        at: DateTime,
        end: DateTime,
        department: &'static str,
        bed: Option<Bed>,
        order: &str,
        infusion: &Infusion,
    ) -> Told {
        let slip = Slip {
            kind: "OMP-12",
            day: Some(at.date()),
            order: Some(order),
            at: end,
            department: Some(department),
        };
        let mut message = self.message("RAS^O17^RAS_O17", end);
        self.pid(&mut message, end);
        self.pv1(&mut message, department, bed);
        self.orc(&mut message, slip, None, bed.is_some());
        let nurse = self.nurse();
        for drug in infusion.drugs {
            let (unit, unit_name) = drug.unit;
            let rxa = message.segment("RXA");
            rxa.set(1, "0")
                .set(2, "1")
                .set(3, time14(at))
                .set(4, time14(end));
            rxa.set(5, self.drug(*drug))
                .set(6, drug.dose)
                .set(7, comps([unit, unit_name, "MR9P"]));
            rxa.set(10, person(nurse))
                .set(20, "CP")
                .set(22, time14(end));
        }
        message
            .segment("RXR")
            .set(1, comps(["IV", "静脈内", "HL70162"]));
        self.put(slip, &message)
    }

    /// A drug's code as this facility writes it.
    fn drug(&self, drug: Drug) -> RepValue {
        let habits = self.facility().habits;
        if habits.hot9 && !drug.hot9.is_empty() {
            return comps([drug.hot9, drug.name, "HOT9"]);
        }
        let local = format!(
            "{}{:05}",
            habits.local_system.get(2..3).unwrap_or("X"),
            drug.local
        );
        comps([local.as_str(), drug.name, habits.local_system])
    }
}
