//! Stays: planned, admitted, moved, out overnight, back, to be discharged, discharged.

use super::header::Bed;
use super::{Chart, Slip, Told, time14};
use jiff::civil::DateTime;

impl Chart<'_> {
    /// One event of a stay. `code` is the data kind; `planned` a time that lies ahead.
    fn movement(
        &mut self,
        (kind, trigger): (&str, &str),
        at: DateTime,
        department: &'static str,
        bed: Bed,
        fields: &[(usize, DateTime)],
    ) -> Told {
        let mut message = self.message(trigger, at);
        let evn = message.segment("EVN");
        evn.set(2, time14(at));
        if matches!(kind, "ADT-31" | "ADT-32" | "ADT-42") {
            evn.set(6, time14(at));
        }
        self.pid(&mut message, at);
        let pv1 = self.pv1(&mut message, department, Some(bed));
        for (field, time) in fields {
            pv1.set(*field, time14(*time));
        }
        if kind == "ADT-52" {
            pv1.set(36, "01");
        }
        let order = self.order();
        self.put(
            Slip {
                kind,
                day: Some(at.date()),
                order: Some(&order),
                at,
                department: Some(department),
            },
            &message,
        )
    }

    /// ADT-21 and ADT-51: an admission or a discharge that is planned for `ahead`.
    pub fn plan(
        &mut self,
        admission: bool,
        at: DateTime,
        ahead: DateTime,
        department: &'static str,
        bed: Bed,
    ) -> Told {
        let (kind, trigger, field) = if admission {
            ("ADT-21", "ADT^A14^ADT_A05", 8)
        } else {
            ("ADT-51", "ADT^A16^ADT_A16", 9)
        };
        let mut message = self.message(trigger, at);
        message.segment("EVN").set(2, time14(at));
        self.pid(&mut message, at);
        self.pv1(&mut message, department, Some(bed));
        message.segment("PV2").set(field, time14(ahead));
        let order = self.order();
        self.put(
            Slip {
                kind,
                day: Some(ahead.date()),
                order: Some(&order),
                at,
                department: Some(department),
            },
            &message,
        )
    }

    /// ADT-22.
    pub fn admit(&mut self, at: DateTime, department: &'static str, bed: Bed) -> Told {
        self.movement(
            ("ADT-22", "ADT^A01^ADT_A01"),
            at,
            department,
            bed,
            &[(44, at)],
        )
    }

    /// ADT-42: to another bed.
    pub fn transfer(&mut self, at: DateTime, department: &'static str, bed: Bed) -> Told {
        self.movement(("ADT-42", "ADT^A02^ADT_A02"), at, department, bed, &[])
    }

    /// ADT-31 and, a day later, ADT-32.
    pub fn overnight(
        &mut self,
        at: DateTime,
        back: DateTime,
        department: &'static str,
        bed: Bed,
    ) -> Told {
        self.movement(("ADT-31", "ADT^A21^ADT_A21"), at, department, bed, &[])?;
        self.movement(("ADT-32", "ADT^A22^ADT_A21"), back, department, bed, &[])
    }

    /// ADT-52.
    pub fn discharge(
        &mut self,
        admitted: DateTime,
        at: DateTime,
        department: &'static str,
        bed: Bed,
    ) -> Told {
        self.movement(
            ("ADT-52", "ADT^A03^ADT_A03"),
            at,
            department,
            bed,
            &[(44, admitted), (45, at)],
        )
    }
}
