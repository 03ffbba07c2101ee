//! The dictionary of facilities' own codes.

use super::rows::{id, size, stored_size};
use super::{Tx, damaged};
use crate::engine::Row;
use tasuki_core::Fault;
use tasuki_core::ports::{
    CodeDictionary, CodeDictionaryWrite, CodeMapping, CodedKind, Institution, LocalItem, Reading,
    SeenItem,
};
use tasuki_model::{Coding, FacilityId, Instant, UserId};

/// The most mappings that are read.
const MAPPINGS_MAX: u32 = 20_000;
/// The most items that one list gives, whatever it asks for.
const ITEMS_MAX: u32 = 20_000;
/// The most institutions of other communities.
const INSTITUTIONS_MAX: usize = 1_000;

fn item(row: &dyn Row, first: usize) -> Result<LocalItem, Fault> {
    Ok(LocalItem {
        kind: CodedKind::from_code(row.text(first)?).ok_or_else(|| damaged("kind of item"))?,
        code: row.text(first + 1)?.into(),
        name: row.text(first + 2)?.into(),
    })
}

fn seen(row: &dyn Row) -> Result<SeenItem, Fault> {
    Ok(SeenItem {
        facility: id(row.text(0)?, FacilityId::new)?,
        item: item(row, 1)?,
        system: row.text(4)?.into(),
        times: size(row.int(5)?),
    })
}

const SEEN: &str = "SELECT facility_id, kind, code, name, system, times FROM item_seen";

impl CodeDictionary for Tx<'_> {
    fn local_items(&self, facility: &FacilityId, limit: u32) -> Result<Vec<SeenItem>, Fault> {
        let limit = limit.min(ITEMS_MAX);
        self.all(
            &format!(
                "{SEEN} WHERE community_id = $1 AND facility_id = $2 AND system = ''
                 ORDER BY times DESC, kind, code, name LIMIT {limit}"
            ),
            &[self.community(), facility.as_str().into()],
            seen,
        )
    }

    fn standard_items(&self, kind: CodedKind, limit: u32) -> Result<Vec<SeenItem>, Fault> {
        let limit = limit.min(ITEMS_MAX);
        let mut found = Vec::new();
        for facility in self.facilities()? {
            let of_one = self.all(
                &format!(
                    "{SEEN} WHERE community_id = $1 AND facility_id = $2 AND kind = $3
                     AND system > '' ORDER BY times DESC, code, name LIMIT {limit}"
                ),
                &[
                    self.community(),
                    facility.id.as_str().into(),
                    kind.code().into(),
                ],
                seen,
            )?;
            found.extend(of_one);
        }
        found.sort_by_key(|seen| std::cmp::Reverse(seen.times));
        found.truncate(limit as usize);
        Ok(found)
    }

    fn item_institutions(&self) -> Result<Vec<FacilityId>, Fault> {
        // From one facility to the next: the table has a row for every item of each.
        let mut found = Vec::new();
        let mut last = String::new();
        while found.len() < INSTITUTIONS_MAX {
            let next = self.first(
                "SELECT facility_id FROM item_seen WHERE community_id = $1 AND facility_id > $2
                 ORDER BY facility_id LIMIT 1",
                &[self.community(), last.as_str().into()],
                |row| id(row.text(0)?, FacilityId::new),
            )?;
            let Some(next) = next else {
                break;
            };
            next.as_str().clone_into(&mut last);
            found.extend(Institution::from_key(&next).is_some().then_some(next));
        }
        Ok(found)
    }

    fn items_known(&self, facility: &FacilityId) -> Result<u64, Fault> {
        let counted = self.first(
            "SELECT COUNT(*) FROM item_seen WHERE community_id = $1 AND facility_id = $2",
            &[self.community(), facility.as_str().into()],
            |row| row.int(0),
        )?;
        Ok(size(counted.unwrap_or_default()))
    }

    fn code_mappings(&self, facilities: &[FacilityId]) -> Result<Vec<CodeMapping>, Fault> {
        let mut found = Vec::new();
        for facility in facilities {
            let of_one = self.all(
                &format!(
                    "SELECT facility_id, kind, code, name, system, standard, standard_name,
                            user_id, at
                     FROM item_map WHERE community_id = $1 AND facility_id = $2
                     ORDER BY kind, code, name LIMIT {MAPPINGS_MAX}"
                ),
                &[self.community(), facility.as_str().into()],
                mapping,
            )?;
            found.extend(of_one);
        }
        Ok(found)
    }
}

fn mapping(row: &dyn Row) -> Result<CodeMapping, Fault> {
    Ok(CodeMapping {
        facility: id(row.text(0)?, FacilityId::new)?,
        item: item(row, 1)?,
        standard: Coding {
            system: row.text(4)?.into(),
            version: None,
            code: row.text(5)?.into(),
            text: row.text(6)?.into(),
        },
        by: id(row.text(7)?, UserId::new)?,
        at: Instant::from_micros(row.int(8)?),
    })
}

impl CodeDictionaryWrite for Tx<'_> {
    fn count_items(&self, all: &[SeenItem]) -> Result<(), Fault> {
        for seen in all {
            self.execute(
                "INSERT INTO item_seen (community_id, facility_id, kind, system, code, name, times)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (community_id, facility_id, kind, system, code, name)
                 DO UPDATE SET times = item_seen.times + excluded.times",
                &[
                    self.community(),
                    seen.facility.as_str().into(),
                    seen.item.kind.code().into(),
                    seen.system.as_str().into(),
                    seen.item.code.as_str().into(),
                    seen.item.name.as_str().into(),
                    stored_size(seen.times).into(),
                ],
            )?;
        }
        Ok(())
    }

    fn put_code_mapping(&self, mapping: &CodeMapping) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO item_map (community_id, facility_id, kind, code, name, system, standard,
                                   standard_name, user_id, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (community_id, facility_id, kind, code, name) DO UPDATE SET
             system = excluded.system, standard = excluded.standard,
             standard_name = excluded.standard_name, user_id = excluded.user_id, at = excluded.at",
            &[
                self.community(),
                mapping.facility.as_str().into(),
                mapping.item.kind.code().into(),
                mapping.item.code.as_str().into(),
                mapping.item.name.as_str().into(),
                mapping.standard.system.as_str().into(),
                mapping.standard.code.as_str().into(),
                mapping.standard.text.as_str().into(),
                mapping.by.as_str().into(),
                mapping.at.micros().into(),
            ],
        )?;
        Ok(())
    }

    fn drop_code_mapping(&self, facility: &FacilityId, item: &LocalItem) -> Result<bool, Fault> {
        let gone = self.execute(
            "DELETE FROM item_map WHERE community_id = $1 AND facility_id = $2 AND kind = $3
             AND code = $4 AND name = $5",
            &[
                self.community(),
                facility.as_str().into(),
                item.kind.code().into(),
                item.code.as_str().into(),
                item.name.as_str().into(),
            ],
        )?;
        Ok(gone > 0)
    }
}
