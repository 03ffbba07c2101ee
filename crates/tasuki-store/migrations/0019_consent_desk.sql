-- Consents as the desk finds them: by what their form says, by facility, by their end.
ALTER TABLE consent ADD COLUMN facility_id {TEXT} NOT NULL DEFAULT '';
UPDATE consent SET facility_id = COALESCE((SELECT r.facility_id FROM registration r
    WHERE r.community_id = consent.community_id AND r.patient_key = consent.patient_key), '');
CREATE INDEX consent_code ON consent (community_id, consent_id);
CREATE INDEX consent_at ON consent (community_id, facility_id, taken);
CREATE INDEX consent_ending ON consent (community_id, facility_id, ended, ends);

-- Scans of signed forms, sealed.
CREATE TABLE consent_paper (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    paper_id {TEXT} NOT NULL,
    mime_type {TEXT} NOT NULL,
    key_id {TEXT} NOT NULL,
    sealed {BYTES} NOT NULL,
    PRIMARY KEY (community_id, patient_key, paper_id)
) {CLUSTERED};
