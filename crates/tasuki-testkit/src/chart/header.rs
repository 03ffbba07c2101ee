//! MSH, PID, PV1 and ORC as JAHIS has them, by the facility's habits.

use super::{Chart, Slip, basic_day, time14};
use crate::community::{Facility, Spelling, Staff};
use crate::people::Name;
use jiff::civil::DateTime;
use tasuki_wire::hl7::{FieldValue, MessageBuilder, RepValue, SegmentBuilder, comps, reps};

/// A bed: (ward, room, bed).
pub type Bed = (&'static str, &'static str, &'static str);

impl Chart<'_> {
    /// A message with MSH and PID; `kind` is `ADT^A08^ADT_A01` and the like.
    pub(crate) fn message(&mut self, kind: &str, at: DateTime) -> MessageBuilder {
        let facility = self.facility();
        let mut message = MessageBuilder::new();
        let control = format!("{}{:04}", time14(at), self.files % 10_000);
        message
            .header()
            .set(3, facility.habits.system)
            .set(4, facility.code)
            .set(5, "SSMIX2")
            .set(6, facility.code)
            .set(7, time14(at))
            .set(9, comps(kind.split('^')))
            .set(10, control)
            .set(11, "P")
            .set(12, "2.5")
            .set(
                21,
                comps([
                    "SS-MIX2_1.20",
                    "SS-MIX2",
                    "1.2.392.200250.2.1.100.1.2.120",
                    "ISO",
                ]),
            );
        message
    }

    /// PID of the person as known on that day.
    pub(crate) fn pid(&self, message: &mut MessageBuilder, at: DateTime) {
        let facility = self.facility();
        let id = self.registration.local_id.as_str();
        let pid = message.segment("PID");
        pid.set(1, "0001");
        // Some systems write the bare number.
        if facility.habits.department {
            pid.set(3, comps([id, "", "", "", "PI"]));
        } else {
            pid.set(3, id);
        }
        if let Some(name) = self.person.name(at.date()) {
            pid.set(5, names(facility, name));
        }
        pid.set(7, basic_day(Some(self.person.birth)))
            .set(8, self.person.sex.code());
        if let Some(home) = self.person.home(at.date()) {
            pid.set(
                11,
                comps(["", "", "", "", &home.postcode, "JPN", "H", &home.address]),
            );
        }
        pid.set(
            13,
            comps([
                "",
                "PRN",
                "PH",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                &self.person.phone,
            ]),
        );
    }

    /// PV1 of an outpatient (no bed) or an inpatient.
    pub(crate) fn pv1<'m>(
        &mut self,
        message: &'m mut MessageBuilder,
        department: &str,
        bed: Option<Bed>,
    ) -> &'m mut SegmentBuilder {
        let doctor = self.doctor(department);
        let pv1 = message.segment("PV1");
        pv1.set(1, "0001")
            .set(7, person(doctor))
            .set(10, department);
        match bed {
            Some((ward, room, bed)) => pv1
                .set(2, "I")
                .set(3, comps([ward, room, bed, "", "", "N"]))
                .set(17, person(doctor)),
            None => pv1
                .set(2, "O")
                .set(3, comps([department, "", "", "", "", "C"])),
        }
    }

    /// ORC of an order that was entered at the time of its slip.
    pub(crate) fn orc<'m>(
        &mut self,
        message: &'m mut MessageBuilder,
        slip: Slip,
        group: Option<&str>,
        inpatient: bool,
    ) -> &'m mut SegmentBuilder {
        let department = slip.department.unwrap_or("01");
        let doctor = self.doctor(department);
        let facility = self.facility();
        let orc = message.segment("ORC");
        let kind = if inpatient {
            ("I", "入院患者オーダ")
        } else {
            ("O", "外来患者オーダ")
        };
        orc.set(1, "NW")
            .set(2, slip.order.unwrap_or_default())
            .set(9, time14(slip.at))
            .set(10, person(doctor))
            .set(12, person(doctor))
            .set(
                17,
                comps([department, department_name(department), "HL70069"]),
            )
            .set(21, facility.name)
            .set(29, comps([kind.0, kind.1, "HL70482"]));
        if let Some(group) = group {
            orc.set(4, group);
        }
        orc
    }
}

/// XCN of somebody on the staff.
pub(super) fn person(staff: Staff) -> RepValue {
    comps([
        staff.id,
        staff.family,
        staff.given,
        "",
        "",
        "",
        "",
        "",
        "",
        "L",
        "",
        "",
        "",
        "",
        "I",
    ])
}

fn names(facility: &Facility, name: &Name) -> FieldValue {
    let family = match facility.habits.spelling {
        Spelling::Registered => &name.registered,
        Spelling::Common => &name.family,
    };
    let kana = |text: &str| {
        if facility.habits.half_width_kana {
            half_width(text)
        } else {
            text.to_owned()
        }
    };
    let written = |family: &str, given: &str, form: &str| {
        comps([family, given, "", "", "", "", "L", form].map(str::to_owned))
    };
    let phonetic = written(&kana(&name.family_kana), &kana(&name.given_kana), "P");
    match &name.roman {
        // One hospital writes Roman letters where others write kanji.
        Some((family, given)) if facility.habits.hot9 => reps([
            written(&name.family_kana, &name.given_kana, "I"),
            phonetic,
            written(family, given, "A"),
        ]),
        Some((family, given)) => reps([written(family, given, "I"), phonetic]),
        None => reps([written(family, &name.given, "I"), phonetic]),
    }
}

/// Katakana in half width, as some older systems keep them.
fn half_width(text: &str) -> String {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ";
    const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ";
    const UNVOICED: &str = "カキクケコサシスセソタチツテトハヒフヘホウ";
    let half = |c: char| {
        FULL.chars()
            .position(|full| full == c)
            .and_then(|n| HALF.chars().nth(n))
    };
    let mut out = String::new();
    for c in text.chars() {
        let voiced = VOICED
            .chars()
            .position(|v| v == c)
            .and_then(|n| UNVOICED.chars().nth(n));
        let aspirated = "パピプペポ"
            .chars()
            .position(|v| v == c)
            .and_then(|n| "ハヒフヘホ".chars().nth(n));
        match (voiced, aspirated) {
            (Some(base), _) => out.extend([half(base).unwrap_or(base), 'ﾞ']),
            (_, Some(base)) => out.extend([half(base).unwrap_or(base), 'ﾟ']),
            _ => out.push(half(c).unwrap_or(c)),
        }
    }
    out
}

/// The name of a 診療科コード.
pub(super) fn department_name(code: &str) -> &'static str {
    match code {
        "04" => "神経内科",
        "05" => "呼吸器科",
        "06" => "消化器科",
        "08" => "循環器科",
        "09" => "小児科",
        "10" => "外科",
        "11" => "整形外科",
        "26" => "眼科",
        "30" => "放射線科",
        _ => "内科",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn kana_are_halved_with_their_marks() {
        assert_eq!(super::half_width("ワタナベ パーク"), "ﾜﾀﾅﾍﾞ ﾊﾟｰｸ");
    }
}
