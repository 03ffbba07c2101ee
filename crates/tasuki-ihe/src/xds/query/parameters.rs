//! Parameters of a stored query (ITI TF-2, 3.18.4.1.2.3.5): one value where one is allowed, lists as
//! alternatives, and repeated lists as conditions that hold together.

use super::kinds::StoredQuery;
use super::{Refused, XdsCode, XdsProblem};
use crate::xds::patient::PatientCx;
use tasuki_core::Code;
use tasuki_model::{AvailabilityStatus, EntryUuid, Instant};
use tasuki_wire::ebrim::{AdhocQuery, Value};

/// Parameters of one query, those that it needs being there.
pub(super) struct Parameters<'q> {
    query: &'q AdhocQuery,
}

fn wrong(xds: XdsCode, context: String) -> XdsProblem {
    XdsProblem::new(xds, Code::XdsQueryParameter, context)
}

impl<'q> Parameters<'q> {
    pub(super) fn of(kind: &StoredQuery, query: &'q AdhocQuery) -> Result<Self, Refused> {
        let parameters = Self { query };
        for required in kind.required {
            let given = required
                .split('|')
                .filter(|name| parameters.has(name))
                .count();
            let context = |what: &str| format!("{}: {required} {what}", kind.name);
            match given {
                0 => {
                    let context = context("is missing");
                    return Err(wrong(XdsCode::MissingParameter, context).into());
                }
                1 => {}
                _ => {
                    let context = context("are given together: give one of them");
                    return Err(wrong(XdsCode::ParameterNumber, context).into());
                }
            }
        }
        Ok(parameters)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.slots(name).any(|values| !values.is_empty())
    }

    fn slots(&self, name: &str) -> impl Iterator<Item = &'q [Value]> {
        let named = self.query.parameters.iter().filter(move |p| p.name == name);
        named.map(|p| p.values.as_slice())
    }

    /// All values, whichever slot they stand in.
    pub(super) fn all(&self, name: &str) -> Vec<&'q str> {
        self.slots(name).flatten().map(Value::as_str).collect()
    }

    /// Conditions that all hold, each a list of alternatives.
    pub(super) fn groups(&self, name: &str) -> Vec<Vec<&'q str>> {
        let slots = self.slots(name);
        slots
            .map(|values| values.iter().map(Value::as_str).collect())
            .collect()
    }

    /// The one value.
    pub(super) fn one(&self, name: &str) -> Result<Option<&'q str>, XdsProblem> {
        match *self.all(name) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => {
                let context = format!("{name} has several values: give one");
                Err(wrong(XdsCode::ParameterNumber, context))
            }
        }
    }

    /// A patient id.
    pub(super) fn patient(&self, name: &str) -> Result<PatientCx, XdsProblem> {
        let value = self.one(name)?.unwrap_or_default();
        patient(name, value)
    }

    /// Several patient ids.
    pub(super) fn patients(&self, name: &str) -> Result<Vec<PatientCx>, XdsProblem> {
        let values = self.all(name).into_iter();
        values.map(|value| patient(name, value)).collect()
    }

    /// Statuses, at least one.
    pub(super) fn statuses(&self, name: &str) -> Result<Vec<AvailabilityStatus>, XdsProblem> {
        let status = |urn: &str| {
            AvailabilityStatus::from_urn(urn).ok_or_else(|| {
                let context = format!("{name}: {urn} is not a status");
                wrong(XdsCode::Registry, context)
            })
        };
        self.all(name).into_iter().map(status).collect()
    }

    /// Whether older versions of an object are asked for too (`$MetadataLevel` 2).
    pub(super) fn wants_versions(&self) -> bool {
        self.all("$MetadataLevel").contains(&"2")
    }

    /// The statuses of associations that are wanted: approved where the query does not say.
    pub(super) fn association_statuses(&self) -> Vec<Option<AvailabilityStatus>> {
        let given = self.all("$XDSAssociationStatus").into_iter();
        let given: Vec<_> = given
            .filter_map(AvailabilityStatus::from_urn)
            .map(Some)
            .collect();
        if given.is_empty() {
            vec![Some(AvailabilityStatus::Approved)]
        } else {
            given
        }
    }

    /// A time, as the moment at which it begins.
    pub(super) fn time(&self, name: &str) -> Result<Option<Instant>, XdsProblem> {
        let Some(text) = self.one(name)? else {
            return Ok(None);
        };
        tasuki_model::xds::utc_moment(text)
            .map(Some)
            .ok_or_else(|| {
                let context =
                    format!("{name}: {text} is not a time: write YYYY[MM[DD[hh[mm[ss]]]]]");
                wrong(XdsCode::Registry, context)
            })
    }

    /// Codes with their schemes: conditions that all hold, each a list of alternatives.
    pub(super) fn codes(&self, name: &str) -> Result<Vec<Vec<(&'q str, &'q str)>>, XdsProblem> {
        let code = |text: &'q str| {
            let parts: Vec<&str> = text.split('^').collect();
            match *parts {
                [code, "", scheme] if !code.is_empty() && !scheme.is_empty() => Ok((code, scheme)),
                _ => {
                    let context = format!("{name}: {text} is not a code: write 'code^^scheme'");
                    Err(wrong(XdsCode::Registry, context))
                }
            }
        };
        let groups = self.groups(name).into_iter();
        groups
            .map(|values| values.into_iter().map(code).collect())
            .collect()
    }

    /// Ids of objects. One that is no UUID is nobody's, and no error.
    pub(super) fn uuids(&self, name: &str) -> Vec<EntryUuid> {
        let values = self.all(name).into_iter();
        values
            .filter_map(|urn| EntryUuid::from_urn(urn).ok())
            .collect()
    }
}

fn patient(name: &str, value: &str) -> Result<PatientCx, XdsProblem> {
    PatientCx::parse(value).ok_or_else(|| {
        let context = format!("{name}: {value} is not a CX: write ID^^^&OID&ISO");
        wrong(XdsCode::Registry, context)
    })
}
