//! Registrations, search, disclosure and links.

use super::registrations::{RECORD, read_hit, read_record, trimmed};
use super::rows::{day_number, id, time_of};
use super::{Tx, damaged, fresh_id, to_json};
use crate::engine::Param;
use crate::search::normalise_search;
use tasuki_core::Fault;
use tasuki_core::ports::{
    ChangedIdentitiesWrite, DemographicsSource, IdentitiesWrite, LinkEvent, PatientHit,
    PatientRecord, PatientSearch, Patients, PatientsWrite,
};
use tasuki_model::{Demographics, FacilityId, JstTime, LocalPatientId, PatientKey, PersonId};

/// The most lines a list gives, whatever it asks for.
const LINES_MAX: u32 = 1_000;
/// The most registrations one person may have.
const REGISTRATIONS_MAX: usize = 10_000;

impl Patients for Tx<'_> {
    fn find_registration(
        &self,
        facility: &FacilityId,
        local_id: &LocalPatientId,
    ) -> Result<Option<PatientRecord>, Fault> {
        let sql = format!(
            "SELECT {RECORD} FROM registration
             WHERE community_id = $1 AND facility_id = $2 AND local_id = $3"
        );
        let params = [
            self.community(),
            facility.as_str().into(),
            local_id.as_str().into(),
        ];
        self.first(&sql, &params, read_record)
    }

    fn registrations_of(&self, person: &PersonId) -> Result<Vec<PatientRecord>, Fault> {
        // The sort is by a value that no index has: else SQLite would walk a whole index in that
        // order rather than look the person up.
        let sql = format!(
            "SELECT {RECORD} FROM registration WHERE community_id = $1 AND person_id = $2
             ORDER BY facility_id || '', local_id LIMIT {REGISTRATIONS_MAX}"
        );
        self.all(
            &sql,
            &[self.community(), person.as_str().into()],
            read_record,
        )
    }

    fn registration(&self, key: &PatientKey) -> Result<Option<PatientRecord>, Fault> {
        let sql = format!(
            "SELECT {RECORD} FROM registration WHERE community_id = $1 AND patient_key = $2"
        );
        self.first(&sql, &[self.community(), key.as_str().into()], read_record)
    }

    fn registrations_at(
        &self,
        facility: &FacilityId,
        limit: u32,
    ) -> Result<Vec<PatientRecord>, Fault> {
        // The index of local IDs in its own order, as far as the limit.
        let sql = format!(
            "SELECT /* walks */ {RECORD} FROM registration WHERE community_id = $1
             AND facility_id = $2 ORDER BY local_id LIMIT {limit}"
        );
        let params = [self.community(), facility.as_str().into()];
        let hits = self.all(&sql, &params, read_hit)?;
        Ok(hits.into_iter().map(|hit| hit.record).collect())
    }

    fn search_patients(
        &self,
        facility: &FacilityId,
        search: &PatientSearch,
        limit: u32,
    ) -> Result<(Vec<PatientHit>, bool), Fault> {
        let typed_id = search.local_id.as_deref().map(normalise_search);
        let typed_id = typed_id.as_deref().filter(|t| !t.is_empty());
        let name = search.name.as_deref().map(normalise_search);
        let name = name.as_deref().filter(|n| !n.is_empty());
        let after = name.map(|n| format!("{n}\u{10ffff}"));
        let mut params: Vec<Param<'_>> = vec![self.community(), facility.as_str().into()];
        let from = match (name, after.as_deref()) {
            (Some(name), Some(after)) => {
                params.extend([Param::from(name), Param::from(after)]);
                named_like()
            }
            _ => "registration WHERE community_id = $1 AND facility_id = $2".to_owned(),
        };
        let mut sql = format!("SELECT {RECORD} FROM {from}");
        if let Some(typed) = typed_id {
            params.push(trimmed(typed).into());
            sql.push_str(&format!(" AND local_trimmed = ${}", params.len()));
        }
        if let Some(birth) = search.birth {
            params.push(day_number(Some(birth)).into());
            sql.push_str(&format!(" AND birth = ${}", params.len()));
        }
        if let Some(sex) = search.sex {
            params.push(sex.code().into());
            sql.push_str(&format!(" AND sex = ${}", params.len()));
        }
        // Sex alone would list half the hospital; it only narrows what else was typed.
        if typed_id.is_none() && name.is_none() && search.birth.is_none() {
            return Ok((Vec::new(), false));
        }
        let limit = limit.min(LINES_MAX);
        sql.push_str(&format!(
            " ORDER BY kana || '', local_id LIMIT {}",
            limit + 1
        ));
        let mut hits = self.all(&sql, &params, read_hit)?;
        let more = hits.len() > limit as usize;
        hits.truncate(limit as usize);
        Ok((hits, more))
    }

    fn recent_patients(&self, facility: &FacilityId, limit: u32) -> Result<Vec<PatientHit>, Fault> {
        let sql = format!(
            "SELECT {RECORD} FROM registration WHERE community_id = $1 AND facility_id = $2
             ORDER BY latest DESC, local_id LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(
            &sql,
            &[self.community(), facility.as_str().into()],
            read_hit,
        )
    }

    fn same_name(&self, record: &PatientRecord) -> Result<Vec<PatientRecord>, Fault> {
        let keys = SearchKeys::of(&record.demographics);
        let sql = format!(
            "SELECT {RECORD} FROM ({KEYS} AND kanji = $3 AND kanji <> ''
             UNION {KEYS} AND kana = $4 AND kana <> '') named
             CROSS JOIN registration WHERE community_id = $1 AND patient_key = named.one
             AND person_id <> $5 ORDER BY local_id LIMIT {LINES_MAX}"
        );
        let params = [
            self.community(),
            record.facility.as_str().into(),
            keys.kanji.as_str().into(),
            keys.kana.as_str().into(),
            record.person.as_str().into(),
        ];
        self.all(&sql, &params, read_record)
    }

    fn link_events(&self, key: &PatientKey) -> Result<Vec<LinkEvent>, Fault> {
        let events = self.numbered_events(key)?;
        Ok(events.into_iter().map(|(_, event)| event).collect())
    }
}

/// The keys of one facility's registrations, for a condition on one of the name columns: each has
/// an index of its own, which an `OR` over all three would leave unused.
const KEYS: &str = "SELECT patient_key AS one FROM registration WHERE community_id = $1 \
     AND facility_id = $2";

/// Registrations one of whose names lies between `$3` and `$4`. The join is in the order written:
/// first who bears the name, then their rows.
fn named_like() -> String {
    let of = |name| format!("{KEYS} AND {name} >= $3 AND {name} < $4");
    format!(
        "({} UNION {} UNION {}) named CROSS JOIN registration \
         WHERE community_id = $1 AND patient_key = named.one",
        of("kanji"),
        of("kana"),
        of("latin")
    )
}

/// The folded names by which a registration is searched.
struct SearchKeys {
    kanji: String,
    kana: String,
    latin: String,
}

impl SearchKeys {
    fn of(demographics: &Demographics) -> Self {
        let name = &demographics.name;
        let fold = |parts: &Option<tasuki_model::person::NameParts>| {
            parts
                .as_ref()
                .map(|p| normalise_search(&p.joined()))
                .unwrap_or_default()
        };
        Self {
            kanji: fold(&name.ideographic),
            kana: fold(&name.phonetic),
            latin: fold(&name.alphabetic),
        }
    }
}

fn worth(source: DemographicsSource) -> i64 {
    match source {
        DemographicsSource::Message => 1,
        DemographicsSource::PatientRecord => 2,
    }
}

impl PatientsWrite for Tx<'_> {
    fn ensure_registration(
        &self,
        facility: &FacilityId,
        local_id: &LocalPatientId,
    ) -> Result<PatientKey, Fault> {
        if let Some(key) = self.key_of(facility, local_id)? {
            return Ok(key);
        }
        let key = fresh_id();
        // A handle of a person is random through and through: it stands in addresses.
        let person = uuid::Uuid::new_v4().simple().to_string();
        self.execute(
            "INSERT INTO registration (community_id, patient_key, facility_id, local_id,
             local_trimmed, person_id, disclosed, demographics, stated, stated_worth, kanji, kana,
             latin, birth, sex, latest)
             VALUES ($1, $2, $3, $4, $5, $6, 0, '', NULL, 0, '', '', '', 0, 'U', 0)",
            &[
                self.community(),
                key.as_str().into(),
                facility.as_str().into(),
                local_id.as_str().into(),
                trimmed(local_id.as_str()).into(),
                person.as_str().into(),
            ],
        )?;
        let key = id(&key, PatientKey::new)?;
        self.mark_due(&key)?;
        Ok(key)
    }

    fn put_demographics(
        &self,
        key: &PatientKey,
        demographics: &Demographics,
        stated: &JstTime,
        source: DemographicsSource,
    ) -> Result<bool, Fault> {
        let known = self
            .first(
                "SELECT stated_worth, stated, demographics FROM registration
                 WHERE community_id = $1 AND patient_key = $2",
                &[self.community(), key.as_str().into()],
                |row| {
                    let stated = row.opt_text(1)?.map(time_of).transpose()?;
                    Ok((row.int(0)?, stated, row.text(2)?.to_owned()))
                },
            )?
            .ok_or_else(|| damaged("demographics of an unknown registration"))?;
        let older = known
            .1
            .is_some_and(|before| before.start() > stated.start());
        if known.0 > worth(source) || (known.0 == worth(source) && older) {
            return Ok(false);
        }
        let keys = SearchKeys::of(demographics);
        let body = to_json(demographics)?;
        self.execute(
            "UPDATE registration SET demographics = $1, stated = $2, stated_worth = $3,
             kanji = $4, kana = $5, latin = $6, birth = $7, sex = $8
             WHERE community_id = $9 AND patient_key = $10",
            &[
                body.as_str().into(),
                stated.text().into(),
                worth(source).into(),
                keys.kanji.as_str().into(),
                keys.kana.as_str().into(),
                keys.latin.as_str().into(),
                day_number(demographics.birth).into(),
                demographics.sex.code().into(),
                self.community(),
                key.as_str().into(),
            ],
        )?;
        // Most messages repeat what is known.
        if body != known.2 {
            self.mark_due(key)?;
            self.mark_stated(key)?;
        }
        Ok(true)
    }

    fn set_disclosed(&self, key: &PatientKey, disclosed: bool) -> Result<(), Fault> {
        let changed = self.execute(
            "UPDATE registration SET disclosed = $1
             WHERE community_id = $2 AND patient_key = $3 AND disclosed <> $1",
            &[disclosed.into(), self.community(), key.as_str().into()],
        )?;
        if changed == 0 {
            return Ok(());
        }
        let person = self.registration(key)?.map(|record| record.person);
        if let Some(person) = person {
            let others = self.registrations_of(&person)?;
            let keys: Vec<_> = others.into_iter().map(|r| r.patient_key).collect();
            self.mark_changed(&keys)?;
            if !disclosed {
                self.withdraw_beyond(key, &person)?;
            }
        }
        self.consent_changed(key)?;
        // Withdrawal parts the registration from the others at once, not when the engine comes by.
        self.project_anew(std::slice::from_ref(key))?;
        self.mark_due(key)
    }

    fn put_links(&self, events: &[LinkEvent]) -> Result<(), Fault> {
        self.link(events)
    }
}
