//! The patient index as other systems ask it: the identifiers of a person, and demographics across
//! the community (ITI-9, ITI-21).
//!
//! The database narrows by what it has an index for (birth, the beginning of a name, an ID); the
//! rest is compared row by row here. Both the rows looked at and the rows found are bounded, and
//! whoever asked hears when a bound was met.

use super::Tx;
use super::registrations::{RECORD, read_record, read_terms};
use super::rows::id;
use crate::engine::{Next, Param, Row};
use crate::search::normalise_search;
use tasuki_core::Fault;
use tasuki_core::ports::{
    DemographicsFound, DemographicsQuery, PatientIndex, PatientRecord, Pattern, PersonIdentifier,
};
use tasuki_model::person::NameParts;
use tasuki_model::{FacilityId, LocalPatientId, PatientKey, PersonId};

/// Rows that one query looks at.
const LOOKED_AT_MAX: u32 = 20_000;
/// Identifiers of one person.
const IDENTIFIERS_MAX: u32 = 1_000;

const IDENTIFIER: &str =
    "r.patient_key, r.person_id, r.facility_id, r.local_id, r.disclosed, r.terms";

/// A registration `r` that was not merged into another one.
const IN_USE: &str = "r.survivor IS NULL";

fn read_identifier(row: &dyn Row) -> Result<PersonIdentifier, Fault> {
    Ok(PersonIdentifier {
        patient_key: id(row.text(0)?, PatientKey::new)?,
        person: id(row.text(1)?, PersonId::new)?,
        facility: id(row.text(2)?, FacilityId::new)?,
        local_id: id(row.text(3)?, LocalPatientId::new)?,
        disclosed: row.int(4)? != 0,
        terms: read_terms(row.opt_text(5)?)?,
    })
}

impl PatientIndex for Tx<'_> {
    fn person_identifiers(
        &self,
        facility: &FacilityId,
        local_id: &LocalPatientId,
    ) -> Result<Vec<PersonIdentifier>, Fault> {
        let sql = format!(
            "SELECT {IDENTIFIER} FROM registration s JOIN registration r
             ON r.community_id = s.community_id AND r.person_id = s.person_id
             WHERE s.community_id = $1 AND s.facility_id = $2 AND s.local_id = $3 AND {IN_USE}
             ORDER BY r.facility_id, r.local_id LIMIT {IDENTIFIERS_MAX}"
        );
        let params = [
            self.community(),
            facility.as_str().into(),
            local_id.as_str().into(),
        ];
        let mut found = self.all(&sql, &params, read_identifier)?;
        let asked = found
            .iter()
            .position(|r| r.facility == *facility && r.local_id == *local_id);
        match asked {
            Some(at) => found.swap(0, at),
            // Merged away: it stands for nobody any more.
            None => found.clear(),
        }
        Ok(found)
    }

    fn identifiers_of(&self, person: &PersonId) -> Result<Vec<PersonIdentifier>, Fault> {
        let sql = format!(
            "SELECT {IDENTIFIER} FROM registration r
             WHERE r.community_id = $1 AND r.person_id = $2 AND {IN_USE}
             ORDER BY r.facility_id, r.local_id LIMIT {IDENTIFIERS_MAX}"
        );
        self.all(
            &sql,
            &[self.community(), person.as_str().into()],
            read_identifier,
        )
    }

    fn query_demographics(
        &self,
        query: &DemographicsQuery,
        limit: u32,
    ) -> Result<DemographicsFound, Fault> {
        let fit = Fit::of(query);
        let mut statement = Statement::new(&self.shared.community_id);
        statement.at_facilities(&query.facilities);
        statement.with_birth(query.birth.as_deref());
        statement.with_ids(&query.ids);
        statement.named(fit.family.as_ref().map(beginning));
        if let Some(sex) = &query.sex {
            let place = statement.text(sex);
            statement
                .conditions
                .push_str(&format!(" AND r.sex = {place}"));
        }
        let sql = statement.sql(query.undisclosed);
        let params: Vec<Param<'_>> = statement.params.iter().map(Value::param).collect();
        let mut found = DemographicsFound::default();
        let mut looked_at = 0;
        self.query(&sql, &params, &mut |row| {
            looked_at += 1;
            let record = read_record(row)?;
            let fits = fit.fits(&record);
            if looked_at > LOOKED_AT_MAX || (fits && found.records.len() >= limit as usize) {
                found.too_many = true;
                return Ok(Next::Stop);
            }
            if fits {
                found.records.push(record);
            }
            Ok(Next::More)
        })?;
        found.records.sort_by_cached_key(|r| {
            let name = normalise_search(&r.demographics.name.kana());
            (name, r.facility.clone(), r.local_id.clone())
        });
        Ok(found)
    }
}

/// A parameter that the statement owns.
enum Value {
    Text(String),
    Number(i64),
}

impl Value {
    fn param(&self) -> Param<'_> {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
        }
    }
}

/// The narrowing statement as it grows.
struct Statement {
    conditions: String,
    params: Vec<Value>,
    facilities: String,
}

impl Statement {
    fn new(community: &str) -> Self {
        Self {
            conditions: String::new(),
            params: vec![Value::Text(community.to_owned())],
            // Every index leads with the facility, so all of them are named where none is.
            facilities: "(SELECT facility_id FROM facility WHERE community_id = $1)".to_owned(),
        }
    }

    fn place(&mut self, value: Value) -> String {
        self.params.push(value);
        format!("${}", self.params.len())
    }

    fn text(&mut self, text: &str) -> String {
        self.place(Value::Text(text.to_owned()))
    }

    /// A condition that a text column begins with something.
    fn begins(&mut self, column: &str, beginning: &str) -> String {
        let low = self.text(beginning);
        let high = self.text(&format!("{beginning}\u{10ffff}"));
        format!("{column} >= {low} AND {column} < {high}")
    }

    fn at_facilities(&mut self, facilities: &[FacilityId]) {
        if !facilities.is_empty() {
            let places: Vec<String> = facilities.iter().map(|f| self.text(f.as_str())).collect();
            self.facilities = format!("({})", places.join(", "));
        }
        let facilities = &self.facilities;
        self.conditions = format!(" AND r.facility_id IN {facilities}");
    }

    /// `YYYY`, `YYYYMM` or `YYYYMMDD`; days are stored as that number.
    fn with_birth(&mut self, birth: Option<&str>) {
        let Some((birth, digits)) = birth.and_then(|b| Some((b.parse::<i64>().ok()?, b.len())))
        else {
            return;
        };
        let unit = 10_i64.pow(u32::try_from(8_usize.saturating_sub(digits)).unwrap_or(0));
        let low = self.place(Value::Number(birth * unit));
        let high = self.place(Value::Number(birth * unit + unit));
        self.conditions
            .push_str(&format!(" AND r.birth >= {low} AND r.birth < {high}"));
    }

    fn with_ids(&mut self, ids: &[(Option<FacilityId>, Pattern)]) {
        let mut any = Vec::new();
        for (facility, Pattern(text)) in ids {
            // Parameters are numbered as they stand.
            let at = match facility {
                Some(facility) => format!("r.facility_id = {} AND ", self.text(facility.as_str())),
                None => String::new(),
            };
            let condition = match text.split_once('*') {
                None => format!("r.local_id = {}", self.text(text)),
                Some(("", _)) => "1 = 1".to_owned(),
                Some((beginning, _)) => self.begins("r.local_id", beginning),
            };
            any.push(format!("({at}{condition})"));
        }
        if !any.is_empty() {
            self.conditions
                .push_str(&format!(" AND ({})", any.join(" OR ")));
        }
    }

    /// Each writing has an index of its own, which an `OR` over all three would leave unused.
    fn named(&mut self, beginning: Option<&str>) {
        let Some(beginning) = beginning.filter(|b| !b.is_empty()) else {
            return;
        };
        let facilities = self.facilities.clone();
        let of = |column: &str| {
            let range = self.begins(column, beginning);
            format!(
                "SELECT patient_key FROM registration WHERE community_id = $1
                 AND facility_id IN {facilities} AND {range}"
            )
        };
        let keys = ["kanji", "kana", "latin"].map(of).join(" UNION ");
        self.conditions
            .push_str(&format!(" AND r.patient_key IN ({keys})"));
    }

    fn sql(&self, undisclosed: bool) -> String {
        let disclosed = if undisclosed {
            ""
        } else {
            " AND r.disclosed = 1"
        };
        format!(
            "SELECT {RECORD} FROM registration r /* walks */
             WHERE r.community_id = $1{disclosed}{} AND {IN_USE} LIMIT {}",
            self.conditions,
            LOOKED_AT_MAX + 1
        )
    }
}

/// A pattern, folded.
fn folded(pattern: &Pattern) -> Pattern {
    Pattern(normalise_search(&pattern.0))
}

/// What a text has to begin with.
fn beginning(pattern: &Pattern) -> &str {
    pattern.0.split('*').next().unwrap_or_default()
}

/// The query, folded once, for comparing rows.
struct Fit {
    ids: Vec<(Option<FacilityId>, Pattern)>,
    family: Option<Pattern>,
    given: Option<Pattern>,
    address: Vec<Pattern>,
    postal: Option<Pattern>,
    phone: Option<Pattern>,
}

impl Fit {
    fn of(query: &DemographicsQuery) -> Self {
        let glob = |pattern: &Option<Pattern>| pattern.as_ref().map(folded);
        let phone = query.phone.as_ref();
        Self {
            ids: query.ids.clone(),
            family: glob(&query.family),
            given: glob(&query.given),
            // Any part of an address may be named.
            address: (query.address.iter())
                .map(|part| folded(&Pattern(format!("*{}*", part.0))))
                .collect(),
            postal: query.postal.as_ref().map(|p| Pattern(digits(&p.0))),
            phone: phone.map(|p| Pattern(digits(&p.0))),
        }
    }

    fn fits(&self, record: &PatientRecord) -> bool {
        let said = &record.demographics;
        let writings = [
            &said.name.ideographic,
            &said.name.phonetic,
            &said.name.alphabetic,
        ];
        let unnamed = self.family.is_none() && self.given.is_none();
        let folded: Vec<String> = said
            .addresses
            .iter()
            .map(|a| normalise_search(&a.text))
            .collect();
        (unnamed || writings.into_iter().flatten().any(|w| self.named(w)))
            && (self.ids.is_empty() || self.ids.iter().any(|wanted| has_id(record, wanted)))
            && (self.address.iter()).all(|part| folded.iter().any(|address| part.fits(address)))
            && (self.postal.as_ref())
                .is_none_or(|p| said.addresses.iter().any(|a| p.fits(&digits(&a.postal))))
            && (self.phone.as_ref()).is_none_or(|p| said.phones.iter().any(|n| p.fits(&digits(n))))
    }

    fn named(&self, parts: &NameParts) -> bool {
        let (family, given) = (
            normalise_search(&parts.family),
            normalise_search(&parts.given),
        );
        if given.is_empty() {
            // The whole name in one field.
            let of =
                |glob: &Option<Pattern>| glob.as_ref().map_or("*", |g| g.0.as_str()).to_owned();
            return Pattern(of(&self.family) + &of(&self.given)).fits(&family);
        }
        self.family.as_ref().is_none_or(|glob| glob.fits(&family))
            && self.given.as_ref().is_none_or(|glob| glob.fits(&given))
    }
}

fn has_id(record: &PatientRecord, (facility, pattern): &(Option<FacilityId>, Pattern)) -> bool {
    facility.as_ref().is_none_or(|f| *f == record.facility)
        && pattern.fits(record.local_id.as_str())
}

fn digits(text: &str) -> String {
    normalise_search(text)
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '*')
        .collect()
}
