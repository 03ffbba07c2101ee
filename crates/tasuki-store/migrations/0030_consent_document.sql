-- Consents as documents for other systems: which is in force, and which has to be looked at anew.
CREATE TABLE consent_document (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    due SMALLINT NOT NULL,
    consent_id {TEXT},
    entry_uuid {TEXT},
    PRIMARY KEY (community_id, patient_key)
) {CLUSTERED};
CREATE INDEX consent_document_due ON consent_document (community_id, due);
