//! How fast a lab report becomes clinical values, on one core, beside a floor that only decodes the
//! charset and splits fields. `cargo xtask bench parse` runs it and puts it beside other libraries.
//!
//! Prints one line of JSON: `messages_per_second`, `floor_per_second`, `ratio`, `bytes`, `rounds`.
//! `--write FOLDER` writes the messages instead, for measuring other libraries on the same bytes.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use tasuki_records::{ClinicalValue, compare, decode};
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{Limits, Text};
use tasuki_wire::ssmix2::DataKind;

/// Enough variants that nothing is learnt by heart, few enough to stay in the cache as a feed's would.
const MESSAGES: usize = 500;
const ROUND: Duration = Duration::from_millis(40);
const ROUNDS: usize = 50;

/// One OML-11 of about a kilobyte: header, patient, visit, specimen, panel and four results.
fn message(n: usize) -> Vec<u8> {
    let patient = format!("{:010}", 12345 + n);
    let value = |k: usize| format!("{}.{}", (n * 7 + k * 13) % 90, (n + k) % 10);
    let lines = [
        format!(
            "MSH|^~\\&|EMR|1311234567|GW|TSG|20260603130530.000||OUL^R22^OUL_R22|2026060313053000{n}|P|2.5||||||~ISO IR87||ISO 2022-1994|SS-MIX2_1.20^SS-MIX2^1.2.392.200250.2.1.100.1.2.120^ISO"
        ),
        format!("PID|0001||{patient}^^^^PI||検査^花子^^^^^L^I~ケンサ^ハナコ^^^^^L^P||19470312|F"),
        "PV1|0001|O|01^^^^^C".to_owned(),
        format!("SPM|1|0000000012{n}||023^血清^JC10|||||||||||||202606030915"),
        format!(
            "OBR|1|0000000011{n}|0000000012{n}|E002^生化学的検査^99O03|||202606030915|||||||||DR0012^医師^一郎^^^^^^^L^^^^^I||||||20260603130500"
        ),
        format!(
            "ORC|SC|0000000011{n}|0000000012{n}||CM||||20260603130500|||DR0012^医師^一郎^^^^^^^L^^^^^I|||||01^内科^HL70069"
        ),
        format!(
            "OBX|1|NM|3A010000002327101^総蛋白^JC10^10222^ＴＰ^99X03||{}|g/dL^g/dL^ISO+|6.6-8.1||||F|||202606030915",
            value(1)
        ),
        format!(
            "OBX|2|NM|3J010000002327101^総ビリルビン^JC10^10213^Ｔ−Ｂｉｌ^99X03||{}|mg/dL^mg/dL^ISO+|0.4-1.5|H|||F|||202606030915",
            value(2)
        ),
        format!(
            "OBX|3|NM|3B035000002327201^AST^JC10^10207^ＡＳＴ^99X03||{}|U/L^U/L^ISO+|13-30||||F|||202606030915",
            value(3)
        ),
        format!(
            "OBX|4|ST|3B050000002327201^LDH^JC10^10206^ＬＤＨ^99X03||< {}|U/L^U/L^ISO+|124-222|L|||F|||202606030915",
            value(4)
        ),
    ];
    Charset::Iso2022.encode(&(lines.join("\r") + "\r")).bytes
}

/// Bytes to a released-to-nobody clinical value: what an import does with a file, without the disk.
fn clinical(bytes: &[u8], patient: &str) -> ClinicalValue {
    let limits = Limits::default();
    let text = Text::decode(bytes, &limits).unwrap().lossless().unwrap();
    let message = text.parse(&limits).unwrap();
    compare(&message, patient).unwrap();
    decode(DataKind::Oml11, &message).unwrap().value
}

/// The least anyone could do who wants the fields: decode the charset, split segments and fields.
fn floor(bytes: &[u8]) -> usize {
    let decoded = Charset::Iso2022.decode(bytes);
    let fields: Vec<Vec<&str>> = decoded
        .text
        .split('\r')
        .map(|segment| segment.split('|').collect())
        .collect();
    black_box(fields).len()
}

/// Messages per second of one round.
fn round(messages: &[(Vec<u8>, String)], work: &mut dyn FnMut(&[u8], &str)) -> f64 {
    let (start, mut done) = (Instant::now(), 0_u32);
    while start.elapsed() < ROUND {
        for (bytes, patient) in messages {
            work(bytes, patient);
        }
        done += u32::try_from(messages.len()).unwrap();
    }
    f64::from(done) / start.elapsed().as_secs_f64()
}

fn main() {
    let messages: Vec<_> = (0..MESSAGES)
        .map(|n| (message(n), format!("{:010}", 12345 + n)))
        .collect();
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--write") {
        let folder = std::path::PathBuf::from(arguments.next().unwrap());
        for (n, (bytes, _)) in messages.iter().enumerate() {
            std::fs::write(folder.join(format!("{n:04}.hl7")), bytes).unwrap();
        }
        return;
    }
    let bytes = messages.iter().map(|(bytes, _)| bytes.len()).sum::<usize>() / MESSAGES;
    // Floor and work take turns, so that both meet the same noise; the best round of each counts,
    // because noise only ever slows down.
    let (mut floor_best, mut full_best) = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        floor_best = floor_best.max(round(&messages, &mut |bytes, _| {
            black_box(floor(bytes));
        }));
        full_best = full_best.max(round(&messages, &mut |bytes, patient| {
            black_box(clinical(bytes, patient));
        }));
    }
    println!(
        "{{\"messages_per_second\":{full_best:.0},\"floor_per_second\":{floor_best:.0},\"ratio\":{:.3},\"bytes\":{bytes},\"rounds\":{ROUNDS}}}",
        full_best / floor_best
    );
}
