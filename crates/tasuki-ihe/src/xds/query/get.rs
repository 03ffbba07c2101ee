//! Queries by id (ITI TF-2, 3.18.4.1.2.3.7.5 to .7, .10): objects, and the associations of them.

use super::Refused;
use super::found::Finding;
use super::lookup::{DOCUMENTS, FOLDERS, add_all, ids_of, named, offered, touching};
use super::parameters::Parameters;

pub(super) fn documents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let found = named(finding, parameters, DOCUMENTS)?;
    add_all(finding, found)?;
    offered(finding, parameters)?;
    finding.of_one_patient();
    Ok(())
}

pub(super) fn folders(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let found = named(finding, parameters, FOLDERS)?;
    add_all(finding, found)?;
    finding.of_one_patient();
    Ok(())
}

pub(super) fn associations(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    for id in parameters.uuids("$uuid") {
        for (object, _) in touching(finding, parameters, &id)? {
            finding.add(object)?;
        }
    }
    Ok(())
}

pub(super) fn documents_and_associations(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let found = named(finding, parameters, DOCUMENTS)?;
    let (found, ids) = ids_of(found);
    add_all(finding, found)?;
    offered(finding, parameters)?;
    for id in ids {
        for (object, _) in touching(finding, parameters, &id)? {
            finding.add(object)?;
        }
    }
    finding.of_one_patient();
    Ok(())
}
