//! What people write: notes, summaries, letters, readings, nursing records, vital signs.

use super::Health;
use super::inpatient::Episode;
use crate::chart::{Chart, Examination, Family, Paper, Told, basic_day, time14};
use crate::community::{Staff, staff};
use crate::documents::cda::{Cda, document};
use crate::documents::pdf;
use crate::documents::png::{Motif, image};
use jiff::civil::{Date, DateTime};
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::comps;

type Sections = [(String, Vec<String>)];

/// 外来診療録: a note after a visit, as CDA.
pub fn note(chart: &mut Chart, health: &Health, at: DateTime, department: &'static str) -> Told {
    let known: Vec<_> = health
        .conditions
        .iter()
        .filter(|(_, onset)| *onset <= at.date())
        .collect();
    let mut remarks = Vec::new();
    for (condition, _) in known.iter().take(3) {
        remarks.push((*chart.dice.pick(condition.remarks)).to_owned());
    }
    if remarks.is_empty() {
        remarks.push("変わりなし。".to_owned());
    }
    let (high, low) = (chart.dice.between(112, 148), chart.dice.between(62, 88));
    let sections = [
        ("主訴・経過".to_owned(), remarks),
        (
            "所見".to_owned(),
            vec![format!(
                "血圧 {high}/{low} mmHg、脈拍 {} 回/分、整。",
                chart.dice.between(58, 88)
            )],
        ),
        (
            "方針".to_owned(),
            vec!["処方を続ける。次回も採血の予定。".to_owned()],
        ),
    ];
    let author = chart.doctor(department);
    cda(
        chart,
        ("34108-1", "外来診療録"),
        ("P01", "外来診療録"),
        at,
        author,
        ("ENC", at, at),
        &sections,
        department,
    )
}

/// 経過記録 on the ward.
pub fn ward_note(chart: &mut Chart, at: DateTime, department: &'static str, day: i64) -> Told {
    let text = *chart.dice.pick(&[
        "全身状態は安定。食事は半分以上とれている。",
        "夜間は眠れた。疼痛は自制内。",
        "解熱を保っている。採血を確認し、方針は変えない。",
        "リハビリを進める。病棟内は見守りで歩行できる。",
    ]);
    let sections = [(format!("入院{}日目", day + 1), vec![text.to_owned()])];
    let author = chart.doctor(department);
    cda(
        chart,
        ("11506-3", "経過記録"),
        ("P02", "入院経過記録"),
        at,
        author,
        ("ENC", at, at),
        &sections,
        department,
    )
}

/// 退院時サマリー, as CDA with a table of labs.
pub fn summary(
    chart: &mut Chart,
    health: &Health,
    (from, to): (DateTime, DateTime),
    episode: &Episode,
) -> Told {
    let mut drugs = vec!["薬剤\t用量\t用法".to_owned()];
    for line in health.regimen(to.date(), 14) {
        drugs.push(format!(
            "{}\t{}{}\t{}",
            line.drug.name, line.drug.dose, line.drug.unit.1, line.drug.usage.text
        ));
    }
    let sections = [
        (
            "入院時診断".to_owned(),
            vec![format!(
                "{}（ICD-10 {}）",
                episode.disease.name, episode.disease.icd10
            )],
        ),
        ("入院経過".to_owned(), vec![episode.course.to_owned()]),
        ("退院時処方".to_owned(), drugs),
        (
            "退院後の方針".to_owned(),
            vec!["かかりつけ医で経過をみていただき、３か月後に当院外来を受診。".to_owned()],
        ),
    ];
    let author = chart.doctor(episode.department);
    let written = to.saturating_add(jiff::Span::new().days(3));
    let service = ("ACCM", from, to);
    cda(
        chart,
        ("18842-5", "退院時サマリー"),
        ("S01", "退院時要約"),
        written,
        author,
        service,
        &sections,
        episode.department,
    )
}

/// 診療情報提供書: a letter as PDF.
pub fn letter(chart: &mut Chart, health: &Health, at: DateTime, department: &'static str) -> Told {
    let author = chart.doctor(department);
    let name = chart
        .person
        .name(at.date())
        .map(|name| format!("{} {}", name.family, name.given))
        .unwrap_or_default();
    let mut lines = vec![
        format!("{}年{}月{}日", at.year(), at.month(), at.day()),
        "かかりつけ医 先生 御机下".to_owned(),
        format!("{}　{}", chart.facility().name, chart.facility().address),
        format!("担当医　{} {}", author.family, author.given),
        format!("■患者　{name} 様　（生年月日 {}）", chart.person.birth),
        "いつもお世話になっております。近況をご報告いたします。".to_owned(),
        "■傷病名".to_owned(),
    ];
    let problems = health.problems(at.date());
    lines.extend(
        problems
            .iter()
            .map(|problem| format!("・{}（{} から）", problem.disease.name, problem.since)),
    );
    lines.push("■現在の処方".to_owned());
    for line in health.regimen(at.date(), 28) {
        lines.push(format!(
            "・{}　１回{}{}　{}",
            line.drug.name, line.drug.dose, line.drug.unit.1, line.drug.usage.text
        ));
    }
    lines.push("■経過と今後".to_owned());
    lines.push("検査の結果はおおむね安定しております。引き続きご加療をお願いいたします。変化がありましたら、いつでもご紹介ください。".to_owned());
    let pdf = pdf::letter("診療情報提供書", &lines);
    let standard = Some(("57133-1", "紹介状"));
    chart.file(&Paper {
        code: "L01",
        title: "診療情報提供書",
        standard,
        day: at.date(),
        at,
        department,
        files: &[("letter.pdf", &pdf)],
    })
}

/// A reading by a specialist: text, and the key image beside it.
pub fn reading(
    chart: &mut Chart,
    at: DateTime,
    department: &'static str,
    what: Examination,
    motif: Motif,
) -> Told {
    let finding = *chart.dice.pick(&[
        "明らかな異常を認めません。",
        "前回と比べ著変を認めません。",
        "右下肺野に淡い陰影があります。炎症後変化を疑います。",
        "軽度の変化があります。経過観察が望まれます。",
    ]);
    let reader = chart.doctor("30");
    let text = format!(
        "検査名：{}\r\n検査日：{}\r\n読影医：{} {}\r\n\r\n【所見】\r\n{finding}\r\n\r\n【診断】\r\n{}\r\n",
        what.name,
        at.date(),
        reader.family,
        reader.given,
        if finding.contains("異常を認めません") {
            "異常なし"
        } else {
            "要経過観察"
        },
    );
    let picture = image(motif, &mut chart.dice);
    let (code, title) = match what.family {
        Family::Radiology => ("R01", "放射線読影報告書"),
        Family::Endoscopy => ("R02", "内視鏡報告書"),
        Family::Physiology => ("R03", "生理検査報告書"),
    };
    let written = at.saturating_add(jiff::Span::new().hours(3));
    let (day, text) = (at.date(), text.into_bytes());
    chart.file(&Paper {
        code,
        title,
        standard: None,
        day,
        at: written,
        department,
        files: &[("report.txt", &text)],
    })?;
    let files: &[(&str, &[u8])] = &[("key01.png", &picture)];
    chart.file(&Paper {
        code: "I01",
        title: "キー画像",
        standard: None,
        day,
        at: written,
        department,
        files,
    })
}

/// 看護記録: a text.
pub fn nursing(chart: &mut Chart, at: DateTime, department: &'static str, day: i64) -> Told {
    let nurse = chart.nurse();
    let observed = *chart.dice.pick(&[
        "訴えなし。",
        "創部の発赤なし。",
        "食事摂取は８割。",
        "トイレ歩行は付き添いで可。",
        "不安の訴えあり、傾聴した。",
    ]);
    let text = format!(
        "{}\r\n入院{}日目\r\n{observed}\r\n記録：{} {}\r\n",
        at.date(),
        day + 1,
        nurse.family,
        nurse.given
    )
    .into_bytes();
    let day = at.date();
    chart.file(&Paper {
        code: "N01",
        title: "看護記録",
        standard: None,
        day,
        at,
        department,
        files: &[("record.txt", &text)],
    })
}

/// 患者メモ・ノート: what a profession writes for the others who share the patient.
pub fn team_note(chart: &mut Chart, at: DateTime, department: &'static str, count: usize) -> Told {
    let mut dice = chart.dice.fork("team note", count);
    let nurse = staff(chart.registration.facility, "", &mut dice).1;
    let says = *dice.pick(&[
        "残薬を確認。朝の薬が３日分余っています。一包化を相談したいです。",
        "ご家族より、夜間のふらつきがあったとのこと。転倒はありません。",
        "次回訪問日を来週に変更しました。血圧手帳を持参されます。",
        "飲み込みにくさの訴えあり。とろみの程度を統一しましょう。",
        "本人は自宅で過ごすことを希望されています。ご家族とも確認しました。",
    ]);
    let day = at.date();
    let text = format!(
        "{day}\r\n【看護師】{} {}\r\n{says}\r\n",
        nurse.family, nurse.given
    )
    .into_bytes();
    chart.file(&Paper {
        code: "M01",
        title: "患者メモ・ノート",
        standard: None,
        day,
        at,
        department,
        files: &[("note.txt", &text)],
    })
}

/// Vital signs of a day as ORU^R30, which extended storages hold as `main_document.hl7`.
pub fn vitals(
    chart: &mut Chart,
    day: Date,
    bed: (&'static str, &'static str, &'static str),
    department: &'static str,
    crp: f64,
) -> Told {
    let at = day.at(14, 5, 0, 0);
    let mut message = chart.message("ORU^R30^ORU_R30", at);
    chart.pid(&mut message, at);
    chart.pv1(&mut message, department, Some(bed));
    let order = chart.order();
    message
        .segment("ORC")
        .set(1, "SC")
        .set(2, order.as_str())
        .set(5, "CM")
        .set(9, time14(at));
    let obr = message.segment("OBR");
    obr.set(1, "1")
        .set(2, order.as_str())
        .set(4, comps(["01", "バイタル", "99ABC"]))
        .set(7, time14(at));
    let temperature = 36.4 + (crp / 9.0).min(2.2) + 0.2 * chart.dice.bell();
    let figures = [
        (
            "9A751000000000001",
            "収縮期血圧",
            chart.dice.between(102, 146) as f64,
            "mm(hg)",
            "mmHg",
            0,
        ),
        (
            "9A761000000000001",
            "拡張期血圧",
            chart.dice.between(58, 86) as f64,
            "mm(hg)",
            "mmHg",
            0,
        ),
        (
            "9P300000000000001",
            "脈拍",
            chart.dice.between(58, 96) as f64,
            "(hb)",
            "回／１分",
            0,
        ),
        ("9P100000000000001", "体温", temperature, "cel", "℃", 1),
    ];
    for (n, (code, name, value, unit, unit_name, decimals)) in figures.into_iter().enumerate() {
        let obx = message.segment("OBX");
        obx.set(1, (n + 1).to_string())
            .set(2, "NM")
            .set(3, comps([code, name, "JC10"]));
        obx.set(5, format!("{value:.decimals$}"))
            .set(6, comps([unit, unit_name, "ISO+"]))
            .set(11, "F")
            .set(14, time14(at));
    }
    let bytes = message.encode(Charset::Iso2022)?.bytes;
    let files: &[(&str, &[u8])] = &[("main_document.hl7", &bytes)];
    chart.file(&Paper {
        code: "L-OBSERVATIONS",
        title: "OBSERVATIONS",
        standard: None,
        day,
        at,
        department,
        files,
    })
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one document, named at each call"
)]
fn cda(
    chart: &mut Chart,
    code: (&'static str, &'static str),
    kind: (&'static str, &'static str),
    at: DateTime,
    author: Staff,
    service: (&str, DateTime, DateTime),
    sections: &Sections,
    department: &'static str,
) -> Told {
    let number = format!("{}.{}", basic_day(Some(at.date())), chart.files);
    let Some(name) = chart.person.name(at.date()) else {
        return Ok(());
    };
    let xml = document(&Cda {
        code,
        title: kind.1,
        person: chart.person,
        name,
        local_id: &chart.registration.local_id,
        facility: chart.facility(),
        author,
        at,
        number: &number,
        service,
        sections,
    });
    let files: &[(&str, &[u8])] = &[("document.xml", &xml)];
    chart.file(&Paper {
        code: kind.0,
        title: kind.1,
        standard: Some(code),
        day: at.date(),
        at,
        department,
        files,
    })
}
