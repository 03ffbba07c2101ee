//! A patient as a role with a person in it (`PRPA_MT201301UV02.Patient` and its kin).

use super::values::{self, Ii};
use super::{V3, V3Error};
use crate::xml::{Element, Writer};
use tasuki_model::person::{Address, NameParts};
use tasuki_model::{Demographics, JstDay, PersonName, Sex};

/// Identifiers, names, addresses or telephones of one patient.
pub(super) const MANY: usize = 64;

/// The identifiers of a role.
pub(super) fn ids(role: &Element, path: &'static str) -> Result<Vec<Ii>, V3Error> {
    let ids: Vec<Ii> = role.all("id").take(MANY + 1).map(Ii::of).collect();
    match ids.len() {
        0 => Err(V3Error::Missing { path }),
        n if n > MANY => Err(V3Error::TooMany { path }),
        _ => Ok(ids),
    }
}

/// What is said of a person.
pub(super) fn demographics(person: &Element) -> Demographics {
    let value = |name| {
        let said = person.first(name).and_then(|e| e.attribute("value"));
        said.unwrap_or_default().trim().to_owned()
    };
    let birth_text = value("birthTime");
    let sex = person.first("administrativeGenderCode");
    let telecoms = person.all("telecom").take(MANY);
    Demographics {
        name: name(person),
        // Only a whole day identifies; a year or month is kept as sent.
        birth: (birth_text.get(..8)).and_then(|day| JstDay::parse_basic(day).ok()),
        birth_text,
        sex: Sex::from_code(sex.and_then(|s| s.attribute("code")).unwrap_or_default()),
        addresses: person.all("addr").take(MANY).filter_map(address).collect(),
        phones: telecoms.filter_map(phone).collect(),
        insurances: Vec::new(),
    }
}

/// Names in each writing: by `use` (`IDE`, `SYL`, `ABC`), else by their letters.
pub(super) fn name(holder: &Element) -> PersonName {
    let mut name = PersonName::default();
    for element in holder.all("name").take(MANY) {
        let parts = name_parts(element);
        if parts.joined().is_empty() {
            continue;
        }
        let said = element.attribute("use").unwrap_or_default();
        let mut uses = said.split_ascii_whitespace();
        let place = match uses.find(|u| matches!(*u, "IDE" | "SYL" | "ABC")) {
            Some("IDE") => &mut name.ideographic,
            Some("SYL") => &mut name.phonetic,
            Some(_) => &mut name.alphabetic,
            None => match writing(&parts.joined()) {
                Writing::Latin => &mut name.alphabetic,
                Writing::Kana => &mut name.phonetic,
                Writing::Other => &mut name.ideographic,
            },
        };
        place.get_or_insert(parts);
    }
    name
}

pub(super) fn name_parts(element: &Element) -> NameParts {
    let joined = |name| {
        let parts = element.all(name).map(|part| part.text().trim().to_owned());
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    };
    let parts = NameParts {
        family: joined("family"),
        given: joined("given"),
    };
    match element.elements().next() {
        // A name without parts is all in one.
        None => NameParts {
            family: element.text().trim().to_owned(),
            given: String::new(),
        },
        Some(_) => parts,
    }
}

enum Writing {
    Latin,
    Kana,
    Other,
}

fn writing(text: &str) -> Writing {
    let kana =
        |c: char| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}' | ' ' | '\u{3000}');
    match text {
        text if text.is_ascii() => Writing::Latin,
        text if text.chars().all(kana) => Writing::Kana,
        _ => Writing::Other,
    }
}

pub(super) fn address(element: &Element) -> Option<Address> {
    let part = |name| {
        let parts = element.all(name).map(|part| part.text().trim().to_owned());
        parts.collect::<Vec<_>>().concat()
    };
    let mut text = ["state", "city", "streetAddressLine", "houseNumber"]
        .map(part)
        .concat();
    if text.is_empty() && element.elements().next().is_none() {
        text = element.text().trim().to_owned();
    }
    let postal = part("postalCode");
    (!text.is_empty() || !postal.is_empty()).then_some(Address { postal, text })
}

fn phone(telecom: &Element) -> Option<String> {
    let value = telecom.attribute("value").unwrap_or_default().trim();
    let number = value.strip_prefix("tel:").unwrap_or(value);
    let other = ["mailto:", "fax:", "http:", "https:"];
    (!number.is_empty() && !other.iter().any(|scheme| number.starts_with(scheme)))
        .then(|| number.to_owned())
}

/// Writes `patientPerson`. Nothing said at all is a name that is not told.
pub(super) fn write(writer: &mut Writer, said: Option<&Demographics>, others: &[Ii]) {
    writer
        .element(V3, "patientPerson")
        .attribute("classCode", "PSN")
        .attribute("determinerCode", "INSTANCE")
        .content(|writer| {
            match said {
                Some(said) => write_said(writer, said),
                None => drop(writer.element(V3, "name").attribute("nullFlavor", "NA")),
            }
            for id in others {
                let start = writer
                    .element(V3, "asOtherIDs")
                    .attribute("classCode", "PAT");
                start.content(|writer| {
                    id.write(writer, "id");
                    organisation(writer, "scopingOrganization", &id.root);
                });
            }
        });
}

pub(super) fn organisation(writer: &mut Writer, name: &str, root: &str) {
    writer
        .element(V3, name)
        .attribute("classCode", "ORG")
        .attribute("determinerCode", "INSTANCE")
        .content(|writer| Ii::new(root, "").write(writer, "id"));
}

fn write_said(writer: &mut Writer, said: &Demographics) {
    let name = &said.name;
    let writings = [
        (&name.ideographic, "IDE"),
        (&name.phonetic, "SYL"),
        (&name.alphabetic, "ABC"),
    ];
    let mut none = true;
    for (parts, kind) in writings {
        let Some(parts) = parts else { continue };
        none = false;
        let start = writer.element(V3, "name").attribute("use", kind);
        start.content(|writer| {
            writer.element(V3, "family").text(&parts.family);
            if !parts.given.is_empty() {
                writer.element(V3, "given").text(&parts.given);
            }
        });
    }
    if none {
        drop(writer.element(V3, "name").attribute("nullFlavor", "UNK"));
    }
    for phone in &said.phones {
        values::value(
            writer,
            "telecom",
            &format!("tel:{}", phone.replace(' ', "")),
        );
    }
    let gender = match said.sex {
        Sex::Male => "M",
        Sex::Female => "F",
        Sex::Other | Sex::Unknown => "UN",
    };
    drop(
        writer
            .element(V3, "administrativeGenderCode")
            .attribute("code", gender)
            .attribute("codeSystem", "2.16.840.1.113883.5.1"),
    );
    if !said.birth_text.is_empty() {
        values::value(writer, "birthTime", &said.birth_text);
    }
    for address in &said.addresses {
        writer.element(V3, "addr").content(|writer| {
            writer.element(V3, "streetAddressLine").text(&address.text);
            if !address.postal.is_empty() {
                writer.element(V3, "postalCode").text(&address.postal);
            }
        });
    }
}
