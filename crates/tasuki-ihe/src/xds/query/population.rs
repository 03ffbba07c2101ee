//! FindDocumentsForMultiplePatients (ITI TF-2, 3.51.4.1.2.1.1): of the patients that are named, or over
//! every patient who fits. The second is no treatment: only a system of our own may ask so whose
//! configuration says it, by the codes that the query has to have then, and over few patients; each
//! document is released like any other.

use super::filter::Entries;
use super::find::entries;
use super::found::Finding;
use super::parameters::Parameters;
use super::{Refused, XdsProblem};
use crate::xds::XdsCode;
use crate::xds::patient::{Known, PatientCx};
use tasuki_core::Code;

/// Patients that one query may look at.
const PATIENTS_MAX: u32 = 2_000;
const PATIENTS: &str = "$XDSDocumentEntryPatientId";
/// What narrows a query over everybody.
const NARROWING: [&str; 3] = [
    "$XDSDocumentEntryClassCode",
    "$XDSDocumentEntryEventCodeList",
    "$XDSDocumentEntryHealthcareFacilityTypeCode",
];

pub(super) fn documents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let wanted = Entries::of(parameters)?;
    let named = parameters.patients(PATIENTS)?;
    if named.is_empty() {
        everybody(finding, parameters, &wanted)?;
    }
    for cx in named {
        let known = finding.registry.known(finding.tx, cx)?;
        entries(finding, &known, &wanted)?;
    }
    Ok(())
}

fn everybody(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
    wanted: &Entries<'_>,
) -> Result<(), Refused> {
    let missing = |what: &str| {
        let context = format!("FindDocumentsForMultiplePatients: {what} is missing");
        XdsProblem::new(XdsCode::MissingParameter, Code::XdsQueryParameter, context)
    };
    if !finding.registry.population {
        return Err(missing(PATIENTS).into());
    }
    if !NARROWING.iter().any(|name| parameters.has(name)) {
        return Err(missing("a class, event or facility type code").into());
    }
    let mut left = PATIENTS_MAX;
    for facility in finding.tx.facilities()? {
        let patients = finding.tx.registrations_at(&facility.id, left + 1)?;
        let count = u32::try_from(patients.len()).unwrap_or(u32::MAX);
        if count > left {
            let context = "more patients than one query looks at: name some";
            let code = Code::XdsTooManyResults;
            return Err(XdsProblem::new(XdsCode::TooManyResults, code, context).into());
        }
        left -= count;
        for record in patients {
            let known = Known {
                cx: PatientCx {
                    id: record.local_id.to_string(),
                    authority: facility.authority.to_string(),
                },
                registrations: vec![record],
            };
            entries(finding, &known, wanted)?;
        }
    }
    Ok(())
}
