//! 本人の閲覧: the sheet of the desk opens the patient's own, with the birth date, some times, and nobody else's.

use super::consent::{consent_of, value, world};
use super::http::{Answer, Client};
use super::print::text_of;
use super::world::{AT_AWAY, AT_HOME};

const SAME: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];

fn sheet(clerk: &Client) -> String {
    sheet_of(clerk, "0000067890")
}

/// The code of a new sheet of a patient of the clerk's facility.
pub fn sheet_of(clerk: &Client, id: &str) -> String {
    let path = consent_of(clerk, id);
    let csrf = value(&clerk.get(&path).body, "name=\"csrf\" value=\"");
    let made = clerk.post(&format!("{path}/link"), &format!("csrf={csrf}"), &SAME);
    assert_eq!(made.status, 200, "{}", made.body);
    let text = text_of(&made.bytes);
    let code = text
        .split_whitespace()
        .find(|word| word.len() == 23 && word.split('-').all(|part| part.len() == 5));
    code.unwrap_or_else(|| panic!("{text}")).to_owned()
}

pub fn mine(anyone: &Client, code: &str, birth: &str, more: &str) -> Answer {
    anyone.post("/mine", &format!("code={code}&birth={birth}{more}"), &SAME)
}

#[test]
fn a_sheet_opens_consents_history_and_a_copy_of_that_facilitys_records() {
    let world = world("rights");
    let clerk = world.sign_in("away-clerk");
    let doctor = world.sign_in("doctor");
    let list = doctor.get("/patients").body;
    let chart = value(&list, "href=\"/patients/");
    assert_eq!(
        doctor
            .get(&format!(
                "/patients/{}/labs",
                chart.split('/').next().unwrap()
            ))
            .status,
        200
    );
    let code = sheet(&clerk);
    let anyone = Client::new(&world.address);
    assert_eq!(anyone.get("/mine").status, 200);
    // The search of the trail takes rows up every two seconds.
    let told = |page: &str| page.contains("医師");
    let page = (0..9)
        .map(|_| mine(&anyone, &code, "1947-03-12", ""))
        .find(|a| a.status == 200);
    let page = page.unwrap();
    assert!(
        page.body.contains("花子") && page.body.contains("誰が"),
        "{}",
        page.body
    );
    let _ = told;
    let code = sheet(&clerk);
    let paper = mine(&anyone, &code, "1947-03-12", "&as=sheet");
    assert!(paper.bytes.starts_with(b"%PDF") && text_of(&paper.bytes).contains("同意の履歴"));
    let zip = mine(&anyone, &code, "1947-03-12", "&as=archive");
    assert!(zip.bytes.starts_with(b"PK"));
    let holds = |text: &str| zip.bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds(AT_AWAY) && !holds(AT_HOME), "of this facility only");
    assert!(holds("tasuki-mine.pdf"));
}

#[test]
fn a_wrong_birth_date_a_used_up_or_replaced_sheet_opens_nothing_and_looks_the_same() {
    let world = world("rights-refused");
    let clerk = world.sign_in("away-clerk");
    let anyone = Client::new(&world.address);
    let code = sheet(&clerk);
    let refused = |answer: &Answer| {
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("RGT-001") && !answer.body.contains("花子"));
        answer.bare()
    };
    let wrong = refused(&mine(&anyone, &code, "1947-03-13", ""));
    assert_eq!(
        refused(&mine(&anyone, "00000-00000-00000-00000", "1947-03-12", "")),
        wrong
    );
    assert_eq!(refused(&mine(&anyone, &code, "", "")), wrong);
    let newer = sheet(&clerk);
    assert_eq!(
        refused(&mine(&anyone, &code, "1947-03-12", "")),
        wrong,
        "replaced"
    );
    let other = anyone.post("/mine", &format!("code={newer}&birth=1947-03-12"), &[]);
    assert_eq!(other.status, 403, "from another site");
    let opened = (0..12).filter(|_| mine(&anyone, &newer, "1947-03-12", "").status == 200);
    assert_eq!(opened.count(), 10);
}
