//! CDA R2 by the common part of JAHIS 診療文書構造化記述規約: header and sections of text.

use crate::community::{Facility, Staff};
use crate::people::{Name, Person};
use jiff::civil::DateTime;
use std::fmt::Write;

/// A document to write.
pub struct Cda<'d> {
    /// (LOINC, its name).
    pub code: (&'d str, &'d str),
    /// Title.
    pub title: &'d str,
    /// Whose.
    pub person: &'d Person,
    /// The name at that time.
    pub name: &'d Name,
    /// Local patient ID.
    pub local_id: &'d str,
    /// Where.
    pub facility: &'d Facility,
    /// By whom.
    pub author: Staff,
    /// When.
    pub at: DateTime,
    /// Number of the document within the facility.
    pub number: &'d str,
    /// `ENC` or `ACCM`, from, to.
    pub service: (&'d str, DateTime, DateTime),
    /// Sections: (title, paragraphs). A paragraph with tabs is a row of a table.
    pub sections: &'d [(String, Vec<String>)],
}

/// The document as UTF-8.
#[must_use]
pub fn document(cda: &Cda) -> Vec<u8> {
    let mut xml = String::with_capacity(4096);
    header(&mut xml, cda);
    xml.push_str("  <component><structuredBody>\n");
    for (title, paragraphs) in cda.sections {
        let _ = writeln!(
            xml,
            "    <component><section>\n      <title>{}</title>\n      <text>",
            escape(title)
        );
        text(&mut xml, paragraphs);
        xml.push_str("      </text>\n    </section></component>\n");
    }
    xml.push_str("  </structuredBody></component>\n</ClinicalDocument>\n");
    xml.into_bytes()
}

fn header(xml: &mut String, cda: &Cda) {
    let facility = format!("1.2.392.100495.20.3.51.1{}", cda.facility.code);
    let (code, code_name) = cda.code;
    let time = crate::chart::time14(cda.at);
    let (class, from, to) = cda.service;
    let (from, to) = (crate::chart::time14(from), crate::chart::time14(to));
    let sex = cda.person.sex.code();
    let birth = crate::chart::basic_day(Some(cda.person.birth));
    let name = |use_: &str, family: &str, given: &str| {
        format!(
            "<name use=\"{use_}\"><family>{}</family><given>{}</given></name>",
            escape(family),
            escape(given)
        )
    };
    let names = [
        name("IDE", &cda.name.family, &cda.name.given),
        name("SYL", &cda.name.family_kana, &cda.name.given_kana),
    ]
    .concat();
    let organisation = escape(cda.facility.name);
    let _ = write!(
        xml,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <id root="{facility}" extension="{number}"/>
  <code code="{code}" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC" displayName="{code_name}"/>
  <title>{title}</title>
  <effectiveTime value="{time}"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <languageCode code="ja-JP"/>
  <recordTarget><patientRole>
    <id root="{facility}" extension="{id}"/>
    <patient>{names}<administrativeGenderCode code="{sex}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{birth}"/></patient>
    <providerOrganization><id root="{facility}"/><name>{organisation}</name></providerOrganization>
  </patientRole></recordTarget>
  <author><time value="{time}"/><assignedAuthor>
    <id root="{facility}" extension="{staff}"/>
    <assignedPerson><name use="IDE"><family>{family}</family><given>{given}</given></name></assignedPerson>
    <representedOrganization><id root="{facility}"/><name>{organisation}</name></representedOrganization>
  </assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization><id root="{facility}"/><name>{organisation}</name></representedCustodianOrganization></assignedCustodian></custodian>
  <documentationOf><serviceEvent classCode="{class}"><effectiveTime><low value="{from}"/><high value="{to}"/></effectiveTime></serviceEvent></documentationOf>
"#,
        number = cda.number,
        title = escape(cda.title),
        id = cda.local_id,
        staff = cda.author.id,
        family = cda.author.family,
        given = cda.author.given,
    );
}

fn text(xml: &mut String, paragraphs: &[String]) {
    let mut rows = paragraphs.iter().peekable();
    while let Some(paragraph) = rows.next() {
        if !paragraph.contains('\t') {
            let _ = writeln!(xml, "        <paragraph>{}</paragraph>", escape(paragraph));
            continue;
        }
        // The first row of a run with tabs is its head.
        let cells = |row: &str, cell: &str| -> String {
            row.split('\t')
                .map(|text| format!("<{cell}>{}</{cell}>", escape(text)))
                .collect()
        };
        let _ = writeln!(
            xml,
            "        <table><thead><tr>{}</tr></thead><tbody>",
            cells(paragraph, "th")
        );
        while let Some(row) = rows.next_if(|row| row.contains('\t')) {
            let _ = writeln!(xml, "          <tr>{}</tr>", cells(row, "td"));
        }
        xml.push_str("        </tbody></table>\n");
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
